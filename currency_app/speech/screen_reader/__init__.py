"""The screen reader that the user has running: whether there is one, and how words reach it.

    find = screen_reader_finder(sys.stderr)
    reader = find()
    if reader is not None:
        reader.send("20 dollars", interrupt=True)

Every way to one has the interface `base.ScreenReader`; `speech.voices.screen_reader` says what is sent and when.
"""

from __future__ import annotations

from currency_app.speech.screen_reader.base import ScreenReader
from currency_app.speech.screen_reader.finding import (
    ExpectedReader,
    FindScreenReader,
    explain_no_reader,
    screen_reader_finder,
)
from currency_app.speech.screen_reader.pacing import Message, MessagePacing

__all__ = [
    "ExpectedReader",
    "FindScreenReader",
    "Message",
    "MessagePacing",
    "ScreenReader",
    "explain_no_reader",
    "screen_reader_finder",
]
