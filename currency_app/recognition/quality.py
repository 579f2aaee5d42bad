"""Light, sharpness and what is covered, measured on the note itself.

All is measured on the note straightened to one small size, so that the same note gives the same figures near and far.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners, Floats, Image, Mask
from currency_app.recognition.corners import polygon_in_frame, project
from currency_app.recognition.second_look import region, straighten

_FLAT = (192, 81)
_COLOUR = (48, 20)
_GREY = (64, 27)
_MARGIN = 2
_COARSE = 1.7
"""Standard deviation, pixels of `_GREY`, of the blur that parts fine detail from coarse. The blur that reading stands
(0.035 of the note's shorter side, training/simulation/truth.py) is 0.95 pixels there."""
_FLOOR = 1.0
_BLANK = 0.05
"""Grey levels squared a pixel: less detail than this is in no photograph, however blurred."""
_CANNOT_TELL = 3.0
_STEP = np.array([[-0.5, 0.5], [-0.5, 0.5]], np.float32)
_LEAST_PIXELS = 40
_HAND = (4.57, 9.9, -16.5, -1.45, -0.27)
"""Logistic regression of a hand's pixels against a note's, on 450 composites of real notes from `train` and drawn ones
with up to three drawn hands of all skin tones, under webcam light. The weights are those of `_hand_share`'s parts, then
the bias. It is cautious: of notes covered by over 0.48 it finds about half, of those under 0.32 it takes one in a
hundred for covered; but of blurred webcam frames, which are smooth all over, one in ten."""
_READS_LOW = 1.1


@dataclass(frozen=True)
class Quality:
    """How well a note, or a frame without one, can be seen.

    light: mean luma, 0..255, of the note, or of the frame's middle. sharpness: see `sharpness`. covered: share of the
    note in view that hands cover, 0..1.
    """

    light: float
    sharpness: float
    covered: float


def note_quality(image: Image, corners: Corners) -> Quality:
    """Of a note's part inside the frame; of the whole frame where corners are those of no note.

    image: uint8 [h, w, 3] BGR. corners: float32 [4, 2], the note's own, fractions of the frame.
    """
    to_picture = region(corners, 0.0)
    inside = None if to_picture is None else _inside(corners, to_picture)
    if to_picture is None or inside is None:
        return frame_quality(image)
    flat = straighten(image, to_picture, *_FLAT)
    grey = np.asarray(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY), np.uint8)
    light = cv2.mean(grey, _filled(inside, _FLAT).view(np.uint8))[0]
    small = np.asarray(cv2.resize(grey, _GREY, interpolation=cv2.INTER_AREA), np.uint8)
    return Quality(float(light), sharpness(small, _filled(inside, _GREY)), _hand_share(flat, grey, inside))


def frame_quality(image: Image) -> Quality:
    """Of a frame without a note, uint8 [h, w, 3] BGR; its light is that of the middle, where notes are held."""
    size = (_GREY[0], max(round(_GREY[0] * image.shape[0] / image.shape[1]), 1))
    small = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    grey = np.asarray(small, np.uint8)
    down, across = grey.shape[0] // 4, grey.shape[1] // 4
    middle = grey[down : grey.shape[0] - down, across : grey.shape[1] - across]
    return Quality(float(middle.mean()), sharpness(grey, np.ones(grey.shape, np.bool_)), 0.0)


