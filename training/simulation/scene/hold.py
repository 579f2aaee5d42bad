"""How a note is held at one moment, and its corners in the picture then."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from currency_app.arrays import Corners
from training.synthesis.pose import turned_note

FRAME_WIDTH, FRAME_HEIGHT = 640, 480
"""Pixels of a simulated frame: what a webcam gives unless it is asked for more."""
FRAME_ASPECT = FRAME_WIDTH / FRAME_HEIGHT
"""Width over height of a simulated frame."""
DOLLAR_ASPECT = 156 / 66
"""Width over height of a dollar note: 156 by 66 mm. Taken for notes of a shape that nobody has named."""

_FOCAL = 0.97
"""Focal length over the picture's width: a view of 55 degrees, about that of a laptop's webcam."""
_NEAREST = 1.5
"""Least distance of a note's centre from the lens, in half widths of the note. Chosen by hand."""
_EDGE_ON = math.radians(86)
"""Largest yaw and pitch that are drawn, radians: at 90 degrees a note has no area."""


@dataclass(frozen=True)
class Hold:
    """How a note is held at one moment, whichever of its sides is seen."""

    x: float = 0.5
    """The note's centre, fraction of the picture's width; outside 0..1 if it is out of the picture."""
    y: float = 0.5
    """The note's centre, fraction of the picture's height; outside 0..1 if it is out of the picture."""
    cover: float = 0.35
    """Share of the picture's area that the whole note would take if it were seen straight on; over 0."""
    roll: float = 0.0
    """Radians, clockwise: 0 = upright, pi = upside down."""
    yaw: float = 0.0
    """Radians, turned about the picture's vertical: 0 = seen straight on."""
    pitch: float = 0.0
    """Radians, turned about the picture's horizontal: 0 = seen straight on."""
    light: float = 1.0
    """How much light falls on the scene, over 0; 1 = well lit."""
    fingers: float = 0.05
    """Share of the note that the hand should cover, 0..1; as near to it as that hand can come."""
    waving: float = 0.0
    """How far the note is waved about, share of the picture's width; 0 = held still except for a hand's sway."""

    def width(self, note_aspect: float, picture_aspect: float = FRAME_ASPECT) -> float:
        """Return the note's width if seen straight on, as a share of the picture's. Aspects: width over height."""
        return math.sqrt(self.cover * note_aspect / picture_aspect)

    def corners(self, note_aspect: float, picture_aspect: float = FRAME_ASPECT) -> Corners:
        """Return the note's own corners, float32 [4, 2], fractions of the picture. Aspects: width over height.

        A pinhole camera, as for the training pictures, except that a larger note is nearer, in stronger perspective.
        """
        width = self.width(note_aspect, picture_aspect)
        # Nearer than this the near edge of a tilted note would lie behind the lens.
        distance = max(2 * _FOCAL / width, _NEAREST)
        yaw, pitch = (float(np.clip(angle, -_EDGE_ON, _EDGE_ON)) for angle in (self.yaw, self.pitch))
        turned = turned_note(note_aspect, self.roll, yaw, pitch, distance) * (width / 2)
        return (turned * [1, picture_aspect] + [self.x, self.y]).astype(np.float32)

    def towards(self, other: Hold, share: float) -> Hold:
        """Return the hold at a share, 0..1, of the way to another one.

        Sizes and light change by factors, the rest by sums.
        """

        def mixed(name: str) -> float:
            start, end = getattr(self, name), getattr(other, name)
            if name in ("cover", "light"):
                return float(start * (end / start) ** share)
            return float(start + (end - start) * share)

        return Hold(*(mixed(name) for name in Hold.__dataclass_fields__))
