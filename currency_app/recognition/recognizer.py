"""A model bundle reads frames: one frame in, one Observation out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.camera import is_black
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import project, share_in_frame
from currency_app.recognition.far_note import PART_ORIGINS, PART_SIZE, FarSearch
from currency_app.recognition.network import LiteRTNetwork, Network
from currency_app.recognition.preprocessing import Placement, fit_picture
from currency_app.recognition.quality import frame_quality, note_quality
from currency_app.recognition.reading import calibrated_looks, read_value
from currency_app.recognition.second_look import note_homography, straighten
from currency_app.recognition.second_note import hide_note, is_another_note, worth_a_look


class FrameReader(Protocol):
    """The swap point between the app and what reads its frames; `currency_app.testing` has a `FakeRecognizer`."""

    def observe(self, frame: Frame) -> Observation:
        """Return what the frame shows."""
        ...


@dataclass(frozen=True, eq=False)
class Looks:
    """What the network's passes gave for one frame, before any calibration. A look is one pass of the network."""

    first: Floats
    """Softmax outputs for the whole frame, float32 [labels]."""
    closer: tuple[Floats, ...]
    """Softmax outputs for the straightened note, float32 [labels], one for each closer look; empty if there was
    none."""
    corners: Corners
    """The note's corners from the last look, float32 [4, 2], fractions of the frame."""
    in_view: float
    """Share of the note inside the frame, about 0..1, as the first look estimates it."""


class Recognizer:
    """Reads single frames. Not safe to share between threads: each needs its own.

    Frames of a film come in the order of their time. A frame no later than the last one starts another film, or is
    another still.

    Args:
        bundle: whose network reads the frames.
        threads: of the network; see `LiteRTNetwork`.
        clock: seconds, for the timings of the stages.
        network: runs in place of LiteRT on the bundle's model.
        others_s: seconds of source time between two searches for a second note, each of which costs one more pass of
            the network; infinite for no search at all.
        search: whether to look for a far note in frames that show none, for one more pass.

    Raises:
        BundleError: the model cannot be run.
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
        self._last_others: tuple[float, int] | None = None
        self._far_search = FarSearch() if search and bundle.locates else None
        self._last_t = -math.inf

    def observe(self, frame: Frame) -> Observation:
        """Return what the frame shows."""
        return self._observe(frame, parts=1)

    def observe_still(self, image: Image) -> Observation:
        """Return what a still, uint8 [h, w, 3] BGR, shows; every part of it is searched for a far note."""
        self._last_t = math.inf
        return self._observe(Frame(image, t=0.0, index=0), parts=len(PART_ORIGINS))

    def _observe(self, frame: Frame, parts: int) -> Observation:
        """Return what the frame shows. parts: how many to search for a far note, if no note is seen."""
        if frame.t <= self._last_t:
            self._reset()
        self._last_t = frame.t
        start = self._clock()
        picture, placement = fit_picture(frame.image, self.bundle)
        prepared = self._clock()
        looks = self._look(frame.image, picture, placement, self._others_due(frame.t))
        inferred = self._clock()
        probabilities = calibrated_looks(looks.first, looks.closer, self.bundle)
        reading = read_value(probabilities, self.bundle.labels)
        corners = None if reading.value is None or not self.bundle.locates else looks.corners
        others = self._count_others(frame.t, picture, placement, corners)
        if corners is None:
            corners = self._find_far(frame.image, parts)
        quality = frame_quality(frame.image) if corners is None else note_quality(frame.image, corners)
        black = is_black(frame.image)
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
            black=black,
            stages_ms={
                "preprocess": (prepared - start) * 1e3,
                "network": (inferred - prepared) * 1e3,
                "frame": (done - start) * 1e3,
            },
        )

    def look(self, image: Image) -> Looks:
        """Return the network's uncalibrated outputs for a frame, uint8 [h, w, 3] BGR: what calibration fits to."""
        return self._look(image, *fit_picture(image, self.bundle))

    def _reset(self) -> None:
        """Forget what was found in the last film or still: it says nothing about this one."""
        self._last_others = None
        if self._far_search is not None:
            self._far_search = FarSearch()

    def _look(self, image: Image, picture: Image, placement: Placement, spare_one: bool = False) -> Looks:
        """Run the network on the whole frame and on the straightened note.

        spare_one: take one closer look less, if there would be more than one.
        """
        first, places = self._network(picture)
        corners = placement.to_frame(places[:8])
        in_view = float(places[8])
        rule = self.bundle.second_look
        background = sum(p for p, label in zip(first, self.bundle.labels, strict=True) if label.value is None)
        if rule is None or 1 - background < rule.min_note_probability:
            return Looks(first, (), corners, in_view)
        closer: list[Floats] = []
        for _ in range(max(rule.repeats - spare_one, 1)):
            to_picture = note_homography(corners, rule.margin)
            if to_picture is None:
                break
            note = straighten(image, to_picture, self.bundle.closer_width, self.bundle.closer_height)
            probabilities, places = self._network(np.asarray(cv2.cvtColor(note, cv2.COLOR_BGR2RGB), np.uint8))
            closer.append(probabilities)
            corners = project(to_picture, places[:8].reshape(4, 2))
        return Looks(first, tuple(closer), corners, in_view)

    def _in_view(self, looks: Looks) -> float:
        """Return the share of the note in view, 0..1; 1 if the bundle does not locate notes.

        The network's own estimate and that of its corners both run high for a half-visible note, so take the lower.
        """
        return min(looks.in_view, share_in_frame(looks.corners)) if self.bundle.locates else 1.0

    def _find_far(self, image: Image, parts: int) -> Floats | None:
        """Return the corners of a note that only a part of the frame shows, or None.

        float32 [4, 2], fractions of the frame. parts: how many to look at, until one shows a note.
        """
        if self._far_search is None:
            return None
        height, width = image.shape[:2]
        for _ in range(parts):
            left, top = (np.array(self._far_search.part()) * [width, height]).astype(int)
            part = image[top : top + max(round(height * PART_SIZE), 1), left : left + max(round(width * PART_SIZE), 1)]
            picture, placement = fit_picture(np.asarray(part, np.uint8), self.bundle)
            found = self._far_search.found(*self._note_in(picture, placement))
            if found is not None:
                return found
        return None

    def _note_in(self, picture: Image, placement: Placement) -> tuple[float, Floats]:
        """Run the network once: the probability of all values summed up, and the note's corners in the frame."""
        probabilities, places = self._network(picture)
        note = sum(p for p, label in zip(probabilities, self.bundle.labels, strict=True) if label.value is not None)
        return float(note), placement.to_frame(places[:8])

    def _others_due(self, t: float) -> bool:
        """Whether this frame of a running film will be searched for a second note.

        A closer look is saved in that frame, so that it costs no more time than others.
        """
        return self._last_others is not None and t - self._last_others[0] >= self._others_s

    def _count_others(self, t: float, picture: Image, placement: Placement, corners: Corners | None) -> int:
        """Return how many more notes there are, 0 or 1. Between two searches, what the last one found still holds."""
        if corners is None or not (np.isfinite(corners).all() and worth_a_look(corners)):
            self._last_others = None
            return 0
        if self._last_others is not None and t - self._last_others[0] < self._others_s:
            return self._last_others[1]
        if self._others_s == math.inf:
            return 0
        rest = hide_note(picture, placement.to_picture(corners))
        self._last_others = (t, int(is_another_note(*self._note_in(rest, placement), corners)))
        return self._last_others[1]
