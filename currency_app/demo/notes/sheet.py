"""A canvas in millimetres, with the shapes, numerals and lettering of the drawn notes and the drawn room.

Everything is drawn with numpy and OpenCV alone: the repository holds no picture of real money.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image

Points = Sequence[tuple[float, float]] | npt.NDArray[np.float64]
"""Positions [n, 2], an x and a y each: millimetres unless a docstring says otherwise."""
Colour = tuple[int, int, int]
"""Blue, green and red, 0..255 each."""

_FRACTION_BITS = 4
"""Fraction bits of the fixed-point coordinates that OpenCV takes: enough that lines do not snap to pixels."""
_GLYPH_HEIGHT_PX = 160
"""Height, pixels, at which numerals are drawn before they are resized."""

# Strokes of the numerals on notes: points (x, y, width) in a box 0.62 wide and 1 high, judged by eye. OpenCV's own font
# has a slashed zero and no serifs, unlike banknotes.
_STROKES: dict[str, list[list[tuple[float, float, float]]]] = {
    "1": [
        [(0.33, 0.06, 0.20), (0.33, 0.94, 0.20)],
        [(0.30, 0.05, 0.09), (0.14, 0.20, 0.08)],
        [(0.10, 0.95, 0.09), (0.56, 0.95, 0.09)],
    ],
    "2": [
        [
            *[(0.12, 0.26, 0.16), (0.13, 0.13, 0.09), (0.31, 0.05, 0.08), (0.48, 0.19, 0.19), (0.46, 0.36, 0.17)],
            *[(0.30, 0.60, 0.11), (0.10, 0.88, 0.08)],
        ],
        [(0.09, 0.90, 0.16), (0.54, 0.90, 0.16)],
        [(0.55, 0.92, 0.07), (0.58, 0.70, 0.06)],
    ],
    "5": [
        [(0.17, 0.08, 0.14), (0.50, 0.08, 0.15)],
        [(0.16, 0.05, 0.07), (0.13, 0.46, 0.07)],
        [
            *[(0.13, 0.47, 0.06), (0.29, 0.39, 0.08), (0.46, 0.50, 0.16), (0.50, 0.68, 0.19), (0.42, 0.88, 0.13)],
            *[(0.27, 0.95, 0.08), (0.12, 0.90, 0.09), (0.11, 0.78, 0.15)],
        ],
    ],
}


class Sheet:
    """A canvas on which positions and sizes are millimetres."""

    def __init__(self, pixels: Image, scale: float) -> None:
        """pixels: uint8 [height, width, 3] BGR, drawn on in place. scale: pixels per millimetre."""
        self.pixels = pixels
        self.scale = scale

    def _fixed_point(self, points: Points) -> npt.NDArray[np.int32]:
        return np.round(np.asarray(points, np.float64) * self.scale * (1 << _FRACTION_BITS)).astype(np.int32)

    def line(self, points: Points, colour: Colour, width: float = 0.2, closed: bool = False) -> None:
        """Draw a line of `width` millimetres through the points."""
        pixels = max(1, round(width * self.scale))
        cv2.polylines(self.pixels, [self._fixed_point(points)], closed, colour, pixels, cv2.LINE_AA, _FRACTION_BITS)

    def fill(self, points: Points, colour: Colour) -> None:
        """Fill a polygon."""
        cv2.fillPoly(self.pixels, [self._fixed_point(points)], colour, cv2.LINE_AA, _FRACTION_BITS)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, width: float = 0.0) -> None:
        """Fill an upright rectangle, or outline it if `width`, that of the line, is not 0."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        if width:
            self.line(corners, colour, width, closed=True)
        else:
            self.fill(corners, colour)

    def ellipse(
        self,
        centre: tuple[float, float],
        radii: tuple[float, float],
        colour: Colour,
        width: float = 0.0,
        angle: float = 0.0,
    ) -> None:
        """Fill an ellipse turned by `angle` degrees, or outline it if `width`, that of the line, is not 0."""
        points = ellipse_points(centre, radii, angle)
        if width:
            self.line(points, colour, width, closed=True)
        else:
            self.fill(points, colour)

    def stamp(
        self, mask: Image, left: float, top: float, width: float, height: float, colour: Colour, strength: float = 1.0
    ) -> None:
        """Print a mask, uint8 [h, w], stretched to a box; what lies off the sheet is cut. strength: opacity, 0..1."""
        w, h = max(1, round(width * self.scale)), max(1, round(height * self.scale))
        x, y = round(left * self.scale), round(top * self.scale)
        fitted = cv2.resize(mask, (w, h), interpolation=cv2.INTER_AREA)
        x0, y0 = max(0, x), max(0, y)
        x1, y1 = min(self.pixels.shape[1], x + w), min(self.pixels.shape[0], y + h)
        if x1 <= x0 or y1 <= y0:
            return
        alpha = fitted[y0 - y : y1 - y, x0 - x : x1 - x, None].astype(np.float32) * np.float32(strength / 255)
        under = self.pixels[y0:y1, x0:x1]
        under[:] = np.round(under + (np.asarray(colour, np.float32) - under) * alpha).astype(np.uint8)

    def numeral(
        self,
        digits: str,
        centre: tuple[float, float],
        height: float,
        colour: Colour,
        rim: Colour | None = None,
        stretch: float = 1.0,
    ) -> None:
        """Print digits of "0125" in banknote numerals `height` millimetres high.

        rim: colour of an outline, None for none. stretch: factor on the usual width.
        """
        mask = numeral_mask(digits)
        width = height * mask.shape[1] / mask.shape[0] * stretch
        left, top = centre[0] - width / 2, centre[1] - height / 2
        if rim is not None:
            self.stamp(_dilated(digits), left, top, width, height, rim)
        self.stamp(mask, left, top, width, height, colour)

    def text(
        self,
        words: str,
        centre: tuple[float, float],
        height: float,
        colour: Colour,
        width: float | None = None,
        weight: int = 700,
    ) -> None:
        """Print capitals `height` millimetres high, stretched to `width` if that is not None.

        weight: of the font, 400 for regular, 700 for bold.
        """
        mask = text_mask(words, weight)
        if width is None:
            width = height * mask.shape[1] / mask.shape[0]
        self.stamp(mask, centre[0] - width / 2, centre[1] - height / 2, width, height, colour)

    def tint(self, centre: tuple[float, float], radii: tuple[float, float], colour: Colour, strength: float) -> None:
        """Blend in a soft, Gaussian spot of colour, as in the many-coloured background printing of notes.

        radii: millimetres at which it has fallen to 1/e of `strength`, its opacity in the middle, 0..1.
        """
        height, width = self.pixels.shape[:2]
        # The spot is so soft that an eighth of the resolution is enough.
        xs = (np.arange(0, width, 8) / self.scale - centre[0]) / radii[0]
        ys = (np.arange(0, height, 8) / self.scale - centre[1]) / radii[1]
        soft = (strength * np.exp(-(xs[None, :] ** 2 + ys[:, None] ** 2))).astype(np.float32)
        weight = cv2.resize(soft, (width, height))
        flood = np.full_like(self.pixels, colour)
        self.pixels[:] = cv2.blendLinear(self.pixels, flood, 1 - weight, weight)


