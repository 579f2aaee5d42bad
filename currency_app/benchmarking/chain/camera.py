"""A network camera on the loopback address that shows drawn notes.

It is a process of its own, as a camera is a device of its own. It sends MJPEG over HTTP, 30 pictures a second. A note
comes into view from one picture to the next: then it is plain when it was in view, and nothing of a hand's own time is
measured.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from currency_app.arrays import Image
from currency_app.benchmarking.chain.stamp import Stamp, write_stamp
from currency_app.demo.scene import DEMO_FPS, DemoScene
from currency_app.errors import CurrencyAppError
from currency_app.recognition.corners import note_area

FPS = 30.0
"""Pictures a second, as most webcams give."""
FIRST_S = 4.0
"""Seconds before the first note, in which the app starts and its phrases are made. Chosen by hand: it takes two."""
SHOWN_S = 2.2
"""Seconds for which a note is shown: its value takes one to say."""
_APART_S = (3.4, 4.4)
"""Seconds from one note to the next, at random, so that nothing falls into step with anything: after 3 s without sound
the app wakes the loudspeaker as for a real note, and after 5 s without a note it would speak of that."""
_PICTURES = 12
"""Different pictures of each note, and of the room, shown to and fro. Chosen by hand."""
_MIN_AREA = 0.2
"""Share of the picture, 0..1, that a note covers when it is held near."""
_PACKAGES = Path(__file__).resolve().parents[3]
"""The folder that this package lies in: the camera's process must find it as well."""
_QUALITY = 90
"""Of JPEG, as webcams have it: no more than a trace of it is seen."""


@dataclass(frozen=True)
class NoteShowing:
    """One note in view; times are seconds since the camera was first asked."""

    value: int
    """What it is worth."""
    start_s: float
    """When it comes into view."""
    end_s: float
    """When it goes."""


def plan_showings(values: Sequence[int], seed: int = 0) -> list[NoteShowing]:
    """Return when each of these values is shown."""
    rng = np.random.default_rng(seed)
    found, t = [], FIRST_S
    for value in values:
        found.append(NoteShowing(value, t, t + SHOWN_S))
        t += SHOWN_S + float(rng.uniform(*_APART_S))
    return found


class NoteCamera:
    """Shows a plan's notes once, from when it is first asked, while the `with` block lasts.

    url: where. Raises CurrencyAppError if it does not start.
    """

    def __init__(self, plan: Sequence[NoteShowing]) -> None:
        self._plan = plan
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", f"from {__name__} import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_PACKAGES), *_python_path()])},
        )
        plan = json.dumps([asdict(showing) for showing in self._plan])
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):  # a process that has ended already gives no port either
            self._process.stdin.write(plan + "\n")
            self._process.stdin.flush()
        port = self._process.stdout.readline().strip()
        if not port:
            self.__exit__()
            raise CurrencyAppError("The camera that shows the notes does not start: close other programs.")
        self.url = f"http://127.0.0.1:{port}/camera.mjpg"
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


class StampedPictures:
    """The pictures of a plan, each with its stamp.

    pictures: of each value, and of the empty room under None: uint8 [height, width, 3] BGR.
    """

    def __init__(self, plan: Sequence[NoteShowing], pictures: dict[int | None, list[Image]]) -> None:
        self._plan = plan
        self._pictures = pictures
        self._shown: dict[int, float] = {}
        self._count = 0

    def at(self, t: float, now: float) -> Image:
        """Return the next picture, t seconds after the first; its stamp says that it is `now`."""
        number = next((n for n, showing in enumerate(self._plan, 1) if showing.start_s <= t < showing.end_s), 0)
        value = self._plan[number - 1].value if number else None
        picture = self._pictures[value][_to_and_fro(self._count, len(self._pictures[value]))].copy()
        self._count += 1
        shown_s = self._shown.setdefault(number, now) if number else now
        write_stamp(picture, Stamp(now, number, shown_s))
        return picture


def _to_and_fro(count: int, length: int) -> int:
    """Return a place in a list that is walked to its end and back, over and over."""
    if length == 1:
        return 0
    place = count % (2 * length - 2)
    return place if place < length else 2 * length - 2 - place


def draw_pictures(values: Sequence[int]) -> dict[int | None, list[Image]]:
    """Draw the demonstration's notes of these values, held near, and its room without one, under None."""
    scene = DemoScene(realtime=False)
    found: dict[int | None, list[Image]] = {None: [scene.picture(index) for index in range(_PICTURES)]}
    for shown in scene.schedule:
        if shown.value in values:
            span = range(round(shown.start_s * DEMO_FPS), round(shown.end_s * DEMO_FPS))
            near = [index for index in span if _is_near(scene, index)]
            skipped = (len(near) - _PICTURES) // 2
            found[shown.value] = [scene.picture(index) for index in near[skipped : skipped + _PICTURES]]
    return found


def _is_near(scene: DemoScene, index: int) -> bool:
    corners = scene.corners(index)
    return corners is not None and corners.min() > 0 and corners.max() < 1 and note_area(corners) > _MIN_AREA


def main() -> None:
    """Read a plan from standard input, print the port, and show the plan until standard input ends.

    That is when the process that started this one has ended, however it did.
    """
    plan = [NoteShowing(**entry) for entry in json.loads(sys.stdin.readline())]
    cv2.setNumThreads(1)
    pictures = StampedPictures(plan, draw_pictures([showing.value for showing in plan]))
    server = _server(pictures)
    print(server.server_port, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


def _server(pictures: StampedPictures) -> ThreadingHTTPServer:
    first: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
            self.end_headers()
            first.append(time.perf_counter())
            try:
                for part in _parts(pictures, first[0]):
                    self.wfile.write(part)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    return server


def _parts(pictures: StampedPictures, first_s: float) -> Iterator[bytes]:
    """Yield a part of the stream for each picture, when it is due."""
    due = time.perf_counter()
    while True:
        now = time.perf_counter()
        data = cv2.imencode(".jpg", pictures.at(now - first_s, now), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
        yield b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(data) + data + b"\r\n"
        due = max(due + 1 / FPS, now)
        time.sleep(max(due - time.perf_counter(), 0.0))


def _python_path() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
