"""Plays a recording at the speed at which it was taken.

Without it, a reader that is slower than the recording falls behind, which a camera never lets it do: `Pacer` waits for
what is early and passes over what is late, so that a recording behaves as the camera did.
"""

from __future__ import annotations

from collections.abc import Callable

Clock = Callable[[], float]
"""Gives the time in seconds, never running backwards."""

Sleep = Callable[[float], None]
"""Waits for that many seconds of the same clock."""

MAX_GAP_S = 0.5


class Pacer:
    """Holds each picture of a recording back until it is due. The recording starts at the first call."""

    def __init__(self, clock: Clock, sleep: Sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._start: float | None = None
        self._last_shown: float | None = None

    def wait(self, t: float, next_t: float) -> bool:
        """Wait until a picture is due. False if it is to be dropped, because the next one is due already.

        t, next_t: seconds of source time of this picture and of the one after it.
        """
        now = self._clock()
        if self._start is None:
            self._start = now - t
        elapsed = now - self._start
        # Where even passing over pictures is slower than the recording, all of them are late: show some all the same.
        starved = self._last_shown is not None and t - self._last_shown >= MAX_GAP_S
        if elapsed >= next_t and not starved:
            return False
        if elapsed < t:
            self._sleep(t - elapsed)
        self._last_shown = t
        return True
