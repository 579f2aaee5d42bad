"""A presentation made from one real photograph: a room, the photograph swayed as by a hand, a room again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners, Drawing
from currency_app.events import Frame
from training.simulation.scene.hold import FRAME_ASPECT, FRAME_HEIGHT, FRAME_WIDTH
from training.simulation.scene.layers import motion_kernel
from training.simulation.scene.motion import Sway
from training.simulation.scene.surroundings import Room
from training.simulation.scene.truth import Truth

PART_S = 2.5
"""Seconds of each of the three parts, as measured presentations have them."""

_SIZE = (FRAME_WIDTH, FRAME_HEIGHT)
_EXPOSURE_S = 1 / 30


def moved_photo(
    image: Drawing,
    polygon: npt.NDArray[np.float32] | None,
    class_name: str | None,
    backgrounds: Sequence[Drawing],
    rng: np.random.Generator,
    fps: float = 15.0,
) -> Iterator[tuple[Frame, Truth]]:
    """2.5 s of a room, 2.5 s of the photograph, 2.5 s of a room: frames of 640x480 and their truth.

    image: uint8 [h, w, 3] BGR, shown whole; what it leaves of the frame is filled with its own colours, blurred.
    polygon: float32 [4, 2], pixels of the note's corners, or None: the truth then names the class and no corners.
    class_name: such as usd_20_front, None where it shows no note of the currency. backgrounds: pictures to choose the
    rooms from, uint8 BGR. The frames are as sharp, bright and noisy as the photograph; only the sway's blur is added.
    """
    rooms = [Room(rng, backgrounds[int(rng.integers(len(backgrounds)))]) for _ in range(2)]
    photo = _Photo(rng, image, polygon)
    part = round(PART_S * fps)
    for index in range(3 * part):
        t = index / fps
        if part <= index < 2 * part:
            picture, corners, blur = photo.frame(t)
            truth = _truth(t, class_name, picture, corners, blur)
        else:
            picture = rooms[index // (2 * part)].view(t)
            truth = _truth(t, None, picture, None, 0.0)
        yield Frame(picture, t, index), truth


class _Photo:
    def __init__(self, rng: np.random.Generator, image: Drawing, polygon: npt.NDArray[np.float32] | None) -> None:
        height, width = image.shape[:2]
        scale = min(FRAME_WIDTH / width, FRAME_HEIGHT / height)
        way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        self._image = cv2.resize(
            image, (max(round(width * scale), 1), max(round(height * scale), 1)), interpolation=way
        )
        self._polygon = None if polygon is None else polygon * scale
        whole = cv2.resize(image, _SIZE, interpolation=cv2.INTER_AREA)
        self._around = cv2.GaussianBlur(whole, (0, 0), 24)
        self._sway = Sway(rng)

    def _place(self, t: float) -> npt.NDArray[np.float64]:
        """From the photograph's pixels to the frame's: float64 [2, 3]."""
        x, y, size, roll, _, _ = self._sway.at(t)
        height, width = self._image.shape[:2]
        zoom = 0.97 * math.exp(size / 2)
        linear = zoom * np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
        at = np.array(_SIZE) * [0.5 + x, 0.5 + y]
        return np.column_stack([linear, at - linear @ [width / 2, height / 2]])

    def frame(self, t: float) -> tuple[Drawing, npt.NDArray[np.float32] | None, float]:
        """The frame, its corners as fractions, and the blur of the sway, standard deviation in pixels."""
        place = self._place(t)
        middle = np.array([self._image.shape[1], self._image.shape[0], 2]) / 2
        shift = (self._place(t + _EXPOSURE_S) - place) @ middle
        place[:, 2] += shift / 2
        picture = self._around.copy()
        # OpenCV's whole coordinates lie on pixels, ours between them.
        warp = place.copy()
        warp[:, 2] += place[:, :2] @ [0.5, 0.5] - 0.5
        cv2.warpAffine(self._image, warp, _SIZE, dst=picture, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
        kernel = motion_kernel(shift)
        if kernel.size > 1:
            picture = cv2.filter2D(picture, -1, kernel)
        corners = None
        if self._polygon is not None:
            corners = ((self._polygon @ place[:, :2].T + place[:, 2]) / _SIZE).astype(np.float32)
        return picture, corners, float(np.linalg.norm(shift)) / math.sqrt(12)


def _truth(t: float, class_name: str | None, picture: Drawing, corners: Corners | None, blur: float) -> Truth:
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if corners is None:
        return Truth(t, class_name, None, FRAME_ASPECT, light=float(grey.mean()))
    note = np.zeros_like(grey)
    cv2.fillPoly(note, [np.clip(corners * _SIZE, -9999, 9999).round().astype(np.int32)], 255)
    light = cv2.mean(grey, note)[0] if note.any() else float(grey.mean())
    sides = np.linalg.norm((corners - np.roll(corners, -1, axis=0)) * _SIZE, axis=1)
    shorter = max(float(min(sides[0] + sides[2], sides[1] + sides[3])) / 2, 1.0)
    return Truth(t, class_name, corners, FRAME_ASPECT, light=light, blur=blur / shorter)
