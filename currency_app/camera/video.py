"""A video file as a source: its frames, timed by the file's own frame rate."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

from currency_app.arrays import Image
from currency_app.camera.capture import OpenCVCapture, open_file
from currency_app.camera.pacing import Clock, Pacer, Sleep
from currency_app.errors import SourceError
from currency_app.events import Frame, SourceEvent


class VideoSource:
    """The frames of a recording. If it is damaged in the middle, it ends there."""

    def __init__(self, name: str, capture: OpenCVCapture, pacer: Pacer | None = None) -> None:
        """pacer: plays at the recording's speed and drops the frames that the reader misses; None gives every frame."""
        self.name = name
        self.dropped = 0
        self._capture = capture
        self._pacer = pacer
        self._fps = capture.fps
        self._closed = False
        # Releasing a capture while another thread reads it crashes the process.
        self._in_use = threading.Lock()

    def events(self) -> Iterator[SourceEvent]:
        """Yield the frames; t is index / frames per second, in seconds. To be called once."""
        index = 0
        try:
            while self._grab():
                t, next_t = index / self._fps, (index + 1) / self._fps
                if self._pacer is not None and not self._pacer.wait(t, next_t):
                    self.dropped += 1
                elif (image := self._retrieve()) is not None:
                    yield Frame(image, t, index)
                index += 1
        finally:
            self.close()

    def close(self) -> None:
        """Close the file, which ends `events`. Safe to call twice and from another thread."""
        with self._in_use:
            if not self._closed:
                self._closed = True
                self._capture.close()

    def _grab(self) -> bool:
        with self._in_use:
            return not self._closed and self._capture.grab()

    def _retrieve(self) -> Image | None:
        with self._in_use:
            return None if self._closed else self._capture.retrieve()


def open_video(path: Path, *, realtime: bool, clock: Clock = time.monotonic, sleep: Sleep = time.sleep) -> VideoSource:
    """Open a video file. Raises SourceError if it is not one or its first frame cannot be read.

    realtime, clock, sleep: as in `open_source`.
    """
    not_a_video = f"{path} is not a video that can be played, or it is damaged. Give another file."
    capture = open_file(str(path))
    if capture is None:
        raise SourceError(not_a_video)
    readable = capture.read() is not None
    capture.close()
    # Opened again rather than rewound, because seeking to the start fails in some formats.
    capture = open_file(str(path)) if readable else None
    if capture is None:
        raise SourceError(not_a_video)
    return VideoSource(str(path), capture, Pacer(clock, sleep) if realtime else None)
