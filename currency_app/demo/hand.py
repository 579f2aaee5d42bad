"""Draw a hand that holds a note: thumb in front, fingers behind, and a sleeved arm to the picture's edge."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image
from currency_app.demo.notes import NOTE_MM
from currency_app.demo.notes.sheet import Colour, Points, Sheet, ellipse_points, round_corners

_SKIN: Colour = (128, 160, 208)
_NAIL: Colour = (176, 192, 226)
_SLEEVE: Colour = (110, 76, 52)

# The hand in millimetres, with y down: it grips the note's edge at the origin, the note lies above, the arm below.
# All shapes and colours are judged by eye.
_PALM = [(-25, -4), (16, -6), (27, 18), (30, 50), (22, 84), (22, 110), (-20, 110), (-21, 84), (-28, 50), (-29, 18)]
# Discs along the thumb, whose hulls make it: x, y, radius.
_THUMB = [(13.0, 62.0, 15.0), (14.0, 30.0, 12.5), (8.0, 8.0, 10.0), (3.0, -7.0, 8.6), (1.5, -13.0, 7.0)]
# Centres of the fingers, each an ellipse: x, y.
_FINGERS = ((-18.0, 7.0), (-19.0, 22.5), (-18.0, 37.5), (-15.0, 51.5))
_ARM_LENGTH_MM = 235.0
"""Long enough to reach the picture's edge from the note that is held farthest away."""


@dataclass(frozen=True)
class Grip:
    """Where the hand grips the note, and from where the arm comes."""

    x: float
    """Millimetres to the right of the note's centre."""
    y: float
    """Millimetres below the note's centre."""
    turn: float
    """Angle of the arm from straight down, degrees; above 0 it comes from the left."""


GRIPS = {"below": Grip(34.0, 33.0, -8.0), "right": Grip(78.0, 10.0, -62.0), "left": Grip(-78.0, 10.0, 62.0)}
"""The three grips of the demonstration, by the edge of the picture that the arm comes from. Judged by eye."""


