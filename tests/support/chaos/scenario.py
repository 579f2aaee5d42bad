"""One random run: what is shown, how the app is started, and which faults happen when, all drawn from a seed."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.chaos import rig as rigs
from tests.support.chaos.faults import FAULTS, Fault
from tests.support.chaos.judging import Brought, Violation, violations
from tests.support.chaos.rig import ENDS_S, Rig
from tests.support.chaos.stage import Stage, drawn, painted, showings
from tests.support.tiny import TINY

_KEYS = "rsvbdhz+-l0"
"""Keys that may be pressed; none of them mutes or ends the app."""
_IN_MEMORY = Path("/dev/shm")
"""A folder that waits for no disk, where there is one."""
_ALONE = 0.4
"""Share of the runs with one fault alone, of which more is asked."""


@dataclass
class Scenario:
    """What a seed makes."""

    seed: int
    voice: str
    seconds: float
    fps: float
    with_reader: bool
    by_signal: bool
    faults: list[tuple[Fault, float, float]]
    keys: list[tuple[float, str]]
    arguments: list[str]
    stage: Stage

    def __str__(self) -> str:
        what = ", ".join(f"{fault.name} {begin:.2f}-{end:.2f}" for fault, begin, end in self.faults)
        return f"seed {self.seed}: {self.voice}{' with reader' * self.with_reader}, {self.fps:.0f} frames/s: {what}"


@dataclass
class Judged:
    """A run, and what was wrong with it."""

    scenario: Scenario
    rig: Rig
    brought: list[Brought]
    found: list[Violation]


def draw(seed: int, only: str | None = None) -> Scenario:
    """Draw a run. only: the name of a fault that happens alone."""
    chance = random.Random(seed)
    alone = only is not None or chance.random() < _ALONE
    number = 1 if alone else chance.randint(2, 4)
    picked = [fault for fault in FAULTS if fault.name == only] or chance.sample(FAULTS, number)
    is_drawn = any(fault.drawn for fault in picked)
    seconds = chance.uniform(25, 45) if is_drawn else chance.uniform(30, 90)
    faults = []
    for fault in picked:
        begin = chance.uniform(0.0, seconds * 0.7)
        faults.append((fault, begin, begin + chance.uniform(*fault.seconds)))
    voice = chance.choice(("system", "system", "auto", "auto", "text"))
    by_signal = chance.random() < 0.4 or any(fault.name == "time that goes back" for fault in picked)
    pressed = [(chance.uniform(2, seconds), chance.choice(_KEYS)) for _ in range(chance.choice((0, 0, 3, 8)))]
    pictures = drawn() if is_drawn else painted()
    bundle = "usd" if is_drawn else str(TINY / "usd")
    arguments = ["--source", "0", "--currency", bundle, "--voice", voice, "--no-window", "--threads", "1"]
    arguments += ["--events", "-", *(["--count"] if chance.random() < 0.3 else [])]
    arguments += [] if by_signal else ["--max-seconds", f"{seconds:.3f}"]
    arguments += ["--tones"] if chance.random() < 0.3 else []
    stage = Stage(showings(chance, seconds, pictures), pictures)
    fps = chance.choice((10.0, 15.0, 30.0))
    reader = chance.random() < 0.6
    return Scenario(seed, voice, seconds, fps, reader, by_signal, faults, sorted(pressed), arguments, stage)


def play(scenario: Scenario) -> Judged:
    """Let it happen, and judge it."""
    with _folder() as folder:
        bundle = rigs.bundle_of(scenario.arguments[scenario.arguments.index("--currency") + 1])
        longest = scenario.seconds + sum(end - begin for _, begin, end in scenario.faults) + 4 * ENDS_S
        rig = rigs.build(scenario.seed, scenario.stage, bundle, folder, fps=scenario.fps, limit_s=longest)
        rig.reader.there = scenario.with_reader
        tally = ["--tally", str(folder / "list" / "notes.csv")]
        director = _Director(scenario)
        rigs.run(rig, [*scenario.arguments, *tally], director)
        rig.listed = _listed(folder)
        end_s = rig.time.now if director.asked_to_end_s is None else director.asked_to_end_s
        found = violations(rig, director.brought, scenario.voice, end_s)
        return Judged(scenario, rig, director.brought, found)


class _Director:
    """Brings the faults about and presses the keys, each in its time; then ends the app, if a signal ends it."""

    def __init__(self, scenario: Scenario) -> None:
        self.brought: list[Brought] = []
        self.asked_to_end_s: float | None = None
        self._scenario = scenario
        self._undo: list[tuple[float, Callable[[], object]]] = []

    def __call__(self, rig: Rig) -> None:
        scenario = self._scenario
        steps: list[tuple[float, Fault | str, float]] = [
            *((begin, fault, end) for fault, begin, end in scenario.faults)
        ]
        steps += [(at, key, at) for at, key in scenario.keys]
        for at, step, end in sorted(steps, key=lambda each: each[0]):
            self._wait(rig, at)
            if isinstance(step, Fault):
                self.brought.append(Brought(step, rig.time.now, max(end, rig.time.now)))
                self._undo.append((end, step.bring(rig)))
            elif step in rig.keys:
                rig.pressed += step
                rig.repeated_at += [rig.time.now] if step == "r" else []
                rig.keys[step]()
        self._wait(rig, scenario.seconds)
        self.asked_to_end_s = rig.time.now
        if scenario.by_signal:
            rig.time.interrupt()
        self._wait(rig, float("inf"))

    def _wait(self, rig: Rig, until: float) -> None:
        """Wait until a time, and end the faults whose time is over meanwhile."""
        self._undo.sort(key=lambda each: each[0])
        while self._undo and self._undo[0][0] <= until:
            at, undo = self._undo.pop(0)
            rig.time.sleep(at - rig.time.now)
            undo()
        if until < float("inf"):
            rig.time.sleep(until - rig.time.now)


def _listed(folder: Path) -> list[str]:
    """The values in the list of notes, wherever its folder is now."""
    found = [folder / name / "notes.csv" for name in ("list", "away")]
    lists = [path.read_text(encoding="utf-8").splitlines() for path in found if path.exists()]
    return [line.split(",")[1] for line in lists[0][1:]] if lists else []


@contextmanager
def _folder() -> Iterator[Path]:
    """An account of its own, that has started the app before, and an empty folder."""
    with (
        tempfile.TemporaryDirectory(prefix="chaos-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        folder = Path(name)
        (folder / "list").mkdir()
        state = folder / "state" / "currency-app"
        state.mkdir(parents=True)
        for mark in ("started", "introduced"):
            (state / mark).touch()
        patch.setenv("XDG_STATE_HOME", str(state.parent))
        patch.setenv("CURRENCY_APP_SETTINGS", str(folder / "settings.toml"))
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", None)
        for variable in [name for name in os.environ if name.startswith("CURRENCY_APP_") and "SETTINGS" not in name]:
            patch.delenv(variable)
        yield folder
