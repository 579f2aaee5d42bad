"""A drawn note that moves, followed by the shipped network with one look a frame."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest

from currency_app.arrays import Corners, Image
from currency_app.demo.notes import draw_note
from currency_app.demo.room import draw_room
from currency_app.events import Observation
from currency_app.recognition import Recognizer, find_bundle, iou, load_bundle
from tests.support.observations import box
from tests.support.played_network import film

WIDTH = 260
"""Of the note, pixels of a frame that is 640 wide."""


def frames_of(lefts: list[float]) -> list[Image]:
    """Frames, 640 x 480, with a $20 whose left edge is this far from the frame's, pixels; its top is at 180."""
    note, room = draw_note(20, "front", WIDTH), draw_room(640, 480)
    frames = []
    for left in lefts:
        frame = room.copy()
        frame[180 : 180 + note.shape[0], round(left) : round(left) + WIDTH] = note
        frames.append(np.asarray(cv2.GaussianBlur(frame, (0, 0), 0.7), np.uint8))
    return frames


def corners_at(left: float) -> Corners:
    height = draw_note(20, "front", WIDTH).shape[0]
    return box(left / 640, 180 / 480, (left + WIDTH) / 640, (180 + height) / 480)


def seen_of(lefts: list[float]) -> list[Observation]:
    return film(Recognizer(load_bundle(find_bundle("usd"))), *frames_of(lefts))


@pytest.mark.parametrize("share", [0.05, 0.15, 1 / 3])
def test_a_note_that_moves_by_up_to_a_third_of_its_width_a_frame_is_followed(share: float) -> None:
    there = np.arange(20, 360, WIDTH * share).tolist()
    lefts = list(itertools.islice(itertools.cycle(there + there[-2:0:-1]), 45))
    seen = [(now, left) for now, left in zip(seen_of(lefts), lefts, strict=True) if now.looked]
    assert [now.value for now, _ in seen] == [20] * len(seen)
    overlaps = [iou(now.corners, corners_at(left)) for now, left in seen if now.corners is not None]
    assert np.median(overlaps) > 0.75
    assert min(overlaps) > 0.4


def test_a_note_that_jumps_is_found_again_within_two_looks() -> None:
    seen = seen_of([20.0] * 20 + [360.0] * 4)
    looks = [now for now in seen[20:] if now.looked][:2]
    again = [now for now in looks if now.value == 20 and now.corners is not None]
    assert any(iou(now.corners, corners_at(360.0)) > 0.7 for now in again if now.corners is not None)
