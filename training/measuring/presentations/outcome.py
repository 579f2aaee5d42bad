"""How one presentation went: what the app said, compared with what was shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from currency_app.events import OPPOSITE, AppEvent, Hint, HintKind, Maybe, Sighting
from currency_app.guidance.hints import framing_for
from currency_app.recognition.bundle import Bundle
from currency_app.tracking.tracker import Tracker, TrackerSettings
from training.dataset.labels import parse_label
from training.measuring.presentations.playback import spoken_of
from training.measuring.presentations.recording import Recording
from training.simulation.scene.truth import Truth

AFTERWARDS_S = 1.5
"""Seconds. A value said so long after its note has gone still counts for it."""
MIN_READABLE_S = 1.0
"""Seconds. A note never readable for so long without a break is not missed if it is not said."""
CONTRADICTION_S = 1.2
"""Seconds. A hint whose opposite follows sooner contradicts itself."""


@dataclass(frozen=True)
class NoteInView:
    """A note that was shown. Times are seconds from the start of the presentation."""

    value: int
    """What it is worth."""
    start: float
    """When it came into view."""
    end: float
    """When it was last in view."""
    readable_from: float | None
    """When it was first readable; None if it never was."""
    readable_s: float
    """The longest time without a break in which it was readable, seconds."""


@dataclass(frozen=True)
class Outcome:
    """How a presentation went."""

    name: str
    """What was played."""
    notes: int
    """How many notes were shown."""
    missed: int
    """How many notes were readable for a second or more without a break, and their value not said."""
    wrong: tuple[str, ...]
    """The values said as sure that were not shown, each with its moment."""
    twice: int
    """How often a note's value was said again."""
    maybes: int
    """How many doubtful values were said."""
    wrong_maybes: int
    """How many of the doubtful values were not shown."""
    delays: tuple[float, ...]
    """Seconds from readable to said, of each note whose value was said."""
    hints: tuple[Hint, ...]
    """The hints that were spoken."""
    contradictions: int
    """How many hints that were called for took back another within 1.2 s, whether or not they were spoken."""
    seconds: float
    """How long the presentation lasted."""


def replay(recording: Recording, bundle: Bundle) -> list[AppEvent]:
    """Return what the app says of a recording: values, and the hints that were spoken."""
    return spoken_of(recording.observations, bundle)


def called_hints(recording: Recording, bundle: Bundle) -> list[Hint]:
    """Return every hint that guidance calls for in a recording, before the announcer leaves most of them unsaid."""
    framing = framing_for([bundle])
    return [hint for seen in recording.observations if (hint := framing.update(seen)) is not None]


def replay_values(recording: Recording, bundle: Bundle, settings: TrackerSettings) -> list[AppEvent]:
    """Return the values alone, of a tracker with these settings: faster than the whole app."""
    tracker = Tracker(bundle, settings)
    return [event for observation in recording.observations for event in tracker.update(observation)]


def notes_in_view(truths: Sequence[Truth], currency: str, *, always_readable: bool = False) -> list[NoteInView]:
    """Return the notes of the currency that come into view, one after the other.

    A note that is turned over stays one note. currency: ISO code, lower case. always_readable: take a note as readable
    whenever it is in view, for truths that do not know its corners.
    """
    found: list[NoteInView] = []
    last: Truth | None = None
    run = 0.0
    for truth in truths:
        value = None if truth.class_name is None else parse_label(truth.class_name, currency).value
        continues = last is not None and last.class_name is not None and bool(found) and found[-1].value == value
        step = truth.t - last.t if continues and last is not None else 0.0
        if value is not None:
            if not continues:
                found.append(NoteInView(value, truth.t, truth.t, None, 0.0))
                run = 0.0
            readable = always_readable or truth.readable
            run = run + step if readable else 0.0
            first = truth.t if readable and found[-1].readable_from is None else found[-1].readable_from
            found[-1] = replace(found[-1], end=truth.t, readable_from=first, readable_s=max(found[-1].readable_s, run))
        last = truth
    return found


def score(
    name: str,
    events: Sequence[AppEvent],
    notes: Sequence[NoteInView],
    seconds: float,
    called_hints: Sequence[Hint] | None = None,
) -> Outcome:
    """Compare what was said with what was shown.

    seconds: how long the presentation lasted. called_hints: every hint that guidance called for, among which the
    contradictions are counted: the announcer's own pause would hide them all among those that were spoken, which are
    counted if none are given.
    """
    spoken: dict[int, list[float]] = {number: [] for number in range(len(notes))}
    wrong, maybes, wrong_maybes = [], 0, 0
    for event in events:
        if isinstance(event, Sighting):
            number = _note_at(event.t, event.value, notes)
            if number is None:
                wrong.append(f"{event.value} at {event.t:.2f} s")
            else:
                spoken[number].append(event.t)
        elif isinstance(event, Maybe):
            maybes += 1
            wrong_maybes += _note_at(event.t, event.value, notes) is None
    hints = tuple(event for event in events if isinstance(event, Hint))
    return Outcome(
        name=name,
        notes=len(notes),
        missed=sum(not spoken[n] and note.readable_s >= MIN_READABLE_S for n, note in enumerate(notes)),
        wrong=tuple(wrong),
        twice=sum(max(len(times) - 1, 0) for times in spoken.values()),
        maybes=maybes,
        wrong_maybes=wrong_maybes,
        delays=tuple(
            max(spoken[n][0] - note.readable_from, 0.0)
            for n, note in enumerate(notes)
            if spoken[n] and note.readable_from is not None
        ),
        hints=hints,
        contradictions=_contradictions(hints if called_hints is None else called_hints),
        seconds=seconds,
    )


def _note_at(t: float, value: int, notes: Sequence[NoteInView]) -> int | None:
    """Return the number of the note that a value said at t seconds counts for.

    A note in view goes before one that has gone.
    """
    possible = [
        (t > note.end, -note.start, number)
        for number, note in enumerate(notes)
        if note.value == value and note.start <= t <= note.end + AFTERWARDS_S
    ]
    return min(possible)[2] if possible else None


def _contradictions(hints: Sequence[Hint]) -> int:
    """Return how often a hint took another back that was called for less than 1.2 s before."""
    last_t: dict[HintKind, float] = {}
    count = 0
    for hint in hints:
        opposite_t = last_t.get(OPPOSITE.get(hint.kind, hint.kind), -math.inf)
        changed = opposite_t > last_t.get(hint.kind, -math.inf)
        count += changed and hint.t - opposite_t < CONTRADICTION_S
        last_t[hint.kind] = hint.t
    return count
