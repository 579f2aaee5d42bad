"""A presentation made from one photograph: a room, the photograph swayed as by a hand, a room."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners, Drawing
from currency_app.events import Frame
from currency_app.recognition.corners import between_pixel_centres
from training.simulation.scene.hold import DOLLAR_ASPECT, FRAME_ASPECT, FRAME_HEIGHT, FRAME_WIDTH
from training.simulation.scene.layers import motion_kernel, shift_sigma
from training.simulation.scene.motion import Sway
from training.simulation.scene.surroundings import Room
from training.simulation.scene.truth import Truth, light_inside, shorter_side

PART_S = 2.5
"""Seconds of each of the three parts, as measured presentations have them."""

_SIZE = (FRAME_WIDTH, FRAME_HEIGHT)
"""Width and height of a frame, pixels."""
_EXPOSURE_S = 1 / 30
"""For how long the shutter is open at each frame: what a webcam takes in good light."""


def moved_photo(
    image: Drawing,
    polygon: npt.NDArray[np.float32] | None,
    class_name: str | None,
    backgrounds: Sequence[Drawing],
    rng: np.random.Generator,
    fps: float = 15.0,
    note_aspect: float = DOLLAR_ASPECT,
) -> Iterator[tuple[Frame, Truth]]:
    """Yield the frames, 640x480, and their truth: 2.5 s each of a room, of the photograph, and of a room.

    The frames are as sharp, bright and noisy as the photograph; only the sway's blur is added.

    Args:
        image: uint8 [h, w, 3] BGR, shown whole; the rest of the frame is filled with its own colours, blurred.
        polygon: float32 [4, 2], pixels of the note's corners, or None: the truth then names the class and no corners.
        class_name: such as usd_20_front; None if the photograph shows no note of the currency.
        backgrounds: pictures to choose the rooms from, uint8 BGR.
        rng: chooses the rooms and the sway.
        fps: frames a second.
        note_aspect: width over height of the note lying flat.
    """
    rooms = [Room(rng, backgrounds[int(rng.integers(len(backgrounds)))]) for _ in range(2)]
    photo = _Photo(rng, image, polygon)
    part = round(PART_S * fps)
    for index in range(3 * part):
        t = index / fps
        if part <= index < 2 * part:
            picture, corners, blur = photo.frame(t)
            truth = _truth(t, class_name, picture, corners, blur, note_aspect)
        else:
            picture = rooms[index // (2 * part)].view(t)
            truth = _truth(t, None, picture, None, 0.0, note_aspect)
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
        """Return the map from the photograph's pixels to the frame's: float64 [2, 3]."""
        x, y, size, roll, _, _ = self._sway.at(t)
        height, width = self._image.shape[:2]
        zoom = 0.97 * math.exp(size / 2)
        linear = zoom * np.array([[math.cos(roll), -math.sin(roll)], [math.sin(roll), math.cos(roll)]])
        at = np.array(_SIZE) * [0.5 + x, 0.5 + y]
        return np.column_stack([linear, at - linear @ [width / 2, height / 2]])

    def frame(self, t: float) -> tuple[Drawing, npt.NDArray[np.float32] | None, float]:
        """Return the frame, its corners as fractions, and the standard deviation of the sway's blur, pixels."""
        place = self._place(t)
        middle = np.array([self._image.shape[1], self._image.shape[0], 2]) / 2
        shift = (self._place(t + _EXPOSURE_S) - place) @ middle
        place[:, 2] += shift / 2
        picture = self._around.copy()
        warp = between_pixel_centres(place)
        cv2.warpAffine(self._image, warp, _SIZE, dst=picture, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
        kernel = motion_kernel(shift)
        if kernel.size > 1:
            picture = cv2.filter2D(picture, -1, kernel)
        corners = None
        if self._polygon is not None:
            corners = ((self._polygon @ place[:, :2].T + place[:, 2]) / _SIZE).astype(np.float32)
        return picture, corners, shift_sigma(shift)


def _truth(
    t: float, class_name: str | None, picture: Drawing, corners: Corners | None, blur: float, note_aspect: float
) -> Truth:
    if corners is None:
        light = float(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).mean())
        return Truth(t, class_name, None, FRAME_ASPECT, note_aspect, light=light)
    light, blur = light_inside(picture, corners * _SIZE), blur / shorter_side(corners, _SIZE)
    return Truth(t, class_name, corners, FRAME_ASPECT, note_aspect, light=light, blur=blur)
