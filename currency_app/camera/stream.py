"""A camera or a recording at an http or rtsp address."""

from __future__ import annotations

import time
from urllib.parse import urlsplit, urlunsplit

from currency_app.camera.base import Source
from currency_app.camera.capture import open_url
from currency_app.camera.live import LiveSource, require_picture
from currency_app.camera.pacing import Clock, Pacer, Sleep
from currency_app.camera.video import VideoSource
from currency_app.errors import SourceError

SCHEMES = ("http", "https", "rtsp", "rtsps")
"""The kinds of addresses that are opened, in lower case."""


def open_stream(url: str, *, realtime: bool, clock: Clock = time.monotonic, sleep: Sleep = time.sleep) -> Source:
    """Open a stream. One that has an end, such as an mp4 on a web server, becomes a VideoSource.

    realtime, clock, sleep: as in `open_source`. Raises SourceError if no video answers at the address.
    """
    name = _without_password(url)
    capture = open_url(url)
    if capture is None:
        raise SourceError(f"No video stream could be opened at {name}. Check the address, and that the camera is on.")
    if capture.frame_count > 0:
        return VideoSource(name, capture, Pacer(clock, sleep) if realtime else None)
    require_picture(capture, f"The stream at {name} gives no picture. Check that the camera is on.")
    return LiveSource(name, lambda: open_url(url), capture=capture, clock=clock)


def _without_password(url: str) -> str:
    """Return the address without user name, password and query, so that it may be shown and read aloud."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        return "this address"
