"""When each sample of a recording sounded, by the computer's clock."""

from __future__ import annotations

import bisect

_AFTER_S = 10.0
"""Seconds after a moment whose deliveries tell when it was recorded: at least one of them was quick. Chosen by hand."""
_MIN_AFTER_S = 1.0
"""Seconds before the end of a recording in which deliveries before a moment tell of it too. Chosen by hand."""


class RecordingClock:
    """Tells from when the pieces of one recording were delivered which sample sounded when. Ask after the first piece.

    A piece is delivered when its last sample has sounded, or later: the quickest delivery tells when. Only those soon
    after a moment count, for the sound server has a clock of its own, which ran ahead by 0.03 s in ten minutes, and
    sound that is lost would put all that follows too early.

    rate: samples per second. ahead_s: seconds by which a piece is delivered before it sounds.
    """

    def __init__(self, rate: int, ahead_s: float = 0.0) -> None:
        self._rate = rate
        self._ahead_s = ahead_s
        self._arrived_s: list[float] = []
        self._samples: list[float] = []

    def delivered(self, moment: float, samples: float) -> None:
        """Take that so many samples, all told, had been delivered at a reading of time.perf_counter."""
        self._arrived_s.append(moment)
        self._samples.append(samples)

    def at(self, moment: float) -> int:
        """Return the number of the sample that sounded at that reading of time.perf_counter."""
        return round((moment - self._began_s(moment) - self._ahead_s) * self._rate)

    def when(self, sample: int) -> float:
        """Return when a sample sounded, as time.perf_counter reads."""
        piece = min(bisect.bisect_left(self._samples, sample), len(self._samples) - 1)
        return self._began_s(self._arrived_s[piece]) + self._ahead_s + sample / self._rate

    def drift_s(self) -> float:
        """Return by how many seconds the recording ran ahead from beginning to end; negative if it lost some."""
        return self._began_s(self._arrived_s[0]) - self._began_s(self._arrived_s[-1])

    def _began_s(self, moment: float) -> float:
        """Return when the recording would have begun, by the quickest delivery after a moment."""
        first = bisect.bisect_left(self._arrived_s, min(moment, self._arrived_s[-1] - _MIN_AFTER_S))
        last = max(bisect.bisect_right(self._arrived_s, moment + _AFTER_S), first + 1)
        return min(
            arrived - samples / self._rate
            for arrived, samples in zip(self._arrived_s[first:last], self._samples[first:last], strict=True)
        )
