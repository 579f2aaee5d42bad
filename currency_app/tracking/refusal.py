"""A note that is held well and has no value: the app says that it does not know it.

A note of a design that the network has not learnt is refused, or its value stays below what is said even as doubtful.
Its holder is asked to turn it over (`guidance`). If that does not help, they must hear that it will not: else they go
on holding up a note that is never read.

What counts is the time in which the note was held well, so the way from one side to the other is no part of it. In
front of the camera much is taken for a note for a moment, but seldom in one place for long; so only frames count that
find it where the frame before them did.
"""

from __future__ import annotations

from collections.abc import Sequence

from currency_app.arrays import Corners
from currency_app.events import Maybe, NoteEvent, NoteLeft, Observation, Sighting, Unknown
from currency_app.recognition.corners import iou

UNKNOWN_S = 4.0
"""Seconds of source time in which a note must have been held well before it counts as unknown. Chosen by hand: two more
than it takes to be asked to turn it over, in which that can be done."""
OTHER_SIDE_S = 1.0
"""Seconds of source time in which the other side must have been held well to count as refused too. Chosen by hand:
three times what a known side needs to become sure."""
_MIN_IOU = 0.6
"""Intersection over union, 0..1, of the note's corners in two frames that follow one another: as a value needs it; see
`TrackerSettings`."""


class RefusalWatch:
    """Turns observations of notes without a value into at most one Unknown for each note.

    Feed it observations in the order of their time. left_s: seconds of source time after which a note that is not seen
    has left.
    """

    def __init__(self, left_s: float) -> None:
        self._left_s = left_s
        self._begin()

    def _begin(self) -> None:
        """Know nothing of any note."""
        self._told = False
        self._doubted = False
        self._tracker_tells = False
        self._last_t: float | None = None
        self._last_corners: Corners | None = None
        self._last_shown_t: float | None = None
        self._counted = False
        self._held_s = 0.0
        self._held_by_side: dict[str, float] = {}
        self._first_side: str | None = None
        self._other_side_s = 0.0

    @property
    def told(self) -> bool:
        """Whether the note in view has been reported as unknown."""
        return self._told

    def passed_on(self, decided: Sequence[NoteEvent]) -> list[NoteEvent]:
        """Take what the tracker decided of a frame; return it without a Maybe about a note that is unknown already."""
        passed: list[NoteEvent] = []
        for event in decided:
            if isinstance(event, Maybe):
                self._doubted = True
                if self._told:
                    self._tracker_tells = True
                    continue
            elif isinstance(event, (Sighting, NoteLeft)):
                self._begin()
            passed.append(event)
        return passed

    def update(self, observation: Observation, *, well_held: bool, asked_to_turn: bool) -> Unknown | NoteLeft | None:
        """Take the next observation of a view without a sure note, and return what there is to report, if anything.

        Args:
            observation: what a frame shows; one that was not looked at tells nothing, and is passed over.
            well_held: whether guidance has nothing to say about how the note is held.
            asked_to_turn: whether guidance now asks to turn it over.
        """
        if not observation.looked:
            return None
        t, step = observation.t, 0.0 if self._last_t is None else observation.t - self._last_t
        self._last_t = t
        if not observation.shows_note:
            return self._without_note(t)
        self._last_shown_t = t
        if asked_to_turn and self._first_side is None and self._held_by_side:
            self._first_side = max(self._held_by_side, key=self._held_by_side.__getitem__)
        counts = well_held and self._is_in_place(observation)
        if counts and self._counted:
            self._count(observation.side, step)
        self._counted = counts
        turned = 0.0 < self._other_side_s < OTHER_SIDE_S
        enough = self._other_side_s >= OTHER_SIDE_S or (self._held_s >= UNKNOWN_S and not turned)
        if not enough or self._told or self._doubted:
            return None
        self._told = True
        return Unknown(t)

    def reset(self, t: float) -> NoteLeft | None:
        """Begin anew at t seconds, and return that the note has left if only this watch has reported it."""
        left = NoteLeft(t) if self._told and not self._tracker_tells else None
        self._begin()
        return left

    def _without_note(self, t: float) -> NoteLeft | None:
        self._counted, self._last_corners = False, None
        if self._last_shown_t is None or t - self._last_shown_t < self._left_s:
            return None
        if self._doubted:  # the tracker says when it has left
            return None
        return self.reset(t)

    def _is_in_place(self, observation: Observation) -> bool:
        """Whether the note is where the frame before found it. One without corners is taken to be."""
        before, self._last_corners = self._last_corners, observation.corners
        if observation.corners is None:  # as of a bundle that does not locate notes
            return True
        return before is not None and iou(observation.corners, before) >= _MIN_IOU

    def _count(self, side: str | None, step: float) -> None:
        self._held_s += step
        if side is None:
            return
        self._held_by_side[side] = self._held_by_side.get(side, 0.0) + step
        if self._first_side is not None:
            self._other_side_s = 0.0 if side == self._first_side else self._other_side_s + step
