"""Runs the app for some time on a drawn scene without an end, and prints what that cost: a program for a display.

python -m tests.support.window_soak SECONDS on|off
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import psutil

from currency_app.commands.run import run_session
from currency_app.demo.scene import DemoScene
from currency_app.events import Frame, SourceEvent
from currency_app.settings import Settings


class EndlessScene:
    """The demonstration's scene again and again, in real time, until `seconds` are over."""

    name = "endless scene"

    def __init__(self, seconds: float) -> None:
        self.dropped = 0
        self.read = 0
        self._seconds = seconds
        self._closed = False

    def events(self) -> Iterator[SourceEvent]:
        begin = time.monotonic()
        while not self._closed:
            start = time.monotonic() - begin
            for event in DemoScene(realtime=True).events():
                t = start + event.t
                if self._closed or time.monotonic() - begin > self._seconds:
                    return
                self.read += 1
                yield replace(event, t=t, index=self.read) if isinstance(event, Frame) else event

    def close(self) -> None:
        self._closed = True


def main() -> None:
    seconds, window = float(sys.argv[1]), sys.argv[2] == "on"
    scene = EndlessScene(seconds)
    process = psutil.Process()
    samples: list[dict[str, float]] = []

    def sample() -> None:
        every_s = seconds / 10
        while True:
            times = process.cpu_times()
            samples.append(
                {
                    "s": round(time.monotonic() - begin, 1),
                    "rss_mb": round(process.memory_info().rss / 1e6, 1),
                    "none": sys.getrefcount(None),
                    "cpu_s": round(times.user + times.system, 2),
                    "frames": scene.read,
                }
            )
            time.sleep(every_s)

    begin = time.monotonic()
    threading.Thread(target=sample, daemon=True).start()
    run_session(Settings(voice="off", window=window, demonstration=True), lambda: scene, None, "")
    print(json.dumps(samples))


if __name__ == "__main__":
    main()
