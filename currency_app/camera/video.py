"""A video file as a source: its frames, timed by the file's own timestamps."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from currency_app.arrays import Image
from currency_app.camera.capture import OpenCVCapture, open_file
from currency_app.camera.pacing import Clock, Pacer, Sleep
from currency_app.errors import SourceError
from currency_app.events import Frame, SourceEvent
from currency_app.paths import printable
from currency_app.streams import complain

_SAME_S = 1e-3
"""Seconds by which the timestamps of a film of constant rate differ from index / rate: some containers round them to
milliseconds."""
_CLOSE_S = 0.3
"""Seconds for which closing waits for a frame that is being decoded. Chosen by hand."""
_MISSING_S, _MISSING_PART = 1.0, 0.1
"""Seconds and part of its length by which a film ends early before it is said: lengths are rounded, and sound may be
longer than the pictures. Chosen by hand."""
_LEAP_S = 1.0
"""Seconds by which timestamps go back if they begin anew, as in films put together of several. Chosen by hand."""


@dataclass(frozen=True, eq=False)
class _Timed:
    """A frame that was stepped to, at t seconds, and its picture; None if that could not be decoded."""

    index: int
    t: float
    image: Image | None


class FilmClock:
    """Makes the time of each frame out of the timestamps that a film tells, which may be missing or wrong.

    Films of telephones and browsers have as many frames a second as there were to show, so that index / rate, which is
    an average, is the time of hardly any frame.
    """

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._index = 0
        self._offset = 0.0
        self._last = 0.0
        self._last_stamp = -math.inf

    def time(self, stamp: float) -> float:
        """Return the time of the next frame, 0 for the first; it ascends from frame to frame.

        stamp: seconds, as the film tells it. If it does not ascend, the frame is 1 / fps after the one before.
        """
        by_rate = self._index / self._fps
        self._index += 1
        if self._index == 1:
            t = 0.0
        elif stamp > self._last_stamp > -math.inf:
            # After a frame without a timestamp of its own, time may be ahead of the film: then it goes at half speed.
            t = max(stamp - self._offset, self._last + (stamp - self._last_stamp) / 2)
        else:
            t = self._last + 1 / self._fps
        if self._last < by_rate and abs(t - by_rate) < _SAME_S:
            t = by_rate
        if math.isfinite(stamp):
            if stamp < self._last_stamp - _LEAP_S or self._last_stamp == -math.inf:
                self._offset = stamp - t
            self._last_stamp = stamp
        self._last = t
        return t


class VideoSource:
    """The frames of a recording. If it is damaged in the middle, it ends there, with a warning."""

    def __init__(self, name: str, capture: OpenCVCapture, pacer: Pacer | None = None) -> None:
        """pacer: plays at the recording's speed and drops the frames that the reader misses; None gives every frame."""
        self.name = name
        self.dropped = 0
        self._capture = capture
        self._pacer = pacer
        self._fps = capture.fps
        self._stated_s = capture.frame_count / capture.fps
        self._closed = False
        self._released = False
        # Releasing a capture while another thread reads it crashes the process.
        self._in_use = threading.Lock()

    def events(self) -> Iterator[SourceEvent]:
        """Yield the frames; t is in seconds by their own timestamps, see `FilmClock`. To be called once."""
        try:
            for frame, next_t in self._frames():
                if self._pacer is not None and not self._pacer.wait(frame.t, next_t):
                    self.dropped += not self._closed
                elif frame.image is not None and not self._closed:
                    yield Frame(frame.image, frame.t, frame.index)
        finally:
            self.close()

    def close(self) -> None:
        """Close the file, which ends `events`. Safe to call twice and from another thread."""
        self._closed = True
        if self._pacer is not None:
            self._pacer.close()
        # A read that hangs is not waited for: whoever reads closes the file when it comes back.
        if self._in_use.acquire(timeout=_CLOSE_S):
            try:
                if not self._released:
                    self._released = True
                    self._capture.close()
            finally:
                self._in_use.release()

    def _frames(self) -> Iterator[tuple[_Timed, float]]:
        """Yield each frame, and the time of the next one, by which the pacer tells whether the frame is late."""
        clock = FilmClock(self._fps)
        before: _Timed | None = None
        index = 0
        while (frame := self._step(clock, index)) is not None:
            if self._pacer is None:
                yield frame, frame.t
            elif before is not None:
                yield before, frame.t
            before = frame
            index += 1
        if self._pacer is not None and before is not None:
            yield before, before.t + 1 / self._fps
        if before is not None and not self._closed:
            self._tell_of_missing(before.t + 1 / self._fps)

    def _tell_of_missing(self, end: float) -> None:
        """Warn if the film states more seconds than could be read: the rest may have shown a note."""
        if self._stated_s - end > max(_MISSING_S, _MISSING_PART * self._stated_s):
            complain(
                f"{self.name} ends after {end:.1f} of {self._stated_s:.1f} seconds: the rest is damaged or missing. "
                "Copy it again."
            )

    def _step(self, clock: FilmClock, index: int) -> _Timed | None:
        with self._in_use:
            if self._closed or not self._capture.grab():
                return None
            return _Timed(index, clock.time(self._capture.timestamp), self._capture.retrieve())


def open_video(path: Path, *, realtime: bool, clock: Clock = time.monotonic, sleep: Sleep = time.sleep) -> VideoSource:
    """Open a video file. Raises SourceError if it is not one or its first frame cannot be read.

    realtime, clock, sleep: as in `open_source`.
    """
    name = printable(str(path))
    not_a_video = f"{name} is not a video that can be played, or it is damaged. Give another file."
    capture = open_file(str(path))
    if capture is None:
        raise SourceError(not_a_video)
    readable = capture.read() is not None
    capture.close()
    # Opened again rather than rewound, because seeking to the start fails in some formats.
    capture = open_file(str(path)) if readable else None
    if capture is None:
        raise SourceError(not_a_video)
    return VideoSource(name, capture, Pacer(clock, sleep) if realtime else None)
