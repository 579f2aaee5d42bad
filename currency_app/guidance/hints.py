"""Light, sharpness and the note's place in the picture become at most one hint at a time.

What one observation calls for is in `conditions.py`; here it is made steady, as docs/hints.md tells. Each condition has
two limits: it must be clearly met for a hint to begin, and clearly unmet for it to end. Else a note on a limit would
call for a hint in one frame and for none in the next. Then the same hint must hold for most of a short while, since
corners jitter and single frames are wrong. Frames in which a waved note is lost to blur count neither for nor against a
hint. And no hint follows soon after its opposite: to be told left, then right within a second helps nobody.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass

from currency_app.events import OPPOSITE, Hint, HintKind, Observation
from currency_app.guidance.conditions import Limits, conditions, has_place
from currency_app.recognition.bundle import USUAL_ASPECT, Bundle

_MIN_SPAN = 0.75
"""Share of `steady_s` that the recent observations must span: frames seldom fall on its ends. Chosen by hand."""


@dataclass(frozen=True)
class FramingSettings(Limits):
    """When a hint begins and ends: the limits of one observation, and those of time, in seconds of source time."""

    enter: float = 0.2
    """How far inside its condition a note must be for a hint to begin, in units of measurement error."""
    leave: float = 0.5
    """How far outside its condition a note must be for a hint to end, in units of measurement error."""
    lead_s: float = 0.27
    """`Framing.leading` goes by the observations of this long: at 15 frames/s, the last five."""
    steady_s: float = 0.4
    """How long a hint must have held before it comes."""
    unsure_s: float = 2.0
    """How long a note must have been seen, with no other hint, before it is to be turned over."""
    nothing_s: float = 5.0
    """How long no note must have been seen before that is said."""
    contradict_s: float = 1.2
    """How long after a hint its opposite may not come."""


@dataclass(frozen=True)
class _Moment:
    """What one observation called for."""

    t: float
    """Seconds of source time."""
    kind: HintKind | None
    """The hint it called for."""
    informative: bool
    """Whether it showed anything by which to tell: a note, or something that calls for a hint."""


class Framing:
    """Turns observations, in the order of their time, into hints.

    mirror_left: whether the user's left is the picture's right, as for a camera that faces the user. settings: the
    usual ones unless given. note_aspect: width over height of the currency's notes; see `Bundle`.
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
        self.reset()

    def reset(self) -> None:
        """Begin anew: forget what was seen before a gap."""
        self._recent: deque[_Moment] = deque()
        self._met: frozenset[HintKind] = frozenset()
        self._last_hint_t: dict[HintKind, float] = {}
        self._readable_since: float | None = None
        self._empty_since: float | None = None
        self._last_shown_t: float | None = None
        self._well_held = False

    @property
    def well_held(self) -> bool:
        """Whether the last observation shows a note, and no movement of it would help."""
        return self._well_held

    def update(self, observation: Observation) -> Hint | None:
        """Take the next observation and return the hint for now, if any.

        It is one that held for most of the last `steady_s`, or one that needs time: TURN_OVER or NO_NOTE. A hint is
        returned again with every observation for which it holds; `speech.announcer` says it less often. A frame that
        was not looked at tells nothing, and is passed over.
        """
        if not observation.looked:
            return None
        t = observation.t
        if observation.black:  # nothing that a note could do would help: see `CoverWatch`
            self._readable_since = self._empty_since = None
            self._well_held = False
            return None
        kind = self._current_hint(observation)
        self._recent.append(_Moment(t, kind, kind is not None or observation.corners is not None))
        # One observation that is older stays, or a source with few frames a second would never cover the time.
        while len(self._recent) > 1 and t - self._recent[1].t >= self.settings.steady_s:
            self._recent.popleft()
        self._well_held = has_place(observation) and kind is None
        if observation.shows_note:
            self._empty_since, self._last_shown_t = None, t
            self._readable_since = t if self._readable_since is None else self._readable_since
        else:
            self._empty_since = t if self._empty_since is None else self._empty_since
            # One that is hard to tell from no note at all is not seen in every frame.
            if self._last_shown_t is None or t - self._last_shown_t > self.settings.steady_s:
                self._readable_since = None
        if not self._steady(kind, t):
            return None
        if kind is None:
            return self._slow_hint(t)
        self._readable_since = None
        if self._contradicts(kind, t):
            return None
        self._last_hint_t[kind] = t
        return Hint(t, kind)

    @property
    def leading(self) -> HintKind | None:
        """The hint that most recent observations call for, ignoring those that show nothing. On a tie, the latest."""
        if not self._recent:
            return None
        since = self._recent[-1].t - self.settings.lead_s
        votes = [moment.kind for moment in reversed(self._recent) if moment.t >= since and moment.informative]
        return Counter(votes).most_common(1)[0][0] if votes else None

    def assess(self, observation: Observation) -> HintKind | None:
        """Return the first `HintKind`, in declaration order, that this one observation calls for.

        Hints that need time (TURN_OVER, NO_NOTE) are never returned.
        """
        found = conditions(observation, self.settings, self._mirror_left, self._note_aspect)
        return next((kind for kind, margin in found if margin > 0), None)

    def _current_hint(self, observation: Observation) -> HintKind | None:
        """Return the first hint that this observation calls for, with two limits for each condition.

        Which of the two counts depends on whether the condition was met the last time.
        """
        limits = self.settings
        met = [
            kind
            for kind, margin in conditions(observation, limits, self._mirror_left, self._note_aspect)
            if margin > (-limits.leave if kind in self._met else limits.enter)
        ]
        self._met = frozenset(met)
        return met[0] if met else None

    def _steady(self, kind: HintKind | None, t: float) -> bool:
        """Whether the hint held in two thirds of the recent informative observations, over all of `steady_s`."""
        if t - self._recent[0].t < self.settings.steady_s * _MIN_SPAN:
            return False
        counted = [moment for moment in self._recent if kind is None or moment.informative]
        seen_often = 2 * len(counted) >= len(self._recent)
        return seen_often and sum(moment.kind is kind for moment in counted) * 3 >= 2 * len(counted)

    def _contradicts(self, kind: HintKind, t: float) -> bool:
        """Whether the opposite hint came a moment ago."""
        opposite = OPPOSITE.get(kind)
        last_t = None if opposite is None else self._last_hint_t.get(opposite)
        return last_t is not None and 0 <= t - last_t < self.settings.contradict_s

    def _slow_hint(self, t: float) -> Hint | None:
        """Return the hint that needs time, if it has taken that long."""
        seen_for_long = self._readable_since is not None and t - self._readable_since >= self.settings.unsure_s
        if seen_for_long and self._last_shown_t == t:
            return Hint(t, HintKind.TURN_OVER)
        if self._empty_since is not None and t - self._empty_since >= self.settings.nothing_s:
            return Hint(t, HintKind.NO_NOTE)
        return None


def framing_for(bundles: Sequence[Bundle], mirror_left: bool = True) -> Framing:
    """Return what gives hints about the notes of one bundle or more. mirror_left: see `Framing`.

    The flat shape against which a tilted note is measured is the geometric mean of the currencies'.
    """
    return Framing(mirror_left, note_aspect=math.prod(b.note_aspect for b in bundles) ** (1 / len(bundles)))
