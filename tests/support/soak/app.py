"""The app for long on a camera, with speech and a window, and what came of every picture."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.desktop import missing_programs, private_desktop
from tests.support.live_stream import Film
from tests.support.server.live import percentile
from tests.support.soak.accounting import (
    FrameAccount,
    NoteAccount,
    TakenFrame,
    account_frames,
    account_notes,
    read_frames,
)
from tests.support.soak.camera import TICKS_PER_S, StampingCamera
from tests.support.soak.figures import Row, Span, latency_row, resource_rows
from tests.support.soak.sampling import Sample, Sampler
from tests.support.soak.sound import Ear, RecordingEar, open_ear
from tests.support.sources import CHECKOUT

END_S = 60.0
"""Seconds within which the app must have begun and ended, besides those for which it runs."""
_OWN = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "CURRENCY_APP_SETTINGS")
"""Folders of whoever starts the soak: the app gets a home folder of its own."""
Times = list[tuple[float, float]]
"""Pairs of the second of the run, and milliseconds."""


@dataclass
class AppSoak:
    """What the app did."""

    seconds: float
    """How long the camera was to be read."""
    display: str = ""
    """What the window was shown on."""
    voice: str = ""
    """What spoke, and how it was heard."""
    code: int = -1
    """Exit code."""
    printed: str = ""
    """What it wrote on standard error."""
    samples: list[Sample] = field(default_factory=list)
    """What it held, a second apart."""
    frames: FrameAccount = field(default_factory=FrameAccount)
    """What became of each picture."""
    notes: NoteAccount = field(default_factory=NoteAccount)
    """What became of each note."""
    decision_ms: Times = field(default_factory=list)
    """From a picture's drawing until the app has decided on it."""
    speech_ms: Times = field(default_factory=list)
    """From a decision to the first sample of its value's speech."""

    def rows(self) -> list[Row]:
        span = Span.of(self.samples[-1].s if self.samples else self.seconds)
        ended = span.end_s >= self.seconds and self.code == 0
        printed = f"{len(self.printed.splitlines())} lines{': ' if self.printed else ''}{self.printed[:80]!r}"
        core_s = self.samples[-1].core_s if self.samples else 0.0
        speech = [ms for _, ms in self.speech_ms]
        heard = f"p50 {percentile(speech, 0.5):.0f}, p95 {percentile(speech, 0.95):.0f} ms" if speech else "never"
        return [
            Row("window", self.display, ""),
            Row("speech", self.voice, ""),
            Row("run", f"{span.end_s:.0f} s, exit code {self.code}", "to its end, 0", ended),
            Row("printed, as it was cut off or late", printed, ""),
            Row("processor", f"{core_s / span.end_s:.0%} of a core", ""),
            *resource_rows(self.samples, span),
            latency_row("picture to decision", self.decision_ms, span),
            Row("decision to speech", heard, ""),
            *self.frames.rows(),
            *self.notes.rows(),
        ]


def soak_app(seconds: float, film: Film | None = None) -> AppSoak:
    """Run the app on a camera for so long. film: what the camera shows; the whole drawn scene unless given."""
    soak = AppSoak(seconds)
    camera = StampingCamera(film or Film())
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        for name in ("home", "sounds", "players"):
            (folder / name).mkdir()
        marks = folder / "home" / ".local" / "state" / "currency-app"
        marks.mkdir(parents=True)
        (marks / "started").touch()  # a first start says more, which the first value would cut off
        ear = stack.enter_context(open_ear(folder / "players"))
        soak.display, environ = stack.enter_context(_display(folder / "home"))
        stack.enter_context(camera.server)
        events = _run(soak, camera, folder, {**ear.env, **environ})
        if isinstance(ear, RecordingEar):
            ear.hear()
        soak.voice = ear.name
        frames = read_frames(folder / "frames", camera.ticks)
        heard = dict(_heard(events, frames, ear, folder / "sounds"))
    known = [frame for frame in frames if frame.picture >= 0]
    if not known or not events or events[-1]["event"] != "summary":  # it ended too soon, which the table says
        return soak
    shown = list(camera.shown(known[0].picture, known[-1].picture))
    soak.frames = account_frames(frames, events[-1], seconds)
    soak.notes = account_notes(
        shown, events, frames, {t: at_s for t, (_, at_s) in heard.items()}, soak.printed.splitlines()
    )
    first_s = frames[0].taken_s
    soak.speech_ms = [(decided_s - first_s, 1e3 * (at_s - decided_s)) for decided_s, at_s in heard.values()]
    soak.decision_ms = [
        (frame.done_s - first_s, 1e3 * (frame.done_s - camera.ticks[frame.picture] / TICKS_PER_S)) for frame in known
    ]
    return soak


@contextlib.contextmanager
def _display(home: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what a window is shown on here, and the environment for that, with a home folder of its own."""
    if not missing_programs():
        with private_desktop(home) as environ:
            names = ("HOME", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LC_ALL")  # the sound server has its own folder
            yield "on a private X display with a window manager", {name: environ[name] for name in names}
    else:
        yield "drawn off the screen (no X server here)", {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}


def _run(soak: AppSoak, camera: StampingCamera, folder: Path, env: Mapping[str, str]) -> list[dict[str, Any]]:
    """Run the app to its end; return its events."""
    own = {name: value for name, value in env.items() if name not in _OWN}
    command = [sys.executable, "-m", "tests.support.soak.watched_app", camera.server.url, str(soak.seconds)]
    with (folder / "printed").open("wb") as printed:
        app = subprocess.Popen(
            [*command, str(folder / "frames"), str(folder / "sounds")],
            env={**own, "PYTHONPATH": os.pathsep.join([str(CHECKOUT), os.environ.get("PYTHONPATH", "")])},
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=printed,
            text=True,
        )
        too_long = threading.Timer(soak.seconds + END_S, app.kill)
        too_long.start()
        assert app.stdout is not None
        try:
            with Sampler(app.pid) as sampler:
                events = [json.loads(line) for line in app.stdout]
                soak.code = app.wait()
        finally:
            too_long.cancel()
            app.kill()
            app.wait()
            app.stdout.close()
    soak.samples = sampler.samples
    soak.printed = (folder / "printed").read_text(errors="replace").strip()
    return events


def _heard(
    events: Sequence[Mapping[str, Any]], frames: Sequence[TakenFrame], ear: Ear, sounds: Path
) -> Iterator[tuple[float, tuple[float, float]]]:
    """Yield t of each sighting that was heard, when it was decided, and when it began to sound."""
    done = {round(frame.t, 3): frame for frame in frames}
    for event in events:
        frame = done.get(event["t"]) if event["event"] == "sighting" else None
        if frame is not None:
            # Within that frame the words were sent to the voice, after all that reading it took.
            at_s = ear.onset(frame.taken_s, sounds / f"{event['text']}.wav")
            if at_s is not None:
                yield event["t"], (frame.done_s, at_s)
