"""A camera or stream, read by a thread that keeps only the newest frame.

Drivers and network buffers queue frames, so a reader slower than the camera would see the note as it was seconds ago.
The thread therefore takes every frame at once and overwrites the one that nobody has fetched yet. Nobody else touches
the driver, which may hang: whoever waits for the thread waits for a limited time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from currency_app.arrays import Image
from currency_app.camera.capture import Capture, OpenCapture
from currency_app.camera.freeze import FreezeWatch
from currency_app.camera.pacing import Clock, asleep_s
from currency_app.errors import SourceError
from currency_app.events import CameraBack, CameraLost, Frame, SourceEvent

STALL_S = 2.0
"""Seconds without a frame after which a camera counts as lost. Chosen by hand."""
RETRY_S = 1.0
"""Seconds between two attempts to open a lost camera again. Chosen by hand."""
OPEN_S = 15.0
"""Seconds that a camera may take to open: some take ten. Chosen by hand."""
WARM_UP_S = 3.0
"""Seconds in which a camera that was opened may fail to give a picture: cheap ones take two. Chosen by hand."""
READ_ATTEMPTS = 5
"""Failed reads in a row after which a camera counts as gone. Single damaged frames are usual over a USB cable."""
READ_PAUSE_S = 0.01
"""Seconds between two attempts to read. Chosen by hand."""
WAKE_S = 0.05
"""Seconds after which a reader that waits for a frame looks whether the camera has stalled. Chosen by hand."""
MIN_ASLEEP_S = 1.0
"""Seconds of sleep that count: more than two clocks differ if a busy computer is interrupted between them. By hand."""
JOIN_S = 1.0
"""Seconds, in all, that `LiveSource.close` waits for the thread, which may hang in the driver. Chosen by hand."""


class LiveSource:
    """A source that gives the newest frame of a camera or stream, and reconnects when it stops.

    It gives one CameraLost when READ_ATTEMPTS reads in a row fail, when no frame has come for STALL_S of the clock, or
    when the camera has frozen, which means that it repeats its last picture (see `FreezeWatch`). Unless a read hangs,
    it tries to open the camera again every `retry_s` real seconds. A CameraBack precedes the first new frame.
    t of the frames: seconds since the first one, also those in which the computer slept. index: frames grabbed before.
    """

    def __init__(
        self,
        name: str,
        open_capture: OpenCapture,
        *,
        capture: Capture | None = None,
        clock: Clock = time.perf_counter,
        asleep: Clock = asleep_s,
        retry_s: float = RETRY_S,
        warm_up_s: float = WARM_UP_S,
        may_freeze: bool = True,
    ) -> None:
        """Take over a camera that is open already, or open it in `start`, else when `events` is read first.

        name: what messages call it. open_capture: opens the camera again. capture: the camera that is open already;
        it is closed with this source. clock: seconds; asleep: those of sleep, which it lacks. retry_s: real seconds
        between attempts to open it again. warm_up_s: seconds until the first picture. may_freeze: equal pictures mean
        that the camera has stopped.
        """
        self.name = name
        self.dropped = 0
        self._open_capture = open_capture
        self._first_capture = capture
        self._clock = clock
        self._asleep = asleep
        self._asleep_s = 0.0
        self._retry_s = retry_s
        self._warm_up_s = warm_up_s
        self._watch = FreezeWatch() if may_freeze else None
        self._changed = threading.Condition()
        self._wanted = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._join_until: float | None = None
        # Both threads use the following; _changed guards it.
        self._newest: Frame | None = None
        self._failed = False
        self._warm = False
        self._opened_at: float | None = None
        self._refusal: str | None = None
        self._grabbed = 0
        self._start: float | None = None
        self._last_grab = 0.0

    def start(self, *, absent: Callable[[], str], silent: str) -> None:
        """Open the camera, unless it is open, and wait until it gives pictures.

        absent, silent: sentences for the user if it cannot be opened, and if it gives no picture within its warm-up.
        Raises SourceError, and closes this source, in both cases.
        """
        began = self._clock()
        self._begin()
        try:
            while not self._warm:
                with self._changed:
                    self._changed.wait_for(lambda: self._warm or self._failed or self._refusal, timeout=WAKE_S)
                    opened_at = self._opened_at
                    if self._refusal is not None:
                        raise SourceError(self._refusal)
                    if self._failed:
                        raise SourceError(absent() if opened_at is None else silent)
                if not self._warm and self._clock() > (
                    began + OPEN_S if opened_at is None else opened_at + self._warm_up_s + 2 * WAKE_S
                ):
                    raise SourceError(silent)
        except BaseException:
            self.close()
            raise

    def events(self) -> Iterator[SourceEvent]:
        """Yield the newest frame each time, and CameraLost and CameraBack, until closed. To be called once."""
        if self._wanted.is_set():
            return
        self._last_grab = self._clock()
        self._wanted.set()
        self._begin()
        lost = False
        while True:
            with self._changed:
                # The grab thread wakes this one, unless it hangs in the driver: hence the timeout.
                self._changed.wait_for(self._has_news, timeout=WAKE_S)
                if self._closed.is_set():
                    return
                frame, self._newest = self._newest, None
                failed, self._failed = self._failed, False
                now = self._clock()
                self._last_grab = min(self._last_grab, now)  # else a clock that went back would hide a stall
                stalled = frame is None and now - self._last_grab > STALL_S
            if frame is not None:
                if lost:
                    lost = False
                    yield CameraBack(frame.t)
                yield frame
            if (failed or stalled) and not lost:
                lost = True
                yield CameraLost(self._now())

    def close(self) -> None:
        """Release the camera, which ends `events` at once. Safe to call twice and from another thread."""
        self._closed.set()
        self._wanted.set()
        with self._changed:
            self._changed.notify_all()
            thread = self._thread
            capture, self._first_capture = self._first_capture, None
        if thread is None:
            if capture is not None:
                capture.close()
        elif thread is not threading.current_thread():
            # Several threads may close one source: together they wait as long as one would.
            self._join_until = self._join_until or time.monotonic() + JOIN_S
            thread.join(max(0.0, self._join_until - time.monotonic()))

    def _begin(self) -> None:
        with self._changed:
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._grab, name=f"grab {self.name}", daemon=True)
                self._thread.start()

    def _has_news(self) -> bool:
        return self._newest is not None or self._failed or self._closed.is_set()

    def _now(self) -> float:
        return 0.0 if self._start is None else self._time(self._clock()) - self._start

    def _time(self, now: float) -> float:
        """Return a time of the clock with the seconds that the computer has slept."""
        asleep_s = self._asleep()
        if asleep_s - self._asleep_s >= MIN_ASLEEP_S:
            self._asleep_s = asleep_s
        return now + self._asleep_s

    def _grab(self) -> None:
        with self._changed:
            capture, self._first_capture = self._first_capture, None
        # A camera that was handed over while its frames are wanted already has given pictures before.
        self._warm = capture is not None and self._wanted.is_set()
        if capture is not None:
            self._opened_at = self._clock()
        try:
            while not self._closed.is_set():
                if capture is None:
                    capture = self._open()
                image = None if capture is None else self._read(capture)
                if image is not None and self._take(image):
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

    def _open(self) -> Capture | None:
        try:
            capture = self._open_capture()
        except Exception:
            capture = None  # whatever a driver raises, the camera is not there, and may be in a while
        now = self._clock()
        with self._changed:
            self._warm = False
            self._opened_at = None if capture is None else now
        if self._watch is not None:
            self._watch.reopened(now)
        return capture

    def _read(self, capture: Capture) -> Image | None:
        began, attempts = self._clock(), 0
        while not self._closed.is_set():
            try:
                image = capture.read()
            except SourceError as error:
                self._refusal = str(error)
                return None
            except Exception:
                image = None  # as for `_open`
            attempts += 1
            warming = not self._warm and self._clock() - began < self._warm_up_s
            if image is not None or (attempts >= READ_ATTEMPTS and not warming):
                return image
            self._closed.wait(READ_PAUSE_S)
        return None

    def _take(self, image: Image) -> bool:
        """Keep a picture for the reader. Return whether to go on reading, or to open the camera again."""
        now = self._clock()
        with self._changed:
            self._warm = True
            self._changed.notify_all()
        if not self._wanted.is_set():
            self._wanted.wait()  # by then this picture is old
            return True
        if self._watch is not None and self._watch.update(image, now):
            return not self._watch.overdue(now)
        with self._changed:
            then = self._time(now)
            if self._start is None:
                self._start = then
            self.dropped += self._newest is not None
            self._newest = Frame(image, then - self._start, self._grabbed, grabbed_at=now)
            self._grabbed += 1
            self._last_grab = now
            # If frames are back before the reader noticed, the gap is not worth an announcement.
            self._failed = False
            self._changed.notify_all()
        return True
