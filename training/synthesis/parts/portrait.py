"""Notes whose portrait is hidden or exchanged for one that no note has, while numerals and words stay."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Drawing
from training.dataset.notes import FlatNote, flat_note
from training.synthesis.parts.layout import Layout
from training.synthesis.parts.paste import canvas_of, jittered, part_of, paste

_FACE_SIZE = (120, 96)
"""Height and width of a drawn portrait, pixels, before it is fitted."""


def with_other_portrait(rng: np.random.Generator, note: FlatNote, layout: Layout, picture: Drawing) -> FlatNote:
    """Return a note that keeps its value but not its portrait, or not the building on its back.

    layout: the note's, with a portrait. picture: of which a part may become the portrait, uint8 [h, w, 3 or 4] BGR;
    another currency's note or a room.
    """
    canvas = canvas_of(note)
    way = rng.random()
    oval = rng.random() < 0.6
    for box in layout.portraits:
        there = jittered(rng, box)
        old = part_of(canvas, there)
        if way < 0.2:
            patch = unrecognisable(rng, old)
        elif way < 0.45:
            patch = drawn_face(rng)
        elif way < 0.55:
            patch = plain_ground(rng, old)
        else:
            patch = in_one_ink(rng, random_part(rng, picture, old.shape[1] / old.shape[0]), old)
        paste(rng, canvas, there, patch, oval, matched=way >= 0.55 or (way >= 0.2 and rng.random() < 0.5))
    return flat_note(note.class_name, canvas)


def unrecognisable(rng: np.random.Generator, part: Drawing) -> Drawing:
    """Return a part of a note so blurred or so coarse that nobody is recognised."""
    height, width = part.shape[:2]
    cells = int(rng.integers(3, 7))
    small = cv2.resize(np.ascontiguousarray(part[..., :3]), (cells, cells), interpolation=cv2.INTER_AREA)
    way = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_NEAREST
    return cv2.resize(small, (width, height), interpolation=way)


def plain_ground(rng: np.random.Generator, part: Drawing) -> Drawing:
    """Return paper or ink with fine lines, in the colours of a part, uint8 of its height and width."""
    height, width = part.shape[:2]
    dark, light = np.percentile(part[..., :3].reshape(-1, 3), [10, 90], axis=0)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    slope = rng.uniform(-1, 1)
    lines = 0.5 + 0.5 * np.sin((ys + slope * xs) * rng.uniform(0.6, 2.2))
    share = np.clip(rng.uniform(0, 0.9) + lines * rng.uniform(0, 0.3), 0, 1)[..., None]
    return np.asarray(light + (dark - light) * share, np.uint8)


def random_part(rng: np.random.Generator, picture: Drawing, aspect: float) -> Drawing:
    """Return a part of a picture of about this width over height, at times mirrored."""
    height, width = picture.shape[:2]
    high = min(height, width / aspect) * rng.uniform(0.4, 1.0)
    size_y, size_x = max(int(high), 8), max(int(min(high * aspect, width)), 8)
    top = int(rng.integers(0, max(height - size_y, 0) + 1))
    left = int(rng.integers(0, max(width - size_x, 0) + 1))
    part = picture[top : top + size_y, left : left + size_x, :3]
    return part[:, ::-1] if rng.random() < 0.5 else part


def in_one_ink(rng: np.random.Generator, picture: Drawing, like: Drawing) -> Drawing:
    """Return a picture as if engraved, in the paper and ink of a part of a note.

    picture: uint8 [h, w, 3] BGR. like: uint8 [h, w, 3 or 4]. The result has the height and width of that.
    """
    height, width = like.shape[:2]
    grey = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_BGR2GRAY)
    grey = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA)
    low, high = np.percentile(grey, [3, 97])
    share = np.clip((grey - low) / max(float(high - low), 1.0), 0, 1).astype(np.float32)
    share = _hatched(rng, share)[..., None]
    dark, light = np.percentile(like[..., :3].reshape(-1, 3), [5, 92], axis=0).astype(np.float32)
    return np.asarray(dark + (light - dark) * share, np.uint8)


def drawn_face(rng: np.random.Generator) -> Drawing:
    """Return a made-up portrait, uint8 [h, w, 3] BGR in one grey ink: a head with hair and shoulders, hatched."""
    height, width = _FACE_SIZE
    ground, skin, hair = rng.uniform(30, 235), rng.uniform(150, 235), rng.uniform(20, 240)
    face = np.full((height, width), ground, np.uint8)
    x, y = width * rng.uniform(0.42, 0.58), height * rng.uniform(0.36, 0.46)
    wide, high = width * rng.uniform(0.17, 0.26), height * rng.uniform(0.2, 0.27)
    coat = [
        (int(x + dx * width), int(height * dy)) for dx, dy in ((-0.45, 1.1), (-0.3, 0.76), (0.3, 0.76), (0.45, 1.1))
    ]
    cv2.fillPoly(face, [np.array(coat, np.int32)], (float(rng.uniform(20, 120)),), cv2.LINE_AA)
    at, tilt = (round(x), round(y)), float(rng.normal(0, 8))
    grown = rng.uniform(1.05, 1.35, 2)
    above = (round(x), round(y - high * rng.uniform(0.05, 0.35)))
    cv2.ellipse(face, above, (round(wide * grown[0]), round(high * grown[1])), tilt, 0, 360, (float(hair),), -1)
    cv2.rectangle(
        face, (round(x - wide * 0.5), round(y)), (round(x + wide * 0.5), round(height * 0.8)), (skin * 0.9,), -1
    )
    cv2.ellipse(face, at, (round(wide), round(high)), tilt, 0, 360, (float(skin),), -1, cv2.LINE_AA)
    turn = rng.uniform(-0.25, 0.25) * wide
    for side in (-1, 1):
        eye = (round(x + turn + side * wide * 0.42), round(y - high * 0.12))
        cv2.ellipse(
            face, eye, (max(round(wide * 0.2), 1), max(round(high * 0.08), 1)), 0, 0, 360, (50,), -1, cv2.LINE_AA
        )
        cv2.line(face, (eye[0] - 4, eye[1] - 6), (eye[0] + 4, eye[1] - 6), (70,), 2, cv2.LINE_AA)
    nose = (round(x + turn * 1.5), round(y + high * 0.3))
    cv2.line(face, (round(x + turn), round(y - high * 0.1)), nose, (skin * 0.6,), 2, cv2.LINE_AA)
    mouth = (round(x + turn), round(y + high * 0.58))
    cv2.ellipse(face, mouth, (max(round(wide * 0.3), 1), 2), 0, 0, 360, (skin * 0.5,), -1, cv2.LINE_AA)
    if rng.random() < 0.3:
        cv2.ellipse(face, mouth, (round(wide * 0.7), round(high * 0.4)), 0, 0, 180, (hair,), -1, cv2.LINE_AA)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    lit = 1 + rng.uniform(-0.5, 0.5) * (xs - x) / width + 0.12 * np.sin(ys / 9 + xs / 13)
    soft = cv2.GaussianBlur(face, (0, 0), 1.2).astype(np.float32) * lit
    share = _hatched(rng, np.clip(soft / 255, 0, 1).astype(np.float32))
    return np.repeat((share * 255).astype(np.uint8)[..., None], 3, axis=2)


def _hatched(rng: np.random.Generator, share: Drawing) -> Drawing:
    """Return a picture with an engraver's lines, thick where it is dark: float32 [h, w], 0 dark to 1 light."""
    ys, xs = np.mgrid[0 : share.shape[0], 0 : share.shape[1]].astype(np.float32)
    angle, pitch = rng.uniform(0, np.pi), rng.uniform(1.2, 2.4)
    wave = np.sin((xs * np.cos(angle) + ys * np.sin(angle)) * pitch + 2 * np.sin(ys / 15))
    lines = np.clip(share * 2.2 - 0.6 + 0.5 * wave, 0, 1)
    return np.asarray(share + (lines - share) * np.float32(rng.uniform(0.0, 0.6)), np.float32)
