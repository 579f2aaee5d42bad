"""The demonstration's source: a drawn hand in a drawn room shows each of seven drawn notes once."""

from __future__ import annotations

import functools
import time
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Image
from currency_app.camera.pacing import Clock, Pacer, Sleep
from currency_app.demo.hand import GRIPS, HeldNote, hold_note
from currency_app.demo.notes import draw_note
from currency_app.demo.room import draw_room
from currency_app.demo.script import (
    FRAME_SIZE,
    Pose,
    Showing,
    make_script,
    note_corners,
    pose_at,
    projection,
    showing_at,
    visible_share,
)
from currency_app.events import Frame, SourceEvent

DEMO_FPS = 15.0
"""Pictures per second of source time. Chosen by hand."""
_NOTE_WIDTH_PX = 500
"""Width, pixels, at which notes are drawn: about as wide as the nearest one appears."""
_MIN_VISIBLE_SHARE = 0.6
"""Share of a note's area inside the picture, 0..1, from which it counts as shown. Chosen by hand."""
_NOISE_SIGMA = 2.2
"""Standard deviation of the sensor's noise, grey levels of 255. Judged by eye."""
_NOISE_MARGIN = 64
"""Pixels by which the noise field is larger than a picture, so that it can be shifted by up to as many."""


@dataclass(frozen=True)
class ShownNote:
    """The ground truth of one note: when it is in view."""

    value: int
    """Dollars, one of DRAWN_VALUES."""
    side: str
    """"front" or "back"."""
    start_s: float
    """Source time, in seconds, of the first frame with at least 60 % of the note in view."""
    end_s: float
    """Source time, in seconds, of the first frame after it with less than 60 % of the note in view."""


class DemoScene:
    """A source of FRAME_SIZE pictures, DEMO_FPS a second, in which a hand shows seven notes one after the other.

    Each picture depends only on the seed and its index, so a reader that drops some still sees the same scene.
    schedule: the ground truth, one ShownNote per note, in order of time. length_s: length of the scene, seconds.
    """

    name = "demonstration"

    def __init__(
        self, realtime: bool = True, clock: Clock = time.monotonic, sleep: Sleep = time.sleep, seed: int = 0
    ) -> None:
        """Write the script of the scene; its pictures are drawn when `events` is read.

        realtime: play at the scene's own speed and drop the pictures that the reader misses, instead of giving every
        picture. clock, sleep: seconds; they measure and wait for real time. seed: another one gives other serial
        numbers, poses and sway.
        """
        self.dropped = 0
        self._pacer = Pacer(clock, sleep) if realtime else None
        self._seed = seed
        self._closed = False
        self._script, self.length_s = make_script(seed)
        self._frames = round(self.length_s * DEMO_FPS)
        self.schedule = tuple(self._shown(showing) for showing in self._script)

    def events(self) -> Iterator[SourceEvent]:
        """Yield the pictures; t is index / DEMO_FPS, in seconds. To be called once."""
        # Prepared before the clock starts, because drawing all notes takes longer than one frame lasts.
        paint = self._painter
        for index in range(self._frames):
            if self._closed:
                return
            t, next_t = index / DEMO_FPS, (index + 1) / DEMO_FPS
            if self._pacer is not None and not self._pacer.wait(t, next_t):
                self.dropped += 1
                continue
            yield Frame(paint.frame(index), t, index)

    def picture(self, index: int) -> Image:
        """Return the picture of a frame, uint8 [480, 640, 3] BGR, which depends on nothing else."""
        return self._painter.frame(index)

    @functools.cached_property
    def _painter(self) -> _Painter:
        return _Painter(self._script, self._seed)

    def close(self) -> None:
        """End `events`. Safe to call twice and from another thread."""
        self._closed = True

    def corners(self, index: int) -> Corners | None:
        """Return the corners of the note in a frame, or None while the room is empty.

        float32 [4, 2] in the order of `recognition.corners`, as fractions of the picture: outside 0..1 if cut off.
        """
        showing = showing_at(self._script, index / DEMO_FPS)
        if showing is None:
            return None
        return np.asarray(note_corners(pose_at(showing, index / DEMO_FPS)) / np.array(FRAME_SIZE), np.float32)

    def _shown(self, showing: Showing) -> ShownNote:
        span = range(int(showing.enter_s * DEMO_FPS), int(showing.gone_s * DEMO_FPS) + 1)
        seen = [index for index in span if visible_share(pose_at(showing, index / DEMO_FPS)) >= _MIN_VISIBLE_SHARE]
        return ShownNote(showing.value, showing.side, seen[0] / DEMO_FPS, (seen[-1] + 1) / DEMO_FPS)


class _Painter:
    """Composes the frames of one scene from a room, held notes and a noise field that it draws once."""

    def __init__(self, script: tuple[Showing, ...], seed: int) -> None:
        self._script = script
        self._seed = seed
        self._room = draw_room(*FRAME_SIZE)
        self._held_notes: dict[Showing, tuple[HeldNote, HeldNote]] = {}
        for showing in script:
            note = draw_note(showing.value, showing.side, _NOTE_WIDTH_PX, seed)
            held = hold_note(note, GRIPS[showing.grip])
            self._held_notes[showing] = held, held.halved()
        w, h = FRAME_SIZE
        field = np.random.default_rng(seed).normal(0, _NOISE_SIGMA, (h + _NOISE_MARGIN, w + _NOISE_MARGIN, 3))
        self._noise = np.round(field).astype(np.int16)

    def frame(self, index: int) -> Image:
        """Paint one frame, uint8 [480, 640, 3] BGR."""
        t = index / DEMO_FPS
        showing = showing_at(self._script, t)
        picture = self._room if showing is None else self._with_note(showing, pose_at(showing, t))
        # Another part of one noise field is as good as new noise, and takes a tenth of the time.
        x, y = np.random.default_rng((self._seed, index)).integers(0, _NOISE_MARGIN, 2)
        w, h = FRAME_SIZE
        return np.asarray(cv2.add(picture, self._noise[y : y + h, x : x + w], dtype=cv2.CV_8U), np.uint8)

    def _with_note(self, showing: Showing, pose: Pose) -> Image:
        whole, half = self._held_notes[showing]
        # A distant note would alias at full resolution.
        held = whole if pose.width > 0.6 * _NOTE_WIDTH_PX else half
        placed = cv2.warpPerspective(held.pixels, projection(pose) @ held.to_mm, FRAME_SIZE, flags=cv2.INTER_LINEAR)
        through = cv2.cvtColor(255 - placed[..., 3], cv2.COLOR_GRAY2BGR)
        behind = cv2.multiply(self._room, through, scale=1 / 255)
        return np.asarray(cv2.add(behind, np.ascontiguousarray(placed[..., :3])), np.uint8)
