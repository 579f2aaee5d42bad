"""Finds the plain keys among the bytes that a terminal sends.

Arrows, function keys and the like send a sequence that begins with Escape and ends with a letter, as ECMA-48 and xterm
have it: F2 is ESC O Q. Taken letter by letter it would quit the app.
"""

from __future__ import annotations

import codecs
from enum import Enum, auto

_ESCAPE = "\x1b"
_STRING_STARTS = "]PX^_"
"""After Escape: strings of any length, which end with BEL, or with Escape and a backslash."""


class _State(Enum):
    """Where in a sequence the parser is."""

    PLAIN = auto()
    ESCAPE = auto()
    CONTROL = auto()  # ESC [ and its parameters, until a final letter
    SINGLE = auto()  # one more character: ESC O x, and ESC [ [ x of the Linux console
    STRING = auto()
    STRING_ESCAPE = auto()
    MOUSE = auto()  # three bytes after ESC [ M


class KeyParser:
    """Takes bytes as they come, in pieces of any size, and gives the keys that stand for themselves.

    A character after Escape, as Alt and a letter send it, is no key either.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._state = _State.PLAIN
        self._mouse_left = 0
        self._control_is_empty = False

    @property
    def is_inside(self) -> bool:
        """Whether what came last may be the beginning of a sequence."""
        return self._state is not _State.PLAIN

    def feed(self, data: bytes) -> list[str]:
        """Take what was typed and return its keys, one printable character each."""
        return [letter for letter in self._decoder.decode(data) if self._takes(letter) and letter.isprintable()]

    def reset(self) -> None:
        """Forget the beginning of a sequence whose end did not come: the Escape key itself was pressed."""
        self._state = _State.PLAIN

    def _takes(self, letter: str) -> bool:
        """Move on by one character; return whether it is a key."""
        state = self._state
        if state is _State.PLAIN:
            self._state = _State.ESCAPE if letter == _ESCAPE else _State.PLAIN
            return letter != _ESCAPE
        if letter == _ESCAPE:  # begins anew, wherever the last sequence was broken off
            self._state = _State.STRING_ESCAPE if state is _State.STRING else _State.ESCAPE
        elif state is _State.ESCAPE:
            self._state = self._after_escape(letter)
        elif state is _State.CONTROL:
            self._state = self._in_control(letter)
        elif state is _State.MOUSE:
            self._mouse_left -= 1
            self._state = _State.MOUSE if self._mouse_left else _State.PLAIN
        elif state is _State.STRING:
            self._state = _State.PLAIN if letter == "\x07" else _State.STRING
        else:  # the one character that was missing
            self._state = _State.PLAIN
        return False

    def _after_escape(self, letter: str) -> _State:
        if letter == "[":
            self._control_is_empty = True
            return _State.CONTROL
        if letter == "O":
            return _State.SINGLE
        return _State.STRING if letter in _STRING_STARTS else _State.PLAIN

    def _in_control(self, letter: str) -> _State:
        first, self._control_is_empty = self._control_is_empty, False
        if first and letter == "[":
            return _State.SINGLE
        if first and letter == "M":
            self._mouse_left = 3
            return _State.MOUSE
        return _State.PLAIN if "@" <= letter <= "~" else _State.CONTROL
