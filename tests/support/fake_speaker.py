"""A speaker without sound, whose texts last until the test ends them."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from currency_app.errors import VoiceError

_LONGEST_S = 20.0
"""Seconds after which a test that waits has failed."""


class FakePlaying:
    """One text that sounds until `finish`, `fail` or `stop`, unless it `hangs`."""

    def __init__(self, text: str, *, hangs: bool = False) -> None:
        self.text = text
        self.hangs = hangs
        self.stopped = False
        self._error: VoiceError | None = None
        self._over = threading.Event()

    def sounding(self) -> bool:
        return not self.hangs

    def finish(self) -> None:
        self._over.set()

    def fail(self, error: VoiceError) -> None:
        self._error = error
        self._over.set()

    def stop(self) -> None:
        self.stopped = True
        self._over.set()

    def wait(self) -> None:
        assert self._over.wait(_LONGEST_S), "nobody ended this text"
        if self._error is not None and not self.stopped:
            raise self._error


class FakeSpeaker:
    """Keeps what it should have sounded.

    Attributes:
        error: what `start` and `probe` raise, None for nothing.
        ready: set at first; while it is cleared, `start` blocks, as making speech does.
        hangs: whether texts that start do not sound.
        prepared: the texts to make ready, in order.
        asked: the texts that `start` was called with, in order.
        closed: whether `close` was called.
    """

    def __init__(self, error: VoiceError | None = None) -> None:
        self.error = error
        self.ready = threading.Event()
        self.ready.set()
        self.hangs = False
        self.prepared: list[str] = []
        self.asked: list[str] = []
        self.closed = False
        self._started: list[FakePlaying] = []
        self._changed = threading.Condition()

    def prepare(self, texts: Sequence[str]) -> None:
        self.prepared += texts

    def start(self, text: str) -> FakePlaying:
        with self._changed:
            self.asked.append(text)
            self._changed.notify_all()
        assert self.ready.wait(_LONGEST_S)
        if self.error is not None:
            raise self.error
        playing = FakePlaying(text, hangs=self.hangs)
        with self._changed:
            self._started.append(playing)
            self._changed.notify_all()
        return playing

    def wake(self) -> FakePlaying:
        """Start a moment of silence, whose text is empty; it stands in line with the texts."""
        return self.start("")

    def probe(self, text: str) -> None:
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        self.closed = True
        self.ready.set()

    def playing(self, number: int) -> FakePlaying:
        """Wait until the text of this number, counted from 0, has begun, and return it."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._started) > number, _LONGEST_S), f"no text {number} began"
            return self._started[number]

    def wait_asked(self, count: int) -> None:
        """Wait until `start` was called for that many texts."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.asked) >= count, _LONGEST_S)
