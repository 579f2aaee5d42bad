"""Notes of designs that nobody prints: frames, guilloches, portraits, seals, numerals and words, laid out at random."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Drawing
from training.dataset.labels import BACKGROUND
from training.dataset.notes import FlatNote, flat_note
from training.synthesis.parts.numerals import FACES, NO_VALUES, numeral_mask_in
from training.synthesis.parts.portrait import drawn_face, in_one_ink, random_part

_WIDTH = 480
"""Pixels of a made-up note: at most about 430 are seen."""
_WORDS = (
    "BANK", "NATIONAL", "REPUBLIC", "TREASURY", "CERTIFICATE", "UNITED", "STATES", "OF AMERICA", "FEDERAL", "RESERVE",
    "NOTE", "LEGAL TENDER", "PROVINCE", "ISLANDS", "DOLLARS", "CROWNS", "CENTRAL", "KINGDOM",
)  # fmt: skip
_NUMBER_WORDS = ("THREE", "SEVEN", "EIGHT", "FIFTEEN", "THIRTY", "FORTY", "SEVENTY", "NINETY", "THOUSAND", "MILLION")
_KNOWN_VALUES = (1, 2, 5, 10, 20, 50, 100)
_KNOWN_VALUE_SHARE = 0.35
"""How many bear a number that a real note has, on a look that none has."""


def made_up_note(rng: np.random.Generator, picture: Drawing, aspect: float) -> FlatNote:
    """Return a note of no known design, which has no value.

    picture: of which a part may become its portrait, uint8 [h, w, 3 or 4] BGR. aspect: width over height.
    """
    height = round(_WIDTH / (aspect * float(np.exp(rng.normal(0, 0.08)))))
    colourful = float(rng.choice([0.2, 1.0]))  # half are as pale as dollars
    paper = rng.uniform(150, 245) + rng.normal(0, 12, 3) * colourful - np.array([12.0, 0, 0])
    ink = rng.uniform(20, 90) + rng.normal(0, 18, 3) * colourful + np.array([0.0, rng.uniform(0, 30), 0])
    # 0 is bare paper, 255 full ink: coloured at the end, as a plate is printed.
    plate = np.zeros((height, _WIDTH), np.uint8)
    _guilloche(rng, plate)
    _frame(rng, plate)
    left, width = _portrait_place(rng)
    _texts(rng, plate, left, width)
    _seals(rng, plate, left, width)
    text = str(rng.choice(_KNOWN_VALUES if rng.random() < _KNOWN_VALUE_SHARE else NO_VALUES))
    _numerals(rng, plate, text)
    share = cv2.GaussianBlur(plate, (0, 0), 0.5 + float(rng.uniform(0, 0.6))).astype(np.float32)[..., None] / 255
    colour = paper * (1 + colourful * _tint(rng, height)) * (1 - share) + ink * share
    note = np.clip(colour, 0, 255).astype(np.uint8)
    _portrait(rng, note, picture, left, width, np.clip([paper, ink], 0, 255))
    return flat_note(BACKGROUND, note)


def _tint(rng: np.random.Generator, height: int) -> Drawing:
    """Return how much the paper is coloured where, float32 [height, _WIDTH, 3], about 0."""
    coarse = rng.normal(0, 0.09, (2, 5, 3)).astype(np.float32)
    return cv2.resize(coarse, (_WIDTH, height), interpolation=cv2.INTER_CUBIC)


def _guilloche(rng: np.random.Generator, plate: Drawing) -> None:
    """Draw the fine waves of the ground, in place."""
    height, width = plate.shape
    x = np.linspace(0, width, 90)
    shade, waves, lift = float(rng.uniform(25, 90)), rng.uniform(0.02, 0.12), rng.uniform(2, 9)
    for number, y in enumerate(np.arange(0, height, rng.uniform(4, 10))):
        line = np.stack([x, y + lift * np.sin(x * waves + number * 0.5)], axis=1)
        cv2.polylines(plate, [np.round(line * 8).astype(np.int32)], False, (shade,), 1, cv2.LINE_AA, 3)
    for _ in range(int(rng.integers(0, 4))):
        turn = np.linspace(0, 2 * np.pi, 160)
        radius = rng.uniform(15, 45) * (1 + rng.uniform(0.1, 0.5) * np.cos(turn * int(rng.integers(5, 19))))
        middle = rng.uniform([0.1, 0.2], [0.9, 0.8]) * [width, height]
        rosette = middle + np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)
        cv2.polylines(plate, [np.round(rosette * 8).astype(np.int32)], True, (shade + 60,), 1, cv2.LINE_AA, 3)


def _frame(rng: np.random.Generator, plate: Drawing) -> None:
    """Draw a border, in place: dark or light, plaited or plain, on all sides or two."""
    height, width = plate.shape
    depth, margin = float(rng.uniform(0.03, 0.13)) * height, float(rng.uniform(0.0, 0.06)) * height
    dark = float(rng.uniform(90, 240))
    sides = [
        (margin, margin, width - margin, margin + depth),
        (margin, height - margin - depth, width - margin, height - margin),
    ]
    if rng.random() < 0.7:
        sides += [
            (margin, margin, margin + depth, height - margin),
            (width - margin - depth, margin, width - margin, height - margin),
        ]
    for left, top, right, low in sides:
        cv2.rectangle(plate, (int(left), int(top)), (int(right), int(low)), (dark,), -1 if rng.random() < 0.8 else 1)
        along = np.linspace(0, 1, 120)
        level = right - left > low - top
        for phase in (0.0, np.pi):
            wave = np.sin(along * rng.uniform(40, 120) + phase) * depth * 0.35
            line = (
                np.stack([left + along * (right - left), (top + low) / 2 + wave], axis=1)
                if level
                else np.stack([(left + right) / 2 + wave, top + along * (low - top)], axis=1)
            )
            cv2.polylines(plate, [np.round(line * 8).astype(np.int32)], False, (dark * 0.3,), 1, cv2.LINE_AA, 3)


def _portrait_place(rng: np.random.Generator) -> tuple[float, float]:
    """Return where the portrait starts, and how wide it is: shares of the note's width."""
    width = float(rng.uniform(0.16, 0.38))
    return float(rng.choice([0.12, 0.3, 0.5 - width / 2, 0.55, 0.85 - width])) + float(rng.normal(0, 0.03)), width


