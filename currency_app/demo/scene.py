"""The demonstration's source: a drawn room in which a drawn hand shows each of seven drawn notes once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image
from currency_app.camera.pacing import Clock, Pacer, Sleep
from currency_app.demo.hand import GRIPS, HeldNote, hold_note
from currency_app.demo.notes import draw_note
from currency_app.demo.room import draw_room
from currency_app.demo.script import (
    FRAME_SIZE,
    Pose,
    Showing,
    corners,
    make_script,
    pose_at,
    projection,
    share_in_view,
    showing_at,
)
from currency_app.events import Frame, SourceEvent

FPS = 15.0
_NOTE_PIXELS = 500  # width that notes are prepared at: about as wide as the nearest one appears
_SEEN_FROM = 0.6  # share of a note in view from which it counts as shown
_NOISE = 2.2  # standard deviation of the sensor's noise, grey levels
_NOISE_ROOM = 64  # how far the noise field can be shifted, pixels


@dataclass(frozen=True)
class ShownNote:
    """What is shown when. start_s, end_s: seconds of source time of the first frame with at least 60 % of the note in
    view, and of the first one after it with less.
    """

    value: int
    side: str
    start_s: float
    end_s: float


class DemoScene:
    """640x480 pictures at 15 a second of a hand that brings in seven notes, one after the other.

    Each picture depends on the seed and its index alone, so a reader that drops some sees the same scene.
    schedule: the truth, in order of time.
    """

    name = "demonstration"

    def __init__(
        self, realtime: bool = True, clock: Clock = time.monotonic, sleep: Sleep = time.sleep, seed: int = 0
    ) -> None:
        """realtime: play at the scene's own speed and drop what the reader misses, instead of giving every picture.

        clock, sleep: seconds; what real time is measured and waited by. seed: other serial numbers, poses and sway.
        """
        self.dropped = 0
        self._pacer = Pacer(clock, sleep) if realtime else None
        self._seed = seed
        self._closed = False
        self._script, self.length_s = make_script(seed)
        self._frames = round(self.length_s * FPS)
        self.schedule = tuple(self._shown(showing) for showing in self._script)

    def events(self) -> Iterator[SourceEvent]:
        """Yield the pictures; t is index / 15. To be called once."""
        # Before the clock starts: drawing all notes takes longer than one frame does.
        paint = _Painter(self._script, self._seed)
        for index in range(self._frames):
            if self._closed:
                return
            t, next_t = index / FPS, (index + 1) / FPS
            if self._pacer is not None and not self._pacer.wait(t, next_t):
                self.dropped += 1
                continue
            yield Frame(paint.frame(index), t, index)

    def close(self) -> None:
        """End `events`. Safe to call twice and from another thread."""
        self._closed = True

    def corners(self, index: int) -> npt.NDArray[np.float32] | None:
        """Give where the note of a frame is: its own top-left, top-right, bottom-right, bottom-left as fractions of the
        picture, float32 [4, 2], outside 0..1 where cut off; None while the room is empty.
        """
        showing = showing_at(self._script, index / FPS)
        if showing is None:
            return None
        return np.asarray(corners(pose_at(showing, index / FPS)) / np.array(FRAME_SIZE), np.float32)

    def _shown(self, showing: Showing) -> ShownNote:
        span = range(int(showing.enter_s * FPS), int(showing.gone_s * FPS) + 1)
        seen = [index for index in span if share_in_view(pose_at(showing, index / FPS)) >= _SEEN_FROM]
        return ShownNote(showing.value, showing.side, seen[0] / FPS, (seen[-1] + 1) / FPS)


class _Painter:
    """Paints the frames of one scene from the room, the held notes and a noise field, all prepared."""

    def __init__(self, script: tuple[Showing, ...], seed: int) -> None:
        self._script = script
        self._seed = seed
        self._room = draw_room(*FRAME_SIZE)
        self._held = {
            showing: _levels(hold_note(draw_note(showing.value, showing.side, _NOTE_PIXELS, seed), GRIPS[showing.grip]))
            for showing in script
        }
        w, h = FRAME_SIZE
        field = np.random.default_rng(seed).normal(0, _NOISE, (h + _NOISE_ROOM, w + _NOISE_ROOM, 3))
        self._noise = np.round(field).astype(np.int16)

    def frame(self, index: int) -> Image:
        """Paint one frame, uint8 [480, 640, 3] BGR."""
        t = index / FPS
        showing = showing_at(self._script, t)
        picture = self._room if showing is None else self._with_note(showing, pose_at(showing, t))
        # The same noise from another place each time is as good as new noise, and takes a tenth of the time.
        x, y = np.random.default_rng((self._seed, index)).integers(0, _NOISE_ROOM, 2)
        w, h = FRAME_SIZE
        return np.asarray(cv2.add(picture, self._noise[y : y + h, x : x + w], dtype=cv2.CV_8U), np.uint8)

    def _with_note(self, showing: Showing, pose: Pose) -> Image:
        whole, half = self._held[showing]
        held = whole if pose.width > 0.6 * _NOTE_PIXELS else half
        placed = cv2.warpPerspective(held.pixels, projection(pose) @ held.to_mm, FRAME_SIZE, flags=cv2.INTER_LINEAR)
        through = cv2.cvtColor(255 - placed[..., 3], cv2.COLOR_GRAY2BGR)
        behind = cv2.multiply(self._room, through, scale=1 / 255)
        return np.asarray(cv2.add(behind, np.ascontiguousarray(placed[..., :3])), np.uint8)


def _levels(held: HeldNote) -> tuple[HeldNote, HeldNote]:
    return held, held.halved()
