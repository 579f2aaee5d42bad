"""Words for a screen reader, and when they are put where it finds them.

They become the description of what has the focus, of whose changes every Orca tells. It also reads what has just got
the focus, with its description: words that come at that moment would be said twice.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

READ_S = 1.0
"""Seconds in which a screen reader has read what got the focus; a real Orca took 0.3 on a busy computer. Chosen by
hand, so that words are still heard within 2 s."""


class Announcements:
    """Keeps words until what has got the focus has been read. All times are seconds of one clock."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._due_at = 0.0
        self._read_at = 0.0

    def focus_moved(self, now: float) -> None:
        """Hear that something else has the focus."""
        self._read_at = now + READ_S

    def add(self, text: str, now: float) -> None:
        """Take words; they wait for READ_S at most, however often the focus moves."""
        if not self._waiting:
            self._due_at = now + READ_S
        self._waiting.append(text)

    def left_s(self, now: float) -> float:
        """Return in how many seconds what has the focus will have been read, 0 if it has been."""
        return max(self._read_at - now, 0.0)

    def wait_s(self, now: float) -> float | None:
        """Return in how many seconds to `take`; None if nothing waits."""
        return max(min(self._read_at, self._due_at) - now, 0.0) if self._waiting else None

    def take(self) -> list[str]:
        """Return what waits, in its order, and keep it no longer."""
        taken, self._waiting = self._waiting, []
        return taken


class FocusDescription(QObject):
    """Makes words the description of what has the focus, and takes them back once they have been heard of.

    Whoever comes to the same place later must not hear old words. otherwise: what gets the words if nothing has the
    focus.
    """

    def __init__(self, otherwise: QWidget) -> None:
        super().__init__(otherwise)
        self._otherwise = otherwise
        self._words = Announcements()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def announce(self, text: str) -> None:
        """Let a screen reader say words, as soon as it has read what has the focus."""
        self._words.add(text, time.monotonic())
        self._describe_soon()

    def call_when_read(self, function: Callable[[], object]) -> bool:
        """Call a function once what has the focus has been read; return False, and do nothing, if it has been."""
        left_s = self._words.left_s(time.monotonic())
        if left_s > 0:
            QTimer.singleShot(math.ceil(left_s * 1000), self, function)
        return left_s > 0

    def _focus_moved(self, _: object, widget: object) -> None:
        if widget is not None:
            self._words.focus_moved(time.monotonic())

    def _describe_soon(self) -> None:
        wait_s = self._words.wait_s(time.monotonic())
        if wait_s is None:
            return
        if wait_s > 0:
            QTimer.singleShot(math.ceil(wait_s * 1000), self, self._describe_soon)
            return
        focused = QApplication.focusWidget() or self._otherwise
        for text in self._words.take():
            focused.setAccessibleDescription("")  # or the same words twice would be no change
            focused.setAccessibleDescription(text)
        QTimer.singleShot(round(READ_S * 1000), self, lambda: _forget(focused))


def _forget(widget: QWidget) -> None:
    """Let a widget have no description any more; it may be gone, as a dialog's field."""
    with contextlib.suppress(RuntimeError):
        widget.setAccessibleDescription("")
