"""What the window and the app tell each other, without Qt."""

from __future__ import annotations

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
    app.next_language()
    text, _ = window.model.take()
    assert translated == ["es"]
    assert (text.message, text.total) == ("Español", Phrases("es").total_none())
