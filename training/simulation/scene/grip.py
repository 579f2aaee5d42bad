"""The hand that holds: skin of any colour, thumb or fingers in front, an arm behind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Drawing
from currency_app.demo.notes import NOTE_MM

_NOTE_WIDTH = NOTE_MM[0]
"""Millimetres. Width of the note that a hand is drawn for, whatever it holds: a smaller note makes a smaller hand."""
_SCALE = 1.7
"""Pixels of the hand's picture a millimetre: as sharp as a note that fills a frame needs. Chosen by hand."""
_LEFT, _TOP, _RIGHT, _LOW = -110.0, -90.0, 110.0, 520.0
"""Millimetres. Edges of the hand's picture, around where the hand takes hold."""
_LIGHTEST = np.array([196.0, 210.0, 240.0])
"""Lightest skin, BGR 0..255. Judged by eye."""
_DARKEST = np.array([38.0, 52.0, 84.0])
"""Darkest skin, BGR 0..255. Judged by eye."""
_TURNS = {"below": 0.0, "right": -62.0, "left": 62.0, "above": 180.0}
"""Degrees, clockwise, by which an arm from each side of the picture is turned. Judged by eye."""
SIDES = ("below", "right", "left")
"""Where an arm may come from; one from above belongs to a camera on a stand."""

Disc = tuple[float, float, float]
"""x, y and radius, millimetres: the hand takes hold at 0, 0, the note lies at negative y, the arm at positive y."""

_PALM: Sequence[Disc] = ((-14, 24, 17), (-13, 66, 20), (12, 70, 18), (13, 26, 16))
"""Shape of the palm, drawn by eye."""
_THUMB: Sequence[Disc] = ((15, 66, 15), (15, 34, 12), (9, 10, 10), (4, -10, 9), (2, -20, 8))
"""Shape of the thumb, drawn by eye."""


