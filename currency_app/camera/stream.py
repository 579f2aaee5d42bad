"""A camera or a recording at an http or rtsp address."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from currency_app.arrays import Image
from currency_app.camera.base import Source
from currency_app.camera.capture import READ_TIMEOUT_MS, STREAM_TIMEOUT_MS, OpenCVCapture, open_url
from currency_app.camera.live import READ_ATTEMPTS, LiveSource
from currency_app.camera.pacing import Clock, Pacer, Sleep
from currency_app.camera.snapshot import SnapshotCapture, fetch_picture
from currency_app.camera.video import VideoSource
from currency_app.errors import SourceError
from currency_app.paths import public_name

SCHEMES = ("http", "https", "rtsp", "rtsps")
"""The kinds of addresses that are opened, in lower case."""
_WARM_UP_S = READ_ATTEMPTS * READ_TIMEOUT_MS / 1e3
"""Seconds until a stream's first picture: some cameras send a whole one only every few seconds."""
_PROBE_S = 2 * (STREAM_TIMEOUT_MS + 2 * READ_TIMEOUT_MS) / 1e3
"""Seconds after which an address hangs that should have timed out in half of them, as in looking up its name."""
_END_S = READ_TIMEOUT_MS / 2e3
"""Seconds within which a picture without a second one tells so: half of the time that a slow stream is waited for."""
_T = TypeVar("_T")


def open_stream(url: str, *, realtime: bool, clock: Clock = time.perf_counter, sleep: Sleep = time.sleep) -> Source:
    """Open a stream. One that has an end, such as an mp4 on a web server, becomes a VideoSource.

    An address that gives a single picture is asked again and again.

    realtime, clock, sleep: as in `open_source`. Raises SourceError if no video answers at the address.
    """
    name = public_name(url) or "this address"
    probed = _in_time(lambda: _probe(url))
    if probed is None:
        raise SourceError(f"No video stream could be opened at {name}. Check the address, and that the camera is on.")
    capture, fetch = probed
    if fetch is not None:
        source = LiveSource(name, lambda: SnapshotCapture(fetch), clock=clock, may_freeze=False)
    elif capture.frame_count > 1:
        return VideoSource(name, capture, Pacer(clock, sleep) if realtime else None)
    else:
        source = LiveSource(name, lambda: open_url(url), capture=capture, clock=clock, warm_up_s=_WARM_UP_S)
    silent = f"The stream at {name} gives no picture. Check that the camera is on."
    source.start(absent=lambda: silent, silent=silent)
    return source


def _probe(url: str) -> tuple[OpenCVCapture, Callable[[], Image | None] | None] | None:
    """Open an address; return what answers and, if it gives a single picture, what gets the next one.

    None if nothing answers.
    """
    capture = open_url(url)
    if capture is None or capture.frame_count > 1:
        return None if capture is None else (capture, None)
    first = capture.read()
    began = time.monotonic()
    # A slow stream's second picture fails too, but only once the time is over.
    if first is not None and (capture.read() is not None or time.monotonic() - began > _END_S):
        return capture, None
    if url.lower().startswith("http") and fetch_picture(url) is not None:
        capture.close()
        return capture, lambda: fetch_picture(url)
    if first is not None:
        capture.close()
        return capture, lambda: _read_one(url)
    return capture, None


def _read_one(url: str) -> Image | None:
    capture = open_url(url)
    if capture is None:
        return None
    try:
        return capture.read()
    finally:
        capture.close()


def _in_time(work: Callable[[], _T | None]) -> _T | None:
    """Return what some work gives, which is left alone if it hangs: then, and if it fails, None.

    Raises what the user has to know.
    """
    results: list[_T | None] = []
    errors: list[SourceError] = []

    def run() -> None:
        try:
            results.append(work())
        except SourceError as error:
            errors.append(error)

    thread = threading.Thread(target=run, name="probe", daemon=True)
    thread.start()
    thread.join(_PROBE_S)
    if errors:
        raise errors[0]
    return results[0] if results else None
