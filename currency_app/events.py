"""What flows between the stages: small frozen records, units in every docstring.

camera --Frame--> recognizer --Observation--> tracker, framing
       --Sighting, Maybe, NoteLeft, Hint--> announcer --Utterance--> voice
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture from a source.

    image: uint8 [height, width, 3], colour order BGR as OpenCV gives it.
    t: seconds of source time, 0 at the source's first frame.
    index: counts the source's frames from 0; gaps are frames that were dropped.
    """

    image: npt.NDArray[np.uint8]
    t: float
    index: int


@dataclass(frozen=True, eq=False)
class Observation:
    """What one frame shows, before any smoothing over time.

    t: seconds of source time of the frame.
    probabilities: float32 [number of labels], calibrated, sums to 1, in the bundle's order.
    value: the most likely value in units of the currency, None where no note is seen.
    side: "front" or "back" for that value, None without one or where the bundle's labels name no side.
    confidence: probability of that value, both sides together, 0..1; without a value, of the background.
    corners: float32 [4, 2], the note's own top-left, top-right, bottom-right, bottom-left as fractions
        of the picture (outside 0..1 where cut off); None without a note, or where the bundle does not locate notes.
        Without a value, of a note that is too far away to be read.
    in_view: share of the note that lies inside the picture, 0..1; 0 without a note, 1 where it is not located.
    light: mean luma of the note, or of the frame without one, 0..255.
    sharpness: fine detail over coarse of the note, or of the frame without one; 0 = none, over 3 = sharp. See
        `quality.sharpness`.
    aspect: width over height of the picture.
    covered: share of the note in view that fingers or something else covers, 0..1; 0 without a note.
    other_notes: how many more notes the frame shows, each over 1/12 of it.
    stages_ms: milliseconds that each stage took ("preprocess", "network", "frame" = all of it).
    """

    t: float
    probabilities: npt.NDArray[np.float32]
    value: int | None
    side: str | None
    confidence: float
    corners: Corners | None
    in_view: float
    light: float
    sharpness: float
    aspect: float = 4 / 3
    covered: float = 0.0
    other_notes: int = 0
    stages_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Sighting:
    """A note whose value is sure, once per note shown. t: seconds of source time when it was decided."""

    t: float
    currency: str
    value: int
    side: str | None
    confidence: float


@dataclass(frozen=True)
class Maybe:
    """A note whose value is doubtful, at most once per note shown. Never counted in a total."""

    t: float
    currency: str
    value: int
    confidence: float


class HintKind(Enum):
    """The one movement that helps, in the order in which the first that holds is given."""

    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    HOLD_STILL = "hold_still"
    SEVERAL_NOTES = "several_notes"
    MOVE_CLOSER = "move_closer"
    MOVE_BACK = "move_back"
    MOVE_LEFT = "move_left"
    MOVE_RIGHT = "move_right"
    MOVE_UP = "move_up"
    MOVE_DOWN = "move_down"
    TILTED = "tilted"
    FINGERS = "fingers"
    TURN_OVER = "turn_over"
    NO_NOTE = "no_note"


_PAIRS = (
    (HintKind.TOO_DARK, HintKind.TOO_BRIGHT),
    (HintKind.MOVE_CLOSER, HintKind.MOVE_BACK),
    (HintKind.MOVE_LEFT, HintKind.MOVE_RIGHT),
    (HintKind.MOVE_UP, HintKind.MOVE_DOWN),
)
OPPOSITE = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
"""The hint that takes another back, of those that have one."""


@dataclass(frozen=True)
class Hint:
    """A movement that would help at t seconds of source time."""

    t: float
    kind: HintKind


@dataclass(frozen=True)
class NoteLeft:
    """The note that was announced, or doubted, has left the view. t: seconds of source time."""

    t: float


@dataclass(frozen=True)
class CameraLost:
    """The source stopped giving frames and is being reconnected to. t: seconds of source time."""

    t: float


@dataclass(frozen=True)
class CameraBack:
    """The source gives frames again. t: seconds of source time."""

    t: float


@dataclass(frozen=True)
class RunSummary:
    """How a run of the app went, when it has ended."""

    t: float
    """Seconds of source time at the end."""
    frames: int
    """Frames that were read."""
    dropped: int
    """Frames that the source skipped because the reader was slower."""
    latency_ms: Mapping[str, Mapping[str, float]]
    """Milliseconds by stage and percentile, such as {"frame": {"p50": 6.1, "p95": 7.0, "p99": 8.2}}."""


class Priority(IntEnum):
    """Whether an utterance may interrupt another: a higher one cuts a lower or equal one off, never the reverse."""

    HINT = 0
    STATUS = 1
    VALUE = 2


@dataclass(frozen=True)
class Utterance:
    """Words to say now. A voice says the newest one it may and keeps no queue of old ones."""

    text: str
    priority: Priority


SourceEvent = Frame | CameraLost | CameraBack
NoteEvent = Sighting | Maybe | NoteLeft
AppEvent = Sighting | Maybe | Hint | NoteLeft | CameraLost | CameraBack
