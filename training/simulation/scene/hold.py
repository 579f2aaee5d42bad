"""How a note is held at one moment, and where its corners then lie in the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from currency_app.arrays import Corners
from training.synthesis.pose import turned_note

FRAME_WIDTH, FRAME_HEIGHT = 640, 480
"""Pixels of a simulated frame: what a webcam gives unless it is asked for more."""
FRAME_ASPECT = FRAME_WIDTH / FRAME_HEIGHT

_FOCAL = 0.97
"""Focal length over the picture's width: a view of 55 degrees, about that of a laptop's webcam."""
_NEAREST = 1.5
_EDGE_ON = math.radians(86)


@dataclass(frozen=True)
class Hold:
    """How a note is held at one moment; the same for both of its sides.

    x, y: the note's centre, fractions of the picture, outside 0..1 where it is out of the picture.
    cover: share of the picture's area that the whole note would take if it were seen straight on; over 0.
    roll: radians, 0 = upright, pi = upside down, clockwise. yaw, pitch: radians, 0 = seen straight on.
    light: how much light falls on the scene, over 0; 1 = well lit.
    fingers: share of the note that the hand should cover, 0..1; as near to it as that hand can come.
    waving: how far the note is waved about, share of the picture's width; 0 = held still but for a hand's sway.
    """

    x: float = 0.5
    y: float = 0.5
    cover: float = 0.35
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    light: float = 1.0
    fingers: float = 0.05
    waving: float = 0.0

    def width(self, note_aspect: float, picture_aspect: float = FRAME_ASPECT) -> float:
        """The note's width if it were seen straight on, as a share of the picture's. Aspects: width over height."""
        return math.sqrt(self.cover * note_aspect / picture_aspect)

    def corners(self, note_aspect: float, picture_aspect: float = FRAME_ASPECT) -> Corners:
        """The note's own top-left, top-right, bottom-right, bottom-left: float32 [4, 2], fractions of the picture.

        A pinhole camera, as for the training pictures, but nearer notes are nearer: their perspective is stronger.
        """
        width = self.width(note_aspect, picture_aspect)
        # Nearer than this the near edge of a tilted note would lie behind the lens.
        distance = max(2 * _FOCAL / width, _NEAREST)
        yaw, pitch = (float(np.clip(angle, -_EDGE_ON, _EDGE_ON)) for angle in (self.yaw, self.pitch))
        turned = turned_note(note_aspect, self.roll, yaw, pitch, distance) * (width / 2)
        return (turned * [1, picture_aspect] + [self.x, self.y]).astype(np.float32)

    def towards(self, other: Hold, share: float) -> Hold:
        """The hold at a share, 0..1, of the way to another one; sizes and light change by factors, not by sums."""

        def mixed(name: str) -> float:
            start, end = getattr(self, name), getattr(other, name)
            if name in ("cover", "light"):
                return float(start * (end / start) ** share)
            return float(start + (end - start) * share)

        return Hold(*(mixed(name) for name in Hold.__dataclass_fields__))
