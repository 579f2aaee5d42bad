"""Only keys that stand for themselves are keys: sequences of other keys end in letters too."""

from __future__ import annotations

import pytest

from currency_app.controls.key_parser import KeyParser

SEQUENCES = {
    "F2 of xterm": b"\x1bOQ",
    "F3 of xterm": b"\x1bOR",
    "F3 with Shift": b"\x1b[1;2R",
    "F1 of the Linux console": b"\x1b[[A",
    "up": b"\x1b[A",
    "Page Down": b"\x1b[6~",
    "F3 of rxvt": b"\x1b[13~",
    "Alt and q": b"\x1bq",
    "where the cursor is": b"\x1b[12;40R",
    "what the terminal is": b"\x1b[?62;22c",
    "a click": b"\x1b[M !!",
    "a click at a letter's place": b"\x1b[Mqrt",
    "a click, newer": b"\x1b[<0;12;40M",
    "a colour asked for": b"\x1b]11;rgb:0000/0000/0000\x07",
    "a string with its own end": b"\x1bP1$r0m\x1b\\",
    "Ctrl and letters": b"\x12\x14\x11",
}


@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES)
@pytest.mark.parametrize("piece", [1, 2, 64])
def test_a_sequence_is_no_key_however_it_comes(sequence: bytes, piece: int) -> None:
    parser = KeyParser()
    data = sequence + b"t"
    keys = [key for start in range(0, len(data), piece) for key in parser.feed(data[start : start + piece])]
    assert keys == ["t"]


@pytest.mark.parametrize(("typed", "keys"), [(b"rRt", "rRt"), ("é".encode(), "é"), (b"\xff\xfeq", "q"), (b"", "")])
def test_letters_are_keys(typed: bytes, keys: str) -> None:
    assert "".join(KeyParser().feed(typed)) == keys


def test_escape_alone_does_not_swallow_the_next_key() -> None:
    parser = KeyParser()
    assert parser.feed(b"\x1b") == []
    assert parser.is_inside
    parser.reset()  # nothing came for a while
    assert parser.feed(b"q") == ["q"]


def test_a_sequence_that_was_broken_off_does_not_swallow_the_next() -> None:
    assert KeyParser().feed(b"\x1b[1;\x1bOQr") == ["r"]


def test_a_letter_of_two_bytes_may_come_in_two_pieces() -> None:
    parser = KeyParser()
    first, second = "é".encode()[:1], "é".encode()[1:]
    assert parser.feed(first) + parser.feed(second) == ["é"]
