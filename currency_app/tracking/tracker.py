"""From a belief to announcements: when a note is said, doubted, held, and known to have left.

One frame can be wrong; a note is not. `belief.py` adds the frames up; the tracker moves between two states:

    no note --a value reaches what `sure` asks for it, and its last frames bear it out-->   held: one Sighting
    held --"no note" has led for `leave_s`, or for `hidden_s` where it vanished in place--> no note: NoteLeft
    held --another value has been sure for `replace_s` without a gap-->                     NoteLeft, then a Sighting
    held --other values have led for `lost_s`, none of them sure-->                         no note: NoteLeft

What is no note of the currency is at times taken for one, but seldom steadily: its value is doubtful in every other
frame, and its corners leap. So the belief alone announces nothing: the last frames must each be sure by themselves,
and find the note where the one before them did.

Entering asks for more than staying does (hysteresis), so a flicker near the threshold cannot announce a note twice: to
be announced again a note must first be gone, whatever the belief in it did in between. A note that vanishes while it
is whole and in the middle was covered by a hand or turned edge on rather than taken away, and is waited for longer. A
value that leads for `doubt_s` above `maybe` without becoming sure is reported once as a Maybe. Both sides of a note
count together, so turning it over changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners
from currency_app.events import Maybe, NoteEvent, NoteLeft, Observation, Sighting
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import iou
from currency_app.tracking.belief import Belief, BeliefSettings


@dataclass(frozen=True)
class TrackerSettings:
    """Times in seconds of source time.

    belief: how frames add up. caution: how much more than the bundle's `sure` is asked for, in nats of log odds,
    because frames that follow one another are misread alike.
    agree_frames: so many frames in a row must show the value, each sure by itself, before it is announced.
    least_overlap: of the note's places in two frames that follow each other, this share of both together, 0..1, must be
    common. leave_s: absence after which a note has left; hidden_s: the same where it vanished whole and away from the
    edges. replace_s: sureness of another value after which a note counts as replaced. lost_s: time in which other
    values led, after which nobody can say what is held. doubt_s: lead above `maybe` after which a doubtful value is
    said as such.
    """

    belief: BeliefSettings = field(default_factory=BeliefSettings)
    caution: float = 0.5
    agree_frames: int = 4
    least_overlap: float = 0.6
    leave_s: float = 0.6
    hidden_s: float = 0.8
    replace_s: float = 1.0
    lost_s: float = 6.0
    doubt_s: float = 1.5


class NoteTracker(Protocol):
    """What the app asks of a tracker: `Tracker` follows the notes of one currency, `several.Referee` of more."""

    @property
    def holding(self) -> bool:
        """Whether an announced note is in view."""
        ...

    def update(self, observation: Observation) -> list[NoteEvent]:
        """What this observation changes."""
        ...


class Tracker:
    """Feed it observations in the order of their time; it answers with what changed."""

    def __init__(self, bundle: Bundle, settings: TrackerSettings | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self._bundle = bundle
        self._belief = Belief(bundle.labels, self.settings.belief)
        self._last_t: float | None = None
        self._leader: int | None = None
        self._leading_since = 0.0
        self._likely_since = 0.0
        self._agreeing = 0
        self._bearing_out = 0
        self._last_corners: npt.NDArray[np.float32] | None = None
        self._held: int | None = None
        self._doubted = False
        self._rival_since: float | None = None
        self._other_since: float | None = None
        self._vanished_in_place = False

    @property
    def holding(self) -> bool:
        """Whether an announced note is in view."""
        return self._held is not None

    def update(self, observation: Observation) -> list[NoteEvent]:
        """What this observation changes: nothing, a Sighting, a Maybe, or a NoteLeft and what follows it."""
        t = observation.t
        longest = self.settings.belief.longest_step_s
        self._belief.update(
            observation.probabilities, seen_how_well(observation), longest if self._last_t is None else t - self._last_t
        )
        self._last_t = t
        if observation.value is not None:
            self._vanished_in_place = _whole_and_inside(observation)
        beliefs = self._belief.by_value
        leader = int(beliefs.argmax())
        note = self._belief.values[leader] if leader < len(self._belief.values) else None
        self._agreeing = self._agreeing + 1 if observation.value is not None and observation.value == note else 0
        self._bearing_out = self._borne_out(observation) if self._agreeing else 0
        self._last_corners = observation.corners
        if note != self._leader:
            self._leader, self._leading_since, self._likely_since = note, t, t
        if beliefs[leader] < self._bundle.maybe:
            self._likely_since = t
        if note is None:
            return self._without_note(t)
        sure = self._sure(note, float(beliefs[leader]))
        if self._held is not None:
            return self._while_holding(observation, note, float(beliefs[leader]), sure)
        if sure:
            return [self._announce(observation, note, float(beliefs[leader]))]
        doubtful = t - self._likely_since >= self.settings.doubt_s
        if doubtful and not self._doubted and self._agreeing >= self.settings.agree_frames:
            self._doubted = True
            return [Maybe(t, self._bundle.currency, note, float(beliefs[leader]))]
        return []

    def _borne_out(self, observation: Observation) -> int:
        """How many frames in a row, this one included, are each sure of the leading value, in one place."""
        if not self._bundle.is_sure(observation.value, observation.confidence):
            return 0
        corners, before = observation.corners, self._last_corners
        if corners is not None and (before is None or iou(corners, before) < self.settings.least_overlap):
            return 1
        return self._bearing_out + 1

    def _sure(self, value: int, belief: float) -> bool:
        least = self._bundle.sure_for(value)
        odds = belief / max(1 - belief, 1e-9)
        return self._bearing_out >= self.settings.agree_frames and bool(
            odds >= np.exp(self.settings.caution) * least / max(1 - least, 1e-9)
        )

    def _without_note(self, t: float) -> list[NoteEvent]:
        self._rival_since = self._other_since = None
        gone_s = self.settings.hidden_s if self._vanished_in_place else self.settings.leave_s
        if t - self._leading_since < gone_s or (self._held is None and not self._doubted):
            return []
        self._held, self._doubted = None, False
        return [NoteLeft(t)]

    def _while_holding(self, observation: Observation, note: int, belief: float, sure: bool) -> list[NoteEvent]:
        t = observation.t
        if note == self._held:
            self._rival_since = self._other_since = None
            return []
        self._other_since = t if self._other_since is None else self._other_since
        if not sure:
            self._rival_since = None
            if t - self._other_since < self.settings.lost_s:
                return []
            self._held, self._doubted, self._other_since, self._likely_since = None, False, None, t
            return [NoteLeft(t)]
        self._rival_since = t if self._rival_since is None else self._rival_since
        if t - self._rival_since < self.settings.replace_s:
            return []
        self._doubted = False
        return [NoteLeft(t), self._announce(observation, note, belief)]

    def _announce(self, observation: Observation, note: int, belief: float) -> Sighting:
        self._held, self._rival_since, self._other_since = note, None, None
        side = observation.side if observation.value == note else None
        return Sighting(observation.t, self._bundle.currency, note, side, belief)


def seen_how_well(observation: Observation) -> float:
    """How much a frame counts, 0..1: a note that is blurred, half hidden or cut off tells less. 1 without a note."""
    if observation.value is None:
        return 1.0
    complete = observation.in_view * (1 - observation.covered) / _COMPLETE
    sharp = observation.sharpness / _SHARP
    return float(np.clip(min(complete, sharp), _LEAST_WEIGHT, 1.0))


_COMPLETE = 0.6
"""Share of a note in view and not covered from which it counts in full."""
_SHARP = 1.65
"""`quality.sharpness` from which a note counts in full: less is more blur than reading stands."""
_LEAST_WEIGHT = 0.3
_INSIDE = 0.03


def _whole_and_inside(observation: Observation) -> bool:
    corners: Corners | None = observation.corners
    return corners is not None and bool(corners.min() > _INSIDE and corners.max() < 1 - _INSIDE)
