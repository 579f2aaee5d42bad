"""What the app says and when, in which words, and the voices that make it heard."""

from __future__ import annotations

from currency_app.speech.announcer import Announcer
from currency_app.speech.check import check_speech

__all__ = ["Announcer", "check_speech"]