def sharpness(grey: Image, measured: Mask) -> float:
    """Fine detail over coarse in the direction that has the least of it, for a picture uint8 [h, w] and a mask of it.

    3 to 8 on a sharp note, under 1.65 where blur is more than reading stands, 0 where only coarse detail is left; a
    blank area, which tells nothing, counts as sharp. The ratio changes little with light and design.

    Detail is what one more blur takes away, as in Crete et al., "The blur effect: perception and estimation with a new
    no-reference perceptual blur metric", SPIE 2007. How much of it lies across each direction is its structure tensor:
    Förstner and Gülch, "A fast operator for detection and precise location of distinct points", ISPRS 1987. The least
    ratio of two tensors is their least generalised eigenvalue, so motion blur is found whichever way the note moved.
    """
    edge = np.zeros_like(measured)
    edge[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = True  # the corners are not exact, and what is around has its own detail
    used = (measured & edge).view(np.uint8)
    counted = cv2.erode(used, np.ones((3, 3), np.uint8)).view(np.bool_)
    if counted.sum() < _LEAST_PIXELS:
        return _CANNOT_TELL
    whole = grey.astype(np.float32)
    # Each pixel's weight is blurred too, so that nothing from beyond the edge is mixed in.
    weight = cv2.GaussianBlur(used.astype(np.float32), (0, 0), _COARSE)
    coarse = np.asarray(cv2.GaussianBlur(whole * used, (0, 0), _COARSE) / np.maximum(weight, 1e-3), np.float32)
    fine, rest = _tensor(whole - coarse, counted), _tensor(coarse, counted)
    if np.trace(fine + rest) < _BLANK:
        return _CANNOT_TELL
    floor = _FLOOR * np.eye(2)  # else the noise of plain paper would be detail
    return float(np.linalg.eigvals(np.linalg.solve(rest + floor, fine)).real.min())


def _tensor(picture: Floats, counted: Mask) -> npt.NDArray[np.float64]:
    slopes = np.stack([cv2.filter2D(picture, -1, step)[counted] for step in (_STEP, _STEP.T)]).astype(np.float64)
    return np.asarray(slopes @ slopes.T / slopes.shape[1])


def _hand_share(flat: Image, grey: Image, inside: Floats) -> float:
    """Share of the note in view that looks like a hand: redder than the note and, unlike print, smooth.

    Redness is Cr - Cb over luma, as skin of all tones lies together in chroma: Chai and Ngan, "Face segmentation using
    skin-color map in videophone applications", IEEE Trans. CSVT 9(4), 1999. It is also taken against the note's
    own, as light may be red too.
    """
    seen = _filled(inside, _COLOUR)
    if seen.sum() < _LEAST_PIXELS:
        return 0.0
    colour = cv2.cvtColor(cv2.resize(flat, _COLOUR, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2YCrCb)
    luma, red, blue = np.moveaxis(colour.astype(np.float32), 2, 0)
    luma = np.maximum(luma, 15)
    redness = (red - blue) / luma
    double = cv2.resize(grey, (2 * _COLOUR[0], 2 * _COLOUR[1]), interpolation=cv2.INTER_AREA).astype(np.float32)
    detail = cv2.resize(np.abs(double - cv2.GaussianBlur(double, (0, 0), 1.5)), _COLOUR, interpolation=cv2.INTER_AREA)
    detail = cv2.GaussianBlur(detail, (0, 0), 1.2)
    own = _quantile(redness[seen], 0.2)
    printed = max(_quantile(detail[seen], 0.75), 1.0)
    parts = (redness, redness - own, detail / luma, detail / printed)
    evidence = sum(weight * part for weight, part in zip(_HAND[:-1], parts, strict=True)) + _HAND[-1]
    hand = cv2.blur(np.asarray(1 / (1 + np.exp(-np.clip(evidence, -20, 20))), np.float32), (3, 3)) > 0.5
    return min(float(hand[seen].mean()) * _READS_LOW, 1.0)


def _quantile(values: Floats, share: float) -> float:
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])


def _inside(corners: Corners, to_picture: Floats) -> Floats | None:
    """The part of the note inside the frame, a convex polygon float32 [n, 2] in fractions of the straightened note."""
    shared = polygon_in_frame(corners)
    if shared is None:
        return None
    return project(np.linalg.inv(np.asarray(to_picture, np.float64)), shared)


def _filled(polygon: Floats, size: tuple[int, int]) -> Mask:
    """Pixels that lie wholly inside: half of a pixel at the frame's edge is black, and would be a sharp line."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    pixels = np.round(polygon * np.array(size, np.float32) - 0.5).astype(np.int32)
    cv2.fillConvexPoly(mask, pixels, 1)
    return np.asarray(cv2.erode(mask, np.ones((3, 3), np.uint8)), np.uint8).view(np.bool_)
