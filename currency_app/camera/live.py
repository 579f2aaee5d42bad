"""A camera or stream, read by a thread that keeps only its newest frame.

Drivers and network buffers queue frames. A reader slower than the camera would see the note as it was seconds ago, so
the thread takes every frame at once and overwrites the one that nobody has fetched yet.
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
RETRY_S = 1.0
# One damaged picture is everyday life on a USB cable; this many in a row is a camera that has gone.
READ_ATTEMPTS = 5
READ_PAUSE_S = 0.01
WAKE_S = 0.05
JOIN_S = 3.0


class LiveSource:
    """Gives the newest frame of something that runs by itself, and reconnects to it when it stops.

    When reading fails, or no frame has come for two seconds of the clock, it gives one CameraLost and tries to
    open the camera again every retry_s (real) seconds; the first frame after that is preceded by a CameraBack.
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
        """name: for messages. open_capture: opens it again. capture: what is open already, closed with this source."""
        self.name = name
        self.dropped = 0
        self._open_capture = open_capture
        self._first_capture = capture
        self._clock = clock
        self._retry_s = retry_s
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        # What follows is shared by the two threads and guarded by _changed.
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
                # Woken by the grab thread; the timeout is for the case in which that hangs in the driver.
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
        """Let the camera go; `events` then ends. Safe to call twice and from another thread."""
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
            # A gap that ended before anyone looked is not worth an announcement.
            self._failed = False
            self._changed.notify_all()


def first_picture(capture: Capture, silent: str) -> None:
    """Make sure that an opened camera or stream gives pictures.

    silent: what the user is told if it does not. Closes the capture and raises SourceError then.
    """
    for _ in range(READ_ATTEMPTS):
        if capture.read() is not None:
            return
    capture.close()
    raise SourceError(silent)
