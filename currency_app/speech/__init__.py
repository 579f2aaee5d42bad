"""What the app says and when, in which words, and the voices that make it heard."""

from __future__ import annotations

from currency_app.speech.announcer import Announcer
from currency_app.speech.answers import Answers
from currency_app.speech.check import check_language, check_speech
from currency_app.speech.greeting import Greeting, greeting_for
from currency_app.speech.language import spoken_language

__all__ = [
    "Announcer",
    "Answers",
    "Greeting",
    "check_language",
    "check_speech",
    "greeting_for",
    "spoken_language",
]