def blend(colour: Colour, other: Colour, share: float) -> Colour:
    """Give `colour` moved towards `other`: share 0 is the one, 1 the other."""
    b, g, r = (round(a + (z - a) * share) for a, z in zip(colour, other, strict=True))
    return b, g, r


def ellipse_points(
    centre: tuple[float, float], radii: tuple[float, float], angle: float = 0.0
) -> npt.NDArray[np.float64]:
    """Return float64 [48, 2], points on an ellipse turned clockwise by `angle` degrees."""
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x, y = radii[0] * np.cos(turn), radii[1] * np.sin(turn)
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return np.stack([centre[0] + c * x - s * y, centre[1] + s * x + c * y], 1)


def round_corners(points: Points, closed: bool = False) -> npt.NDArray[np.float64]:
    """Round off the corners of a polygon or, unless `closed`, of a path whose ends stay; float64 [n, columns].

    Three rounds of corner cutting: Chaikin, "An Algorithm for High-Speed Curve Generation", 1974. Columns after x and
    y, such as a width, are smoothed as well.
    """
    path = np.asarray(points, np.float64)
    for _ in range(3):
        following = np.roll(path, -1, 0)
        cut = np.stack([0.75 * path + 0.25 * following, 0.25 * path + 0.75 * following], 1).reshape(-1, path.shape[1])
        path = cut if closed else np.concatenate([path[:1], cut[:-2], path[-1:]])
    return path


@cache
def _glyph(digit: str) -> Image:
    """Draw a numeral: uint8 [h, w], 255 inside."""
    size = _GLYPH_HEIGHT_PX
    mask = np.zeros((size, round(size * 0.62)), np.uint8)
    if digit == "0":
        middle = (mask.shape[1] // 2, size // 2)
        cv2.ellipse(mask, middle, (round(size * 0.29), round(size * 0.485)), 0, 0, 360, 255, -1, cv2.LINE_AA)
        cv2.ellipse(mask, middle, (round(size * 0.11), round(size * 0.41)), 0, 0, 360, 0, -1, cv2.LINE_AA)
        return mask
    for stroke in _STROKES[digit]:
        path = round_corners(np.asarray(stroke)) if len(stroke) > 2 else np.linspace(stroke[0], stroke[1], 40)
        for (x0, y0, w0), (x1, y1, w1) in pairwise(path):
            for share in np.linspace(0, 1, 6):
                x, y, w = (a + (b - a) * share for a, b in ((x0, x1), (y0, y1), (w0, w1)))
                cv2.circle(mask, (round(x * size), round(y * size)), max(1, round(w * size / 2)), 255, -1, cv2.LINE_AA)
    return mask


@cache
def numeral_mask(digits: str) -> Image:
    """Return the mask of numerals, uint8 [h, w], 255 for ink. digits: of "0125" only."""
    mask = cv2.hconcat([_glyph(digit) for digit in digits])
    # Leave a border, so that the dilated numerals of a rim fit into the same box.
    return np.asarray(cv2.copyMakeBorder(mask, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=0), np.uint8)


@cache
def _dilated(digits: str) -> Image:
    """Return the mask of thicker numerals, of which a rim remains around the others."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15))
    return np.asarray(cv2.dilate(numeral_mask(digits), kernel), np.uint8)


@cache
def _face() -> cv2.FontFace:
    return cv2.FontFace("sans")


def text_mask(words: str, weight: int = 700) -> Image:
    """Return the mask of a text, uint8 [h, w], 255 for ink and cropped to it. weight: as in `Sheet.text`."""
    size = 64
    # The font's zero is slashed, unlike on any note: a capital O replaces it.
    words = words.replace("0", "O")
    mask = np.zeros((size + 32, size * (len(words) + 1)), np.uint8)
    cv2.putText(mask, words, (8, size + 8), (255, 255, 255), _face(), size, weight)
    x, y, w, h = cv2.boundingRect(mask)
    return mask[y : y + max(1, h), x : x + max(1, w)]
