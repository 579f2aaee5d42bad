"""Corners of real notes, cut out as roughly as a network finds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.images import read_image
from training.dataset.manifest import LabelledImage
from training.synthesis.numerals.grounds import WINDOW

CROP = (64, 48)
"""Width and height of a corner as it is read, pixels: the numerals of a US note are then 15 to 30 high."""
NOTE_WIDTH = 280
"""Width of a straightened note that corners are cut out of, pixels: a corner is a fourth of it."""
NOTE_MARGIN = 0.025
"""How much around the note is straightened too, on each side, as a share of its width and height: corners are found
about as well."""
_AROUND = 0.12
"""How much around a note is kept to cut rough corners out of, as a share of its width and height. Chosen by hand."""
_MIN_WIDTH, _MAX_WIDTH = 150, 600
"""Pixels of a note in its picture, across, from which its numerals can be read, and to which it is made smaller."""
_MIN_OVERSAMPLING = 1.5
"""How many times finer than the note's copy its picture is before it is made smaller first. Chosen by hand."""


@dataclass(frozen=True, eq=False)
class WindowedNote:
    """A real note seen flat, with what is around it."""

    value: int
    """In units of the currency."""
    face: tuple[str, str]
    """Its class and the name of its design."""
    picture: Image
    """uint8 [h, w] grey."""
    seen: Image
    """uint8 [h, w], 255 where its photograph shows anything."""
    size: tuple[float, float]
    """Width and height of the note without what is around it, pixels."""


def note_size(aspect: float) -> tuple[int, int]:
    """Return width and height, pixels, of a straightened note with its margin. aspect: width over height of notes."""
    return NOTE_WIDTH, round(NOTE_WIDTH / aspect)


def windowed_notes(images: Iterable[tuple[LabelledImage, int]], aspect: float) -> list[WindowedNote]:
    """Return the notes that are large enough: scans as they are, photographs by their polygons.

    images: rows of single notes with their values. aspect: width over height of notes.
    """
    notes = []
    for image, value in images:
        if image.kind == "scan" or image.polygon is not None:
            note = _flattened(image, value, aspect)
            if note is not None:
                notes.append(note)
    return notes


def corner_window(
    rng: np.random.Generator, note: WindowedNote, place: int, aspect: float, away: tuple[float, float] = (0.0, 0.0)
) -> tuple[Floats, float]:
    """Return a corner of a note, and the share of it that is in the picture.

    The corner is float32, grey levels, of the window's size.

    place: 0 top left, 1 top right, 2 bottom right, 3 bottom left. away: how far beside the corner, shares of the note.
    """
    width, height = note.size
    note_width, note_height = note_size(aspect)
    share = np.array([CROP[0] / note_width, CROP[1] / note_height]) * (1 + 2 * NOTE_MARGIN)
    first = np.array([1 - share[0] if place in (1, 2) else 0.0, 1 - share[1] if place in (2, 3) else 0.0])
    first += np.where(first > 0, NOTE_MARGIN, -NOTE_MARGIN)
    window = first + np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * share + np.array(away)
    window = _roughly(rng, window, width / height)
    around = np.array([width, height])
    pixels = (window * around + around * _AROUND).astype(np.float32)
    right, bottom = WINDOW
    flat = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], np.float32)
    to_note = cv2.getPerspectiveTransform(flat - np.float32(0.5), pixels - np.float32(0.5))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    cut = cv2.warpPerspective(note.picture, to_note, WINDOW, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.warpPerspective(note.seen, to_note, WINDOW, flags=flags)
    return np.asarray(cut, np.float32), float((seen > 127).mean())


def _roughly(rng: np.random.Generator, window: Floats, aspect: float) -> Floats:
    """Return where a window lies if the note's corners are found with an IoU of about 0.85, [4, 2] shares."""
    middle = window.mean(axis=0)
    turn, to_square = float(rng.normal(0, 0.03)), np.array([aspect, 1.0])
    cos, sin = np.cos(turn), np.sin(turn)
    spread = (window - middle) * to_square * (1 + rng.normal(0, 0.05, 2))
    turned = spread @ np.array([[cos, sin], [-sin, cos]]) / to_square
    shift = rng.normal(0, [0.02, 0.032])
    return np.asarray(turned + middle + shift + rng.normal(0, 0.006, (4, 2)) * [1, 2], np.float32)


def _flattened(image: LabelledImage, value: int, aspect: float) -> WindowedNote | None:
    picture = read_image(image.path)
    high, wide = picture.shape[:2]
    whole = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    corners = whole if image.polygon is None else image.polygon
    if not cv2.isContourConvex(corners):
        return None
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    across = float(max(sides[0], sides[2], aspect * max(sides[1], sides[3])))
    if across < _MIN_WIDTH:
        return None
    width = min(across, _MAX_WIDTH)
    height = width / aspect
    if across > _MIN_OVERSAMPLING * width:
        smaller = 1.25 * width / across
        picture = np.asarray(cv2.resize(picture, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA), np.uint8)
        corners = corners * np.float32(smaller)
    left, top = width * _AROUND, height * _AROUND
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) + np.array([left, top], np.float32)
    straighten = cv2.getPerspectiveTransform(corners - np.float32(0.5), flat - np.float32(0.5))
    size = round(width + 2 * left), round(height + 2 * top)
    grey = cv2.cvtColor(cv2.warpPerspective(picture, straighten, size), cv2.COLOR_BGR2GRAY)
    seen = cv2.warpPerspective(np.full(picture.shape[:2], 255, np.uint8), straighten, size)
    face = image.class_name, image.series
    return WindowedNote(value, face, np.asarray(grey, np.uint8), np.asarray(seen, np.uint8), (width, height))
