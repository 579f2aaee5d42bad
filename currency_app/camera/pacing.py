"""Play a recording at the speed at which it was taken.

Without this, a reader slower than the recording falls behind, which cannot happen with a camera. `Pacer` waits for
pictures that are early and drops those that are late, so that a recording behaves as the camera did.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Returns the time in seconds; it never runs backwards."""

Sleep = Callable[[float], None]
"""Waits for that many seconds of the clock."""

MAX_GAP_S = 0.5
"""Longest stretch of a recording, in seconds, that is dropped in one piece. Chosen by hand."""
_SLICE_S = 0.2
"""Longest sleep, in seconds, before looking whether the recording was closed: a film may pause for minutes."""


def asleep_s() -> float:
    """Return for how many seconds this computer has slept since it was started, as with its lid closed.

    Python's clocks do not count them on Linux and macOS. They do on Windows, so that it is 0 there.
    """
    counting, other = {
        "linux": ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"),
        "darwin": ("CLOCK_MONOTONIC_RAW", "CLOCK_UPTIME_RAW"),  # both raw, or an adjusted one would drift away
    }.get(sys.platform, ("", ""))
    if not hasattr(time, counting or "-") or not hasattr(time, other):
        return 0.0
    awake = time.clock_gettime(getattr(time, other))
    return time.clock_gettime(getattr(time, counting)) - awake


class Pacer:
    """Holds back each picture of a recording until it is due, counted from the first call of `wait`.

    `close` ends a wait, soon and from any thread.
    """

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._closed = False
        self._start: float | None = None
        self._last_shown: float | None = None

    def wait(self, t: float, next_t: float) -> bool:
        """Wait until a picture is due, and return whether to show it.

        t, next_t: times of this picture and of the next one, in seconds from the start of the recording.
        Returns False if the picture is to be dropped, because the next one is due already, or the recording was closed.
        """
        now = self._clock()
        if self._start is None:
            self._start = now - t
        elapsed = now - self._start
        # If even dropping pictures is slower than the recording, all of them are late: show some all the same.
        starved = self._last_shown is not None and t - self._last_shown >= MAX_GAP_S
        if elapsed >= next_t and not starved:
            return False
        early = t - elapsed
        while early > 0:
            if self._closed:
                return False
            self._sleep(min(early, _SLICE_S))
            early -= _SLICE_S
        self._last_shown = t
        return True

    def close(self) -> None:
        """End a wait that is going on, and every later one."""
        self._closed = True
