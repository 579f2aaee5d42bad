"""Training pictures: notes composited into scenes, augmented photographs, and scenes without a note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Drawing, Numbers
from currency_app.recognition.corners import between_pixel_centres, share_in_frame
from training.dataset.labels import BACKGROUND
from training.dataset.notes import NOTE_ASPECT, FlatNote
from training.synthesis.hand import draw_hand
from training.synthesis.lookalike import blank_paper
from training.synthesis.pose import nominal_aspect, random_cover, random_pose
from training.synthesis.surface import render_note
from training.synthesis.webcam import through_webcam

_MIN_SPREAD = 1.5
"""Standard deviation of the grey levels of a note, noise smoothed away, below which nobody sees it. Judged by eye."""
_PICTURE_ASPECTS = (4 / 3, 4 / 3, 4 / 3, 16 / 9, 3 / 4, 9 / 16, 1.0)
"""Width over height of the frames that cameras give, the usual one three times as often; chosen by hand."""
_NEAR_COVER = (0.15, 0.9)
"""Shares of the picture that a near note covers: its numerals are 9 pixels high or more in 256. Judged by eye."""
_MAX_COVERED_NEAR = 0.2
"""Share of a near note that a hand may cover, 0..1: less than what differs on it. Chosen by hand."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One training picture and its labels."""

    picture: Drawing
    """uint8 [size, size, 3] BGR, a whole frame stretched to a square."""
    class_name: str
    """Such as usd_20_front."""
    corners: Corners | None = None
    """float32 [4, 2] fractions of the picture, also of a banknote that has no value; None if unknown or without a
    note."""
    in_view: float | None = None
    """Share of the note inside the picture, 0..1, also of one that has no value; 0 if there is none; None if
    unknown."""
    object_corners: Corners | None = None
    """float32 [4, 2]: corners of a flat object other than a whole note: a look-alike or a folded note; else None."""
    hidden: float | None = None
    """Share of the note's visible area that a hand covers, 0..1; None if unknown."""


def random_crop(rng: np.random.Generator, image: Drawing, size: int) -> Drawing:
    """Return a random part of an image, at times mirrored or turned by quarters, scaled to a square.

    image: uint8 [h, w, 3] BGR. Returns uint8 [size, size, 3].
    """
    height, width = image.shape[:2]
    share = rng.uniform(0.45, 1.0)
    part_h, part_w = max(int(height * share), 8), max(int(width * share * rng.uniform(0.8, 1.0)), 8)
    top, left = int(rng.integers(0, height - part_h + 1)), int(rng.integers(0, width - part_w + 1))
    part = image[top : top + part_h, left : left + part_w]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    if rng.random() < 0.25:
        part = np.rot90(part, int(rng.integers(1, 4)))
    return np.ascontiguousarray(cv2.resize(np.ascontiguousarray(part), (size, size), interpolation=cv2.INTER_AREA))


def composite(
    rng: np.random.Generator,
    note: FlatNote,
    background: Drawing,
    distractors: Sequence[FlatNote],
    size: int,
    folded: bool = False,
    near: bool = False,
) -> Sample:
    """Return a note held in front of a background.

    background: uint8 [h, w, 3] BGR. distractors: other flat things, look-alikes or the same value again, that lie
    behind the note. size: pixels of the picture's sides. folded: hold it folded in half; then the corners of the whole
    note are unknown. near: hold it so near and so free of fingers that its numerals can be read. A note of class
    `background`, which has no value, is a look-alike.
    """
    if folded:
        note = _folded_half(rng, note)
    picture = random_crop(rng, background, size)
    picture_aspect = float(rng.choice(_PICTURE_ASPECTS))
    for other in distractors:
        height, width = other.levels[0].shape[:2]
        around = random_pose(rng, width / height, picture_aspect, rng.uniform(0.05, 0.4), 0.2)
        render_note(rng, picture, other, around)
    clipped = rng.random() < 0.18 and not near
    height, width = note.levels[0].shape[:2]
    aspect = float(width / height * np.exp(rng.normal(0, 0.03)))
    cover = float(np.exp(rng.uniform(*np.log(_NEAR_COVER)))) if near else random_cover(rng)
    corners = random_pose(rng, aspect, picture_aspect, cover, 0.9 if near else 0.15 if clipped else 0.48, clipped)
    if rng.random() < 0.35:
        _shadow(rng, picture, corners)
    mask = render_note(rng, picture, note, corners)
    hidden = 0.0
    if rng.random() < 0.6:
        max_covered = _MAX_COVERED_NEAR if near else 0.4 if rng.random() < 0.7 else 0.7
        hidden = draw_hand(rng, picture, corners, mask, max_covered=max_covered)
    seen = through_webcam(rng, picture, height=_height(corners))
    if _is_invisible(seen, mask):
        return Sample(seen, BACKGROUND)
    if folded:
        return Sample(seen, note.class_name, object_corners=corners, hidden=hidden)
    return Sample(seen, note.class_name, corners, share_in_frame(corners), hidden=hidden)


def _is_invisible(seen: Drawing, mask: Numbers) -> bool:
    """Whether so little or so much light is left that nothing is seen of what lies under the mask.

    seen: uint8 [size, size, 3] BGR. mask: float32 [size, size], 0..1.
    """
    smooth = cv2.blur(cv2.cvtColor(seen, cv2.COLOR_BGR2GRAY), (7, 7))
    _, spread = cv2.meanStdDev(smooth, mask=(mask > 0.5).astype(np.uint8))
    return float(spread[0, 0]) < _MIN_SPREAD