@dataclass(frozen=True, eq=False)
class HeldNote:
    """A note in a hand, ready to be placed in a picture."""

    pixels: Image
    """uint8 [h, w, 4] BGRA with premultiplied alpha: each colour is multiplied by the opacity."""
    to_mm: npt.NDArray[np.float64]
    """float64 [3, 3]: maps pixel positions to millimetres from the note's centre."""

    def halved(self) -> HeldNote:
        """Return this note at half the resolution, for a note far away."""
        h, w = self.pixels.shape[:2]
        small = cv2.resize(self.pixels, (w // 2, h // 2), interpolation=cv2.INTER_AREA)
        # Positions are those of pixel centres: pixel (0, 0) of the half lies at (0.5, 0.5) of the whole.
        doubled = np.array([[w / (w // 2), 0, 0.5], [0, h / (h // 2), 0.5], [0, 0, 1]])
        return HeldNote(np.asarray(small, np.uint8), self.to_mm @ doubled)


class _Layers:
    """A picture with opacity that is painted part by part; positions are millimetres from the note's centre."""

    def __init__(self, scale: float, left: float, top: float, right: float, low: float) -> None:
        self.scale, self.origin = scale, np.array([left, top])
        shape = (round((low - top) * scale), round((right - left) * scale))
        self.colour = np.zeros((*shape, 3), np.uint8)
        self.opacity = np.zeros(shape, np.uint8)

    def mask(self, *shapes: Points) -> Image:
        """Return uint8 [h, w], 255 inside any of the polygons."""
        mask = np.zeros_like(self.opacity)
        for shape in shapes:
            Sheet(mask, self.scale).fill(np.asarray(shape, np.float64) - self.origin, (255, 255, 255))
        return mask

    def paint(self, mask: Image, colour: Colour | Image, roundness: float = 0.0) -> None:
        """Paint under the mask. roundness: millimetres over which the part darkens towards its rim, 0 for none."""
        # Only the bounding box of the part is computed: most parts are far smaller than the whole.
        x, y, w, h = cv2.boundingRect(mask)
        box = np.s_[y : y + h, x : x + w]
        alpha = mask[box].astype(np.float32)[..., None] / 255
        ink = np.broadcast_to(np.asarray(colour, np.float32), self.colour.shape)[box]
        if roundness:
            inner = cv2.distanceTransform((mask[box] > 127).astype(np.uint8), cv2.DIST_L2, 3) / (roundness * self.scale)
            ink = ink * (0.62 + 0.42 * np.sqrt(np.clip(inner, 0, 1)))[..., None]
        under = self.colour[box]
        under[:] = np.clip(under + (ink - under) * alpha, 0, 255).astype(np.uint8)
        self.opacity[box] = np.maximum(self.opacity[box], mask[box])

    def shade(self, mask: Image, strength: float, blur_mm: float, shift_mm: tuple[float, float]) -> None:
        """Cast the shadow of a mask, blurred and shifted, on what is painted so far. strength: 0..1."""
        shift = np.array([[1, 0, shift_mm[0] * self.scale], [0, 1, shift_mm[1] * self.scale]])
        x, y, w, h = cv2.boundingRect(mask)
        rim = round(4 * blur_mm * self.scale)
        box = np.s_[max(0, y - rim) : y + h + rim, max(0, x - rim) : x + w + rim]
        moved = cv2.warpAffine(mask[box], shift, mask[box].shape[::-1])
        soft = cv2.GaussianBlur(moved, (0, 0), blur_mm * self.scale).astype(np.float32)[..., None] / 255
        self.colour[box] = (self.colour[box] * (1 - strength * soft)).astype(np.uint8)


def hold_note(note: Image, grip: Grip) -> HeldNote:
    """Draw a hand around a drawn note, uint8 [h, w, 3] BGR."""
    scale = note.shape[1] / NOTE_MM[0]
    place = _GripTransform(grip)
    corners = place.points([(-40.0, -30.0), (40.0, -30.0), (40.0, _ARM_LENGTH_MM), (-40.0, _ARM_LENGTH_MM)])
    half = np.array(NOTE_MM) / 2
    left, top = np.minimum(corners.min(0), -half - 4)
    right, low = np.maximum(corners.max(0), half + 4)
    layers = _Layers(scale, float(left), float(top), float(right), float(low))
    _paint_arm(layers, place)
    _paint_note(layers, note)
    _paint_thumb(layers, place)
    opacity = layers.opacity[..., None]
    premultiplied = (layers.colour.astype(np.float32) * (opacity / np.float32(255))).round().astype(np.uint8)
    to_mm = np.array([[1 / scale, 0, left + 0.5 / scale], [0, 1 / scale, top + 0.5 / scale], [0, 0, 1]])
    return HeldNote(np.concatenate([premultiplied, opacity], 2), to_mm)


class _GripTransform:
    """Moves the hand's points to the grip; a hand from the left mirrors one from the right."""

    def __init__(self, grip: Grip) -> None:
        self.grip = grip

    def points(self, points: Points) -> npt.NDArray[np.float64]:
        path = np.asarray(points, np.float64)
        mirror = -1.0 if self.grip.turn > 0 else 1.0
        c, s = np.cos(np.radians(self.grip.turn)), np.sin(np.radians(self.grip.turn))
        turn = np.array([[c * mirror, -s], [s * mirror, c]])
        return np.asarray(path @ turn.T + [self.grip.x, self.grip.y])


def _paint_arm(layers: _Layers, place: _GripTransform) -> None:
    layers.paint(layers.mask(place.points(round_corners(_PALM, closed=True))), _SKIN, 22)
    for x, y in _FINGERS:
        finger = place.points(ellipse_points((x, y), (15.5, 8.0), -8))
        layers.paint(layers.mask(finger), _SKIN, 8)
    sleeve = [(-27, 92), (27, 92), (38, _ARM_LENGTH_MM), (-38, _ARM_LENGTH_MM)]
    layers.paint(layers.mask(place.points(sleeve)), _SLEEVE, 26)
    cuff = round_corners([(-29, 88), (29, 88), (30, 101), (-30, 101)], closed=True)
    layers.paint(layers.mask(place.points(cuff)), (128, 94, 68), 7)


def _paint_note(layers: _Layers, note: Image) -> None:
    h, w = note.shape[:2]
    x, y = (round(float(v) * layers.scale) for v in -np.array(NOTE_MM) / 2 - layers.origin)
    # Paper in a hand bows a little, and most notes have been folded in the middle. All figures are judged by eye.
    across = np.linspace(-1, 1, w, dtype=np.float32)
    bow = 0.90 - 0.07 * across**2 + 0.05 * across + 0.05 * np.exp(-(((across + 0.02) / 0.012) ** 2))
    bow -= 0.07 * np.exp(-(((across - 0.01) / 0.015) ** 2))
    layers.colour[y : y + h, x : x + w] = np.clip(note * bow[None, :, None], 0, 255).astype(np.uint8)
    layers.opacity[y : y + h, x : x + w] = 255


def _paint_thumb(layers: _Layers, place: _GripTransform) -> None:
    path = round_corners(np.asarray(_THUMB))
    discs = [place.points(ellipse_points((x, y), (r, r))) for x, y, r in path]
    # The convex hull of each disc and the next makes a limb that is as wide at each point as its disc.
    hulls = [np.concatenate(pair) for pair in pairwise(discs)]
    thumb = layers.mask(*[cv2.convexHull(hull.astype(np.float32))[:, 0].astype(np.float64) for hull in hulls])
    layers.shade(thumb, 0.38, 2.2, (2.5, 2.5))
    layers.paint(thumb, _SKIN, 9)
    layers.paint(layers.mask(place.points(ellipse_points((1.6, -11.5), (4.4, 5.6)))), _NAIL, 3)
    for y in (0.0, 2.2):
        crease = ellipse_points((7.4, y + 7), (5.0, 0.45), -14)
        layers.paint(layers.mask(place.points(crease)), (96, 124, 172))
