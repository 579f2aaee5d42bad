"""Light, sharpness and the note's place in the picture become at most one hint.

What one observation calls for is in `geometry.py`; here it is made steady. Each condition has two limits: it must be
clearly met to begin, and clearly unmet to end, so that a note on a limit does not call for now this, now nothing.
Then the same hint must hold for most of a short while, since corners jitter and single frames are wrong; frames in
which a waved note is lost to blur tell nothing for or against. And no hint follows soon after the one that says the
opposite: to be told left, then right within a second helps nobody.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from currency_app.events import OPPOSITE, Hint, HintKind, Observation
from currency_app.guidance.conditions import Limits, conditions
from currency_app.recognition.bundle import USUAL_ASPECT, Bundle


@dataclass(frozen=True)
class FramingSettings(Limits):
    """When which hint holds; the limits of one observation, and those of time.

    enter, leave: how far inside its condition a note must be for a hint to begin, and how far outside for it to end,
    in units of what measurement can tell apart. The rest are seconds. lead_s: `leading` goes by the last so many.
    steady_s: a hint must have held so long; unsure_s, nothing_s: after so long without a sure value, without a note.
    contradict_s: no opposite hint so soon after.
    """

    enter: float = 0.2
    leave: float = 0.5
    lead_s: float = 0.27
    steady_s: float = 0.4
    unsure_s: float = 2.0
    nothing_s: float = 5.0
    contradict_s: float = 1.2


@dataclass(frozen=True)
class _Moment:
    """What one observation called for. t: seconds. tells: whether anything was seen by which to tell."""

    t: float
    kind: HintKind | None
    tells: bool


class Framing:
    """Turns observations, in the order of their time, into hints.

    mirror_left: whether the user's left is the picture's right, as for a camera that faces the user.
    note_aspect: width over height of the currency's notes, see `Bundle`.
    """

    def __init__(
        self,
        mirror_left: bool = True,
        settings: FramingSettings | None = None,
        note_aspect: float = USUAL_ASPECT,
    ) -> None:
        self.settings = settings or FramingSettings()
        self._mirror_left = mirror_left
        self._note_aspect = note_aspect
        self._recent: deque[_Moment] = deque()
        self._holding: frozenset[HintKind] = frozenset()
        self._given_t: dict[HintKind, float] = {}
        self._readable_since: float | None = None
        self._empty_since: float | None = None

    def update(self, observation: Observation) -> Hint | None:
        """The hint for now: one that held for most of the last `steady_s`, or a slow one about turning or absence."""
        t = observation.t
        kind = self._held(observation)
        self._recent.append(_Moment(t, kind, kind is not None or observation.corners is not None))
        # One observation that is older stays, or a source with few frames a second would never cover the time.
        while len(self._recent) > 1 and t - self._recent[1].t >= self.settings.steady_s:
            self._recent.popleft()
        if observation.value is None:
            self._readable_since = None
            self._empty_since = t if self._empty_since is None else self._empty_since
        else:
            self._empty_since = None
            self._readable_since = t if self._readable_since is None else self._readable_since
        if not self._steady(kind, t):
            return None
        if kind is None:
            return self._slow_hint(t)
        self._readable_since = None
        if self._contradicts(kind, t):
            return None
        self._given_t[kind] = t
        return Hint(t, kind)

    @property
    def leading(self) -> HintKind | None:
        """What most of the last observations call for, those left out that tell nothing; of as many, the latest."""
        if not self._recent:
            return None
        since = self._recent[-1].t - self.settings.lead_s
        votes = [moment.kind for moment in reversed(self._recent) if moment.t >= since and moment.tells]
        return Counter(votes).most_common(1)[0][0] if votes else None

    def assess(self, observation: Observation) -> HintKind | None:
        """The first hint of the table that holds for this one observation, but those that need time."""
        found = conditions(observation, self.settings, self._mirror_left, self._note_aspect)
        return next((kind for kind, how in found if how > 0), None)

    def _held(self, observation: Observation) -> HintKind | None:
        """The same with each condition's two limits, by what held the last time."""
        limits = self.settings
        holding = [
            kind
            for kind, how in conditions(observation, limits, self._mirror_left, self._note_aspect)
            if how > (-limits.leave if kind in self._holding else limits.enter)
        ]
        self._holding = frozenset(holding)
        return holding[0] if holding else None

    def _steady(self, kind: HintKind | None, t: float) -> bool:
        """Whether the hint held in two of three of the last observations that tell anything, over all of `steady_s`."""
        if t - self._recent[0].t < self.settings.steady_s * 0.75:
            return False
        counted = [moment for moment in self._recent if kind is None or moment.tells]
        seen_often = 2 * len(counted) >= len(self._recent)
        return seen_often and sum(moment.kind is kind for moment in counted) * 3 >= 2 * len(counted)

    def _contradicts(self, kind: HintKind, t: float) -> bool:
        opposite = OPPOSITE.get(kind)
        given_t = None if opposite is None else self._given_t.get(opposite)
        return given_t is not None and 0 <= t - given_t < self.settings.contradict_s

    def _slow_hint(self, t: float) -> Hint | None:
        if self._readable_since is not None and t - self._readable_since >= self.settings.unsure_s:
            return Hint(t, HintKind.TURN_OVER)
        if self._empty_since is not None and t - self._empty_since >= self.settings.nothing_s:
            return Hint(t, HintKind.NO_NOTE)
        return None


def framing_for(bundles: Sequence[Bundle], mirror_left: bool = True) -> Framing:
    """Return what gives hints about the notes of one bundle or more. mirror_left: see `Framing`.

    The flat shape against which a tilted note is measured is the geometric mean of the currencies'.
    """
    return Framing(mirror_left, note_aspect=math.prod(b.note_aspect for b in bundles) ** (1 / len(bundles)))
