"""Times the real pipeline, warm, stage by stage, against the budget of a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from currency_app.benchmarking.instructions import cpu_features, describe_features
from currency_app.benchmarking.passes import TimedPasses
from currency_app.camera.base import Source
from currency_app.errors import SourceError
from currency_app.recognition.bundle import Bundle
from currency_app.session import Session
from currency_app.settings import Settings
from currency_app.timing.processor import cpu_name

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
    stages_ms: Mapping[str, Mapping[str, float]]
    """Percentiles by stage, milliseconds; "frame" is from picture to decision."""
    frames_per_second: float
    """What the median frame would allow."""
    currencies: int = 1
    """How many were read at once."""
    pass_ms: Mapping[str, float] = field(default_factory=dict)
    """Percentiles of one pass of the network over a whole frame, milliseconds, measured between the frames."""
    cpu_features: tuple[str, ...] = ()
    """See `instructions.cpu_features`."""

    @property
    def within_budget(self) -> bool:
        """Whether 99 of 100 frames were decided within the budget."""
        return self.stages_ms["frame"]["p99"] <= BUDGET_MS

    @property
    def frame_passes(self) -> dict[str, float]:
        """What a frame costs, by percentile, in median passes of the network; {} if no pass was timed."""
        if not self.pass_ms:
            return {}
        unit = max(self.pass_ms["p50"], 1e-3)
        return {name: ms / unit for name, ms in self.stages_ms["frame"].items()}

    def as_json(self) -> dict[str, Any]:
        """Return what `benchmark --json` writes."""
        return {
            "cpu": self.cpu,
            "cpu_features": list(self.cpu_features),
            "threads": self.threads,
            "frames": self.frames,
            "stages_ms": {stage: _rounded(percentiles) for stage, percentiles in self.stages_ms.items()},
            "pass_ms": _rounded(self.pass_ms),
            "frame_passes": _rounded(self.frame_passes),
            "frames_per_second": round(self.frames_per_second, 1),
            "budget_ms": BUDGET_MS,
            "within_budget": self.within_budget,
        }

    def as_text(self) -> str:
        """Return one fact a line, for a person to read."""
        lines = [f"CPU: {self.cpu}", describe_features(self.cpu_features)]
        lines += [f"Network threads: {self.threads}", f"Frames: {self.frames}"]
        lines += [f"{stage}: {_in_words(percentiles)}" for stage, percentiles in self.stages_ms.items()]
        if self.pass_ms:
            cost = self.frame_passes
            lines.append(f"one pass of the network: {_in_words(self.pass_ms)}")
            lines.append(f"A frame costs {cost['p50']:.2f} passes, the slowest in a hundred {cost['p99']:.2f}")
        lines.append(f"Frames a second at most: {self.frames_per_second:.0f}")
        verdict = "holds" if self.within_budget else "DOES NOT HOLD"
        lines.append(
            f"The budget of {BUDGET_MS:.0f} ms a frame {verdict} (p99 {self.stages_ms['frame']['p99']:.2f} ms)"
        )
        if self.currencies > 1:
            lines.append(f"It is for one currency; here {self.currencies} were read at once, and a frame costs the sum")
        return "\n".join(lines)


def run_benchmark(
    bundles: Sequence[Bundle], warm_up: Source, source: Source, threads: int = 1, seconds: float | None = None
) -> Benchmark:
    """Take every frame of the source through the app, without speech, after some frames of another to warm up.

    Only the stages are timed: neither reading nor drawing the source's pictures, nor speech, is in the figures.
    bundles: one, or several currencies to read at once. seconds: of source time, after which it ends; None for all.
    Raises SourceError if the source gives no picture.
    """
    session = Session(Settings(threads=threads), bundles=bundles)
    session.app(warm_up, max_seconds=_WARM_UP_S).run()
    passes = TimedPasses(source, bundles, threads)
    app = session.app(passes, max_seconds=seconds)
    app.run()
    if not app.frames:
        raise SourceError(f"{source.name} gives no picture to be timed on. Give another source.")
    stages = app.latency.percentiles()
    return Benchmark(
        cpu_name(),
        threads,
        app.frames,
        stages,
        1e3 / max(stages["frame"]["p50"], 1e-3),
        currencies=len(bundles),
        pass_ms=passes.percentiles(),
        cpu_features=cpu_features(),
    )


def _rounded(percentiles: Mapping[str, float]) -> dict[str, float]:
    return {name: round(figure, 2) for name, figure in percentiles.items()}


def _in_words(percentiles: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {ms:.2f} ms" for name, ms in percentiles.items())
