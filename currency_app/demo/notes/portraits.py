"""Draw simple busts for the fronts: features by which the portraits differ, not likenesses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from currency_app.demo.notes.sheet import Colour, Sheet, blend, round_corners


@dataclass(frozen=True)
class Bust:
    """The features by which drawn heads differ; lengths are multiples of half the face's width."""

    hair: float
    """Grey of the hair, from 0, ink, to 1, paper."""
    coat: float
    """Grey of the coat, from 0, ink, to 1, paper."""
    crown: float
    """Height of the hair above the head."""
    sides: float
    """How far the hair extends beyond the sides of the face."""
    fall: float
    """How far down the hair falls past the ears; negative for short hair."""
    beard: str = "none"
    """"none", "chin" or "full"."""
    neck: str = "cravat"
    """What is worn at the neck: "cravat", "bow" or "fur", a fur collar."""
    bald: bool = False
    """Whether the top of the head is bald."""
    long_face: float = 1.3
    """Height of the face divided by its width."""


BUSTS: dict[int, Bust] = {
    1: Bust(hair=0.85, coat=0.12, crown=0.28, sides=0.45, fall=0.75),
    2: Bust(hair=0.62, coat=0.30, crown=0.20, sides=0.30, fall=0.35, long_face=1.42),
    5: Bust(hair=0.10, coat=0.05, crown=0.22, sides=0.18, fall=-0.1, beard="chin", neck="bow", long_face=1.5),
    10: Bust(hair=0.70, coat=0.40, crown=0.35, sides=0.12, fall=0.15, long_face=1.35),
    20: Bust(hair=0.55, coat=0.02, crown=0.65, sides=0.45, fall=0.25, long_face=1.6),
    50: Bust(hair=0.22, coat=0.18, crown=0.15, sides=0.12, fall=-0.2, beard="full", neck="bow", long_face=1.25),
    100: Bust(hair=0.60, coat=0.35, crown=0.02, sides=0.38, fall=1.05, neck="fur", bald=True, long_face=1.3),
}
"""The busts by value in dollars, judged by eye."""


def draw_bust(sheet: Sheet, bust: Bust, centre: tuple[float, float], size: float, ink: Colour, paper: Colour) -> None:
    """Draw head and shoulders. centre: middle of the face, millimetres. size: half its width, millimetres."""
    pen = _Pen(sheet, centre, size, ink, paper)
    _shoulders(pen, bust)
    _hair_behind(pen, bust)
    _face(pen, bust)
    _hair_front(pen, bust)
    _beard(pen, bust)
    _hatching(pen, bust)


