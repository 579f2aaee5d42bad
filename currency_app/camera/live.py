"""A camera or stream, read by a thread that keeps only the newest frame.

Drivers and network buffers queue frames, so a reader slower than the camera would see the note as it was seconds ago.
The thread therefore takes every frame at once and overwrites the one that nobody has fetched yet.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from currency_app.arrays import Image
from currency_app.camera.capture import Capture, OpenCapture
from currency_app.camera.pacing import Clock
from currency_app.errors import SourceError
from currency_app.events import CameraBack, CameraLost, Frame, SourceEvent

STALL_S = 2.0
"""Seconds without a frame after which a camera counts as lost. Chosen by hand."""
RETRY_S = 1.0
"""Seconds between two attempts to open a lost camera again. Chosen by hand."""
READ_ATTEMPTS = 5
"""Failed reads in a row after which a camera counts as gone. Single damaged frames are usual over a USB cable."""
READ_PAUSE_S = 0.01
"""Seconds between two attempts to read. Chosen by hand."""
WAKE_S = 0.05
"""Seconds after which a reader that waits for a frame looks whether the camera has stalled. Chosen by hand."""
JOIN_S = 3.0
"""Seconds that `LiveSource.close` waits for the thread, which may hang in the driver. Chosen by hand."""


class LiveSource:
    """A source that gives the newest frame of a camera or stream, and reconnects when it stops.

    It gives one CameraLost when READ_ATTEMPTS reads in a row fail, or when no frame has come for STALL_S of the clock.
    After failed reads it tries to open the camera again every `retry_s` real seconds. A CameraBack precedes the first
    new frame.
    t of the frames: seconds since the first frame. index: frames grabbed before, dropped ones included.
    """

    def __init__(
        self,
        name: str,
        open_capture: OpenCapture,
        *,
        capture: Capture | None = None,
        clock: Clock = time.monotonic,
        retry_s: float = RETRY_S,
    ) -> None:
        """Take over a camera that is open already, or open it when `events` is read first.

        name: what messages call it. open_capture: opens the camera again. capture: the camera that is open already;
        it is closed with this source. clock: seconds. retry_s: real seconds between attempts to open it again.
        """
        self.name = name
        self.dropped = 0
        self._open_capture = open_capture
        self._first_capture = capture
        self._clock = clock
        self._retry_s = retry_s
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        # Both threads use the following; _changed guards it.
        self._newest: Frame | None = None
        self._failed = False
        self._grabbed = 0
        self._start: float | None = None
        self._last_grab = 0.0

    def events(self) -> Iterator[SourceEvent]:
        """Yield the newest frame each time, and CameraLost and CameraBack, until closed. To be called once."""
        with self._changed:
            if self._thread is not None or self._closed.is_set():
                return
            self._last_grab = self._clock()
            self._thread = threading.Thread(target=self._grab, name=f"grab {self.name}", daemon=True)
            self._thread.start()
        lost = False
        while True:
            with self._changed:
                # The grab thread wakes this one, unless it hangs in the driver: hence the timeout.
                self._changed.wait_for(self._has_news, timeout=WAKE_S)
                if self._closed.is_set():
                    return
                frame, self._newest = self._newest, None
                failed, self._failed = self._failed, False
                stalled = frame is None and self._clock() - self._last_grab > STALL_S
            if frame is not None:
                if lost:
                    lost = False
                    yield CameraBack(frame.t)
                yield frame
            if (failed or stalled) and not lost:
                lost = True
                yield CameraLost(self._now())

    def close(self) -> None:
        """Release the camera, which ends `events`. Safe to call twice and from another thread."""
        self._closed.set()
        with self._changed:
            self._changed.notify_all()
            thread = self._thread
            capture, self._first_capture = self._first_capture, None
        if thread is None:
            if capture is not None:
                capture.close()
        elif thread is not threading.current_thread():
            thread.join(JOIN_S)

    def _has_news(self) -> bool:
        return self._newest is not None or self._failed or self._closed.is_set()

    def _now(self) -> float:
        return 0.0 if self._start is None else self._clock() - self._start

    def _grab(self) -> None:
        with self._changed:
            capture, self._first_capture = self._first_capture, None
        try:
            while not self._closed.is_set():
                if capture is None:
                    capture = self._open_capture()
                image = None if capture is None else self._read(capture)
                if image is not None:
                    self._put(image)
                    continue
                if capture is not None:
                    capture.close()
                    capture = None
                with self._changed:
                    self._failed = True
                    self._changed.notify_all()
                self._closed.wait(self._retry_s)
        finally:
            if capture is not None:
                capture.close()

    def _read(self, capture: Capture) -> Image | None:
        for _ in range(READ_ATTEMPTS):
            image = capture.read()
            if image is not None or self._closed.wait(READ_PAUSE_S):
                return image
        return None

    def _put(self, image: Image) -> None:
        now = self._clock()
        with self._changed:
            if self._start is None:
                self._start = now
            self.dropped += self._newest is not None
            self._newest = Frame(image, now - self._start, self._grabbed)
            self._grabbed += 1
            self._last_grab = now
            # If frames are back before the reader noticed, the gap is not worth an announcement.
            self._failed = False
            self._changed.notify_all()


def require_picture(capture: Capture, message: str) -> None:
    """Check that an open camera or stream gives a picture.

    If READ_ATTEMPTS reads give none, close the capture and raise SourceError with `message`, a sentence for the user.
    """
    for _ in range(READ_ATTEMPTS):
        if capture.read() is not None:
            return
    capture.close()
    raise SourceError(message)
