"""Temporal smoothing: observations of single frames become stable sightings of notes.

One frame can be wrong; a note is not. The tracker keeps a moving average of the calibrated probabilities of every
value and of "no note", forgetting with a time constant of a quarter of a second or less, and moves between two states:

    no note  --a value's average reaches `sure` and its last frames agree-->            note held: one Sighting
    note held  --"no note" has led for `leave_s`-->                                     no note: NoteLeft
    note held  --another value has been sure for `replace_s` without a gap-->           NoteLeft, then a new Sighting

Entering asks for more than staying does, so a flicker near the threshold cannot announce a note twice: to be announced
again, a note must first be gone for `leave_s`, whatever its probability did in between. A value that leads for
`doubt_s` above `maybe` without becoming sure is reported once as a Maybe. Both sides of a note count together, so
turning it over changes nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from currency_app.bundle import Bundle
from currency_app.events import Maybe, NoteEvent, NoteLeft, Observation, Sighting


@dataclass(frozen=True)
class TrackerSettings:
    """Times in seconds of source time.

    forget_s: time constant of the moving average. agree_frames: so many frames in a row must have the value in the
    lead before it is announced. leave_s: absence after which a note has left. replace_s: agreement on another value
    after which a note counts as replaced. doubt_s: lead above `maybe` after which a doubtful value is
    said as such.
    """

    forget_s: float = 0.15
    agree_frames: int = 3
    leave_s: float = 0.6
    replace_s: float = 1.0
    doubt_s: float = 1.5
    longest_step_s: float = 0.5


class Tracker:
    """Feed it observations in the order of their time; it answers with what changed."""

    def __init__(self, bundle: Bundle, settings: TrackerSettings | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self._currency = bundle.currency
        self._sure_for = bundle.sure_for
        self._maybe = bundle.maybe
        self._values = bundle.values
        self._row_of_label = np.array(
            [
                self._values.index(label.value) if label.value is not None else len(self._values)
                for label in bundle.labels
            ]
        )
        self._average = np.zeros(len(self._values) + 1)
        self._average[-1] = 1.0
        self._last_t = -self.settings.longest_step_s
        self._leader: int | None = None
        self._leading_since = 0.0
        self._likely_since = 0.0
        self._agreeing = 0
        self._held: int | None = None
        self._doubted = False
        self._rival_since: float | None = None

    @property
    def holding(self) -> bool:
        """Whether an announced note is in view."""
        return self._held is not None

    def update(self, observation: Observation) -> list[NoteEvent]:
        """What this observation changes: nothing, a Sighting, a Maybe, or a NoteLeft and what follows it."""
        average = self._averaged(observation)
        leader = int(average.argmax())
        note = self._values[leader] if leader < len(self._values) else None
        if observation.value is not None and observation.value == note:
            self._agreeing += 1
        else:
            self._agreeing = 0
        if note != self._leader:
            self._leader, self._leading_since, self._likely_since = note, observation.t, observation.t
        if average[leader] < self._maybe:
            self._likely_since = observation.t
        if note is None:
            return self._without_note(observation.t, observation.t - self._leading_since)
        sure = average[leader] >= self._sure_for(note) and self._agreeing >= self.settings.agree_frames
        if self._held is not None:
            return self._while_holding(observation, note, float(average[leader]), sure)
        if sure:
            return [self._announce(observation, note, float(average[leader]))]
        doubtful = observation.t - self._likely_since >= self.settings.doubt_s
        if doubtful and not self._doubted and self._agreeing >= self.settings.agree_frames:
            self._doubted = True
            return [Maybe(observation.t, self._currency, note, float(average[leader]))]
        return []

    def _averaged(self, observation: Observation) -> npt.NDArray[np.float64]:
        by_value = np.zeros(len(self._values) + 1)
        np.add.at(by_value, self._row_of_label, observation.probabilities)
        step = min(max(observation.t - self._last_t, 0.0), self.settings.longest_step_s)
        self._last_t = observation.t
        weight = 1 - math.exp(-step / self.settings.forget_s)
        self._average += weight * (by_value - self._average)
        return self._average

    def _without_note(self, t: float, leading_s: float) -> list[NoteEvent]:
        self._rival_since = None
        if leading_s < self.settings.leave_s or (self._held is None and not self._doubted):
            return []
        self._held, self._doubted = None, False
        return [NoteLeft(t)]

    def _while_holding(self, observation: Observation, note: int, confidence: float, sure: bool) -> list[NoteEvent]:
        if note == self._held or not sure:
            self._rival_since = None
            return []
        if self._rival_since is None:
            self._rival_since = observation.t
        if observation.t - self._rival_since < self.settings.replace_s:
            return []
        self._doubted = False
        return [NoteLeft(observation.t), self._announce(observation, note, confidence)]

    def _announce(self, observation: Observation, note: int, confidence: float) -> Sighting:
        self._held, self._rival_since = note, None
        side = observation.side if observation.value == note else None
        return Sighting(observation.t, self._currency, note, side, confidence)
