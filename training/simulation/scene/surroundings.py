"""The surroundings of a presentation: a room that moves a little, and the camera that sees it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Drawing
from training.simulation.scene.hold import FRAME_HEIGHT, FRAME_WIDTH

_SIZE = (FRAME_WIDTH, FRAME_HEIGHT)
"""Width and height of a frame, pixels."""
_NOISE_ROOM = 64
"""Pixels by which the field of noise is larger than a frame, so that it can be shifted. Chosen by hand."""
_EVEN_LIGHT = 160
"""Grey level that stands for the whole light in a map of uneven light, so that up to 1.6 of it fits."""


class Room:
    """A picture without a note, seen by a view that wanders over it.

    background: uint8 [h, w, 3] BGR. liveliness: 1 = a camera on a desk or a screen that is touched now and then;
    more, up to 5 = one that is carried about.
    """

    def __init__(self, rng: np.random.Generator, background: Drawing, liveliness: float = 1.0) -> None:
        self._margin = float(rng.uniform(1.08, 1.25)) * (1 + 0.15 * min(liveliness - 1, 3.0))
        if rng.random() < 0.5:
            background = background[:, ::-1]
        height, width = background.shape[:2]
        share = float(rng.uniform(0.75, 1.0))
        cut_w, cut_h = width * share, height * share
        if cut_w / cut_h > FRAME_WIDTH / FRAME_HEIGHT:
            cut_w = cut_h * FRAME_WIDTH / FRAME_HEIGHT
        else:
            cut_h = cut_w * FRAME_HEIGHT / FRAME_WIDTH
        left, top = rng.uniform(0, 1, 2) * [width - cut_w, height - cut_h]
        cut = background[int(top) : int(top + cut_h) + 1, int(left) : int(left + cut_w) + 1]
        size = (round(FRAME_WIDTH * self._margin), round(FRAME_HEIGHT * self._margin))
        picture = cv2.resize(np.ascontiguousarray(cut), size, interpolation=cv2.INTER_AREA if share > 1 else 1)
        # The camera is focused on what is held before it.
        self._picture = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.6, 2.2)))
        self._frequencies = rng.uniform(0.04, 0.25, (3, 2)) * liveliness**0.5
        self._phases = rng.uniform(0, 2 * np.pi, (3, 2))
        self._shake = float(rng.uniform(0.0, 0.6)) * liveliness
        self._shake_phases = rng.uniform(0, 2 * np.pi, 2)

    def view(self, t: float) -> Drawing:
        """Return what is seen of the room at t seconds: uint8 [480, 640, 3] BGR, new each time."""
        slow = np.sin(2 * np.pi * self._frequencies * t + self._phases).mean(axis=1)
        zoom = 1 + (self._margin - 1) * (0.5 + 0.4 * slow[2])
        spare = np.array(_SIZE) * (self._margin - zoom)
        left_top = spare / 2 * (1 + 0.95 * slow[:2])
        left_top = left_top + self._shake * np.sin(2 * np.pi * np.array([5.3, 6.1]) * t + self._shake_phases)
        matrix = np.array([[zoom, 0, left_top[0]], [0, zoom, left_top[1]]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        view: Drawing = cv2.warpAffine(self._picture, matrix, _SIZE, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return view


class Camera:
    """A webcam's lens and sensor, which stay the same through a presentation except for slow drifts.

    focus: standard deviation of its lens's blur, pixels. focused_to: cover, as of a hold, of the nearest note that is
    sharp.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self.focus = float(rng.uniform(0.4, 1.2))
        self.focused_to = float(rng.uniform(0.75, 1.2))
        white = np.exp(rng.normal(0, 0.06, 3))
        self._white = white / white.min()  # no channel stays grey where the light is too much for the sensor
        self._drift = rng.normal(0, 0.012, 3)
        self._gamma = float(np.exp(np.clip(rng.normal(0, 0.08), -0.15, 0.15)))
        self._black = float(rng.uniform(0, 6))
        self._speeds, self._phases = rng.uniform(0.05, 0.4, 2), rng.uniform(0, 2 * np.pi, 2)
        self._noise = float(np.exp(rng.uniform(np.log(1.0), np.log(5.0))))
        self._noises: dict[int, npt.NDArray[Any]] = {}
        self._quality = int(rng.uniform(55, 93))
        self._uneven = _uneven_light(rng)

    def exposure_s(self, light: float) -> float:
        """Return for how many seconds the shutter is open: 1/30 in good light, up to 1/15 in the dark.

        light: as of a hold.
        """
        return float(np.clip(1 / 30 / light, 1 / 120, 1 / 15))

    def defocus(self, cover: float, approach: float) -> float:
        """Return the standard deviation of the blur of what is held, pixels.

        cover: as of a hold. approach: change of the cover's logarithm a second, behind which the focus lags.
        """
        too_near = max(cover - self.focused_to, 0.0) * 9
        return float(np.sqrt(self.focus**2 + too_near**2 + min(0.5 * abs(approach), 3.0) ** 2))

    def capture(self, scene: Drawing, t: float, light: float, rng: np.random.Generator) -> Drawing:
        """Return the frame that the camera makes of a scene at t seconds, both uint8 [480, 640, 3] BGR.

        light: as of a hold. Too much of it is applied here, because it is the sensor that cannot take it; too little
        of it gives more noise. rng: for the noise.
        """
        scene = cv2.multiply(scene, self._uneven, scale=max(light, 1.0) / _EVEN_LIGHT)
        scene = cv2.LUT(scene, self._curves(t))
        noise = self._noise_of(0 if light > 0.6 else 1 if light > 0.25 else 2)
        x, y = rng.integers(0, _NOISE_ROOM, 2)
        scene = cv2.add(scene, noise[y : y + FRAME_HEIGHT, x : x + FRAME_WIDTH], dtype=cv2.CV_8U)
        _, packed = cv2.imencode(".jpg", scene, [cv2.IMWRITE_JPEG_QUALITY, self._quality])
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))

    def _curves(self, t: float) -> npt.NDArray[np.uint8]:
        """Return the curves from light to grey levels for blue, green and red: uint8 [1, 256, 3]."""
        swing = np.sin(2 * np.pi * self._speeds * t + self._phases)
        gains = self._white * (1 + self._drift * swing[0]) * (1 + 0.015 * swing[1])
        levels = (np.arange(256) / 255)[:, None] ** self._gamma * gains * (255 - self._black) + self._black
        return np.clip(levels, 0, 255).astype(np.uint8)[None]

    def _noise_of(self, darkness: int) -> npt.NDArray[Any]:
        # The same field from another place each time is as good as new noise, and takes a tenth of the time.
        if darkness not in self._noises:
            strength = self._noise * (1.0, 1.6, 2.4)[darkness]
            self._noises[darkness] = np.round(_noise_field() * strength).astype(np.int16)
        return self._noises[darkness]


