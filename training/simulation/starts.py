"""The ways in which a note is held wrongly at first."""

from __future__ import annotations

import math
from dataclasses import replace
from enum import Enum

import numpy as np

from training.simulation.scene.hold import Hold


class Start(Enum):
    """How a note is first held. UPSIDE_DOWN and GOOD can be read without being held otherwise."""

    TOO_FAR = "too_far"
    OFF_LEFT = "off_left"
    OFF_RIGHT = "off_right"
    OFF_UP = "off_up"
    OFF_DOWN = "off_down"
    DARK = "dark"
    BRIGHT = "bright"
    UPSIDE_DOWN = "upside_down"
    TILTED = "tilted"
    TOO_NEAR = "too_near"
    MOVING = "moving"
    FINGERS = "fingers"
    GOOD = "good"


READABLE_STARTS = (Start.UPSIDE_DOWN, Start.GOOD)
"""Starts that need no better hold."""
WRONG_STARTS = tuple(start for start in Start if start not in READABLE_STARTS)
"""Starts that must be held better before the note can be read."""

_WRONG_RANGES = {
    Start.TOO_FAR: ("cover", 0.035, 0.12),
    Start.TOO_NEAR: ("cover", 1.9, 3.2),
    Start.DARK: ("light", 0.04, 0.11),
    Start.BRIGHT: ("light", 3.5, 5.5),
    Start.MOVING: ("waving", 0.12, 0.16),
    Start.FINGERS: ("fingers", 0.52, 0.65),
}
"""For each start the field of `Hold` that is wrong, and its range: all of it lies outside what `Truth` calls readable.
Chosen by hand."""


def good_hold(rng: np.random.Generator) -> Hold:
    """Return a hold that can be read, as different people choose it."""
    cover = float(rng.uniform(0.22, 0.36))
    return Hold(
        x=float(rng.normal(0.5, 0.03)),
        y=float(rng.normal(0.48, 0.03)),
        cover=cover,
        roll=float(np.clip(rng.normal(0, 0.09), -0.25, 0.25)),
        yaw=float(np.clip(rng.normal(0, 0.16), -0.45, 0.45)),
        pitch=float(np.clip(rng.normal(0, 0.16), -0.45, 0.45)),
        light=float(np.exp(np.clip(rng.normal(-0.08, 0.14), -0.4, 0.22))),
        fingers=float(rng.uniform(0.01, 0.14)),
    )


def wrong_hold(rng: np.random.Generator, start: Start, good: Hold, note_aspect: float) -> Hold:
    """Return what a good hold becomes when one thing is wrong.

    Left, right, up and down are the picture's. note_aspect: width over height of the note.
    """
    if start in (Start.OFF_LEFT, Start.OFF_RIGHT, Start.OFF_UP, Start.OFF_DOWN):
        return _beside(rng, start, good, note_aspect)
    if start is Start.UPSIDE_DOWN:
        return replace(good, roll=good.roll + math.pi)
    if start is Start.TILTED:
        angle, sign = float(rng.uniform(1.3, 1.42)), float(rng.choice([-1.0, 1.0]))
        return replace(good, yaw=sign * angle) if rng.random() < 0.5 else replace(good, pitch=sign * angle)
    if start not in _WRONG_RANGES:
        return good
    name, low, high = _WRONG_RANGES[start]
    return replace(good, **{name: float(rng.uniform(low, high))})


def _beside(rng: np.random.Generator, start: Start, good: Hold, note_aspect: float) -> Hold:
    """Return a hold so far to one side that a quarter to half of the note is left in view."""
    # How far the centre lies inside the picture, share of the note.
    share = float(rng.uniform(-0.25, 0.05))
    wide = good.width(note_aspect) / 2
    if start is Start.OFF_LEFT:
        return replace(good, x=share * 2 * wide)
    if start is Start.OFF_RIGHT:
        return replace(good, x=1 - share * 2 * wide)
    high = wide / note_aspect * 4 / 3
    return replace(good, y=share * 2 * high if start is Start.OFF_UP else 1 - share * 2 * high)


def parked(hold: Hold, side: str, note_aspect: float) -> Hold:
    """Return the hold out of the picture, on the side that its arm comes from: hand and all.

    side: see `SIDES`. note_aspect: width over height of the note.
    """
    size = max(hold.width(note_aspect), 0.3)
    x, y = {"left": (-0.9 * size - 0.25, 0.65), "right": (1.25 + 0.9 * size, 0.65)}.get(
        side, (hold.x, -0.9 * size - 0.25 if side == "above" else 1.25 + 0.9 * size)
    )
    turn = {"left": -0.3, "right": 0.3}.get(side, 0.0)
    return replace(hold, x=x, y=y, roll=hold.roll + turn, waving=0.0)
