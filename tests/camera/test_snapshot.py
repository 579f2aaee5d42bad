"""An address of a single picture is a camera: asked again and again, as often as it stands."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice

import cv2
import numpy as np
import pytest

from currency_app.arrays import Image
from currency_app.camera import open_source
from currency_app.camera.snapshot import INTERVAL_S, SnapshotCapture, fetch_picture
from currency_app.errors import SourceError
from currency_app.events import Frame
from currency_app.testing import FakeClock
from tests.support.mjpeg_server import draw, read_number


class SnapshotServer:
    """Answers each request with one numbered picture, or always with the same one."""

    def __init__(self) -> None:
        self.asked = 0
        self.kind = ".jpg"
        self.media_type: str | None = "image/jpeg"
        self.tells_length = True
        self.password: str | None = None
        self.still = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                expected = None if outer.password is None else f"anna:{outer.password}".encode()
                sent = self.headers.get("Authorization", "")
                if expected is not None and sent != f"Basic {base64.b64encode(expected).decode()}":
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="camera"')
                    self.end_headers()
                    return
                data = cv2.imencode(outer.kind, draw(0 if outer.still else outer.asked))[1].tobytes()
                outer.asked += 1
                self.send_response(200)
                if outer.media_type is not None:
                    self.send_header("Content-Type", outer.media_type)
                if outer.tells_length:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def server() -> Iterator[SnapshotServer]:
    server = SnapshotServer()
    yield server
    server.server.shutdown()
    server.server.server_close()


def frames(url: str, count: int = 3) -> list[Frame]:
    source = open_source(url, realtime=False)
    try:
        seen = list(islice(source.events(), count))
    finally:
        source.close()
    assert all(isinstance(event, Frame) for event in seen)
    return [event for event in seen if isinstance(event, Frame)]


@pytest.mark.parametrize("path", ["shot.jpg", "cgi-bin/snapshot", "shot.jpg?size=1"])
@pytest.mark.parametrize("tells_length", [True, False])
def test_a_picture_is_asked_for_again_and_again(server: SnapshotServer, path: str, tells_length: bool) -> None:
    server.tells_length = tells_length
    numbers = [read_number(frame.image) for frame in frames(f"http://{server.address}/{path}")]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(("kind", "media_type"), [(".png", "image/png"), (".webp", "image/webp"), (".jpg", None)])
def test_pictures_of_other_kinds(server: SnapshotServer, kind: str, media_type: str | None) -> None:
    server.kind, server.media_type = kind, media_type
    assert len(frames(f"http://{server.address}/image")) == 3


def test_a_picture_behind_a_password(server: SnapshotServer) -> None:
    server.password = "ge heim"
    assert len(frames(f"http://anna:ge%20heim@{server.address}/shot.jpg")) == 3
    with pytest.raises(SourceError) as caught:
        open_source(f"http://anna:wrong@{server.address}/shot.jpg", realtime=False)
    assert "wrong" not in str(caught.value)


def test_what_is_no_picture_is_none(server: SnapshotServer) -> None:
    server.media_type = "multipart/x-mixed-replace"
    assert fetch_picture(f"http://{server.address}/") is None
    assert fetch_picture("http://127.0.0.1:9/") is None
    assert fetch_picture("http://[::1/") is None


def test_requests_keep_their_distance() -> None:
    clock = FakeClock()
    asked_at = []

    def fetch() -> Image | None:
        asked_at.append(clock.now)
        clock.sleep(0.03)
        return np.zeros((4, 6, 3), np.uint8)

    capture = SnapshotCapture(fetch, clock, clock.sleep)
    for _ in range(4):
        assert capture.read() is not None
    assert asked_at == pytest.approx([index * INTERVAL_S for index in range(4)])
