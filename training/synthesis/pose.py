"""Where a note lies in the picture: a plane turned in space and seen by a pinhole camera."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners
from currency_app.recognition.corners import note_area, share_in_frame


def random_cover(rng: np.random.Generator) -> float:
    """Return a random share of the picture's area for a note to cover.

    Most notes can be read, some are too far away and some too near.
    """
    kind = rng.random()
    low, high = (0.03, 0.07) if kind < 0.07 else (1.25, 3.2) if kind < 0.18 else (0.07, 1.25)
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def nominal_aspect(note_aspect: float) -> float:
    """Return a note's width over height rounded to hundredths, for where only its rough shape matters.

    The dollar's is 2.36 then and not exactly 156 / 66, as in all pictures that the shipped models learnt from.
    """
    return round(note_aspect, 2)


def random_pose(
    rng: np.random.Generator,
    note_aspect: float,
    picture_aspect: float,
    cover: float,
    min_in_view: float,
    clipped: bool = False,
) -> Corners:
    """Return the corners of a note turned in space and placed in a picture.

    note_aspect, picture_aspect: width over height. cover: share of the picture's area that the note would cover if all
    of it were in view; for one that is turned far aside, if it were also seen straight on. min_in_view: 0..1, at least
    this share of the note is inside the picture, or of the picture's area if the note is larger. clipped: lay it across
    one of the picture's edges.

    Seven of ten notes are held within about 35 degrees of upright or upside down, one of twelve is seen nearly from its
    edge. A note that does not fit after twelve tries is put into the middle.
    """
    for _ in range(12):
        flat = _turned_note(rng, note_aspect, picture_aspect, cover)
        placed = (flat / [picture_aspect, 1.0]).astype(np.float32)
        placed += _offset_across_edge(rng, placed) if clipped else _offset_inside(rng, placed)
        largest = 1 / max(note_area(placed), 1.0)
        if cv2.isContourConvex(placed) and share_in_frame(placed) >= min_in_view * largest:
            return placed
    centred = placed - placed.mean(axis=0) + 0.5
    return centred.astype(np.float32)


def turned_note(note_aspect: float, roll: float, yaw: float, pitch: float, distance: float) -> Corners:
    """Return the corners of a note turned in space and seen by a pinhole camera.

    note_aspect: width over height. roll: radians, in the picture's plane, clockwise. yaw, pitch: radians, about the
    picture's upright and level axis. distance: from the camera to the note's centre, in halves of the note's width.
    Returns float32 [4, 2], not placed yet: its centre is 0, 0 and half its width 1, if it is seen straight on.
    """
    corners = (
        np.array([[-note_aspect, -1], [note_aspect, -1], [note_aspect, 1], [-note_aspect, 1]], float) / note_aspect
    )
    turned = corners @ np.array([[math.cos(roll), math.sin(roll)], [-math.sin(roll), math.cos(roll)]])
    depth = turned[:, 0] * math.sin(yaw) + turned[:, 1] * math.sin(pitch)
    turned = turned * [math.cos(yaw), math.cos(pitch)]
    return (turned * (distance / (distance + depth))[:, None]).astype(np.float32)


def _turned_note(rng: np.random.Generator, note_aspect: float, picture_aspect: float, cover: float) -> Corners:
    """Return a note turned at random, float32 [4, 2] around 0, 0.

    It is as large as it must be to cover its share of the picture.
    """
    if rng.random() < 0.7:
        roll = float(rng.normal(0, math.radians(17)) + math.pi * rng.integers(0, 2))
    else:
        roll = rng.uniform(-math.pi, math.pi)
    yaw, pitch = np.clip(rng.normal(0, math.radians(20), 2), -1.0, 1.0)
    edge_on = rng.random() < 0.08
    if edge_on:
        aside = float(rng.choice([-1.0, 1.0]) * rng.uniform(0.9, 1.42))
        yaw, pitch = (aside, pitch * 0.4) if rng.random() < 0.5 else (yaw * 0.4, aside)
    flat = turned_note(note_aspect, roll, yaw, pitch, rng.uniform(1.6 if cover > 1 else 2.2, 6.0))
    area = 4 / note_aspect if edge_on else max(float(cv2.contourArea(flat)), 1e-6)
    flat = flat * math.sqrt(cover * picture_aspect / area)
    return np.asarray(flat - (flat.min(axis=0) + flat.max(axis=0)) / 2, np.float32)


def _offset_inside(rng: np.random.Generator, centred: Corners) -> npt.NDArray[Any]:
    """Return how far to move a note so that its centre is in the picture, and mostly all of it."""
    half = np.abs(centred).max(axis=0)
    room = np.maximum(0.5 - half, 0.03) if rng.random() < 0.72 else np.full(2, 0.5)
    return (0.5 + rng.uniform(-1, 1, 2) * room).astype(np.float32)


def _offset_across_edge(rng: np.random.Generator, centred: Corners) -> npt.NDArray[Any]:
    """Return how far to move a note so that it lies across one edge of the picture."""
    half = np.abs(centred).max(axis=0)
    offset = 0.5 + rng.uniform(-1, 1, 2) * np.maximum(0.5 - half, 0.2)
    axis, side = int(rng.integers(0, 2)), float(rng.choice([-1.0, 1.0]))
    offset[axis] = 0.5 + side * (0.5 + rng.uniform(-0.8, 0.6) * half[axis])
    return offset.astype(np.float32)