class Hand:
    """A hand, drawn once, that slides over the note's edge to cover more or less of it.

    side: the side of the picture that the arm comes from, see `SIDES`. note_aspect: width over height of the note that
    it is drawn for. covering: with its fingers in front, not with its thumb alone. roll: radians, how the note is
    turned in the hand; the hand turns with what is added to it.
    """

    def __init__(
        self, rng: np.random.Generator, side: str, note_aspect: float, covering: bool = False, roll: float = 0.0
    ) -> None:
        self.side = side
        self.note_aspect = note_aspect
        self._pixels = _drawn(rng, covering)
        self._box = cv2.boundingRect(np.ascontiguousarray(self._pixels[..., 3]))
        self._turn = math.radians(_TURNS[side] + float(rng.normal(0, 9)))
        self._roll = roll
        # Laid on the note, a hand is nearer to the camera than behind it, and looks larger.
        self._larger = float(rng.uniform(1.2, 1.35)) if covering else 1.0
        note_height = _NOTE_WIDTH / note_aspect
        across = abs(math.cos(roll)) * note_height + abs(math.sin(roll)) * _NOTE_WIDTH
        along = abs(math.cos(roll)) * _NOTE_WIDTH + abs(math.sin(roll)) * note_height
        # From the note's centre to where the hand takes hold, in the picture's directions.
        if side in ("below", "above"):
            # A hand that covers much lies near the middle: at a corner it could not.
            reach = 0.12 if covering else 0.36
            edge = np.array([rng.uniform(-reach, reach) * along, across / 2 * (1 if side == "below" else -1)])
        else:
            edge = np.array([along / 2 * (1 if side == "right" else -1), rng.uniform(-0.1, 0.3) * across])
        self._grip = edge
        self._slides = np.linspace(-90.0, 130.0, 45)
        self._shares = np.maximum.accumulate([self._share(note_aspect, slide) for slide in self._slides])

    def placed(self, x: float, y: float, width: float, roll: float, fingers: float) -> npt.NDArray[np.float64]:
        """Return the map from pixels of the hand's picture to pixels of a frame: float64 [2, 3].

        x, y: the note's centre, pixels. width: of the note seen straight on, pixels. roll: radians. fingers: share of
        the note to cover. A hand is no plane: it moves, turns and grows with the note, and does not tilt with it.
        """
        slide = float(np.interp(fingers, self._shares, self._slides))
        return self._matrix(slide, roll - self._roll, width / _NOTE_WIDTH, x, y)

    def outline(self, matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return corners of the box around the hand in the frame, float64 [4, 2], pixels."""
        left, top, width, height = self._box
        right, low = left + width, top + height
        box = np.array([[left, top], [right, top], [right, low], [left, low]], float)
        return np.asarray(box @ matrix[:, :2].T + matrix[:, 2])

    def draw(self, matrix: npt.NDArray[np.float64], size: tuple[int, int]) -> Drawing:
        """Return the hand on an otherwise empty layer, uint8 [height, width, 4].

        matrix: as `placed` returns it. size: width and height, pixels.
        """
        drawn: Drawing = cv2.warpAffine(self._pixels, matrix, size, flags=cv2.INTER_LINEAR)
        return drawn

    def _matrix(self, slide: float, roll: float, scale: float, x: float, y: float) -> npt.NDArray[np.float64]:
        turn = self._turn
        inward = -np.array([-math.sin(turn), math.cos(turn)])
        at = _rotation(roll) @ (self._grip + inward * slide) * scale + [x, y]
        linear = _rotation(turn + roll) * (scale * self._larger / _SCALE)
        origin = np.array([-_LEFT, -_TOP]) * _SCALE - 0.5
        return np.column_stack([linear, at - 0.5 - linear @ origin])

    def _share(self, note_aspect: float, slide: float) -> float:
        """Return the share of the note, 0..1, that the hand covers if slid so many millimetres over its edge."""
        half = np.array([_NOTE_WIDTH, _NOTE_WIDTH / note_aspect]) / 2
        corners = (np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half) @ _rotation(self._roll).T + 128
        note = np.zeros((256, 256), np.uint8)
        cv2.fillConvexPoly(note, np.round(corners).astype(np.int32), 255)
        hand = self.draw(self._matrix(slide, 0.0, 1.0, 128.0, 128.0), (256, 256))
        return cv2.mean(np.ascontiguousarray(hand[..., 3]), note)[0] / 255


def _rotation(angle: float) -> npt.NDArray[np.float64]:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


class _Canvas:
    """A layer in millimetres, empty at first, that is painted limb by limb."""

    def __init__(self) -> None:
        shape = (round((_LOW - _TOP) * _SCALE), round((_RIGHT - _LEFT) * _SCALE))
        self.colour = np.zeros((*shape, 3), np.float32)
        self.opacity = np.zeros(shape, np.float32)

    def paint(self, mask: Drawing, colour: npt.NDArray[np.float64], round_mm: float) -> None:
        """Paint inside the mask, darker towards its rim, as round things look in a room's light."""
        # Only the limb's own box: most are far smaller than the whole. A pixel around it is its rim.
        x, y, width, height = cv2.boundingRect(mask)
        box = np.s_[max(y - 1, 0) : y + height + 1, max(x - 1, 0) : x + width + 1]
        depth = cv2.distanceTransform((mask[box] > 127).astype(np.uint8), cv2.DIST_L2, 3) / (round_mm * _SCALE)
        shade = 0.60 + 0.42 * np.sqrt(np.clip(depth, 0, 1))
        alpha = mask[box].astype(np.float32) / 255
        under = self.colour[box]
        under += (colour.astype(np.float32) * shade[..., None] - under) * alpha[..., None]
        self.opacity[box] = np.maximum(self.opacity[box], alpha)

    def hull(self, discs: Sequence[Disc]) -> Drawing:
        """Return the mask of everything between some discs: uint8, 255 inside."""
        mask = np.zeros(self.opacity.shape, np.uint8)
        _fill(mask, discs)
        return mask

    def limb(self, discs: Sequence[Disc]) -> Drawing:
        """Return the mask of a limb, as wide at each point as its disc: uint8, 255 inside."""
        mask = np.zeros(self.opacity.shape, np.uint8)
        for pair in pairwise(discs):
            _fill(mask, pair)
        return mask


_ROUND = np.linspace(0, 2 * np.pi, 24, endpoint=False)
"""Angles, radians, of the polygon that stands for a disc."""


def _fill(mask: Drawing, discs: Sequence[Disc]) -> None:
    rims = [np.array([x - _LEFT, y - _TOP]) + r * np.stack([np.cos(_ROUND), np.sin(_ROUND)], 1) for x, y, r in discs]
    hull = cv2.convexHull((np.concatenate(rims) * _SCALE * 16).astype(np.int32))
    cv2.fillConvexPoly(mask, hull, 255, cv2.LINE_AA, 4)


def _drawn(rng: np.random.Generator, covering: bool) -> Drawing:
    canvas = _Canvas()
    skin = _LIGHTEST + (_DARKEST - _LIGHTEST) * rng.beta(1.1, 1.5)
    skin = skin * rng.uniform([0.88, 0.94, 0.96], [1.08, 1.04, 1.03])
    arm = [(0.0, 80.0, 26.0), (rng.normal(0, 6), 150.0, 28.0), (rng.normal(0, 30), 510.0, 44.0)]
    canvas.paint(canvas.limb(arm), skin, 26)
    if rng.random() < 0.65:
        cuff = rng.uniform(95, 220)
        sleeve = [(0.0, cuff, 34.0), (arm[1][0], max(cuff, 150.0) + 10, 36.0), (arm[2][0], 512.0, 52.0)]
        canvas.paint(canvas.limb(sleeve), rng.uniform(15, 225, 3), 30)
    if covering:
        _front_fingers(rng, canvas, skin)
    else:
        canvas.paint(canvas.hull(_PALM), skin, 24)
        for x, y in ((-20.0, 10.0), (-22.0, 28.0), (-21.0, 46.0)):
            canvas.paint(canvas.limb([(x - 8, y, 8.0), (x + 12, y - 3, 8.0)]), skin, 8)
        long = rng.uniform(0.8, 1.4)
        thumb = [(x, y * long if y < 0 else y, r) for x, y, r in _THUMB]
        canvas.paint(canvas.limb(thumb), skin, 10)
        x, y, r = thumb[-1]
        canvas.paint(canvas.limb([(x - 0.5, y - 2, r * 0.55), (x, y + 3, r * 0.5)]), skin * 0.7 + 75, 4)
    picture = np.dstack([canvas.colour * canvas.opacity[..., None], canvas.opacity * 255])
    soft = cv2.GaussianBlur(np.clip(picture, 0, 255), (0, 0), 0.8)
    return np.asarray(np.round(soft), np.uint8)


def _front_fingers(rng: np.random.Generator, canvas: _Canvas, skin: npt.NDArray[np.float64]) -> None:
    """Paint the back of a hand that is laid on the note, its fingers side by side."""
    canvas.paint(canvas.hull([(-20, 22, 17), (-18, 74, 21), (18, 74, 21), (26, 22, 17)]), skin, 26)
    canvas.paint(canvas.limb([(30, 56, 13), (46, 26, 10), (50, 4, 8.5)]), skin, 10)
    spread = rng.uniform(0.0, 5.0)
    for number, length in enumerate((46.0, 60.0, 66.0, 56.0)[: int(rng.integers(3, 5))]):
        x = -27 + number * 18
        tip = (x + (number - 1.5) * spread, 20 - length * rng.uniform(0.9, 1.25), 8.0)
        canvas.paint(canvas.limb([(x, 24.0, 9.5), ((x + tip[0]) / 2, (24 + tip[1]) / 2, 9.0), tip]), skin, 9)
        canvas.paint(canvas.limb([(tip[0], tip[1] - 3, 4.5), (tip[0], tip[1] + 2, 4.5)]), skin * 0.75 + 60, 4)
