"""From a belief to announcements: when a note is sure, doubtful, still in view, and gone.

One frame can be wrong; a note is not. `belief.py` adds the frames up, and the tracker moves between two states:

    no note   --a value reaches what `sure` asks for it, and its last frames confirm it-->   announced: one Sighting
    announced --"no note" has led for `leave_s`, or for `hidden_s` if it vanished in place-> no note: NoteLeft
    announced --another value has been sure for `replace_s` without a gap-->                 NoteLeft, then a Sighting
    announced --other values have led for `lost_s`, none of them sure-->                     no note: NoteLeft

What is no note of the currency is at times taken for one, but seldom steadily: its value is doubtful in every other
frame, and its corners leap. So the belief alone announces nothing: the last frames must each be sure by themselves, and
find the note where the one before them did. Nor is anything said of a note, sure or doubtful, before it is known that
it is the only one in view.

Announcing a note asks for more than keeping it does (hysteresis), so a flicker near the threshold cannot announce a
note twice: to be announced again a note must first be gone, whatever the belief in it did in between. A note that
vanishes while it is whole and in the middle was covered by a hand or turned edge on rather than taken away, and is
waited for longer. A value that leads for `doubt_s` above `maybe` without becoming sure is reported once as a Maybe, if
the last frames show it in one place.
Both sides of a note count as one value, so turning it over changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from currency_app.arrays import Corners
from currency_app.events import Maybe, NoteEvent, NoteLeft, Observation, Sighting
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import iou
from currency_app.tracking.belief import Belief, BeliefSettings
from currency_app.tracking.weight import frame_weight

_EDGE_MARGIN = 0.03
"""Fraction of the frame's sides: a note this far from every edge was not about to leave. Chosen by hand: the error of
measured corners; see `guidance.conditions`."""
_MIN_DOUBT = 1e-9
"""Stands in for a doubt of 0, by which odds are divided."""


@dataclass(frozen=True)
class TrackerSettings:
    """What the tracker waits for. Times are seconds of source time."""

    belief: BeliefSettings = field(default_factory=BeliefSettings)
    """How frames add up."""
    caution: float = 0.5
    """How much surer than the bundle's `sure` the belief must be, in nats of log odds.

    Frames that follow one another are misread alike."""
    agree_frames: int = 3
    """So many frames in a row must show the value in one place, each sure by itself, before it is announced; each sure
    or not, before it is reported as doubtful."""
    min_iou: float = 0.6
    """Minimum intersection over union, 0..1, of a note's corners in two frames in a row, from which it is in one
    place."""
    leave_s: float = 0.6
    """Absence after which a note has left."""
    hidden_s: float = 0.8
    """Absence after which a note has left that vanished while it was whole and away from the edges."""
    replace_s: float = 1.0
    """How long another value must have been sure before it replaces the announced one."""
    lost_s: float = 6.0
    """How long other values may lead, none of them sure, before the announced note is given up."""
    doubt_s: float = 1.5
    """How long a value must have led above the bundle's `maybe` before it is reported as doubtful."""


class NoteTracker(Protocol):
    """What the app asks of a tracker.

    `Tracker` follows the notes of one currency, `tracking.referee.Referee` those of several.
    """

    @property
    def has_note(self) -> bool:
        """Whether an announced note is in view."""
        ...

    @property
    def max_gap_s(self) -> float:
        """Seconds without a frame after which whatever was in view has left."""
        ...

    def update(self, observation: Observation) -> list[NoteEvent]:
        """Take the next observation and return what it changes, in order."""
        ...

    def reset(self, t: float) -> list[NoteEvent]:
        """Begin anew at t seconds of source time, and return that the note has left if one was in view."""
        ...


