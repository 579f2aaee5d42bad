"""Searches films for a second note, one pass of the network at a time.

No single look tells that a note is alone: a search with each size of what is hidden must show no other.
"""

from __future__ import annotations

import math

from currency_app.arrays import Corners
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import iou
from currency_app.recognition.passes import Glance, NetworkPasses
from currency_app.recognition.preprocessing import fit_picture
from currency_app.recognition.second_note import (
    HIDDEN_SCALES,
    Verdict,
    is_confirmed,
    judge_rest,
    leaves_room,
    may_be_around,
    sides_of,
)

_OTHERS_S, _SEVERAL_S = 0.6, 0.3
"""Seconds of source time between two searches, and while there are several notes. Chosen by hand."""
_SEARCHED_S = 1.0
"""Seconds of source time for which a search counts: so long a note that was alone is taken to be. Chosen by hand."""
_MIN_SEARCHED_IOU = 0.3
"""Intersection over union, 0..1, of the first note now and when the search was made, for it to count: what comes into
the frame behind a note was not there to be found. Chosen by hand."""


class OthersSearch:
    """Searches the frames of one film for a second note, with one pass of the network each.

    A second note counts as gone only after a search with each of HIDDEN_SCALES has not found it, for a note may be
    found with one and not with the other; so does one that has been suspected. bundle, passes: whose network looks.
    """

    def __init__(self, bundle: Bundle, passes: NetworkPasses) -> None:
        self.other_notes = 0
        """How many more notes there are, 0 or 1."""
        self._bundle = bundle
        self._passes = passes
        self._suspect: Glance | None = None
        self._sides: tuple[Corners, ...] = ()
        self._around = self._doubted = False
        self._searches = 0
        self._fruitless = 0
        self._searched_t = self._last_t = -math.inf
        self._searched_beside: Corners | None = None

    def due_after_s(self, last: Observation | None, *, in_place: bool) -> float | None:
        """Return how long after the last search the next is due; None without room for another note.

        It is 0 if one is needed now. One is needed before a value may be said, if only as doubtful: for that its note
        must be known to be alone.

        last: what was seen last. in_place: whether its note is where the look before found it, as it must be for that.
        """
        if last is None or not last.in_view or last.corners is None or not leaves_room(last.corners):
            return None
        likely = in_place and last.value is not None and last.confidence >= self._bundle.maybe
        if self._suspect is not None or self._sides or (likely and not self.tells(last.t, last.corners)):
            return 0.0
        return _SEVERAL_S if self.other_notes else _OTHERS_S

    def tells(self, t: float, first: Corners | None) -> bool:
        """Whether a search shortly before t seconds tells that there is a second note, or none.

        first: the first note's corners at t seconds; it must not have come a long way since the search. Without them,
        or without room for another, none is needed.
        """
        if first is None or not leaves_room(first):
            return True
        beside = self._searched_beside
        recent = 0 <= t - self._searched_t < _SEARCHED_S
        return recent and beside is not None and iou(beside, first) >= _MIN_SEARCHED_IOU

    def note_lost(self, t: float) -> None:
        """Take that the first note is not seen at t seconds: what was searched for was another sighting's."""
        self._suspect = None
        self._sides = ()
        self._around = self._doubted = False
        self._fruitless = 0
        if t - self._last_t >= _SEARCHED_S:
            self.other_notes = 0
        self._searches = 0
        self._searched_t = -math.inf

    def look(self, frame: Frame, first: Corners, *, rests: bool) -> None:
        """Look at the frame with the first note hidden, or at what such a look has left in doubt.

        Of a note that moves, which may have left the place that is hidden, it cannot tell that there is another.

        first: the first note's corners, float32 [4, 2], fractions of the frame. rests: whether it stays there.
        """
        if self._suspect is not None:
            seen, self._suspect = self._suspect, None
            glance = self._passes.suspect(frame.image, seen.corners, [first])
            another = glance is not None and is_confirmed(glance, self._bundle, [first])
            if not another and may_be_around(seen, self._bundle):
                self._suspect_around(first)
            else:
                self._conclude(frame.t, first, another=another)
            return
        picture, placement = fit_picture(frame.image, self._bundle, fast=True)
        if self._sides:
            side, *others = self._sides
            glance = self._passes.rest(picture, placement, [first, side], HIDDEN_SCALES[0])
            another = judge_rest(glance, self._bundle, [first]) is Verdict.ANOTHER
            if another and not rests:
                return
            self._sides = () if another else tuple(others)
            if not self._sides:
                self._conclude(frame.t, first, another=another)
            return
        scale = HIDDEN_SCALES[self._searches % len(HIDDEN_SCALES)]
        glance = self._passes.rest(picture, placement, [first], scale)
        verdict = judge_rest(glance, self._bundle, [first])
        if verdict is not Verdict.ALONE and not rests:
            return
        if verdict is Verdict.SUSPICION:
            self._suspect = glance
            self._begin_doubt()
        elif verdict is Verdict.AROUND:
            self._suspect_around(first)
        else:
            self._conclude(frame.t, first, another=verdict is Verdict.ANOTHER)

    def _suspect_around(self, first: Corners) -> None:
        """Look with the other one of HIDDEN_SCALES next and, if that was done, on each side of the first note.

        Of 75 composites of several notes on both sides of the first, whose sides show one, none looks so with one of
        these sizes alone. An edge of a single note does.
        """
        if self._around:
            self._sides = sides_of(first)
        else:
            self._around = True
            self._searches += 1
        self._begin_doubt()

    def _begin_doubt(self) -> None:
        """Let the note not count as alone until a search with each of HIDDEN_SCALES has found no other."""
        if not self._doubted:
            self._doubted = True
            self._fruitless = 0
        self._searched_t = -math.inf

    def _conclude(self, t: float, first: Corners, *, another: bool) -> None:
        self._last_t = t
        self._searches += 1
        self._fruitless = 0 if another else self._fruitless + 1 + self._around
        self._around = False
        if another:
            self.other_notes = 1
        elif self._fruitless >= len(HIDDEN_SCALES):
            self.other_notes = 0
            self._doubted = False
        if not self._doubted or another:
            self._searched_t = t
            self._searched_beside = first
