"""Pictures of several notes, laid beside, above and on each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Drawing, Image, Numbers
from training.dataset.notes import FlatNote

_FRAME = (1280, 960)
"""Width and height of the pictures, pixels."""
_MIN_SHOWS = 1 / 12
"""Share of the picture that must show of each note, for its user to be told that there are several."""
_TRIES = 30
"""How often the notes are laid anew until as much shows of each. Chosen by hand."""


@dataclass(frozen=True)
class Lie:
    """How one note lies in a picture."""

    across: float
    """Of its middle, shares of the picture's width, from the left."""
    down: float
    """Of its middle, shares of the picture's height, from the top."""
    width: float
    """Of the note, as a share of the picture's width."""
    turn: float = 0.0
    """Degrees, clockwise."""


_Layout = Callable[[np.random.Generator], Sequence[Lie]]


def _side_by_side(rng: np.random.Generator) -> Sequence[Lie]:
    return [Lie(x, rng.uniform(0.35, 0.65), rng.uniform(0.4, 0.47), rng.uniform(-8, 8)) for x in (0.25, 0.75)]


def _one_above_the_other(rng: np.random.Generator) -> Sequence[Lie]:
    return [
        Lie(rng.uniform(0.45, 0.55), y, rng.uniform(0.5, 0.7), rng.uniform(-5, 5) + 180 * int(rng.integers(2)))
        for y in (0.25, 0.75)
    ]


def _three_in_a_column(rng: np.random.Generator) -> Sequence[Lie]:
    return [Lie(rng.uniform(0.45, 0.55), y, rng.uniform(0.47, 0.53), rng.uniform(-3, 3)) for y in (0.17, 0.5, 0.83)]


def _one_upright(rng: np.random.Generator) -> Sequence[Lie]:
    flat = Lie(0.33, 0.5, rng.uniform(0.5, 0.62), rng.uniform(-8, 8))
    return [flat, Lie(0.85, 0.5, rng.uniform(0.45, 0.6), 90 + rng.uniform(-8, 8))]


def _crossed(rng: np.random.Generator) -> Sequence[Lie]:
    under = Lie(0.5, 0.5, rng.uniform(0.7, 0.8), rng.uniform(-8, 8))
    return [under, Lie(rng.uniform(0.35, 0.65), 0.5, rng.uniform(0.6, 0.7), 90 + rng.uniform(-10, 10))]


def _one_on_the_other(rng: np.random.Generator) -> Sequence[Lie]:
    under = Lie(rng.uniform(0.36, 0.44), rng.uniform(0.38, 0.47), rng.uniform(0.5, 0.66), rng.uniform(-25, 25))
    return [under, Lie(rng.uniform(0.55, 0.64), rng.uniform(0.54, 0.63), rng.uniform(0.5, 0.66), rng.uniform(-25, 25))]


def _fan_of_three(rng: np.random.Generator) -> Sequence[Lie]:
    first, step = rng.uniform(-30, -20), rng.uniform(15, 25)
    return [Lie(0.33 + 0.16 * n, 0.4 + 0.09 * n, 0.56, first + step * n) for n in range(3)]


def _strip_above(rng: np.random.Generator) -> Sequence[Lie]:
    width, out = rng.uniform(0.65, 0.78), rng.uniform(0.3, 0.5)
    high = width / 2.36 * 4 / 3 * out
    return [Lie(0.5, 0.45 - high / 2, width), Lie(0.5, 0.45 + high / 2, width, rng.uniform(-2, 2))]


def _strip_at_an_end(rng: np.random.Generator) -> Sequence[Lie]:
    width, side = rng.uniform(0.6, 0.72), float(rng.choice([-1.0, 1.0]))
    out = side * rng.uniform(0.25, 0.38) * width
    return [Lie(0.5 + out / 2, 0.48, width), Lie(0.5 - out / 2, 0.48, width, rng.uniform(-2, 2))]


LAYOUTS: Mapping[str, _Layout] = {
    "side by side": _side_by_side,
    "one above the other": _one_above_the_other,
    "three in a column": _three_in_a_column,
    "one upright": _one_upright,
    "crossed": _crossed,
    "one on the other": _one_on_the_other,
    "fan of three": _fan_of_three,
    "a strip above": _strip_above,
    "a strip at an end": _strip_at_an_end,
}
"""How the notes lie, the lowest first, by name."""


def lay_notes(
    rng: np.random.Generator, layout: str, choose: Callable[[int], Sequence[FlatNote]], background: Image
) -> tuple[Image, Sequence[FlatNote]]:
    """Return a picture of several notes, and the notes; of each, 1/12 of the picture shows.

    Returns uint8 [h, w, 3] BGR and the notes, the lowest first; if they cannot be laid so, as much shows as can be.

    layout: a name of LAYOUTS. choose: gives so many notes. background: uint8 [h, w, 3] BGR, stretched to the picture.
    """
    laid: list[tuple[float, Image, Sequence[FlatNote]]] = []
    while not laid or (len(laid) < _TRIES and laid[-1][0] < _MIN_SHOWS):
        lies = LAYOUTS[layout](rng)
        notes = choose(len(lies))
        picture = np.asarray(cv2.resize(background, _FRAME, interpolation=cv2.INTER_AREA), np.uint8)
        shows: list[Numbers] = []
        for note, lie in zip(notes, lies, strict=True):
            picture, over = lay_flat(picture, note, _corners(note, lie))
            shows = [*(shown * (1 - over) for shown in shows), over]
        laid.append((min(float(shown.mean()) for shown in shows), picture, notes))
    _, picture, notes = max(laid, key=lambda one: one[0])
    return picture, notes


def lay_flat(picture: Image, note: FlatNote, corners: Corners) -> tuple[Image, Numbers]:
    """Return a picture with a note on it as it is, without wear, light or blur, and where it is.

    picture: uint8 [h, w, 3] BGR. corners: of the note in it, float32 [4, 2] pixels. Where it is: float32 [h, w], 0..1.
    """
    size = picture.shape[1::-1]
    level = note.level_for(float(np.linalg.norm(corners[1] - corners[0])))
    high, wide = level.shape[:2]
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32) - 0.5
    place = cv2.getPerspectiveTransform(flat, (corners - 0.5).astype(np.float32))
    over = cv2.warpPerspective(level[..., 3], place, size, flags=cv2.INTER_AREA).astype(np.float32) / 255
    # Beyond its edge the note goes on, so that its rim is not blended with black.
    drawn = cv2.warpPerspective(level[..., :3], place, size, flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
    mixed: Drawing = (picture + (drawn.astype(np.float32) - picture) * over[..., None]).astype(np.uint8)
    return mixed, over


def _corners(note: FlatNote, lie: Lie) -> Corners:
    """Return where a note's corners lie in the picture, float32 [4, 2] pixels."""
    high, wide = note.levels[0].shape[:2]
    half = lie.width * _FRAME[0] / 2
    angle = np.deg2rad(lie.turn)
    turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    unit = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float) * [half, half * high / wide]
    return np.asarray(unit @ turned + [lie.across * _FRAME[0], lie.down * _FRAME[1]], np.float32)