class _Pen:
    """Draws around the centre of the face, in units of half its width.

    Greys run from 0, ink, to 1, paper.
    """

    def __init__(self, sheet: Sheet, centre: tuple[float, float], size: float, ink: Colour, paper: Colour) -> None:
        self.sheet, self.centre, self.size, self.ink, self.paper = sheet, np.asarray(centre), size, ink, paper

    def grey(self, share: float) -> Colour:
        return blend(self.ink, self.paper, share)

    def at(self, points: list[tuple[float, float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return self.centre + np.asarray(points, np.float64) * self.size

    def shape(self, points: list[tuple[float, float]], grey: float) -> None:
        self.sheet.fill(round_corners(self.at(points), closed=True), self.grey(grey))

    def oval(
        self, x: float, y: float, rx: float, ry: float, grey: float, width: float = 0.0, angle: float = 0.0
    ) -> None:
        cx, cy = self.centre + np.asarray([x, y]) * self.size
        self.sheet.ellipse(
            (float(cx), float(cy)), (rx * self.size, ry * self.size), self.grey(grey), width * self.size, angle
        )

    def line(self, points: list[tuple[float, float]], grey: float, width: float = 0.07) -> None:
        self.sheet.line(round_corners(self.at(points)), self.grey(grey), width * self.size)


def _shoulders(pen: _Pen, bust: Bust) -> None:
    low = bust.long_face
    pen.shape(
        [
            (-2.4, low + 2.4),
            (-2.2, low + 0.9),
            (-0.7, low + 0.05),
            (0.7, low + 0.05),
            (2.2, low + 0.9),
            (2.4, low + 2.4),
        ],
        bust.coat,
    )
    pen.shape([(-0.55, low - 0.5), (0.55, low - 0.5), (0.6, low + 0.5), (-0.6, low + 0.5)], 0.7)
    if bust.neck == "cravat":
        pen.shape(
            [(-0.75, low + 0.0), (0.75, low + 0.0), (0.45, low + 1.4), (0.0, low + 1.8), (-0.45, low + 1.4)], 0.95
        )
        for fold in (-0.25, 0.0, 0.25):
            pen.line([(fold, low + 0.25), (fold * 0.6, low + 1.4)], 0.45, 0.05)
    elif bust.neck == "bow":
        pen.shape([(-0.6, low + 0.0), (0.6, low + 0.0), (0.3, low + 1.4), (-0.3, low + 1.4)], 0.95)
        pen.shape(
            [
                (-0.7, low + 0.05),
                (0.0, low + 0.25),
                (0.7, low + 0.05),
                (0.7, low + 0.5),
                (0.0, low + 0.3),
                (-0.7, low + 0.5),
            ],
            0.0,
        )
    else:
        pen.shape([(-1.2, low + 0.1), (-0.3, low + 0.2), (-0.2, low + 2.1), (-1.3, low + 2.1)], 0.72)
        pen.shape([(1.2, low + 0.1), (0.3, low + 0.2), (0.2, low + 2.1), (1.3, low + 2.1)], 0.72)
    pen.line([(-0.9, low + 0.4), (-0.5, low + 1.4), (-0.2, low + 2.2)], 0.75, 0.06)
    pen.line([(0.9, low + 0.4), (0.5, low + 1.4), (0.2, low + 2.2)], 0.75, 0.06)


def _hair_behind(pen: _Pen, bust: Bust) -> None:
    top, out, fall = -bust.long_face - bust.crown, 1 + bust.sides, bust.fall + 0.35
    if bust.bald:
        top = -bust.long_face * 0.55
    side = [(out * 0.75, top * 0.92), (out, -0.4), (out * 1.05, fall * 0.6), (out * 0.9, fall + 0.25), (0.6, fall)]
    pen.shape([(-x, y) for x, y in reversed(side)] + [(-0.4, top), (0.4, top), *side], bust.hair)
    for lock in np.linspace(0.1, 0.9, 5):
        for sign in (-1.0, 1.0):
            x = sign * (1 + bust.sides * float(lock))
            pen.line([(x * 0.8, top * 0.6), (x, -0.1), (x * 0.97, fall)], abs(bust.hair - 0.35), 0.05)


def _face(pen: _Pen, bust: Bust) -> None:
    h = bust.long_face
    pen.shape(
        [
            (-1, -h * 0.75),
            (0, -h * 1.15),
            (1, -h * 0.75),
            (1.02, 0.1),
            (0.75, h * 0.75),
            (0.25, h * 1.08),
            (-0.25, h * 1.08),
            (-0.75, h * 0.75),
            (-1.02, 0.1),
        ],
        0.88,
    )
    pen.shape([(0.5, -h * 0.6), (0.95, -h * 0.5), (0.95, 0.2), (0.7, h * 0.7), (0.3, h * 0.95), (0.55, 0.4)], 0.7)
    for sign in (-1, 1):
        pen.oval(sign * 0.42, -0.12, 0.2, 0.1, 0.98)
        pen.oval(sign * 0.42, -0.12, 0.09, 0.1, 0.0)
        pen.line([(sign * 0.18, -0.28), (sign * 0.42, -0.4), (sign * 0.72, -0.26)], 0.15, 0.1)
        pen.line([(sign * 0.25, 0.08), (sign * 0.45, 0.1), (sign * 0.62, 0.04)], 0.5, 0.05)
    pen.line([(-0.08, -0.25), (-0.1, 0.2), (-0.22, 0.42), (0.0, 0.52), (0.2, 0.44)], 0.35, 0.07)
    pen.line([(-0.35, 0.77), (0.0, 0.81), (0.35, 0.76)], 0.2, 0.1)
    pen.line([(-0.18, 0.95), (0.0, 0.98), (0.18, 0.95)], 0.55, 0.06)


def _hair_front(pen: _Pen, bust: Bust) -> None:
    h = bust.long_face
    if bust.bald:
        pen.shape([(-1.05, -h * 0.55), (-0.85, -h * 0.4), (-0.9, 0.5), (-1.2, 0.9), (-1.3, 0.1)], bust.hair)
        pen.shape([(1.05, -h * 0.55), (0.85, -h * 0.4), (0.9, 0.5), (1.2, 0.9), (1.3, 0.1)], bust.hair)
        return
    top = -h - bust.crown
    pen.shape(
        [
            (-1.1, -0.2),
            (-1.05, -h * 0.9),
            (-0.4, top),
            (0.4, top),
            (1.05, -h * 0.9),
            (1.1, -0.2),
            (0.85, -h * 0.6),
            (0.2, -h * 0.82),
            (-0.5, -h * 0.75),
            (-0.85, -h * 0.5),
        ],
        bust.hair,
    )
    for x in np.linspace(-0.8, 0.8, 7):
        pen.line([(float(x) * 0.8, -h * 0.8), (float(x), top * 0.97 + abs(float(x)) * 0.3)], abs(bust.hair - 0.3), 0.05)


def _beard(pen: _Pen, bust: Bust) -> None:
    h = bust.long_face
    if bust.beard == "none":
        return
    top = 0.55 if bust.beard == "full" else 0.75
    pen.shape(
        [
            (-1.05, -0.05),
            (-0.85, top),
            (-0.4, top + 0.05),
            (0, top + 0.4),
            (0.4, top + 0.05),
            (0.85, top),
            (1.05, -0.05),
            (0.95, h * 0.9),
            (0.4, h * 1.25),
            (-0.4, h * 1.25),
            (-0.95, h * 0.9),
        ],
        bust.hair,
    )
    if bust.beard == "full":
        pen.shape([(-0.5, 0.75), (0, 0.5), (0.5, 0.75), (0.3, 0.8), (-0.3, 0.8)], bust.hair)
        pen.line([(-0.25, 0.88), (0.25, 0.88)], 0.75, 0.06)


def _hatching(pen: _Pen, bust: Bust) -> None:
    # Engravings shade with lines, which makes the drawing look like one at any size.
    h = bust.long_face
    for y in np.linspace(-h * 0.5, h * 0.85, 12):
        pen.line([(0.62, float(y)), (0.95 - 0.25 * max(0.0, float(y)) / h, float(y) - 0.08)], 0.4, 0.04)
    for y in np.linspace(h + 0.5, h + 2.1, 9):
        for sign in (-1.0, 1.0):
            reach = min(2.1, 0.9 + (float(y) - h) * 1.6)
            pen.line([(sign * 0.75, float(y)), (sign * reach, float(y) + 0.15)], bust.coat + 0.22, 0.04)