class Surroundings:
    """A room and the camera that sees it.

    backlit: whether the light comes from behind, so that the room stays bright when the note is dark.
    """

    def __init__(self, rng: np.random.Generator, background: Drawing, liveliness: float = 1.0) -> None:
        self.room = Room(rng, background, liveliness)
        self.camera = Camera(rng)
        self.backlit = bool(rng.random() < 0.3)


@lru_cache(maxsize=1)
def _noise_field() -> npt.NDArray[Any]:
    """Return noise as a webcam's own smoothing leaves it, of standard deviation 1: float32 [544, 704, 3]."""
    shape = (FRAME_HEIGHT + _NOISE_ROOM, FRAME_WIDTH + _NOISE_ROOM, 3)
    field = np.random.default_rng(20).standard_normal(shape, np.float32)
    soft = cv2.GaussianBlur(field, (0, 0), 0.6)
    return np.asarray(soft / soft.std())


def _uneven_light(rng: np.random.Generator) -> Drawing:
    """Return how much of the light each pixel gets, in 160ths: uint8 [480, 640, 3].

    A lamp stands at one side, and the lens darkens the rim.
    """
    corners = np.exp(rng.normal(0, 0.14, (2, 2))).astype(np.float32)
    light = cv2.resize(corners, _SIZE, interpolation=cv2.INTER_LINEAR)
    y, x = np.mgrid[:FRAME_HEIGHT, :FRAME_WIDTH].astype(np.float32)
    middle = ((x / FRAME_WIDTH - 0.5) ** 2 + (y / FRAME_HEIGHT - 0.5) ** 2) * 2
    light = light * (1 - float(rng.uniform(0, 0.35)) * middle)
    return cv2.merge([np.clip(_EVEN_LIGHT * light, 0, 255).astype(np.uint8)] * 3)
