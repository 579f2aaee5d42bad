"""A camera at an address that gives one picture each time it is asked, such as http://camera/shot.jpg."""

from __future__ import annotations

import io
import ssl
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from urllib.parse import unquote, urlsplit, urlunsplit

from currency_app.arrays import Image
from currency_app.camera.capture import READ_TIMEOUT_MS, ascii_url
from currency_app.camera.pacing import Clock, Sleep
from currency_app.errors import ImageError
from currency_app.images import decode_image

INTERVAL_S = 0.1
"""Seconds between two requests, at least: more than ten pictures a second are too much for a small camera."""
MAX_SNAPSHOT_BYTES = 32 * 2**20
"""Bytes that are read of an answer: more than any camera's picture, less than a stream without an end."""

_STREAMS = ("audio", "multipart", "video")


class SnapshotCapture:
    """Asks an address for each picture. A `Capture`."""

    def __init__(self, fetch: Callable[[], Image | None], clock: Clock = time.monotonic, sleep: Sleep = time.sleep):
        """fetch: returns a picture, None if there is none. clock, sleep: seconds."""
        self._fetch = fetch
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def read(self) -> Image | None:
        """Ask for the next picture, uint8 [height, width, 3] BGR; None if the camera gives none."""
        self._sleep(max(0.0, self._next - self._clock()))
        self._next = self._clock() + INTERVAL_S
        return self._fetch()

    def close(self) -> None:
        """Do nothing: each picture's connection is closed when it has been read."""


def fetch_picture(url: str) -> Image | None:
    """Return the picture at an http address, uint8 [height, width, 3] BGR; None if there is none.

    OpenCV reads the pictures of some addresses too, but not without their length, as many cameras send them.
    """
    try:
        parts = urlsplit(ascii_url(url))
        host = parts.netloc.rpartition("@")[2]
        bare = urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if parts.username is not None:
            passwords.add_password(None, bare, unquote(parts.username), unquote(parts.password or ""))
        # Cameras sign their certificates themselves; OpenCV does not check those of streams either.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        opener = urllib.request.build_opener(
            urllib.request.HTTPBasicAuthHandler(passwords),
            urllib.request.HTTPDigestAuthHandler(passwords),
            urllib.request.HTTPSHandler(context=context),
        )
        with opener.open(bare, timeout=READ_TIMEOUT_MS / 1e3) as answer:
            if answer.headers.get_content_maintype() in _STREAMS:
                return None
            data = answer.read(MAX_SNAPSHOT_BYTES)
        return decode_image(io.BytesIO(data), "the picture")
    except (OSError, ValueError, HTTPException, ImageError):
        return None
