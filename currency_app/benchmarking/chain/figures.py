"""What the measurement of the whole chain found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from currency_app.benchmarking.instructions import describe_features, has_dot_product
from currency_app.benchmarking.percentiles import typical_times
from currency_app.events import RunSummary

STAGES = ("camera", "decision", "speech")
"""What the time from a note in view to its value's first sample is made of."""
_MEANINGS = {
    "camera": "from the note's first picture until the app takes one of the note",
    "decision": "from there until its value is sure",
    "speech": "from there to the first sample of the value's speech",
    "total": "note in view to speech",
}
TARGET_MS, SLOW_TARGET_MS = 350.0, 450.0
"""Milliseconds that the median of the whole must not exceed, with 8-bit dot products and without."""
BUSY_TARGET_MS = 600.0
"""The same on any processor, while another program keeps one of its cores busy."""


@dataclass(frozen=True)
class ShownNoteTimes:
    """What became of one note that was shown; times are seconds of one clock."""

    value: int
    """What it is worth."""
    shown_s: float | None = None
    """When its first picture was drawn; None if the app took none of its pictures."""
    taken_s: float | None = None
    """When the app took the first picture of it that it did not miss; None if it took none."""
    decided_s: float | None = None
    """When a value was sure; None if none was."""
    decided: int | None = None
    """Which value."""
    heard_s: float | None = None
    """When the value's speech began to sound; None if it was not heard."""

    @property
    def complete(self) -> bool:
        """Whether the right value was decided and heard."""
        return self.decided == self.value and None not in self._moments

    @property
    def failure(self) -> str:
        """What went wrong with a note that is not `complete`, in words."""
        if self.decided is None:
            return "of which no picture was taken" if self.taken_s is None else "of which no value was sure"
        return "but not heard" if self.decided == self.value else f"but {self.decided}"

    @property
    def stages_ms(self) -> tuple[float, float, float]:
        """Milliseconds of each of STAGES. ValueError if it is not `complete`."""
        if not self.complete:
            raise ValueError("the note was not said")
        camera, decision, speech = np.diff(np.array(self._moments, np.float64)) * 1e3
        return float(camera), float(decision), float(speech)

    @property
    def _moments(self) -> tuple[float | None, ...]:
        return self.shown_s, self.taken_s, self.decided_s, self.heard_s


@dataclass(frozen=True)
class ChainFigures:
    """The notes that were shown, and on what."""

    cpu: str
    """The processor's name."""
    cpu_features: tuple[str, ...]
    """See `instructions.cpu_features`."""
    threads: int
    """Threads of the network."""
    notes: Sequence[ShownNoteTimes]
    """Each of them, in order."""
    summary: RunSummary
    """How the run went, the note before them included."""
    busy: bool = False
    """Whether another program kept one core busy."""

    @property
    def said_right(self) -> int:
        """Notes of which the right value was heard."""
        return sum(note.complete for note in self.notes)

    @property
    def wrong(self) -> int:
        """Notes of which another value was decided."""
        return sum(note.decided not in (None, note.value) for note in self.notes)

    @property
    def target_ms(self) -> float:
        """Milliseconds that the median of the whole must not exceed on this processor."""
        if self.busy:
            return BUSY_TARGET_MS
        return TARGET_MS if has_dot_product(self.cpu_features) else SLOW_TARGET_MS

    @property
    def within_target(self) -> bool:
        """Whether every note was said, and the median of the whole keeps its target."""
        return self.said_right == len(self.notes) and self.percentiles()["total"]["p50"] <= self.target_ms

    def percentiles(self) -> dict[str, dict[str, float]]:
        """Return {stage: {"p50": ms, "p95": ms}} of the notes that were said, "total" last; {} without one."""
        times = np.array([note.stages_ms for note in self.notes if note.complete])
        if len(times) == 0:
            return {}
        columns = dict(zip(STAGES, times.T, strict=True)) | {"total": times.sum(axis=1)}
        return {stage: typical_times(column) for stage, column in columns.items()}

    def shares(self) -> dict[str, float]:
        """Return the share of each stage, 0..1, in the time of all notes that were said; {} without one."""
        times = np.array([note.stages_ms for note in self.notes if note.complete])
        if len(times) == 0:
            return {}
        return dict(zip(STAGES, (round(float(share), 3) for share in times.sum(axis=0) / times.sum()), strict=True))

    @property
    def _missed_frames(self) -> int:
        """Frames that were passed over before they were read, or were too old once they had been."""
        return self.summary.dropped + self.summary.skipped + self.summary.stale

    def as_json(self) -> dict[str, Any]:
        """Return what `benchmark --chain --json` writes."""
        return {
            "cpu": self.cpu,
            "cpu_features": list(self.cpu_features),
            "threads": self.threads,
            "busy_core": self.busy,
            "notes": len(self.notes),
            "said_right": self.said_right,
            "wrong": self.wrong,
            "frames": self.summary.frames,
            "missed_frames": self._missed_frames,
            "stages_ms": self.percentiles(),
            "shares": self.shares(),
            "target_ms": self.target_ms,
            "within_target": self.within_target,
        }

    def as_text(self) -> str:
        """Return one fact a line, for a person to read."""
        lines = [f"CPU: {self.cpu}", describe_features(self.cpu_features), f"Network threads: {self.threads}"]
        if self.busy:
            lines.append("Another program kept one core busy")
        lines.append(f"Notes shown: {len(self.notes)}, said right: {self.said_right}, wrong: {self.wrong}")
        lines.append(f"Frames read: {self.summary.frames}, missed because the computer was busy: {self._missed_frames}")
        for note in self.notes:
            if not note.complete:
                lines.append(f"Not said: {note.value}, {note.failure}")
        found, shares = self.percentiles(), self.shares()
        for stage, meaning in _MEANINGS.items():
            if stage in found:
                share = f", {shares[stage]:.0%} of the whole" if stage in shares else ""
                lines.append(
                    f"{stage}: p50 {found[stage]['p50']:.0f} ms, p95 {found[stage]['p95']:.0f} ms{share}: {meaning}"
                )
        verdict = "holds" if self.within_target else "DOES NOT HOLD"
        lines.append(f"The target of {self.target_ms:.0f} ms from note to speech, every note said, {verdict}")
        return "\n".join(lines)
