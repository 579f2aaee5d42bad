"""What flows between the stages: small frozen records, with units at every field.

camera --Frame--> recognizer --Observation--> tracker, framing
       --Sighting, Maybe, Unknown, NoteLeft, Hint--> announcer --Utterance--> voice
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners
from currency_app.events.totals import Cleared, Total, Undone
from currency_app.events.utterances import Priority, Utterance

__all__ = [
    "OPPOSITE",
    "AppEvent",
    "CameraBack",
    "CameraCovered",
    "CameraLost",
    "CameraUncovered",
    "Cleared",
    "DecidedEvent",
    "Frame",
    "Hint",
    "HintKind",
    "Maybe",
    "NoteEvent",
    "NoteLeft",
    "Observation",
    "Priority",
    "RunSummary",
    "Sighting",
    "SourceEvent",
    "Total",
    "Undone",
    "Unknown",
    "Utterance",
]


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture from a source."""

    image: npt.NDArray[np.uint8]
    """uint8 [height, width, 3], colour order BGR as OpenCV gives it."""
    t: float
    """Seconds of source time, 0 at the source's first frame."""
    index: int
    """Counts the source's frames from 0; gaps are frames that were dropped."""
    grabbed_at: float | None = None
    """When a live source got the picture, seconds of the source's clock; None for a recording's, which does not age."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What one frame shows, before any smoothing over time."""

    t: float
    """Seconds of source time of the frame."""
    probabilities: npt.NDArray[np.float32]
    """float32 [labels], calibrated, sums to 1, in the order of the bundle's labels."""
    value: int | None
    """The most likely value in units of the currency; None if no note is seen."""
    side: str | None
    """Either "front" or "back", for that value; None without one, or if the bundle's labels name no side."""
    confidence: float
    """Probability, 0..1, of that value, both sides summed up; without a value, of the background."""
    corners: Corners | None
    """The note's own corners, float32 [4, 2], fractions of the picture; see `currency_app.recognition.corners`.

    None without a note, or if the bundle does not locate notes. Without a value, of a note too far away to be read, or
    of one that the network does not know."""
    in_view: float
    """Share, 0..1, of the note inside the picture; 0 without a note or of a far one, 1 if the bundle locates none."""
    light: float
    """Mean luma, 0..255, of the note, or of the frame without one."""
    sharpness: float
    """Fine detail over coarse, of the note, or of the frame without one: 0 = none, over 3 = sharp; see
    `recognition.quality.sharpness`."""
    aspect: float = 4 / 3
    """Width over height of the picture."""
    covered: float = 0.0
    """Share, 0..1, of the note in view that fingers or something else covers; 0 without a note."""
    other_notes: int = 0
    """How many more notes the frame shows, each over 1/12 of it."""
    others: tuple[Observation, ...] = ()
    """What a still shows of each of these; empty in films."""
    searched: bool = True
    """Whether `other_notes` is known. In films a look for a second note comes after one at the first."""
    refused: bool = False
    """Whether a check of the whole reading has rejected the value that the network gave: no value is said then."""
    black: bool = False
    """Whether the frame is black all over, as with a closed cover: see `camera.is_black`."""
    looked: bool = True
    """Whether this frame itself was looked at for a value; if not, all but `t` is as the frame before it showed."""
    stages_ms: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds that each stage took: "preprocess", "network", and "frame" for all of it."""

    @property
    def shows_note(self) -> bool:
        """Whether the frame shows a note, with a value or without."""
        return self.value is not None or self.corners is not None

    @property
    def alone(self) -> bool:
        """Whether it is known that no other note is in view, so that its value may be said."""
        return self.searched and not self.other_notes


@dataclass(frozen=True)
class Sighting:
    """A note whose value is sure, once per note shown."""

    t: float
    """Seconds of source time when it became sure."""
    currency: str
    """ISO code, upper case."""
    value: int
    """In units of the currency."""
    side: str | None
    """The side in view, "front" or "back"; None if the frame does not tell, or the bundle's labels name no side."""
    confidence: float
    """The tracker's belief in the value, 0..1."""


@dataclass(frozen=True)
class Maybe:
    """A note whose value is doubtful, at most once per note shown. Never counted in a total."""

    t: float
    """Seconds of source time when it was reported."""
    currency: str
    """ISO code, upper case."""
    value: int
    """In units of the currency."""
    confidence: float
    """The tracker's belief in the value, 0..1."""


@dataclass(frozen=True)
class Unknown:
    """A note that is held well and has no value: at most once per note shown, never after a Maybe."""

    t: float
    """Seconds of source time when it was reported."""


class HintKind(Enum):
    """The one movement that helps, in the order in which the first that holds is given."""

    # The docstring is shown on the OpenAPI page. docs/hints.md says when each holds.
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
"""Each hint's opposite, for the hints that have one."""


@dataclass(frozen=True)
class Hint:
    """A movement that would help now."""

    t: float
    """Seconds of source time."""
    kind: HintKind
    """Which movement."""


@dataclass(frozen=True)
class NoteLeft:
    """The note that was announced, doubted or unknown has left the view."""

    t: float
    """Seconds of source time when that was certain."""


@dataclass(frozen=True)
class CameraLost:
    """The source stopped giving frames, and the app tries to reconnect to it."""

    t: float
    """Seconds of source time."""


@dataclass(frozen=True)
class CameraBack:
    """The source gives frames again."""

    t: float
    """Seconds of source time."""


@dataclass(frozen=True)
class CameraCovered:
    """The camera gives frames, but they are black all over; again every few seconds while that lasts."""

    t: float
    """Seconds of source time."""


@dataclass(frozen=True)
class CameraUncovered:
    """The camera sees something again."""

    t: float
    """Seconds of source time."""


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
    skipped: int = 0
    """Frames of a live source that were passed over, because reading all of them would take too much of a core."""
    stale: int = 0
    """Frames of a live source that were discarded, because they were too old to be acted on."""


SourceEvent = Frame | CameraLost | CameraBack
"""What a source gives."""
NoteEvent = Sighting | Maybe | NoteLeft
"""What a tracker gives."""
DecidedEvent = Sighting | Maybe | Unknown | Hint | NoteLeft | CameraLost | CameraBack | CameraCovered | CameraUncovered
"""What the announcer hears of."""
AppEvent = DecidedEvent | Total | Undone | Cleared
"""What the listeners of an app hear of."""
