"""The whole app on a live stream of 30 frames a second whose notes are known, while another program keeps a core busy.

`python -m tests.support.live_stream 600` prints the figures of ten minutes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import cv2
import psutil
import pytest

from currency_app.demo import scene
from currency_app.events import Frame
from tests.support.mjpeg_server import MjpegServer

FPS = 30.0
"""Pictures a second, as most webcams give them."""
QUALITY = 85
"""JPEG quality of a usual network camera."""
_SETTLE_S = 60.0
"""Seconds after which everything that the app loads later is loaded, and its memory should be flat."""
_END_S = 30.0
"""Seconds within which the app ends."""


@dataclass
class LiveRun:
    """What the app did."""

    expected: list[int] = field(default_factory=list)
    """Values of the notes that came and went, in their order."""
    announced: list[int] = field(default_factory=list)
    """Values of the sightings, in their order."""
    delays_s: list[float] = field(default_factory=list)
    """Seconds from the picture with 60 % of a note in view to its sighting; none if others were announced."""
    others: list[str] = field(default_factory=list)
    """Events that are neither sightings nor notes that leave nor hints."""
    summary: dict[str, Any] = field(default_factory=dict)
    """The last event."""
    resident_mb: list[float] = field(default_factory=list)
    """Resident memory, a second apart."""
    core_share: float = 0.0
    """Processor time over time."""
    code: int = -1
    """Exit code."""

    @property
    def stale_share(self) -> float:
        """Of the frames that were read or discarded, 0..1."""
        return self.summary["stale"] / max(self.summary["frames"] + self.summary["stale"], 1)

    @property
    def growth_mb(self) -> float:
        """Of memory, from when it has settled to the end."""
        settled = self.resident_mb[int(min(_SETTLE_S, len(self.resident_mb) / 3)) :]
        return max(settled) - settled[0]

    def __str__(self) -> str:
        delays = sorted(self.delays_s)
        frame_ms = self.summary["latency_ms"]["frame"]
        return (
            f"{len(self.announced)} announced of {len(self.expected)} shown, others {self.others}; "
            f"note in view to sighting {delays[len(delays) // 2] if delays else float('nan'):.2f} s in the median; "
            f"frames {self.summary['frames']} read, {self.summary['dropped']} dropped, "
            f"{self.summary['skipped']} skipped, {self.summary['stale']} stale ({self.stale_share:.2%}); "
            f"a frame takes {frame_ms['p50']:.1f} ms, "
            f"p95 {frame_ms['p95']:.1f}, p99 {frame_ms['p99']:.1f}; {self.core_share:.0%} of a core; "
            f"memory {max(self.resident_mb):.0f} MB, grown by {self.growth_mb:.1f} MB once settled"
        )


class Film:
    """The demonstration's scene at FPS as JPEGs, from begin_s to end_s of it, again and again."""

    def __init__(self, begin_s: float = 0.0, end_s: float = float("inf")) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scene, "DEMO_FPS", FPS)
            source = scene.DemoScene(realtime=False)
            shown = [note for note in source.schedule if begin_s <= note.start_s < end_s]
            self.jpegs = list(self._encoded(source, begin_s, end_s))
        self.length_s = len(self.jpegs) / FPS
        self.notes = [(note.value, note.start_s - begin_s, min(note.end_s - begin_s, self.length_s)) for note in shown]

    def picture(self, number: int) -> bytes:
        return self.jpegs[number % len(self.jpegs)]

    def shown(self, seconds: float) -> Iterator[tuple[int, float]]:
        """Value of each note and when it comes into view, of those that have come and gone in so many seconds."""
        begin_s = 0.0
        while begin_s < seconds:
            for value, start_s, end_s in self.notes:
                if begin_s + end_s < seconds:
                    yield value, begin_s + start_s
            begin_s += self.length_s

    def _encoded(self, source: scene.DemoScene, begin_s: float, end_s: float) -> Iterator[bytes]:
        for event in source.events():
            if isinstance(event, Frame) and begin_s <= event.t < end_s:
                yield cv2.imencode(".jpg", event.image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
            elif event.t >= end_s:
                return


def watch(film: Film, seconds: float) -> LiveRun:
    """Run the app on a film that is streamed for so many seconds, with one core kept busy."""
    run = LiveRun()
    heard_at: list[float] = []
    command = [sys.executable, "-m", "currency_app", "run", "--voice", "off", "--events", "-"]
    with MjpegServer(FPS, film.picture) as server, busy_core():
        app = subprocess.Popen(
            [*command, "--source", server.url, "--max-seconds", str(seconds)], stdout=subprocess.PIPE, text=True
        )
        sampler = threading.Thread(target=_sample, args=(psutil.Process(app.pid), run), daemon=True)
        sampler.start()
        assert app.stdout is not None
        try:
            for line in app.stdout:
                _note_down(json.loads(line), run, heard_at)
            run.code = app.wait(_END_S)
        finally:
            app.kill()
            app.wait()
            app.stdout.close()
            sampler.join()
    shown = list(film.shown(len(server.sent_at) / FPS))
    run.expected = [value for value, _ in shown]
    if run.announced[: len(shown)] == run.expected:
        run.delays_s = [
            heard - server.sent_at[round(start_s * FPS)] for heard, (_, start_s) in zip(heard_at, shown, strict=False)
        ]
    return run


@contextmanager
def busy_core() -> Iterator[None]:
    """Another program that computes without a pause."""
    program = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        program.kill()
        program.wait()


def _note_down(event: dict[str, Any], run: LiveRun, heard_at: list[float]) -> None:
    if event["event"] == "sighting":
        run.announced.append(event["value"])
        heard_at.append(time.monotonic())
    elif event["event"] == "summary":
        run.summary = event
    elif event["event"] not in ("hint", "note_left", "total"):
        run.others.append(event["event"])


def _sample(app: psutil.Process, run: LiveRun) -> None:
    """Measure the app every second until it ends."""
    began = time.monotonic()
    while True:
        try:
            times, memory = app.cpu_times(), app.memory_info()
        except psutil.Error:  # it has ended
            return
        if app.status() == psutil.STATUS_ZOMBIE:
            return
        run.resident_mb.append(memory.rss / 1e6)
        run.core_share = (times.user + times.system) / max(time.monotonic() - began, 1e-9)
        time.sleep(1.0)


if __name__ == "__main__":
    print(watch(Film(), float(sys.argv[1])))
