"""What the measurement of the start found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from currency_app.benchmarking.instructions import describe_features
from currency_app.benchmarking.percentiles import typical_times

START_TARGET_MS = 2000.0
"""Milliseconds from the command to the first sound of "Ready" that the median must not exceed."""
START_STAGES: Mapping[str, str] = {
    "command": "Python starts, and finds the command",
    "options": "options and what the user has kept are read",
    "window": "Qt is loaded, and the window opened",
    "model": "what reads pictures is loaded",
    "camera": "the camera is opened, until it gives pictures",
    "voice": "the voice is opened, and the app put together",
    "ready": 'the first picture is read, and "Ready" handed to the voice',
    "sound": "speech starts, is made, and its first sample sounds",
}
"""The stages, in order, and what happens in each."""


@dataclass(frozen=True)
class StartFigures:
    """The starts, and on what."""

    cpu: str
    """The processor's name."""
    cpu_features: tuple[str, ...]
    """See `instructions.cpu_features`."""
    window: str
    """What the window was shown on, in words."""
    voice: str
    """The voice that it was started with: "auto", or "system", which is tried first, for half a second."""
    starts: Sequence[Mapping[str, float]]
    """Of each start: by the stages of START_STAGES, and "drawn", milliseconds from the command until it ended.

    What was not reached is missing: "sound" if "Ready" was not heard, "window" and "drawn" without a window."""

    @property
    def heard(self) -> int:
        """Starts of which "Ready" was heard."""
        return sum("sound" in start for start in self.starts)

    @property
    def within_target(self) -> bool:
        """Whether "Ready" was heard each time, at the median in time."""
        return self.heard == len(self.starts) and self.total()["p50"] <= START_TARGET_MS

    def total(self) -> dict[str, float]:
        """Return p50 and p95 of the whole, milliseconds; {} if "Ready" was never heard."""
        return typical_times([start["sound"] for start in self.starts if "sound" in start])

    def drawn(self) -> dict[str, float]:
        """Return p50 and p95 from the command until the window was drawn, milliseconds; {} without one."""
        return typical_times([start["drawn"] for start in self.starts if "drawn" in start])

    def stages(self) -> dict[str, dict[str, float]]:
        """Return p50 and p95 of each stage, milliseconds, of the starts that were heard."""
        spent: dict[str, list[float]] = {}
        for start in self.starts:
            if "sound" not in start:
                continue
            before = 0.0
            for stage in START_STAGES:
                if stage in start:
                    spent.setdefault(stage, []).append(start[stage] - before)
                    before = start[stage]
        return {stage: typical_times(times) for stage, times in spent.items()}

    def as_json(self) -> dict[str, Any]:
        """Return what `benchmark --start --json` writes."""
        return {
            "cpu": self.cpu,
            "cpu_features": list(self.cpu_features),
            "window": self.window,
            "voice": self.voice,
            "starts": len(self.starts),
            "heard": self.heard,
            "stages_ms": self.stages(),
            "drawn_ms": self.drawn(),
            "total_ms": self.total(),
            "target_ms": START_TARGET_MS,
            "within_target": self.within_target,
        }

    def as_text(self) -> str:
        """Return one fact a line, for a person to read."""
        lines = [
            f"CPU: {self.cpu}",
            describe_features(self.cpu_features),
            f"Window: {self.window}",
            f"Voice: {self.voice}",
        ]
        lines.append(f'Starts: {len(self.starts)}, of which "Ready" was heard: {self.heard}')
        whole = self.total()
        for stage, found in self.stages().items():
            share = f"{found['p50'] / whole['p50']:.0%} of the whole"
            lines.append(
                f"{stage}: p50 {found['p50']:.0f} ms, p95 {found['p95']:.0f} ms, {share}: {START_STAGES[stage]}"
            )
        for name, found, meaning in (
            ("window drawn", self.drawn(), "from the command, while the rest goes on"),
            ("total", whole, 'from the command to the first sound of "Ready"'),
        ):
            if found:
                lines.append(f"{name}: p50 {found['p50']:.0f} ms, p95 {found['p95']:.0f} ms: {meaning}")
        verdict = "holds" if self.within_target else "DOES NOT HOLD"
        lines.append(f'The target of {START_TARGET_MS:.0f} ms to "Ready", heard every time, {verdict}')
        return "\n".join(lines)
