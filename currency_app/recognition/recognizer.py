"""A model bundle becomes Observations: one frame in, what it shows out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import project, share_in_frame
from currency_app.recognition.far_note import SIDE, FarSearch
from currency_app.recognition.network import LiteRTNetwork, Network
from currency_app.recognition.other_notes import is_another, without_note, worth_a_look
from currency_app.recognition.quality import frame_quality, note_quality
from currency_app.recognition.reading import calibrated_looks, read_value
from currency_app.recognition.second_look import region, straighten


class FrameReader(Protocol):
    """The swap point between the app and what reads its frames; `tests/fakes.py` has a `FakeRecognizer`."""

    def observe(self, frame: Frame) -> Observation:
        """What the frame shows."""
        ...


@dataclass(frozen=True, eq=False)
class Looks:
    """What the network gave for one frame, before any calibration.

    first: float32 [labels], softmax outputs for the whole frame. closer: the same for the straightened note, for each
    time that it was looked at again. corners: float32 [4, 2] fractions of the frame, of the last look. in_view: 0..1.
    """

    first: Floats
    closer: tuple[Floats, ...]
    corners: Corners
    in_view: float


class Recognizer:
    """Reads single frames. Not safe to share between threads: each needs its own.

    network: what runs the bundle's network, LiteRT on so many threads unless given.
    clock: seconds, for the stages' timings. others_s: seconds of source time between two looks for more notes, each of
    which costs one more run of the network; infinite = never. search: look for a far note in frames that show none, for
    one more run. Raises BundleError where the model cannot be run.
    """

    def __init__(
        self,
        bundle: Bundle,
        threads: int = 1,
        clock: Callable[[], float] = time.perf_counter,
        network: Network | None = None,
        others_s: float = 0.4,
        search: bool = True,
    ) -> None:
        self.bundle = bundle
        self._clock = clock
        self._network = network or LiteRTNetwork(bundle, threads)
        self._others_s = others_s
        self._others_seen: tuple[float, int] | None = None
        self._search = FarSearch() if search and bundle.locates else None
        self._last_t = -math.inf

    def observe(self, frame: Frame) -> Observation:
        """What the frame shows."""
        if frame.t <= self._last_t:
            self._begin_anew()
        self._last_t = frame.t
        start = self._clock()
        picture, placed = fit_picture(frame.image, self.bundle)
        prepared = self._clock()
        looks = self._look(frame.image, picture, placed, self._others_due(frame.t))
        inferred = self._clock()
        probabilities = calibrated_looks(looks.first, looks.closer, self.bundle)
        reading = read_value(probabilities, self.bundle.labels)
        corners = None if reading.value is None or not self.bundle.locates else looks.corners
        others = self._others(frame.t, picture, placed, corners)
        if corners is None:
            corners = self._far(frame.image)
        quality = frame_quality(frame.image) if corners is None else note_quality(frame.image, corners)
        done = self._clock()
        return Observation(
            t=frame.t,
            probabilities=probabilities,
            value=reading.value,
            side=reading.side,
            confidence=reading.confidence,
            corners=corners,
            in_view=0.0 if reading.value is None else self._in_view(looks),
            light=quality.light,
            sharpness=quality.sharpness,
            aspect=frame.image.shape[1] / frame.image.shape[0],
            covered=quality.covered,
            other_notes=others,
            stages_ms={
                "preprocess": (prepared - start) * 1e3,
                "network": (inferred - prepared) * 1e3,
                "frame": (done - start) * 1e3,
            },
        )

    def _begin_anew(self) -> None:
        """Another film, or another still: what was found in the last one says nothing about it."""
        self._others_seen = None
        if self._search is not None:
            self._search = FarSearch()

    def look(self, image: Image) -> Looks:
        """What the network gives for a frame, uint8 [h, w, 3] BGR: for calibrating it."""
        return self._look(image, *fit_picture(image, self.bundle))

    def _look(self, image: Image, picture: Image, placed: Placed, spare_one: bool = False) -> Looks:
        """spare_one: look closer once less, where that is more than once."""
        first, places = self._network(picture)
        corners = placed.in_frame(places[:8])
        in_view = float(places[8])
        rule = self.bundle.second_look
        background = sum(p for p, label in zip(first, self.bundle.labels, strict=True) if label.value is None)
        if rule is None or 1 - background < rule.least_note:
            return Looks(first, (), corners, in_view)
        seen_closer: list[Floats] = []
        for _ in range(max(rule.times - spare_one, 1)):
            to_picture = region(corners, rule.margin)
            if to_picture is None:
                break
            closer = straighten(image, to_picture, self.bundle.width, self.bundle.height)
            probabilities, places = self._network(np.asarray(cv2.cvtColor(closer, cv2.COLOR_BGR2RGB), np.uint8))
            seen_closer.append(probabilities)
            corners = project(to_picture, places[:8].reshape(4, 2))
        return Looks(first, tuple(seen_closer), corners, in_view)

    def _in_view(self, looks: Looks) -> float:
        """Share of the note in view: the network and its corners both take half a note for more, so the lower one."""
        return min(looks.in_view, share_in_frame(looks.corners)) if self.bundle.locates else 1.0

    def _far(self, image: Image) -> Floats | None:
        """Corners of a note that only a part of the frame shows."""
        if self._search is None:
            return None
        height, width = image.shape[:2]
        left, top = (np.array(self._search.part()) * [width, height]).astype(int)
        part = image[top : top + max(round(height * SIDE), 1), left : left + max(round(width * SIDE), 1)]
        picture, placed = fit_picture(np.asarray(part, np.uint8), self.bundle)
        note, corners = self._note_in(picture, placed)
        return self._search.found(note, corners)

    def _note_in(self, picture: Image, placed: Placed) -> tuple[float, Floats]:
        """Probability of all values together, and the note's corners: one run of the network."""
        probabilities, places = self._network(picture)
        corners = placed.in_frame(places[:8])
        note = sum(p for p, label in zip(probabilities, self.bundle.labels, strict=True) if label.value is not None)
        return float(note), corners

    def _others_due(self, t: float) -> bool:
        """Whether more notes will be looked for in a running film; the run that costs is saved elsewhere."""
        return self._others_seen is not None and t - self._others_seen[0] >= self._others_s

    def _others(self, t: float, picture: Image, placed: Placed, corners: Corners | None) -> int:
        """How many more notes there are, 0 or 1; as found before where that was a moment ago."""
        if corners is None or not (np.isfinite(corners).all() and worth_a_look(corners)):
            self._others_seen = None
            return 0
        if self._others_seen is not None and t - self._others_seen[0] < self._others_s:
            return self._others_seen[1]
        if self._others_s == math.inf:
            return 0
        alone = without_note(picture, corners * placed.share + placed.offset)
        self._others_seen = (t, int(is_another(*self._note_in(alone, placed), corners)))
        return self._others_seen[1]


