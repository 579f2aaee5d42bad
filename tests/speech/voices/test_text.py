from __future__ import annotations

import io

from currency_app.events import Priority, Utterance
from currency_app.speech.voices.off import OffVoice
from currency_app.speech.voices.text import TextVoice


def test_each_utterance_is_one_line() -> None:
    stream = io.StringIO()
    voice = TextVoice(stream)
    voice.say(Utterance("20 dollars", Priority.VALUE))
    voice.say(Utterance("Turn the\nnote over", Priority.HINT))
    assert stream.getvalue() == "20 dollars\nTurn the note over\n"
    assert voice.wait(0)


def test_a_line_can_be_read_at_once() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "utf-8")
    TextVoice(stream).say(Utterance("20 dollars", Priority.VALUE))
    assert raw.getvalue() == b"20 dollars\n"


def test_letters_that_the_stream_lacks_do_not_stop_the_words() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "ascii")
    TextVoice(stream).say(Utterance("20 zł", Priority.VALUE))
    assert raw.getvalue() == b"20 z?\n"


def test_a_closed_stream_does_not_end_the_app() -> None:
    stream = io.StringIO()
    stream.close()
    TextVoice(stream).say(Utterance("20 dollars", Priority.VALUE))


def test_off_says_nothing() -> None:
    voice = OffVoice()
    voice.say(Utterance("20 dollars", Priority.VALUE))
    voice.wake()
    assert voice.wait(0)
    voice.close()
