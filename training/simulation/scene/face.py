"""One side of a note, or of something like it, as worn and bent paper."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Corners, Drawing
from training.dataset.notes import FlatNote
from training.synthesis.surface import render_note

_SIZE = 680
"""Pixels across the square that the paper is drawn in: a note fills a frame of 640 without being enlarged."""
_MARGIN = 0.03
"""Share of that square left empty around the flat paper, for its waves."""


class Face:
    """Paper that can be drawn again and again: its wear, waves and creases stay through a presentation.

    class_name: such as usd_20_front; None if it is no note of the currency. aspect: width over height, lying flat.
    """

    def __init__(self, rng: np.random.Generator, note: FlatNote, class_name: str | None) -> None:
        self.class_name = class_name
        height, width = note.levels[0].shape[:2]
        self.aspect = width / height
        half = np.array([0.5 - _MARGIN, 0.5 - _MARGIN]) / [max(1, 1 / self.aspect), max(1, self.aspect)]
        self._flat = np.array([[0.5, 0.5]] * 4) + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        paper = np.zeros((_SIZE, _SIZE, 3), np.uint8)
        mask = render_note(rng, paper, note, self._flat.astype(np.float32))
        # Waves lift the edge over the margin at most: the rest of the square is empty.
        top = max(int((0.5 - half[1] - 2 * _MARGIN) * _SIZE) // 8 * 8, 0)
        layer = np.dstack([paper, np.round(mask * 255).astype(np.uint8)])[top : _SIZE - top]
        self._origin = np.array([0, top])
        self._levels = [np.ascontiguousarray(layer)]
        for _ in range(3):
            height, width = self._levels[-1].shape[:2]
            self._levels.append(cv2.resize(self._levels[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA))

    def draw(self, corners: Corners, size: tuple[int, int]) -> Drawing:
        """Return the paper on an otherwise empty layer, uint8 [height, width, 4].

        corners: [4, 2], pixels. size: width and height, pixels.
        """
        sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
        shrink = np.ptp(self._flat[:, 0]) * _SIZE / max(float(max(sides[0], sides[2])), 1.0)
        level = int(np.clip(np.floor(np.log2(max(shrink, 1.0)) + 0.3), 0, 3))
        # Whole coordinates lie between pixels here, and on them for OpenCV.
        source = (self._flat * _SIZE - self._origin) / 2**level - 0.5
        matrix = cv2.getPerspectiveTransform(source.astype(np.float32), (corners - 0.5).astype(np.float32))
        drawn: Drawing = cv2.warpPerspective(self._levels[level], matrix, size, flags=cv2.INTER_LINEAR)
        return drawn
