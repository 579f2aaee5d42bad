"""The second look's training pictures: a sample's note straightened by corners as wrong as a first look finds them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from currency_app.second_look import mapped, region, straighten
from training.dataset.labels import BACKGROUND
from training.synthesis.pose import Corners, random_pose
from training.synthesis.scene import Sample

_UNIT = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
_UPSIDE_DOWN = 0.08
_NOTE_ASPECT = 2.36


def closer_look(rng: np.random.Generator, sample: Sample, size: int, margin: float) -> Sample | None:
    """A closer look at a sample's note, or where there is none, at what could be taken for one.

    size: pixels of its sides. margin: as the bundle's second look has it. None where the corners are not known.
    """
    around = sample.corners if sample.corners is not None else sample.held
    if around is None:
        if sample.class_name != BACKGROUND:
            return None
        around = random_pose(rng, _NOTE_ASPECT, 4 / 3, float(np.exp(rng.uniform(np.log(0.05), np.log(0.9)))), 0.4)
    for _ in range(3):
        found = _misplaced(rng, around)
        to_picture = region(found, margin)
        if to_picture is None:
            continue
        picture = straighten(sample.picture, to_picture, size, size)
        if sample.corners is None:
            return Sample(picture, sample.class_name)
        corners = mapped(np.linalg.inv(to_picture), sample.corners)
        return Sample(picture, sample.class_name, corners, sample.in_view)
    return None


def _misplaced(rng: np.random.Generator, corners: Corners) -> npt.NDArray[np.float32]:
    """The corners as a first look may give them: shifted, scaled, turned, each a little off, at times upside down."""
    off = rng.choice([0.4, 1.0, 2.0, 3.0], p=[0.35, 0.3, 0.2, 0.15])
    scale, angle = np.exp(rng.normal(0, 0.07 * off, 2)), rng.normal(0, 0.07 * off)
    shape = np.array([_NOTE_ASPECT, 1.0])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = (_UNIT - 0.5) * shape @ turn / shape
    in_note = turned * scale + 0.5 + rng.normal(0, 0.05 * off, 2) + rng.normal(0, 0.035 * off, (4, 2))
    exact = region(corners, 0.0)
    if exact is None:
        return corners
    found = mapped(exact, in_note.astype(np.float32))
    return np.roll(found, 2, axis=0) if rng.random() < _UPSIDE_DOWN else found
