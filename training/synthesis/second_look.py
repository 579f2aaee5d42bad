"""Training pictures for the second look: notes straightened by corners as wrong as a first look finds them.

`currency_app.recognition.second_look` straightens a note so that the network can look at it again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners
from currency_app.recognition.corners import UNIT_SQUARE, polygon_in_frame, project, share_in_frame
from currency_app.recognition.second_look import note_homography, straighten
from training.dataset.labels import BACKGROUND
from training.dataset.notes import NOTE_ASPECT
from training.synthesis.pose import nominal_aspect, random_pose
from training.synthesis.scene import Sample

_UPSIDE_DOWN_SHARE = 0.08
"""How often a first look takes the bottom of a note for its top; twice as often for a part. Chosen by hand."""
_MIN_WHOLE_IN_VIEW = 0.85
"""Share of a note in the picture over which it counts as whole; chosen by hand."""
_PARTIAL_SHARE_CLIPPED = 0.6
"""Share of clipped notes of which a first look takes a part for the note; chosen by hand."""
_PARTIAL_SHARE_WHOLE = 0.15
"""Share of whole notes of which a first look takes a part for the note; chosen by hand."""


def closer_look(
    rng: np.random.Generator,
    sample: Sample,
    width: int,
    height: int,
    margin: float,
    note_aspect: float = NOTE_ASPECT,
) -> Sample | None:
    """Return a closer look at a sample's note, or at what could be taken for one if there is none.

    width, height: of the look, pixels. margin: as the bundle's second look has it. note_aspect: width over height of
    the currency's notes. Returns None if the corners of the note are unknown.
    """
    aspect = nominal_aspect(note_aspect)
    around = sample.corners if sample.corners is not None else sample.object_corners
    if around is None:
        if sample.class_name != BACKGROUND:
            return None
        around = random_pose(rng, aspect, 4 / 3, float(np.exp(rng.uniform(np.log(0.05), np.log(0.9)))), 0.4)
    parts = _PARTIAL_SHARE_WHOLE if share_in_frame(around) > _MIN_WHOLE_IN_VIEW else _PARTIAL_SHARE_CLIPPED
    if sample.corners is not None and sample.class_name == BACKGROUND:
        parts = 0.0  # a part of a note whose parts disagree may agree with itself
    for _ in range(3):
        found = _partial_corners(rng, around) if rng.random() < parts else _perturbed_corners(rng, around, aspect)
        to_picture = note_homography(found, margin)
        if to_picture is None:
            continue
        picture = straighten(sample.picture, to_picture, width, height)
        if sample.corners is None:
            return Sample(picture, sample.class_name, in_view=sample.in_view)
        corners = project(np.linalg.inv(to_picture), sample.corners)
        return Sample(picture, sample.class_name, corners, sample.in_view)
    return None


def _perturbed_corners(rng: np.random.Generator, corners: Corners, aspect: float) -> npt.NDArray[np.float32]:
    """Return corners as a first look may find them: shifted, scaled, turned, each a little off.

    At times they are upside down. aspect: width over height of the note.
    """
    off = rng.choice([0.4, 1.0, 2.0, 3.0], p=[0.35, 0.3, 0.2, 0.15])
    scale, angle = np.exp(rng.normal(0, 0.07 * off, 2)), rng.normal(0, 0.07 * off)
    shape = np.array([aspect, 1.0])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = (UNIT_SQUARE - 0.5) * shape @ turn / shape
    in_note = turned * scale + 0.5 + rng.normal(0, 0.05 * off, 2) + rng.normal(0, 0.035 * off, (4, 2))
    exact = note_homography(corners, 0.0)
    if exact is None:
        return corners
    found = project(exact, in_note.astype(np.float32))
    return np.roll(found, 2, axis=0) if rng.random() < _UPSIDE_DOWN_SHARE else found


def _partial_corners(rng: np.random.Generator, corners: Corners) -> npt.NDArray[np.float32]:
    """Return the corners of the visible part of a clipped note, or of an end or middle of a note."""
    exact = note_homography(corners, 0.0)
    if exact is None:
        return corners
    in_view = polygon_in_frame(corners)
    seen = UNIT_SQUARE if in_view is None else project(np.linalg.inv(exact), in_view)
    low, high = seen.min(axis=0), seen.max(axis=0)
    if share_in_frame(corners) > _MIN_WHOLE_IN_VIEW or rng.random() < 0.2:
        axis, share, start = int(rng.random() < 0.25), rng.uniform(0.35, 0.9), rng.random()
        length = high[axis] - low[axis]
        low[axis] += length * (1 - share) * start
        high[axis] = low[axis] + length * share
    off = rng.normal(0, 0.06, (2, 2)) * (high - low)
    low, high = low + off[0], high + off[1]
    in_note = low + UNIT_SQUARE * (high - low) + rng.normal(0, 0.02, (4, 2)) * (high - low)
    found = project(exact, in_note.astype(np.float32))
    return np.roll(found, 2, axis=0) if rng.random() < 2 * _UPSIDE_DOWN_SHARE else found
