"""Whether a second note is in view: the first one is hidden, and the network looks at the frame again.

All of it goes by the notes' corners, so that it works for notes of any shape.

Of a note that is partly hidden, or behind another, a look is at times in doubt. Then what it saw is looked at closer,
with the first note hidden: that tells the rest of a second note from an edge of the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import cv2
import numpy as np

from currency_app.arrays import Corners
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import area_in_frame, hull, iou
from currency_app.recognition.passes import Glance

HIDDEN_SCALES = (1.1, 1.3)
"""Sizes of what is hidden against the note's own, about its centre. A note is hidden with some of its surroundings, for
its corners are not exact and the rest of an edge is still a note to the network. But what is hidden of a note beside it
cannot be seen, so the smaller one finds more: of 435 pictures of several notes (400 composites of scans of `train`, the
rest photographs) of which one is read as sure, it finds 398, the larger one 381, either 406; none of them finds a
second one in 300 composites of a single note."""
_MIN_NOTE_AREA = 1 / 20
"""Share of the frame that a second note covers, as a look from afar sees it. The hint `several_notes` and what is said
go by 1/12 of the frame (docs/hints.md), but corners of small notes lie up to a third too near to each other."""
_MIN_LIKELY_AREA = 1 / 60
"""The same of what is certainly a note, in a still: the corners of one that is upright, or far away, can lie so near to
each other that only a closer look tells how large it is."""
_MAX_NOTE_AREA = 11 / 12
"""Share of the frame that the first note may cover and still leave room for another of 1/12."""
_MIN_NOTE_PROBABILITY = 0.8
"""Probability of all values summed up from which what is left of the frame shows a note. Chosen by hand: pictures of
which nothing is left but one colour have up to 0.7."""
SUSPICION = 0.2
"""Probability of all values summed up from which it may show one, which a closer look must tell. Chosen by hand: of the
composites of a single note one in fifty has as much, of those in which a note lies on another, seven in eight."""
_MAX_IOU = 0.5
"""Intersection over union, 0..1, with a hidden note from which the network has seen that once more. Chosen by hand."""
_MIN_AROUND_IN_VIEW = 0.9
"""Share in view, 0..1, of what is seen where a note is hidden, from which it may stand for notes on both sides of that:
the network gives one answer, whose corners lie between theirs and whose value may be in doubt. Of what is left of an
edge less is in view. Chosen by hand on three notes in a column. Of 571 photographs of single notes that are sure, two
have as much, and neither a note on a side."""
_MIN_AROUND_PROBABILITY = 0.03
"""Probability of all values summed up from which the same holds. Chosen by hand: some of the same have 0.07."""
_MAX_SHARED = 0.1
"""Share of the smaller of two notes that may lie within the other's corners, for both to be read: more, and one hides
part of the other, which may be a numeral. Chosen by hand."""


class Verdict(Enum):
    """What a look at the rest of the frame has shown."""

    ALONE = "alone"
    """No second note."""
    SUSPICION = "suspicion"
    """Perhaps one: what was seen must be looked at closer."""
    AROUND = "around"
    """Perhaps several, on both sides of the hidden one, which must be looked at one after the other."""
    ANOTHER = "another"
    """A second note."""


def leaves_room(corners: Corners) -> bool:
    """Whether there could be another note in the frame beside one with these corners."""
    return bool(np.isfinite(corners).all()) and area_in_frame(corners) < _MAX_NOTE_AREA


def judge_rest(glance: Glance, bundle: Bundle, hidden: Sequence[Corners], *, still: bool = False) -> Verdict:
    """Return whether what the network saw, with the notes that are known hidden, is another one.

    glance, bundle: what it saw, and whose network it was. hidden: corners of the notes that are known, float32 [4, 2]
    each, fractions of the frame. still: whether the notes lie just there; in a film they may have moved on, and then an
    edge that is not hidden looks like a small note.
    """
    note, corners = glance.note_probability(bundle.labels), glance.corners
    surely, elsewhere = note >= _MIN_NOTE_PROBABILITY, is_elsewhere(corners, hidden)
    area = area_in_frame(corners) if np.isfinite(corners).all() and cv2.isContourConvex(corners) else 0.0
    otherwise = Verdict.AROUND if may_be_around(glance, bundle) else Verdict.ALONE
    if area < _MIN_NOTE_AREA:
        return Verdict.SUSPICION if still and surely and elsewhere and area >= _MIN_LIKELY_AREA else otherwise
    if note < SUSPICION or (not elsewhere and otherwise is Verdict.AROUND):
        return otherwise
    return Verdict.ANOTHER if surely and elsewhere else Verdict.SUSPICION


def may_be_around(glance: Glance, bundle: Bundle) -> bool:
    """Whether a look at the rest of the frame may have seen notes on several sides of what is hidden."""
    likely = glance.note_probability(bundle.labels) >= _MIN_AROUND_PROBABILITY
    return likely and glance.in_view >= _MIN_AROUND_IN_VIEW


def is_confirmed(glance: Glance, bundle: Bundle, hidden: Sequence[Corners]) -> bool:
    """Whether a closer look at what may be another note shows one. glance, bundle, hidden: as for `judge_rest`."""
    return glance.note_probability(bundle.labels) >= _MIN_NOTE_PROBABILITY and is_elsewhere(glance.corners, hidden)


def is_elsewhere(corners: Corners, others: Sequence[Corners]) -> bool:
    """Whether a note with these corners is none of the others."""
    return all(iou(corners, other) < _MAX_IOU for other in others)


def sides_of(note: Corners) -> tuple[Corners, ...]:
    """Return the four halves of the frame on either side of a note's middle lines, to be hidden with it.

    note, each half: corners, float32 [4, 2], fractions of the frame; those of a half lie far outside it.
    """
    centre = note.mean(axis=0)
    across, down = (note[1] + note[2] - note[0] - note[3]) * 10, (note[2] + note[3] - note[0] - note[1]) * 10
    return tuple(
        np.asarray([centre - along, centre + along, centre + along + away, centre - along + away], np.float32)
        for along, away in ((across, down), (across, -down), (down, across), (down, -across))
    )


def overlap_much(one: Corners, other: Corners) -> bool:
    """Whether two notes lie on each other so far that one may hide what tells the other's value."""
    shared, _ = cv2.intersectConvexConvex(hull(one), hull(other))
    smaller = min(cv2.contourArea(hull(one)), cv2.contourArea(hull(other)))
    return float(shared) > _MAX_SHARED * smaller
