"""Light, sharpness and what is covered, measured on the note itself.

All is measured on the note straightened to one small size, so that a note gives the same figures near and far. That
size has the shape of a dollar note, 2.4 times as wide as high, for every currency, because the figures below were
fitted at it. A note of another shape is stretched to it. Euro notes, 1.87 times as wide as high, are widened by about a
quarter, and so is blur across them: their sharpness comes out lower than that of a dollar as blurred.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners, Floats, Image, Mask
from currency_app.recognition.corners import polygon_in_frame, project, share_in_frame
from currency_app.recognition.second_look import note_homography, straighten

_FLAT_SIZE = (192, 81)
"""Width and height, pixels, to which the note is straightened: the shape of a dollar note."""
_COLOUR_SIZE = (48, 20)
"""Width and height, pixels, at which hands are told from the note: a finger is a few pixels wide. Chosen by hand."""
_GREY_SIZE = (64, 27)
"""Width and height, pixels, at which sharpness is measured: so few that also a far note fills them. Chosen by hand."""
_EDGE = 2
"""Pixels of `_GREY_SIZE` at the edge that are not measured: the corners are not exact, and what is around the note has
detail of its own."""
_COARSE_SIGMA = 1.7
"""Standard deviation, pixels of `_GREY_SIZE`, of the blur that parts fine detail from coarse. The blur that reading
stands (0.035 of the note's shorter side, training/simulation/scene/truth.py) is 0.95 pixels there."""
_NOISE_FLOOR = 1.0
"""Grey levels squared a pixel, added to the coarse detail: else the noise of plain paper would be fine detail. Chosen
by hand."""
_MIN_DETAIL = 0.05
"""Grey levels squared a pixel: less detail than this is in no photograph, however blurred."""
_UNKNOWN_SHARPNESS = 3.0
"""Stands for a sharpness that cannot be measured: as sharp as a sharp note at least."""
_SLOPE = np.array([[-0.5, 0.5], [-0.5, 0.5]], np.float32)
"""Kernel of the slope across; transposed, of the slope down."""
_MIN_PIXELS = 40
"""Pixels of the note that must be in view to measure it. Chosen by hand."""
_MIN_LUMA = 15.0
"""Luma, grey levels, that darker pixels are taken to have when colour is divided by it: theirs is noise. Chosen by
hand."""
_HAND_WEIGHTS = (4.57, 9.9, -16.5, -1.45, -0.27)
"""Logistic regression of a hand's pixels against a note's, on 450 composites of real notes from `train` and drawn ones
with up to three drawn hands of all skin tones, under webcam light. The weights are those of the features in
`_hand_share`, then the bias. It is cautious: of notes covered by over 0.48 it finds about half, and of those under 0.32
it takes one in a hundred for covered; but of blurred webcam frames, which are smooth all over, one in ten."""
_HAND_SHARE_SCALE = 1.1
"""Factor on the share of pixels that look like a hand's, which is a little less than what the hand covers. Chosen by
hand."""
_LEGIBLE_WIDTH, _LEGIBLE_IN_VIEW, _LEGIBLE_SHARPNESS = 300.0, 0.8, 7.0
"""Pixels of a note in its frame, across, its share inside the frame, 0..1, and its sharpness, from which all of it can
be read with ease, so that more is asked of it. Chosen by hand."""


@dataclass(frozen=True)
class Quality:
    """How well a note, or a frame without one, can be seen."""

    light: float
    """Mean luma, 0..255, of the note; of the middle of a frame without one."""
    sharpness: float
    """Fine detail over coarse, 0 or more; see the function `sharpness`."""
    covered: float
    """Share of the note in view that hands cover, 0..1; 0 without a note."""


def note_quality(image: Image, corners: Corners) -> Quality:
    """Measure the visible part of the note; fall back to `frame_quality` if the corners cannot be a note's.

    image: uint8 [h, w, 3] BGR, or [h, w, 4] BGRA. corners: float32 [4, 2], the note's own, fractions of the frame.
    """
    to_picture = note_homography(corners, 0.0)
    inside = None if to_picture is None else _inside(corners, to_picture)
    if to_picture is None or inside is None:
        return frame_quality(image)
    flat = np.ascontiguousarray(straighten(image, to_picture, *_FLAT_SIZE)[..., :3])
    grey = np.asarray(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY), np.uint8)
    light = cv2.mean(grey, _filled(inside, _FLAT_SIZE).view(np.uint8))[0]
    small = np.asarray(cv2.resize(grey, _GREY_SIZE, interpolation=cv2.INTER_AREA), np.uint8)
    return Quality(float(light), sharpness(small, _filled(inside, _GREY_SIZE)), _hand_share(flat, grey, inside))