def _texts(rng: np.random.Generator, plate: Drawing, left: float, width: float) -> None:
    """Print two to five lines of words, in place, most of them beside the portrait."""
    height, wide = plate.shape
    for _ in range(int(rng.integers(2, 6))):
        words = " ".join(rng.choice(_WORDS, int(rng.integers(1, 4)), replace=False))
        if rng.random() < 0.4:
            words = f"{rng.choice(_NUMBER_WORDS)} {rng.choice(_WORDS)}"
        high = height * float(rng.uniform(0.04, 0.11))
        room = (0.13, left) if left > 1 - left - width else (left + width, 0.87)
        if rng.random() < 0.3:
            room = (0.2, 0.8)
        mask = numeral_mask_in(int(rng.integers(FACES)), words)
        long = min(high * mask.shape[1] / mask.shape[0], (room[1] - room[0]) * wide)
        x = (room[0] + (room[1] - room[0]) * rng.uniform(0.3, 0.7)) * wide
        _stamp(plate, mask, (x, height * float(rng.uniform(0.06, 0.94))), (long, high), float(rng.uniform(150, 255)))


def _seals(rng: np.random.Generator, plate: Drawing, left: float, width: float) -> None:
    """Draw round seals and signatures, in place."""
    height, wide = plate.shape
    for _ in range(int(rng.integers(0, 4))):
        at = (round(wide * float(rng.uniform(0.12, 0.88))), round(height * float(rng.uniform(0.3, 0.75))))
        if left < at[0] / wide < left + width:
            continue
        radius, dark = round(height * float(rng.uniform(0.07, 0.15))), float(rng.uniform(110, 230))
        cv2.circle(plate, at, radius, (dark,), 1 if rng.random() < 0.5 else -1, cv2.LINE_AA)
        cv2.circle(plate, at, max(round(radius * 0.7), 1), (dark * 0.4,), 1, cv2.LINE_AA)
        mask = numeral_mask_in(int(rng.integers(FACES)), str(rng.choice(list("ABCDEFGHKL"))))
        _stamp(plate, mask, at, (radius * 0.7, radius), 255 - dark * 0.5)


