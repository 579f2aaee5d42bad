"""A network camera on the loopback address: MJPEG over HTTP, each picture carrying its number as a bar code, or not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import cv2
import numpy as np
import numpy.typing as npt

WIDTH, HEIGHT, BITS = 320, 240, 16
BAR = WIDTH // BITS


def draw(number: int) -> npt.NDArray[np.uint8]:
    """A picture with `number` (16 bits) as black and white bars over its lower half, uint8 [240, 320, 3]."""
    image = np.full((HEIGHT, WIDTH, 3), 90, dtype=np.uint8)
    for bit in range(BITS):
        image[HEIGHT // 2 :, bit * BAR : (bit + 1) * BAR] = 255 if number >> bit & 1 else 0
    return image


def read_number(image: npt.NDArray[np.uint8]) -> int:
    """The number in a picture that `draw` made."""
    row = image[HEIGHT * 3 // 4, BAR // 2 :: BAR, 1]
    return sum(1 << bit for bit, level in enumerate(row) if level > 127)


class _Server(ThreadingHTTPServer):
    allow_reuse_port = True
    daemon_threads = True


class MjpegServer:
    """Sends pictures in a `with` block; between `stop` and `start` nothing listens at its address.

    picture: the JPEG of each number that is sent, by default `draw`'s.
    """

    def __init__(self, fps: float = 20.0, picture: Callable[[int], bytes] | None = None) -> None:
        self.fps = fps
        self._picture = picture or (lambda number: cv2.imencode(".jpg", draw(number))[1].tobytes())
        self.sent_at: list[float] = []
        self.paused = threading.Event()
        self._stopped = threading.Event()
        # Held all the time, or another program's connection may take the port while the server is stopped.
        self._held = socket.socket()
        for option in ("SO_REUSEADDR", "SO_REUSEPORT"):
            if hasattr(socket, option):
                self._held.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
        self._held.bind(("127.0.0.1", 0))
        self._port = int(self._held.getsockname()[1])
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._held.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/camera.mjpg"

    def start(self) -> None:
        """Serve."""
        self._stopped.clear()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                due = time.monotonic()
                try:
                    while not outer._stopped.wait(max(0.0, due - time.monotonic())):
                        # As many a second as promised, but never several at once to catch up.
                        due = max(due, time.monotonic() - 1 / outer.fps) + 1 / outer.fps
                        if not outer.paused.is_set():
                            self.wfile.write(outer._next_part())
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = _Server(("127.0.0.1", self._port), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """End all connections and stop listening."""
        self._stopped.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def age(self, image: npt.NDArray[np.uint8]) -> float:
        """How many seconds ago a picture was drawn."""
        return time.monotonic() - self.sent_at[read_number(image)]

    def _next_part(self) -> bytes:
        data = self._picture(len(self.sent_at))
        self.sent_at.append(time.monotonic())
        head = f"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
        return head.encode() + data + b"\r\n"
