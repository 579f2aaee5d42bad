"""`currency-app benchmark`: times the real pipeline, warm, stage by stage, against the budget of a frame."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from currency_app.command_line import whole_number
from currency_app.commands.options import add_currency_option
from currency_app.errors import SourceError
from currency_app.settings import Settings

if TYPE_CHECKING:
    from currency_app.camera.base import Source
    from currency_app.recognition.bundle import Bundle

BUDGET_MS = 25.0
"""Milliseconds from a picture to the decision: at 30 frames a second it leaves a quarter of the time to all else."""
_WARM_UP_S = 20 / 15
"""Seconds of source time: 20 frames of the drawn scene, by which every buffer and cache is filled."""


@dataclass(frozen=True)
class Benchmark:
    """What was measured."""

    cpu: str
    """The processor's name."""
    threads: int
    """Threads of the network."""
    frames: int
    """Frames that were timed."""
    stages_ms: dict[str, dict[str, float]]
    """Percentiles by stage, milliseconds; "frame" is from picture to decision."""
    frames_per_second: float
    """What the median frame would allow."""
    currencies: int = 1
    """How many were read at once."""

    @property
    def within_budget(self) -> bool:
        """Whether 99 of 100 frames were decided within the budget."""
        return self.stages_ms["frame"]["p99"] <= BUDGET_MS

    def as_json(self) -> dict[str, Any]:
        """Return what `benchmark --json` writes."""
        stages = {
            stage: {name: round(ms, 2) for name, ms in percentiles.items()}
            for stage, percentiles in self.stages_ms.items()
        }
        return {
            "cpu": self.cpu,
            "threads": self.threads,
            "frames": self.frames,
            "stages_ms": stages,
            "frames_per_second": round(self.frames_per_second, 1),
            "budget_ms": BUDGET_MS,
            "within_budget": self.within_budget,
        }

    def as_text(self) -> str:
        """Return one fact a line, for a person to read."""
        lines = [f"CPU: {self.cpu}", f"Network threads: {self.threads}", f"Frames: {self.frames}"]
        lines += [
            f"{stage}: p50 {p['p50']:.2f} ms, p95 {p['p95']:.2f} ms, p99 {p['p99']:.2f} ms"
            for stage, p in self.stages_ms.items()
        ]
        lines.append(f"Frames a second at most: {self.frames_per_second:.0f}")
        verdict = "holds" if self.within_budget else "DOES NOT HOLD"
        lines.append(
            f"The budget of {BUDGET_MS:.0f} ms a frame {verdict} (p99 {self.stages_ms['frame']['p99']:.2f} ms)"
        )
        if self.currencies > 1:
            lines.append(f"It is for one currency; here {self.currencies} were read at once, and a frame costs the sum")
        return "\n".join(lines)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `benchmark`."""
    parser.add_argument("--source", metavar="SRC", help="as for run, but no camera; a drawn scene unless given")
    parser.add_argument("--threads", type=whole_number(1, 16), default=1, metavar="N", help="network threads (1)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    add_currency_option(parser)
    parser.set_defaults(command=_benchmark)


def run_benchmark(bundles: Sequence[Bundle], warm_up: Source, source: Source, threads: int = 1) -> Benchmark:
    """Take every frame of the source through the app, without speech, after some frames of another to warm up.

    Only the stages are timed: neither reading nor drawing the source's pictures, nor speech, is in the figures.
    bundles: one, or several currencies to read at once.
    Raises SourceError if the source gives no picture.
    """
    from currency_app.session import Session
    from currency_app.timing.latency import cpu_name

    session = Session(Settings(threads=threads), bundles=bundles)
    session.app(warm_up, max_seconds=_WARM_UP_S).run()
    app = session.app(source)
    app.run()
    if not app.frames:
        raise SourceError(f"{source.name} gives no picture to be timed on. Give another source.")
    stages = app.latency.percentiles()
    fastest = 1e3 / max(stages["frame"]["p50"], 1e-3)
    return Benchmark(cpu_name(), threads, app.frames, stages, fastest, currencies=len(bundles))


def _benchmark(args: argparse.Namespace) -> int:
    from currency_app.camera import open_source
    from currency_app.demo.scene import DemoScene
    from currency_app.recognition.bundle import load_bundles

    bundles = load_bundles(args.currency)
    source = open_source(args.source, realtime=False) if args.source else DemoScene(realtime=False)
    measured = run_benchmark(bundles, DemoScene(realtime=False), source, args.threads)
    print(json.dumps(measured.as_json()) if args.json else measured.as_text())
    return 0 if measured.within_budget else 1
