from __future__ import annotations

import threading

import pytest

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.settings import Settings
from currency_app.speech.phrases import Phrases
from currency_app.testing import FakeScreenReader, FakeVoice
from currency_app.window import AppWindow, shown_voice
from tests.support.waiting import wait_until

HINT = Utterance("Move the note left", Priority.HINT)
TOTAL = Utterance("Total 20 dollars in 1 note", Priority.STATUS)


def test_what_is_said_is_shown_save_hints() -> None:
    """A hint is shown by its event, which comes only if it was said."""
    window, heard = AppWindow(Phrases("en")), FakeVoice()
    voice = window.voice(heard)
    assert voice.name == heard.name
    assert voice.say(HINT)
    assert window.model.take()[0].message == ""
    assert voice.say(TOTAL)
    assert window.model.take()[0].message == TOTAL.text
    assert heard.said == [HINT, TOTAL]
    heard.busy = True
    assert voice.say(HINT) is False


def test_words_that_are_taken_back_are_shown_no_longer() -> None:
    window, heard = AppWindow(Phrases("en")), FakeVoice()
    voice = window.voice(heard)
    voice.say(TOTAL)
    voice.take_back(HINT)
    assert window.model.take()[0].message == TOTAL.text
    voice.take_back(TOTAL)
    assert window.model.take()[0].message == ""


def test_a_voice_is_woken_waited_for_and_closed() -> None:
    heard = FakeVoice()
    voice = AppWindow(Phrases("en")).voice(heard)
    voice.wake()
    assert voice.wait(1.0)
    voice.close()
    assert (heard.woken, heard.closed) == (1, True)


def test_words_reach_a_screen_reader_only_through_a_window_in_front() -> None:
    """Orca says nothing of other windows: then the next voice of the chain must say the words."""
    window, announced = AppWindow(Phrases("en")), list[str]()
    window.on_announced = announced.append
    with pytest.raises(VoiceError, match="front"):
        window.announce("20 dollars")
    window.in_front = lambda: True
    window.announce("20 dollars")
    assert announced == ["20 dollars"]


@pytest.mark.parametrize(
    ("kind", "reader", "said"),
    [
        ("auto", None, ["No camera 0 was found."]),
        ("system", None, ["No camera 0 was found."]),
        ("auto", FakeScreenReader(), []),
        ("text", None, []),
        ("off", None, []),
    ],
)
def test_an_error_is_heard_by_who_cannot_see_it(
    monkeypatch: pytest.MonkeyPatch, kind: str, reader: FakeScreenReader | None, said: list[str]
) -> None:
    """A start from a menu has no terminal, and not everybody has a screen reader, which would read the window."""
    heard, looked = FakeVoice(), threading.Event()

    def found() -> FakeScreenReader | None:
        looked.set()
        return reader

    monkeypatch.setattr(shown_voice, "screen_reader_finder", lambda stream, say_accessible: found)
    monkeypatch.setattr(shown_voice, "open_voice", lambda kind, texts, rate, language, stream: heard)
    with shown_voice.also_heard("No camera 0 was found.", Settings(voice=kind)):
        if said:
            wait_until(lambda: heard.said)
        elif reader is not None:
            assert looked.wait(20.0)
    assert [utterance.text for utterance in heard.said] == said
    assert heard.closed is bool(said)
