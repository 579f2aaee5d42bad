"""The second look's training pictures: a sample's note straightened by corners as wrong as a first look finds them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners
from currency_app.recognition.corners import UNIT_SQUARE, polygon_in_frame, project, share_in_frame
from currency_app.recognition.second_look import region, straighten
from training.dataset.labels import BACKGROUND
from training.synthesis.pose import random_pose
from training.synthesis.scene import Sample

_UPSIDE_DOWN_SHARE = 0.08
_MIN_WHOLE_IN_VIEW = 0.85
_PARTIAL_SHARE_CLIPPED, _PARTIAL_SHARE_WHOLE = 0.6, 0.15
"""Of notes that are cut off and of whole ones: how often a first look takes a part for the note."""
_NOTE_ASPECT = 2.36


def closer_look(rng: np.random.Generator, sample: Sample, size: int, margin: float) -> Sample | None:
    """A closer look at a sample's note, or where there is none, at what could be taken for one.

    size: pixels of its sides. margin: as the bundle's second look has it. None where the corners are not known.
    """
    around = sample.corners if sample.corners is not None else sample.object_corners
    if around is None:
        if sample.class_name != BACKGROUND:
            return None
        around = random_pose(rng, _NOTE_ASPECT, 4 / 3, float(np.exp(rng.uniform(np.log(0.05), np.log(0.9)))), 0.4)
    parts = _PARTIAL_SHARE_WHOLE if share_in_frame(around) > _MIN_WHOLE_IN_VIEW else _PARTIAL_SHARE_CLIPPED
    for _ in range(3):
        found = _partial_corners(rng, around) if rng.random() < parts else _perturbed_corners(rng, around)
        to_picture = region(found, margin)
        if to_picture is None:
            continue
        picture = straighten(sample.picture, to_picture, size, size)
        if sample.corners is None:
            return Sample(picture, sample.class_name)
        corners = project(np.linalg.inv(to_picture), sample.corners)
        return Sample(picture, sample.class_name, corners, sample.in_view)
    return None


def _perturbed_corners(rng: np.random.Generator, corners: Corners) -> npt.NDArray[np.float32]:
    """The corners as a first look may give them: shifted, scaled, turned, each a little off, at times upside down."""
    off = rng.choice([0.4, 1.0, 2.0, 3.0], p=[0.35, 0.3, 0.2, 0.15])
    scale, angle = np.exp(rng.normal(0, 0.07 * off, 2)), rng.normal(0, 0.07 * off)
    shape = np.array([_NOTE_ASPECT, 1.0])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = (UNIT_SQUARE - 0.5) * shape @ turn / shape
    in_note = turned * scale + 0.5 + rng.normal(0, 0.05 * off, 2) + rng.normal(0, 0.035 * off, (4, 2))
    exact = region(corners, 0.0)
    if exact is None:
        return corners
    found = project(exact, in_note.astype(np.float32))
    return np.roll(found, 2, axis=0) if rng.random() < _UPSIDE_DOWN_SHARE else found


def _partial_corners(rng: np.random.Generator, corners: Corners) -> npt.NDArray[np.float32]:
    """The corners of what is in view of a note that is cut off, or of an end or a middle of it."""
    exact = region(corners, 0.0)
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
