"""All presentations of a plan, measured: what `currency-train evaluate --presentations` prints."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from currency_app.guidance.hints import Framing, FramingSettings
from currency_app.recognition.bundle import Bundle, load_bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.tracking.tracker import Tracker, TrackerSettings
from training.dataset.manifest import of_split
from training.measuring.presentations.closed_loop import Attempt, LoopFigures, attempt, loop_figures
from training.measuring.presentations.figures import (
    TABLE_HEAD,
    KindFigures,
    NoNoteFigures,
    kind_figures,
    no_note_figures,
)
from training.measuring.presentations.hints import HintFigures, hint_figures, hint_over_time
from training.measuring.presentations.outcome import Outcome, called_hints, notes_in_view, replay, replay_values, score
from training.measuring.presentations.photo_hints import hints_on_photos
from training.measuring.presentations.recorder import RecorderSettings, process_resources, recordings
from training.measuring.presentations.recording import Recording
from training.measuring.presentations.tasks import Kind, Task
from training.measuring.report.plots import TradePoint
from training.parallel import on_every_core
from training.progress import Progress

CAUTIONS = (-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
"""What the tracker's threshold is moved by for the plot of errors against delay, nats of log odds."""


@dataclass(frozen=True)
class PresentationFigures:
    """Everything measured on the presentations of a plan."""

    notes: tuple[KindFigures, ...]
    """Presentations that show a note, by what they are made of."""
    empty: NoNoteFigures | None
    """Time without a note; None if the plan has none."""
    hints: HintFigures
    """Hints for simulated frames."""
    photo_hints: Mapping[str, HintFigures]
    """Hints for photographs, by "split source"."""
    loop: LoopFigures | None
    """Virtual users who hear the app; None if the plan has none."""
    trade: tuple[TradePoint, ...]
    """Errors against delay, for the plot."""
    tracker_ms: float
    """Median of the milliseconds that a frame costs the tracker."""
    framing_ms: float
    """Median of the milliseconds that a frame costs the framing."""

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --presentations --json` writes."""
        return {
            "notes": [figures.as_json() for figures in self.notes],
            "without_note": self.empty and self.empty.as_json(),
            "simulator_hints": self.hints.as_json(),
            "photo_hints": {source: figures.as_json() for source, figures in self.photo_hints.items()},
            "closed_loop": self.loop and self.loop.as_json(),
            "trade": [vars(point) for point in self.trade],
            "tracker_ms": round(self.tracker_ms, 4),
            "framing_ms": round(self.framing_ms, 4),
        }

    def as_text(self) -> str:
        """Return all of it as lines to read."""
        lines = [TABLE_HEAD, *(figures.as_text() for figures in self.notes)]
        lines += [f"wrong: {where}" for figures in self.notes for where in figures.wrong_where]
        if self.empty:
            lines += [self.empty.as_text(), *(f"false: {where}" for where in self.empty.where)]
        lines.append(f"Hints in simulated frames that call for one: {self.hints.as_text()}")
        lines += [f"Hints for photographs, {source}: {hints.as_text()}" for source, hints in self.photo_hints.items()]
        if self.loop:
            lines.append(self.loop.as_text())
        lines.append(f"A frame costs the tracker {self.tracker_ms:.3f} ms and the framing {self.framing_ms:.3f} ms")
        return "\n".join(lines)


def measure_presentations(recorder: RecorderSettings, progress: Progress) -> PresentationFigures:
    """Record what is not kept yet, then replay, score and sum up.

    progress: wraps what takes long, as tqdm does.
    """
    bundle = load_bundle(recorder.bundle)
    stock = recorder.stock()
    made = list(recordings(recorder, stock.tasks(), progress))
    groups: dict[str, list[Outcome]] = {}
    for task, recording in made:
        groups.setdefault(task.group, []).append(_outcome(task, recording, bundle))
    slow = [(task, recording) for task, recording in made if task.kind is Kind.SLOW]
    empty = groups.pop(Kind.EMPTY.value, [])
    tracker_ms, framing_ms = _costs([recording for _, recording in made[:40]], bundle)
    return PresentationFigures(
        notes=tuple(kind_figures(group, outcomes) for group, outcomes in groups.items()),
        empty=no_note_figures(empty, stock.scenes) if empty else None,
        hints=hint_figures(
            (pair for _, r in slow for pair in zip(r.observations, r.truths, strict=True)),
            hint_over_time(lambda: Framing(note_aspect=bundle.note_aspect)),
            settle_s=FramingSettings().steady_s,
        ),
        photo_hints=hints_on_photos(Recognizer(bundle), of_split(stock.images, *recorder.plan.splits), progress),
        loop=loop_figures(_attempts(recorder, progress)) if recorder.plan.users else None,
        trade=tuple(_traded(slow, bundle, caution) for caution in CAUTIONS) if slow else (),
        tracker_ms=tracker_ms,
        framing_ms=framing_ms,
    )


def _outcome(task: Task, recording: Recording, bundle: Bundle, settings: TrackerSettings | None = None) -> Outcome:
    truths = recording.truths
    events = replay_values(recording, bundle, settings) if settings else replay(recording, bundle)
    hints = [] if settings else called_hints(recording, bundle)
    # Photographs and clips were chosen because a person can read them; the simulator says it of each frame.
    notes = notes_in_view(truths, bundle.currency.lower(), always_readable=task.kind in (Kind.CLIP, Kind.PHOTO))
    length = truths[-1].t - truths[0].t + (truths[-1].t - truths[0].t) / max(len(truths) - 1, 1)
    return score(recording.name, events, notes, length, hints)


def _traded(made: Sequence[tuple[Task, Recording]], bundle: Bundle, caution: float) -> TradePoint:
    settings = TrackerSettings()
    moved = replace(settings, caution=settings.caution + caution)
    figures = kind_figures("", [_outcome(task, recording, bundle, moved) for task, recording in made])
    return TradePoint(
        caution=caution,
        own=caution == 0.0,
        wrong=figures.wrong,
        missed=figures.missed,
        presentations=figures.presentations,
        delay_median_s=figures.delay_median_s,
        delay_p95_s=figures.delay_p95_s,
    )


def _costs(made: Sequence[Recording], bundle: Bundle) -> tuple[float, float]:
    """Return the median milliseconds that a frame costs: tracker, framing."""
    spent: dict[str, list[float]] = {"tracker": [], "framing": []}
    for recording in made:
        tracker, framing = Tracker(bundle), Framing(note_aspect=bundle.note_aspect)
        for observation in recording.observations:
            start = time.perf_counter()
            tracker.update(observation)
            between = time.perf_counter()
            framing.update(observation)
            spent["tracker"].append(between - start)
            spent["framing"].append(time.perf_counter() - between)
    return float(np.median(spent["tracker"])) * 1e3, float(np.median(spent["framing"])) * 1e3


def _attempts(recorder: RecorderSettings, progress: Progress) -> list[Attempt]:
    tries = [(number, guided) for number in range(recorder.plan.users) for guided in (True, False)]
    return on_every_core(partial(_attempt, recorder), tries, progress)


def _attempt(recorder: RecorderSettings, which: tuple[int, bool]) -> Attempt:
    stock, recognizer, _ = process_resources(recorder)
    return attempt(recorder.plan.seed * 10_000 + which[0], which[1], stock.material, recognizer)
