"""Whether a second note is in view: the first one is hidden, and the network looks at the frame again.

All of it goes by the note's corners, so that it works for notes of any shape.
"""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.corners import area_in_frame, hull

_HIDDEN_SCALE = 1.3
"""Size of what is hidden against the note's own, about its centre. A note is hidden with some of its surroundings, for
its corners are not exact and the rest of an edge is still a note to the network. Judged by eye."""
_MIN_NOTE_AREA = 1 / 12
"""Share of the frame that each of several notes covers: the limit of the hint `several_notes`; see docs/hints.md."""
_MAX_NOTE_AREA = 0.7
"""Share of the frame that the first note may cover and still leave room for another. Chosen by hand."""
_MIN_NOTE_PROBABILITY = 0.8
"""Probability of all values summed up from which what is left of the frame shows a note. Chosen by hand."""
_MAX_SHARED = 0.5
"""Share of the second note that may lie on the first: over it, the network has seen the hidden note once more. Chosen
by hand."""


def worth_a_look(corners: Corners) -> bool:
    """Whether a note with these corners could be one of several: it leaves room, and is no speck itself."""
    return _MIN_NOTE_AREA <= area_in_frame(corners) < _MAX_NOTE_AREA


def hide_note(picture: Image, corners: Corners) -> Image:
    """Return a copy of the picture in which the note has the colour of its surroundings.

    The colour is the median of all that is not hidden. Some of what is around the note is hidden with it.

    Args:
        picture: uint8 [h, w, 3].
        corners: float32 [4, 2], fractions of this picture.
    """
    hidden = np.zeros(picture.shape[:2], np.uint8)
    centre = corners.mean(axis=0)
    grown = ((hull(corners) - centre) * _HIDDEN_SCALE + centre) * picture.shape[1::-1]
    outline = np.round(np.clip(grown, -9999, 9999)).astype(np.int32)
    cv2.fillConvexPoly(hidden, outline, 1)
    # Every seventh pixel tells the median as well, and sooner.
    around = picture.reshape(-1, picture.shape[2])[np.flatnonzero(hidden.ravel() == 0)[::7]]
    colour = np.median(around, axis=0).astype(np.uint8) if len(around) else np.zeros(picture.shape[2], np.uint8)
    copy = picture.copy()
    cv2.fillConvexPoly(copy, outline, [int(level) for level in colour])
    return copy


def is_another_note(note: float, corners: Corners, first: Floats) -> bool:
    """Whether what the network saw, with the first note hidden, is a second one.

    Args:
        note: probability, 0..1, of all values summed up.
        corners: float32 [4, 2], of what it saw, fractions of the frame.
        first: float32 [4, 2], of the first note, likewise.
    """
    if note < _MIN_NOTE_PROBABILITY or not np.isfinite(corners).all() or not cv2.isContourConvex(corners):
        return False
    if area_in_frame(corners) < _MIN_NOTE_AREA:
        return False
    shared, _ = cv2.intersectConvexConvex(hull(corners), hull(first))
    return float(shared) < _MAX_SHARED * cv2.contourArea(corners)