class Tracker:
    """Follows the notes of one currency. Feed it observations in the order of their time. See `NoteTracker`."""

    def __init__(self, bundle: Bundle, settings: TrackerSettings | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self._bundle = bundle
        self._begin()

    def _begin(self) -> None:
        """Know nothing of any note."""
        self._belief = Belief(self._bundle.labels, self.settings.belief)
        self._last_t: float | None = None
        self._last_corners: Corners | None = None
        self._leader: int | None = None
        self._leading_since = 0.0
        self._likely_since = 0.0
        # Frames in a row that show the leading value in one place, and of those, that are each sure of it.
        self._agreeing = 0
        self._confirming = 0
        self._announced: int | None = None
        self._doubted = False
        self._rival_since: float | None = None
        self._other_since: float | None = None
        self._vanished_in_place = False

    @property
    def has_note(self) -> bool:
        """Whether an announced note is in view."""
        return self._announced is not None

    @property
    def max_gap_s(self) -> float:
        """Seconds without a frame after which whatever was in view has left."""
        return self.settings.hidden_s

    def reset(self, t: float) -> list[NoteEvent]:
        """Begin anew at t seconds, and return that the note has left if one was announced or doubted."""
        had_note = self._announced is not None or self._doubted
        self._begin()
        return [NoteLeft(t)] if had_note else []

    def update(self, observation: Observation) -> list[NoteEvent]:
        """Take the next observation; return nothing, a Sighting, a Maybe, or a NoteLeft and what follows it.

        A frame that was not looked at tells nothing, and is passed over. One whose value was refused tells that a note
        is there, but for no value.
        """
        if not observation.looked:
            return []
        if observation.refused:
            observation = uninformative(observation)
        t = observation.t
        longest = self.settings.belief.longest_step_s
        self._belief.update(
            observation.probabilities, frame_weight(observation), longest if self._last_t is None else t - self._last_t
        )
        self._last_t = t
        if observation.value is not None:
            self._vanished_in_place = _is_whole_and_inside(observation)
        beliefs = self._belief.by_value
        leader = int(beliefs.argmax())
        note = self._belief.values[leader] if leader < len(self._belief.values) else None
        if note != self._leader:
            self._leader, self._leading_since, self._likely_since = note, t, t
            self._agreeing = self._confirming = 0  # what showed another value confirms nothing
        self._count_agreeing(observation, note)
        self._last_corners = observation.corners
        if beliefs[leader] < self._bundle.maybe:
            self._likely_since = t
        if note is None:
            return self._without_note(t)
        sure = observation.alone and self._is_sure(note, float(beliefs[leader]))
        if self._announced is not None:
            return self._after_announcement(observation, note, float(beliefs[leader]), sure)
        if sure:
            return [self._announce(observation, note, float(beliefs[leader]))]
        doubtful = t - self._likely_since >= self.settings.doubt_s
        if doubtful and observation.alone and not self._doubted and self._agreeing >= self.settings.agree_frames:
            self._doubted = True
            return [Maybe(t, self._bundle.currency, note, float(beliefs[leader]))]
        return []

    def _count_agreeing(self, observation: Observation, note: int | None) -> None:
        """Count the frames in a row that show the leading value in one place, and those that are sure."""
        if observation.value is None or observation.value != note:
            self._agreeing = self._confirming = 0
            return
        corners, before = observation.corners, self._last_corners
        if corners is not None and (before is None or iou(corners, before) < self.settings.min_iou):
            self._agreeing = self._confirming = 0  # it leaps: what was seen elsewhere confirms nothing
        self._agreeing += 1
        sure = self._bundle.is_sure(observation.value, observation.confidence)
        self._confirming = self._confirming + 1 if sure else 0

    def _is_sure(self, value: int, belief: float) -> bool:
        """Whether the belief in a value is enough to announce it, and its last frames confirm it."""
        sure = self._bundle.sure_for(value)
        odds = belief / max(1 - belief, _MIN_DOUBT)
        return self._confirming >= self.settings.agree_frames and bool(
            odds >= np.exp(self.settings.caution) * sure / max(1 - sure, _MIN_DOUBT)
        )

    def _without_note(self, t: float) -> list[NoteEvent]:
        """Return what changes while "no note" leads."""
        self._rival_since = self._other_since = None
        gone_s = self.settings.hidden_s if self._vanished_in_place else self.settings.leave_s
        if t - self._leading_since < gone_s or (self._announced is None and not self._doubted):
            return []
        self._announced, self._doubted = None, False
        return [NoteLeft(t)]

    def _after_announcement(self, observation: Observation, note: int, belief: float, sure: bool) -> list[NoteEvent]:
        """Return what changes while a value leads and one, the same or another, has been announced."""
        t = observation.t
        if note == self._announced:
            self._rival_since = self._other_since = None
            return []
        self._other_since = t if self._other_since is None else self._other_since
        if not sure:
            self._rival_since = None
            if t - self._other_since < self.settings.lost_s:
                return []
            self._announced, self._doubted, self._other_since, self._likely_since = None, False, None, t
            return [NoteLeft(t)]
        self._rival_since = t if self._rival_since is None else self._rival_since
        if t - self._rival_since < self.settings.replace_s:
            return []
        self._doubted = False
        return [NoteLeft(t), self._announce(observation, note, belief)]

    def _announce(self, observation: Observation, note: int, belief: float) -> Sighting:
        self._announced, self._rival_since, self._other_since = note, None, None
        side = observation.side if observation.value == note else None
        return Sighting(observation.t, self._bundle.currency, note, side, belief)


def uninformative(seen: Observation) -> Observation:
    """Return the observation as if every label were equally likely."""
    equal = np.full_like(seen.probabilities, 1 / len(seen.probabilities))
    return replace(seen, probabilities=equal, value=None, side=None, corners=None, in_view=0.0)


def _is_whole_and_inside(observation: Observation) -> bool:
    """Whether the note is in the frame from corner to corner, and away from its edges."""
    corners = observation.corners
    return corners is not None and bool(corners.min() > _EDGE_MARGIN and corners.max() < 1 - _EDGE_MARGIN)