def frame_quality(image: Image) -> Quality:
    """Measure a frame without a note, uint8 [h, w, 3] BGR or [h, w, 4] BGRA.

    Its light is that of the middle, where notes are held.
    """
    size = (_GREY_SIZE[0], max(round(_GREY_SIZE[0] * image.shape[0] / image.shape[1]), 1))
    small = cv2.cvtColor(cv2.resize(image, size, interpolation=cv2.INTER_AREA)[..., :3], cv2.COLOR_BGR2GRAY)
    grey = np.asarray(small, np.uint8)
    down, across = grey.shape[0] // 4, grey.shape[1] // 4
    middle = grey[down : grey.shape[0] - down, across : grey.shape[1] - across]
    return Quality(float(middle.mean()), sharpness(grey, np.ones(grey.shape, np.bool_)), 0.0)


def sharpness(grey: Image, measured: Mask) -> float:
    """Return fine detail over coarse, 0 or more, in the direction that has the least of it.

    It is 3 to 8 on a sharp note, under 1.65 if blur is more than reading stands, and 0 if only coarse detail is left. A
    blank area, which tells nothing, counts as sharp. The ratio changes little with light and design.

    Fine detail is what one more blur takes away, as in Crete et al., "The blur effect: perception and estimation with a
    new no-reference perceptual blur metric", SPIE 2007. How much of it lies across each direction is its structure
    tensor: Förstner and Gülch, "A fast operator for detection and precise location of distinct points", ISPRS 1987. The
    least ratio of two tensors is their least generalised eigenvalue, so motion blur is found whichever way the note
    moved.

    grey: uint8 [h, w], of `_GREY_SIZE` or the same width. measured: bool [h, w], the pixels that count.
    """
    inner = np.zeros_like(measured)
    inner[_EDGE:-_EDGE, _EDGE:-_EDGE] = True
    used = (measured & inner).view(np.uint8)
    counted = cv2.erode(used, np.ones((3, 3), np.uint8)).view(np.bool_)
    if counted.sum() < _MIN_PIXELS:
        return _UNKNOWN_SHARPNESS
    whole = grey.astype(np.float32)
    # Each pixel's weight is blurred too, so that nothing from beyond the edge is mixed in.
    weight = cv2.GaussianBlur(used.astype(np.float32), (0, 0), _COARSE_SIGMA)
    coarse = np.asarray(cv2.GaussianBlur(whole * used, (0, 0), _COARSE_SIGMA) / np.maximum(weight, 1e-3), np.float32)
    fine, rest = _tensor(whole - coarse, counted), _tensor(coarse, counted)
    if np.trace(fine + rest) < _MIN_DETAIL:
        return _UNKNOWN_SHARPNESS
    floor = _NOISE_FLOOR * np.eye(2)
    return float(np.linalg.eigvals(np.linalg.solve(rest + floor, fine)).real.min())


def _tensor(picture: Floats, counted: Mask) -> npt.NDArray[np.float64]:
    """Return the mean structure tensor, float64 [2, 2], of the counted pixels; grey levels squared a pixel."""
    slopes = np.stack([cv2.filter2D(picture, -1, step)[counted] for step in (_SLOPE, _SLOPE.T)]).astype(np.float64)
    return np.asarray(slopes @ slopes.T / slopes.shape[1])


