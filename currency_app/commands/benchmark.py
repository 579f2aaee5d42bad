"""Times the real pipeline, warm, stage by stage, against the budget of a frame."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from currency_app.app import App
from currency_app.camera.base import Source
from currency_app.errors import SourceError
from currency_app.eventlog import EventLog
from currency_app.latency import cpu_name
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.multi_currency import framing_for, phrases_for, recognizer_for, tracker_for
from currency_app.recognition.recognizer import FrameReader
from currency_app.speech.announcer import Announcer
from currency_app.speech.voices.off import OffVoice

BUDGET_MS = 25.0
_WARM_UP_FRAMES = 20


@dataclass(frozen=True)
class Benchmark:
    """What was measured. stages_ms: percentiles by stage, milliseconds; "frame" is from picture to decision.

    currencies: how many were read at once.
    """

    cpu: str
    threads: int
    frames: int
    stages_ms: dict[str, dict[str, float]]
    frames_per_second: float
    currencies: int = 1

    @property
    def within_budget(self) -> bool:
        """Whether 99 of 100 frames were decided within the budget."""
        return self.stages_ms["frame"]["p99"] <= BUDGET_MS

    def as_json(self) -> dict[str, Any]:
        """As `benchmark --json` writes it."""
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
        """As a person reads it, one fact a line."""
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


def run_benchmark(bundles: Bundle | Sequence[Bundle], warm_up: Source, source: Source, threads: int = 1) -> Benchmark:
    """Take every frame of the source through the app, without speech, after some frames of another to warm up.

    Only the stages are timed: neither reading nor drawing the source's pictures, nor speech, is in the figures.
    bundles: one, or several currencies to read at once.
    Raises SourceError where the source gives no picture.
    """
    bundles = (bundles,) if isinstance(bundles, Bundle) else tuple(bundles)
    recognizer = recognizer_for(bundles, threads)
    _measured(bundles, recognizer, warm_up, most_frames=_WARM_UP_FRAMES)
    app = _measured(bundles, recognizer, source)
    if not app.frames:
        raise SourceError(f"{source.name} gives no picture to be timed on. Give another source.")
    stages = app.latency.percentiles()
    fastest = 1e3 / max(stages["frame"]["p50"], 1e-3)
    return Benchmark(cpu_name(), threads, app.frames, stages, fastest, currencies=len(bundles))


def _measured(
    bundles: Sequence[Bundle], recognizer: FrameReader, source: Source, most_frames: int | None = None
) -> App:
    app = App(
        source,
        recognizer,
        tracker_for(bundles),
        framing_for(bundles),
        Announcer(phrases_for(bundles), bundles[0].currency),
        OffVoice(),
        EventLog(None),
        max_seconds=None if most_frames is None else most_frames / 15,
        clock=time.perf_counter,
    )
    app.run()
    return app