def _folded_half(rng: np.random.Generator, note: FlatNote) -> FlatNote:
    """Return about half of a note, as it is seen when it is folded."""
    share, right = rng.uniform(0.42, 0.6), rng.random() < 0.5
    cuts = [round(level.shape[1] * share) for level in note.levels]
    levels = zip(note.levels, cuts, strict=True)
    return FlatNote(note.class_name, tuple(level[:, -cut:] if right else level[:, :cut] for level, cut in levels))


def augmented_photo(
    rng: np.random.Generator,
    image: Drawing,
    class_name: str,
    polygon: Numbers | None,
    background: Drawing,
    size: int,
) -> Sample:
    """Return a photograph zoomed, shifted, turned and seen by another camera.

    image, background: uint8 [h, w, 3] BGR. polygon: float32 [4, 2] pixels of the note's corners; without it the
    photograph moves less, to keep the note in it. size: pixels of the picture's sides.
    """
    height, width = image.shape[:2]
    free = polygon is not None or class_name == BACKGROUND
    zoom = float(np.exp(rng.uniform(np.log(0.42), np.log(1.8)) if free else rng.uniform(np.log(0.6), np.log(1.15))))
    if rng.random() < 0.65:
        roll = rng.normal(0, 0.25) + (np.pi if rng.random() < 0.25 else 0)
    else:
        roll = rng.uniform(-np.pi, np.pi)
    stretch = np.exp(rng.normal(0, 0.18))
    scale = np.array([[zoom * stretch, 0], [0, zoom / stretch]]) * size
    turn = np.array([[np.cos(roll), -np.sin(roll)], [np.sin(roll), np.cos(roll)]])
    farthest = 0.08 if not free else 0.25 if rng.random() < 0.8 else 0.5
    shift = (0.5 + rng.uniform(-1, 1, 2) * farthest) * size
    linear = scale @ turn @ np.diag([1 / width, 1 / height])
    origin = shift - linear @ [width / 2, height / 2]
    if polygon is not None:  # a photograph may go half out of the picture, the note's centre may not
        centre = linear @ polygon.mean(axis=0) + origin
        origin = origin + np.clip(centre, 0, size) - centre
    matrix = np.hstack([linear, origin[:, None]]).astype(np.float32)
    shrink = size * zoom / max(width, height)
    if shrink < 0.6:
        # The milder blur is as wide as the mean of two pixels, which would shift the picture by half of one.
        image = cv2.GaussianBlur(image, (0, 0), 0.5 if shrink > 0.4 else 0.45 / shrink)
    warp = between_pixel_centres(matrix)
    if rng.random() < 0.5:
        picture = cv2.warpAffine(image, warp, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    else:
        picture = random_crop(rng, background, size)
        cv2.warpAffine(
            image, warp, (size, size), dst=picture, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT
        )
    corners = in_view = None
    if polygon is not None:
        corners = ((polygon @ matrix[:, :2].T + matrix[:, 2]) / size).astype(np.float32)
        in_view = share_in_frame(corners)
    return Sample(through_webcam(rng, picture, 0.7), class_name, corners, in_view)


def scene_without_note(
    rng: np.random.Generator,
    background: Drawing,
    lookalikes: Sequence[FlatNote],
    size: int,
    note_aspect: float = NOTE_ASPECT,
) -> Sample:
    """Return a scene that shows no note of this currency: a room, a hand, blank paper, other money.

    background: uint8 [h, w, 3] BGR. lookalikes: what is held into it. size: pixels of the picture's sides. note_aspect:
    width over height of the currency's notes; an empty hand is as large as one that holds such a note.
    """
    picture = random_crop(rng, background, size)
    objects = list(lookalikes)
    if rng.random() < 0.25:
        objects.append(blank_paper(rng, random_crop(rng, background, 320)))
    corners = None
    for item in objects:
        height, width = item.levels[0].shape[:2]
        corners = random_pose(
            rng, width / height, float(rng.choice(_PICTURE_ASPECTS)), random_cover(rng), 0.3, rng.random() < 0.14
        )
        mask = render_note(rng, picture, item, corners)
        if rng.random() < 0.5:
            draw_hand(rng, picture, corners, mask, max_covered=0.5)
    if not objects and rng.random() < 0.25:
        anywhere = random_pose(rng, nominal_aspect(note_aspect), 4 / 3, 0.25, 0.5)
        draw_hand(rng, picture, anywhere, np.zeros(picture.shape[:2], np.float32), max_covered=1.0)
    seen = through_webcam(rng, picture, height=0.0 if corners is None else _height(corners))
    in_view = None if lookalikes else 0.0  # other money is a note too, whose edges nobody has marked
    return Sample(seen, BACKGROUND, in_view=in_view, object_corners=corners)


def _height(corners: Corners) -> float:
    """Return the shorter side of what lies at these corners, as a share of the picture."""
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    return float(min(sides[0] + sides[2], sides[1] + sides[3]) / 2)


def _shadow(rng: np.random.Generator, picture: Drawing, corners: Corners) -> None:
    """Darken the picture, uint8 [size, size, 3], in place, where the note throws its shadow."""
    size = picture.shape[0]
    shade: Numbers = np.zeros((size, size), np.float32)
    moved = (corners + rng.normal(0, 0.02, 2)) * size
    cv2.fillConvexPoly(shade, np.round(moved).astype(np.int32), float(rng.uniform(0.2, 0.6)))
    shade = cv2.GaussianBlur(shade, (0, 0), size * float(rng.uniform(0.01, 0.04)))
    picture[:] = (picture * (1 - shade[..., None])).astype(np.uint8)
