"""The governor: what the app gives up on a computer that is too slow for it, or too busy.

It measures the app's own frames, and acts on live sources only: the frames of a recording do not grow old, and whoever
reads one wants all of it. In this order it gives up

1. extra looks, the searches for a far and for a second note, while one pass of the network takes over MAX_PASS_MS;
2. frames, so that reading them takes at most MAX_SHARE of a core: the rest is for the camera, speech and the screen
   reader. A frame that is passed over costs nothing, and the one read next is the camera's newest, so the app sees less
   often but never late;
3. the decision of a stale frame. What a frame of 100 ms ago shows may not be there any more, so a frame that is older
   when it has been read is discarded: no event comes of it, and the tracker never hears of it.

A computer whose every frame takes longer than that must not leave its user in silence. So a frame is stale when it is
older than MAX_AGE_MS *and* than MAX_AGE_FRAMES times the usual frame: the median of the last few. Where a frame always
takes 150 ms it may be 225 ms old, and if a computer becomes that slow all at once, that is the usual frame after five.

None of it is said aloud. `currency-app doctor` tells what a computer can keep up with, and the summary of a run counts
the frames that were passed over and those that were stale.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from currency_app.events import Frame

MAX_PASS_MS = 20.0
"""Milliseconds of one pass of the network over which extra looks are given up: with all else that a frame costs it is
the budget of 25 ms."""
MAX_SHARE = 0.75
"""Share of a core, 0..1, that reading frames may take: a frame of 25 ms at 30 frames a second, which is the budget."""
MAX_AGE_MS = 100.0
"""Milliseconds after its grab at which a frame is stale: less than anybody needs to take a note away and show another.
Chosen by hand."""
MAX_AGE_FRAMES = 1.5
"""Usual frames after which a frame is stale where one of them takes long: one read, and half of one waited for."""
_EASY_PASS = 0.8
"""Share of MAX_PASS_MS, 0..1, under which extra looks come back, so that they do not flicker. Chosen by hand."""
_RECENT = 9
"""Frames whose median is the usual one. Odd, and few, so that five slow ones in a row are usual. Chosen by hand."""
_MAX_DEBT_S = 0.04
"""Seconds by which frames may be read ahead of their share: an interval of a slow camera would be wasted without it.
Chosen by hand."""


@dataclass(frozen=True)
class Pace:
    """What a computer can keep up with."""

    frames_per_second: float
    """Frames of a live source that it reads a second, at most."""
    extra_looks: bool
    """Whether there is time for the searches for a far and for a second note."""


def pace_for(pass_ms: float, frame_ms: float) -> Pace:
    """Return the pace of a computer.

    pass_ms: of one pass of the network. frame_ms: of a whole frame, from picture to decision. Both in milliseconds.
    """
    return Pace(1e3 * MAX_SHARE / max(frame_ms, 1e-3), pass_ms <= MAX_PASS_MS)


class Governor:
    """Says which frames of a live source are read, and which of them still count once they have been.

    For each frame call `takes`, and if it is read, `counts`. Not safe to share between threads, nor between runs.
    clock: seconds, the clock of the source.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.stale = 0
        """Frames that were discarded because they had become too old."""
        self.skipped = 0
        """Frames that were passed over to keep to the share of a core."""
        self.extra_looks = True
        """Whether there is time for extra looks."""
        self._clock = clock
        self._passes_ms: deque[float] = deque(maxlen=_RECENT)
        self._frames_ms: deque[float] = deque(maxlen=_RECENT)
        self._started = 0.0
        self._paid_until = 0.0
        self._max_wait_s = 0.0

    def takes(self, frame: Frame) -> bool:
        """Return whether to read a frame. Those of recordings are all read."""
        if frame.grabbed_at is None:
            return True
        self._started = self._clock()
        if self._age_ms(frame) > self._max_age_ms():
            self.stale += 1
            return False
        if self._paid_until - self._started > self._max_wait_s:  # the clock has gone back
            self._paid_until = self._started
        if self._paid_until - self._started > _MAX_DEBT_S:
            self.skipped += 1
            return False
        return True

    def counts(self, frame: Frame, pass_ms: float, frame_ms: float) -> bool:
        """Take note of how long a frame took, and return whether it is young enough to be acted on.

        pass_ms: its passes of the network, 0 if it needed none. frame_ms: all of it. Both in milliseconds.
        """
        if frame.grabbed_at is None:
            return True
        if pass_ms > 0:
            self._passes_ms.append(pass_ms)
            self._frames_ms.append(frame_ms)
            limit_ms = MAX_PASS_MS if self.extra_looks else _EASY_PASS * MAX_PASS_MS
            self.extra_looks = median(self._passes_ms) <= limit_ms
        # One frame that took long because something else had the core says nothing about the next.
        usual_ms = min(frame_ms, median(self._frames_ms)) if self._frames_ms else frame_ms
        self._paid_until = max(self._paid_until, self._started) + usual_ms / 1e3 / MAX_SHARE
        self._max_wait_s = self._paid_until - self._started
        if self._age_ms(frame) > self._max_age_ms():
            self.stale += 1
            return False
        return True

    def _age_ms(self, frame: Frame) -> float:
        return 0.0 if frame.grabbed_at is None else (self._clock() - frame.grabbed_at) * 1e3

    def _max_age_ms(self) -> float:
        return max(MAX_AGE_MS, MAX_AGE_FRAMES * median(self._frames_ms) if self._frames_ms else 0.0)
