"""What the window and the app tell each other, without Qt."""

from __future__ import annotations

from currency_app.events import Sighting
from currency_app.session import Session
from currency_app.settings import Settings
from currency_app.speech.phrases import Phrases
from currency_app.testing import FakeRecognizer, FakeSource, FakeVoice
from currency_app.window.app_window import AppWindow
from tests.support.observations import BUNDLE


def test_a_window_follows_the_language_that_is_spoken() -> None:
    window = AppWindow(Phrases("en"))
    translated: list[str] = []
    window.on_language = lambda phrases: translated.append(phrases.language)
    session = Session(Settings(), bundles=[BUNDLE], recognizer=FakeRecognizer([]))
    app = session.app(FakeSource([]), voice=window.voice(FakeVoice()), listeners=[window.model])
    window.follow(app, session.phrases)
    window.model.on_event(Sighting(1.0, "USD", 20, "front", 0.99), "20 dollars")
    app.next_language()
    text, _ = window.model.take()
    assert translated == ["es"]
    assert (text.value, text.message, text.total) == ("20 dólares", "Español", Phrases("es").total_none())


def test_a_setting_that_the_dialog_cannot_keep_is_said() -> None:
    window, voice = AppWindow(Phrases("en")), FakeVoice()
    window.say_unkept()
    session = Session(Settings(), bundles=[BUNDLE], recognizer=FakeRecognizer([]))
    app = session.app(FakeSource([]), voice=voice, listeners=[window.model])
    window.follow(app, session.phrases)
    window.say_unkept()
    assert [utterance.text for utterance in voice.said] == [Phrases("en").text("unkept")]
