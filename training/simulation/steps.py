"""What a person does who hears a hint, or tries something unasked: one step at a time."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from currency_app.events import HintKind
from training.simulation.scene.hold import FRAME_ASPECT, Hold

SEARCH_WEIGHTS = {
    HintKind.MOVE_CLOSER: 2.5,
    HintKind.MOVE_BACK: 2.0,
    HintKind.MOVE_LEFT: 1.5,
    HintKind.MOVE_RIGHT: 1.5,
    HintKind.MOVE_UP: 1.5,
    HintKind.MOVE_DOWN: 1.5,
    HintKind.TURN_OVER: 1.5,
    HintKind.NO_NOTE: 3.0,
    HintKind.HOLD_STILL: 1.5,
    HintKind.TILTED: 1.0,
    HintKind.FINGERS: 1.0,
    HintKind.TOO_DARK: 0.5,
    HintKind.TOO_BRIGHT: 0.2,
}
"""What someone tries who hears nothing, and its relative frequency. NO_NOTE is to hold the note up anew. Guesses."""

_DIRECTIONS = {
    HintKind.MOVE_LEFT: (-1.0, 0.0),
    HintKind.MOVE_RIGHT: (1.0, 0.0),
    HintKind.MOVE_UP: (0.0, -1.0),
    HintKind.MOVE_DOWN: (0.0, 1.0),
}
"""To the user's right, and down."""
_DIRECTION_ERROR = math.radians(12)
"""Standard deviation, radians, of the direction of a movement. A guess."""


def step(rng: np.random.Generator, kind: HintKind, hold: Hold, mirror_left: bool) -> tuple[Hold, float]:
    """Return what a hold becomes when a person does as a hint says, and in how many seconds.

    People know what to do and not how much of it is needed, and their hands miss a direction by some 12 degrees. The
    sizes of the steps are guesses. TURN_OVER leaves the hold as it is: which side is seen is no part of it.
    mirror_left: whether the user's left is the picture's right, as for a camera that faces the user.
    """
    duration = float(rng.uniform(0.35, 0.8))
    if kind in _DIRECTIONS:
        return _shifted(rng, hold, *_DIRECTIONS[kind], mirror_left), duration
    if kind is HintKind.MOVE_CLOSER:
        return _sized(rng, hold, float(rng.uniform(1.5, 2.2))), duration
    if kind is HintKind.MOVE_BACK:
        return _sized(rng, hold, 1 / float(rng.uniform(1.5, 2.2))), duration
    if kind in (HintKind.TOO_DARK, HintKind.TOO_BRIGHT):
        # Light is put on or off; one in five switches the wrong lamp.
        light = float(rng.uniform(0.7, 1.2)) if rng.random() < 0.8 else hold.light
        wanted = min(light, 1.2) if kind is HintKind.TOO_DARK else max(light, 0.7)
        return replace(hold, light=wanted), float(rng.uniform(1.0, 2.0))
    if kind is HintKind.TILTED:
        yaw, pitch = rng.uniform(0, 0.35, 2) * [hold.yaw, hold.pitch] + rng.normal(0, 0.1, 2)
        return replace(hold, yaw=float(yaw), pitch=float(pitch)), duration
    if kind is HintKind.FINGERS:
        return replace(hold, fingers=hold.fingers * float(rng.uniform(0.1, 0.5))), duration
    if kind is HintKind.HOLD_STILL:
        waving = hold.waving * float(rng.uniform(0.0, 0.25))
        return replace(hold, waving=waving if waving > 0.015 else 0.0), duration
    if kind is HintKind.NO_NOTE:
        # Brought in front of where the user believes the camera to be, at arm's length or nearer.
        place = rng.normal(0.5, 0.2, 2)
        cover = float(np.exp(rng.uniform(np.log(0.1), np.log(0.6))))
        return replace(hold, x=float(place[0]), y=float(place[1]), cover=cover), duration
    return hold, duration


def _shifted(rng: np.random.Generator, hold: Hold, right: float, down: float, mirror_left: bool) -> Hold:
    length = float(np.clip(rng.normal(0.18, 0.04), 0.08, 0.3))
    angle = math.atan2(down, -right if mirror_left else right) + float(rng.normal(0, _DIRECTION_ERROR))
    return replace(
        hold,
        x=float(np.clip(hold.x + length * math.cos(angle), -0.3, 1.3)),
        y=float(np.clip(hold.y + length * FRAME_ASPECT * math.sin(angle), -0.3, 1.3)),
    )


def _sized(rng: np.random.Generator, hold: Hold, factor: float) -> Hold:
    """Return the hold nearer or farther, and a little off the line between eye and hand."""
    growth = math.sqrt(factor)
    aside = rng.normal(0, 0.03, 2)
    # What lies off the middle moves outwards as it comes nearer, less so for a hand that aims at the camera.
    x, y = (0.5 + (place - 0.5) * growth**0.5 for place in (hold.x, hold.y))
    cover = float(np.clip(hold.cover * factor, 0.02, 3.5))
    return replace(hold, x=x + float(aside[0]), y=y + float(aside[1]), cover=cover)