@dataclass(frozen=True)
class Placed:
    """Where a whole frame lies in the network's picture: fractions of the picture [x, y], offset and share taken up."""

    offset: Floats
    share: Floats

    def in_frame(self, places: Floats) -> Floats:
        """Corners in the network's picture, float32 [8], as fractions of the frame, float32 [4, 2]."""
        return ((places.reshape(4, 2) - self.offset) / self.share).astype(np.float32)


def fit_picture(image: Image, bundle: Bundle) -> tuple[Image, Placed]:
    """The whole frame, uint8 [h, w, 3] BGR, as the network takes it, uint8 [height, width, 3] RGB, and where it lies.

    "stretch" fills the picture and changes the frame's shape; "letterbox" keeps it and fills up with black.
    """
    target_w, target_h = bundle.width, bundle.height
    height, width = image.shape[:2]
    if bundle.fit == "stretch":
        resized = cv2.resize(image, (target_w, target_h), interpolation=cv2.INTER_AREA)
        placed = Placed(np.zeros(2, np.float32), np.ones(2, np.float32))
        return np.asarray(cv2.cvtColor(resized, cv2.COLOR_BGR2RGB), np.uint8), placed
    scale = min(target_w / width, target_h / height)
    new_w, new_h = max(round(width * scale), 1), max(round(height * scale), 1)
    left, top = (target_w - new_w) // 2, (target_h - new_h) // 2
    picture = np.zeros((target_h, target_w, 3), np.uint8)
    resized = cv2.resize(image, (new_w, new_h), interpolation=cv2.INTER_AREA)
    picture[top : top + new_h, left : left + new_w] = cv2.cvtColor(resized, cv2.COLOR_BGR2RGB)
    offset = np.array([left / target_w, top / target_h], np.float32)
    return picture, Placed(offset, np.array([new_w / target_w, new_h / target_h], np.float32))