def _hand_share(flat: Image, grey: Image, inside: Floats) -> float:
    """Return the share of the note in view that looks like a hand: redder than the note and smooth.

    Print is not smooth. Redness is Cr - Cb over luma, as skin of all tones is close in chroma: Chai and Ngan, "Face
    segmentation using skin-color map in videophone applications", IEEE Trans. CSVT 9(4), 1999. It is also taken against
    the note's own, as light may be red too.
    """
    seen = _filled(inside, _COLOUR_SIZE)
    if seen.sum() < _MIN_PIXELS:
        return 0.0
    colour = cv2.cvtColor(cv2.resize(flat, _COLOUR_SIZE, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2YCrCb)
    luma, red, blue = np.moveaxis(colour.astype(np.float32), 2, 0)
    luma = np.maximum(luma, _MIN_LUMA)
    redness = (red - blue) / luma
    double_size = (2 * _COLOUR_SIZE[0], 2 * _COLOUR_SIZE[1])
    double = cv2.resize(grey, double_size, interpolation=cv2.INTER_AREA).astype(np.float32)
    fine = np.abs(double - cv2.GaussianBlur(double, (0, 0), 1.5))
    detail = cv2.resize(fine, _COLOUR_SIZE, interpolation=cv2.INTER_AREA)
    detail = cv2.GaussianBlur(detail, (0, 0), 1.2)
    own = _quantile(redness[seen], 0.2)
    printed = max(_quantile(detail[seen], 0.75), 1.0)
    features = (redness, redness - own, detail / luma, detail / printed)
    *weights, bias = _HAND_WEIGHTS
    evidence = sum(weight * feature for weight, feature in zip(weights, features, strict=True)) + bias
    hand = cv2.blur(np.asarray(1 / (1 + np.exp(-np.clip(evidence, -20, 20))), np.float32), (3, 3)) > 0.5
    return min(float(hand[seen].mean()) * _HAND_SHARE_SCALE, 1.0)


def _quantile(values: Floats, share: float) -> float:
    """Return the value below which this share of them lies; one of them, not interpolated."""
    place = int(share * (len(values) - 1))
    return float(np.partition(values, place)[place])


def _inside(corners: Corners, to_picture: Floats) -> Floats | None:
    """Return the part of the note inside the frame, in fractions of the straightened note.

    A convex polygon, float32 [n, 2]; None if no part is.
    """
    shared = polygon_in_frame(corners)
    if shared is None:
        return None
    return project(np.linalg.inv(np.asarray(to_picture, np.float64)), shared)


def _filled(polygon: Floats, size: tuple[int, int]) -> Mask:
    """Return the pixels wholly inside a polygon, a mask of this width and height.

    Half of a pixel at the frame's edge is black, and would be a sharp line.
    """
    mask = np.zeros((size[1], size[0]), np.uint8)
    pixels = np.round(polygon * np.array(size, np.float32) - 0.5).astype(np.int32)
    cv2.fillConvexPoly(mask, pixels, 1)
    return np.asarray(cv2.erode(mask, np.ones((3, 3), np.uint8)), np.uint8).view(np.bool_)


def is_legible(image: Image, corners: Corners, sharpness: float) -> bool:
    """Whether all of a note can be read with ease.

    image: the frame, uint8 [h, w, channels]. corners: of the note, float32 [4, 2], fractions of the frame. sharpness:
    its own; see `Quality`.
    """
    edges = (corners[[1, 2]] - corners[[0, 3]]) * np.array([image.shape[1], image.shape[0]])
    large = float(np.linalg.norm(edges, axis=1).max()) >= _LEGIBLE_WIDTH  # the longer of the upper and lower edges
    return large and sharpness >= _LEGIBLE_SHARPNESS and share_in_frame(corners) >= _LEGIBLE_IN_VIEW