def _numerals(rng: np.random.Generator, plate: Drawing, text: str) -> None:
    """Print the number into two, three or four corners, in place, each on a ground of its own."""
    height, wide = plate.shape
    face, dark = int(rng.integers(FACES)), float(rng.uniform(150, 255))
    inset, high = rng.uniform([0.05, 0.12], [0.1, 0.2]), height * float(rng.uniform(0.13, 0.3))
    corners = [(x, y) for y in (inset[1], 1 - inset[1]) for x in (inset[0], 1 - inset[0])]
    shield = rng.random()
    for x, y in [corners[int(i)] for i in rng.permutation(4)[: int(rng.integers(2, 5))]]:
        mask = numeral_mask_in(face, text)
        tall = high * float(rng.uniform(0.8, 1.3))
        long = min(tall * mask.shape[1] / mask.shape[0], wide * 0.17)
        at = (float(np.clip(x * wide, long * 0.6, wide - long * 0.6)), y * height)
        radii = (round(long * 0.7) + 2, round(tall * 0.75))
        middle = (round(at[0]), round(at[1]))
        if shield < 0.4:  # light on a dark shield
            cv2.ellipse(plate, middle, radii, 0, 0, 360, (dark,), -1, cv2.LINE_AA)
            _stamp(plate, mask, at, (long, tall), 10)
        else:
            if shield < 0.8:
                cv2.ellipse(plate, middle, radii, 0, 0, 360, (20,), -1, cv2.LINE_AA)
            _stamp(plate, mask, at, (long, tall), dark)


def _portrait(
    rng: np.random.Generator, note: Drawing, picture: Drawing, left: float, width: float, inks: Drawing
) -> None:
    """Put a portrait, or what is pictured instead, into a note, in place. inks: paper and ink, [2, 3]."""
    if rng.random() < 0.08:
        return
    height, wide = note.shape[:2]
    x0, x1 = round(max(left, 0.02) * wide), round(min(left + width, 0.98) * wide)
    y0 = round(height * float(rng.uniform(0.08, 0.25)))
    y1 = round(height * float(rng.uniform(0.75, 0.95)))
    there = note[y0:y1, x0:x1]
    swatch = np.repeat(inks[::-1, None, :], 8, axis=1).astype(np.uint8)
    like = cv2.resize(swatch, (x1 - x0, y1 - y0))
    part = drawn_face(rng) if rng.random() < 0.5 else random_part(rng, picture, (x1 - x0) / (y1 - y0))
    new = in_one_ink(rng, part, like)
    ys, xs = np.mgrid[0 : y1 - y0, 0 : x1 - x0].astype(np.float32)
    radius = np.hypot((xs + 0.5) / (x1 - x0) * 2 - 1, (ys + 0.5) / (y1 - y0) * 2 - 1)
    alpha = np.clip((1 - radius) * 20, 0, 1) if rng.random() < 0.6 else np.ones_like(radius)
    there[:] = (there + (new.astype(np.float32) - there) * alpha[..., None]).astype(np.uint8)
    if rng.random() < 0.5:
        centre, radii = (round((x0 + x1) / 2), round((y0 + y1) / 2)), (round((x1 - x0) / 2), round((y1 - y0) / 2))
        cv2.ellipse(note, centre, radii, 0, 0, 360, inks[1].tolist(), int(rng.integers(1, 4)), cv2.LINE_AA)


def _stamp(plate: Drawing, mask: Drawing, at: tuple[float, float], size: tuple[float, float], shade: float) -> None:
    """Print a mask around a point, in place; what lies off the note is cut. size: width and height, pixels."""
    fitted = cv2.resize(mask, (max(round(size[0]), 2), max(round(size[1]), 2)), interpolation=cv2.INTER_AREA)
    high, wide = fitted.shape
    top, left = round(at[1] - high / 2), round(at[0] - wide / 2)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + high, plate.shape[0]), min(left + wide, plate.shape[1])
    if y1 <= y0 or x1 <= x0:
        return
    alpha = fitted[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32) / 255
    under = plate[y0:y1, x0:x1].astype(np.float32)
    plate[y0:y1, x0:x1] = (under + (shade - under) * alpha).astype(np.uint8)
