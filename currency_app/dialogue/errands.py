"""Does in the background what must not keep a key waiting.

It is done in order, and left out if something newer of its kind has overtaken it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from currency_app.streams import complain


class Errands:
    """Does things on a thread of its own, one after the other. name: the thread's."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._changed = threading.Condition()
        self._waiting: dict[str, Callable[[], object]] = {}
        self._busy = False
        self._begun = False

    def do(self, kind: str, errand: Callable[[], object]) -> None:
        """Do it soon, in place of whatever of its kind still waits. Returns at once."""
        with self._changed:
            self._waiting[kind] = errand
            self._changed.notify_all()
            if not self._begun:
                with contextlib.suppress(RuntimeError):  # no thread is to be had: the next errand tries again
                    threading.Thread(target=self._work, name=self._name, daemon=True).start()
                    self._begun = True

    def wait(self, timeout_s: float) -> bool:
        """Block until all is done, at most timeout_s seconds. Return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, timeout_s)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting)
                errand = self._waiting.pop(next(iter(self._waiting)))
                self._busy = True
            try:
                errand()
            except Exception as error:  # a thread that ended here would do nothing more for any key
                complain(f"currency-app: A choice could not be followed: {type(error).__name__}: {error}")
