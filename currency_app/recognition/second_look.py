"""The closer look: the note is straightened by its corners and read again at the camera's full resolution.

So a distant note has as many pixels as a near one. One pass of a network picks a part of the picture and another reads
it, as in Fu et al., "Look Closer to See Better: Recurrent Attention Convolutional Neural Network", CVPR 2017; here all
passes are of one network. Each further look corrects the corners a little more, as in Carreira et al., "Human Pose
Estimation with Iterative Error Feedback", CVPR 2016.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.corners import UNIT_SQUARE, project

_MIN_AREA, _MAX_AREA = 0.003, 6.0
"""Area inside the corners, as a share of the picture's, between which they can be a note's. Chosen by hand: a smaller
note has under 922 pixels of 640 x 480, and of a larger one less than a sixth can be in the picture."""
_MIN_DEPTH_RATIO = 0.2
"""Scale of the far edge of the look against the near one, 0..1, below which the note is too steep to read. Chosen by
hand."""
_MIN_OVERSAMPLING = 1.25
"""How many times finer than the straightened note the picture stays, at least, when it is made smaller before the warp,
which mixes four pixels and would skip the rest. Chosen by hand."""
MAX_WEIGHT = 1e6
"""Weight of a look's log probabilities, over which a bundle must be damaged: far more gives no numbers. Chosen by
hand."""
_MAX_REPEATS = 9
"""Closer looks at one frame, over which a bundle must be damaged: each costs a pass of the network. Chosen by hand."""


@dataclass(frozen=True)
class SecondLook:
    """When a bundle's network looks at the note again, and how much each look counts."""

    margin: float
    """How much of the picture around the note is shown too, on each side, as a share of the note's width and height."""
    min_note_probability: float
    """The first look must give all values summed up at least this probability, 0..1, to be followed by another."""
    first_weight: float
    """Weight, 0 or more, of the log probabilities of the first look."""
    closer_weight: float
    """Weight, 0 or more, of the mean log probabilities of the closer looks."""
    repeats: int = 1
    """How many closer looks there are, 1 to 9. Each goes by the corners that the one before it found."""


@dataclass(frozen=True)
class CloserNetwork:
    """What of a bundle's network reads closer looks of another shape than the whole picture."""

    model: Path
    """Path of the TFLite file: the bundle's own, or a second one."""
    width: int
    """Of a closer look, pixels."""
    height: int
    """Of a closer look, pixels."""
    signature: str | None = None
    """Name of the signature in the file, which the bundle's own has besides that for the whole picture."""


def read_second_look(raw: Mapping[str, Any]) -> SecondLook:
    """Return the rule that the entry `second_look` of bundle.json gives.

    Raises KeyError, TypeError or ValueError if the entry is damaged.
    """
    rule = SecondLook(
        margin=float(raw["margin"]),
        min_note_probability=float(raw["least_note"]),
        first_weight=float(raw["first"]),
        closer_weight=float(raw["second"]),
        repeats=int(raw.get("times", 1)),
    )
    weights = rule.first_weight, rule.closer_weight
    if not (0 <= rule.margin <= 1 and 0 <= rule.min_note_probability <= 1 and min(weights) >= 0):
        raise ValueError("second_look")
    if not (0 < sum(weights) <= MAX_WEIGHT and 1 <= rule.repeats <= _MAX_REPEATS):
        raise ValueError("second_look")
    return rule


def note_homography(corners: Corners, margin: float) -> Floats | None:
    """Return the projective map from the straightened note to the picture, or None if no note can lie like that.

    Corners that cross, run the wrong way round, or are too close to each other, too far apart or too steep to tell
    anything, are those of no note.

    Args:
        corners: float32 [4, 2], in the order of `currency_app.recognition.corners`, fractions of the picture.
        margin: how much is shown around the note; see `SecondLook`.

    Returns:
        float32 [3, 3], from fractions of the straightened note to fractions of the picture. The straightened note is
        upright and, apart from the margin, fills the unit square whatever the shape of the currency's notes.
    """
    corners = np.asarray(corners, np.float32)
    if not (np.isfinite(corners).all() and cv2.isContourConvex(corners)):
        return None
    if not _MIN_AREA < -cv2.contourArea(corners[::-1], oriented=True) < _MAX_AREA:
        return None
    grown = np.array([[1 + 2 * margin, 0, -margin], [0, 1 + 2 * margin, -margin], [0, 0, 1]])
    to_picture = cv2.getPerspectiveTransform(UNIT_SQUARE, corners) @ grown
    depth = UNIT_SQUARE @ to_picture[2, :2] + to_picture[2, 2]
    if depth.min() < _MIN_DEPTH_RATIO * depth.max():
        return None
    return np.asarray(to_picture / depth.max(), np.float32)


def straighten(image: Image, to_picture: Floats, width: int, height: int) -> Image:
    """Return the note straightened, uint8 [height, width, channels]; black where it lies outside the picture.

    Args:
        image: the picture, uint8 [h, w, channels].
        to_picture: what `note_homography` returns.
        width: of the result, pixels.
        height: of the result, pixels.
    """
    corners = project(to_picture, UNIT_SQUARE) * image.shape[1::-1]
    sides = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)  # top, right, bottom, left
    reduction = int((sides / [width, height, width, height]).max() / _MIN_OVERSAMPLING)
    if reduction > 1:  # else the warp would skip pixels
        size = (max(image.shape[1] // reduction, 1), max(image.shape[0] // reduction, 1))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    # A pixel's middle lies half a pixel inside it, in both pictures.
    to_fraction = np.array([[1 / width, 0, 0.5 / width], [0, 1 / height, 0.5 / height], [0, 0, 1]])
    to_pixel = np.array([[image.shape[1], 0, -0.5], [0, image.shape[0], -0.5], [0, 0, 1]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    straightened = cv2.warpPerspective(image, to_pixel @ to_picture @ to_fraction, (width, height), flags=flags)
    return np.asarray(straightened, np.uint8)
