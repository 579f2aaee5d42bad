"""The second look: the note straightened by its corners, so that a distant one is read at the camera's full resolution.

A part of the picture is picked by one pass of a network and read by another, as in Fu et al., "Look Closer to See
Better: Recurrent Attention Convolutional Neural Network", CVPR 2017; here all passes are of the same network. Looking
again mends the corners, step by step, as in Carreira et al., "Human Pose Estimation with Iterative Error Feedback",
CVPR 2016.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.corners import UNIT_SQUARE, project

_LEAST_AREA, _MOST_AREA = 0.003, 6.0
_STEEPEST = 0.2
_COARSER = 1.25


@dataclass(frozen=True)
class SecondLook:
    """When a bundle's network looks twice, and what each look counts.

    margin: how much of the picture around the note is looked at too, as a share of its width and height.
    least_note: least probability, 0..1, that the first look gives to all values together.
    first, second: weights in the answer of the first look's log probabilities, and of the mean of the closer ones'.
    times: how often it looks again; each time the corners of the time before are mended.
    """

    margin: float
    least_note: float
    first: float
    second: float
    times: int = 1


def region(corners: Corners, margin: float) -> Floats | None:
    """Where the second look lies: the projective map from it to the picture, float32 [3, 3], both in fractions.

    corners: float32 [4, 2], the note's own top-left, top-right, bottom-right, bottom-left, fractions of the picture.
    The note upright fills the look but for the margin, whatever its shape. None where no note can lie so: corners
    that cross, run the wrong way round, or are too close together, too far apart or too steep to tell anything.
    """
    corners = np.asarray(corners, np.float32)
    if not (np.isfinite(corners).all() and cv2.isContourConvex(corners)):
        return None
    if not _LEAST_AREA < -cv2.contourArea(corners[::-1], oriented=True) < _MOST_AREA:
        return None
    grown = np.array([[1 + 2 * margin, 0, -margin], [0, 1 + 2 * margin, -margin], [0, 0, 1]])
    to_picture = cv2.getPerspectiveTransform(UNIT_SQUARE, corners) @ grown
    depth = to_picture[2] @ np.column_stack([UNIT_SQUARE, np.ones(4)]).T
    if depth.min() < _STEEPEST * depth.max():
        return None
    return np.asarray(to_picture / depth.max(), np.float32)


def straighten(image: Image, to_picture: Floats, width: int, height: int) -> Image:
    """A region of a picture, uint8 [h, w, channels], as uint8 [height, width, channels]; black outside the picture."""
    sides = np.linalg.norm(np.diff(project(to_picture, UNIT_SQUARE) * image.shape[1::-1], axis=0), axis=1)
    coarser = int(max(sides[0] / width, sides[2] / width, sides[1] / height) / _COARSER)
    if coarser > 1:  # else the warp would skip pixels
        size = (max(image.shape[1] // coarser, 1), max(image.shape[0] // coarser, 1))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    # A pixel's middle lies half a pixel inside it, in both pictures.
    to_fraction = np.array([[1 / width, 0, 0.5 / width], [0, 1 / height, 0.5 / height], [0, 0, 1]])
    to_pixel = np.array([[image.shape[1], 0, -0.5], [0, image.shape[0], -0.5], [0, 0, 1]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpPerspective(image, to_pixel @ to_picture @ to_fraction, (width, height), flags=flags)
    return np.asarray(seen, np.uint8)
