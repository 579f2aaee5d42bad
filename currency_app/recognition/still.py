"""Stills: nobody waits for a frame, so each gets all the looks that help."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.camera import is_black
from currency_app.events import Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.far_note import PART_ORIGINS, FarSearch
from currency_app.recognition.passes import NetworkPasses
from currency_app.recognition.preprocessing import Placement, fit_picture
from currency_app.recognition.quality import frame_quality, note_quality
from currency_app.recognition.reading import calibrated_looks, note_in_view, read_value, shows_note
from currency_app.recognition.second_look import note_homography
from currency_app.recognition.second_note import is_another_note, worth_a_look


@dataclass(frozen=True, eq=False)
class Looks:
    """What the network's passes gave for one still, before any calibration. A look is one pass of the network."""

    first: Floats
    """Softmax outputs for the whole picture, float32 [labels]."""
    closer: tuple[Floats, ...]
    """Softmax outputs for the straightened note, float32 [labels], one for each closer look; empty if there was
    none."""
    corners: Corners
    """The note's corners from the last look, float32 [4, 2], fractions of the picture."""
    in_view: float
    """Share of the note inside the picture, about 0..1, as the first look estimates it."""


class StillReader:
    """Reads single pictures, each by itself.

    bundle, passes: whose network looks. clock: seconds, for the timings of the stages. others, search: whether to look
    for a second note, and for a far one in pictures that show none.
    """

    def __init__(
        self,
        bundle: Bundle,
        passes: NetworkPasses,
        clock: Callable[[], float] = time.perf_counter,
        *,
        others: bool = True,
        search: bool = True,
    ) -> None:
        self._bundle = bundle
        self._passes = passes
        self._clock = clock
        self._others = others
        self._search = search

    def observe(self, image: Image) -> Observation:
        """Return what a still, uint8 [h, w, 3] BGR, shows; every part of it is searched for a far note."""
        bundle = self._bundle
        start = self._clock()
        picture, placement = fit_picture(image, bundle)
        prepared = self._clock()
        looks = self._look(image, picture, placement)
        inferred = self._clock()
        probabilities = calibrated_looks(looks.first, looks.closer, bundle)
        reading = read_value(probabilities, bundle.labels)
        in_view = shows_note(reading, looks.in_view, looks.corners, bundle)
        corners = looks.corners if in_view and bundle.locates else None
        others = self._count_others(picture, placement, corners)
        if corners is None:
            corners = self._find_far(image)
        quality = frame_quality(image) if corners is None else note_quality(image, corners)
        black = is_black(image)
        done = self._clock()
        return Observation(
            t=0.0,
            probabilities=probabilities,
            value=reading.value,
            side=reading.side,
            confidence=reading.confidence,
            corners=corners,
            in_view=note_in_view(looks.in_view, looks.corners, bundle) if in_view else 0.0,
            light=quality.light,
            sharpness=quality.sharpness,
            aspect=image.shape[1] / image.shape[0],
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
        """Return the network's uncalibrated outputs for a still, uint8 [h, w, 3] BGR: what calibration fits to."""
        return self._look(image, *fit_picture(image, self._bundle))

    def _look(self, image: Image, picture: Image, placement: Placement) -> Looks:
        """Run the network on the whole picture and on the straightened note."""
        first = self._passes.whole(picture, placement)
        rule, corners = self._bundle.second_look, first.corners
        closer: list[Floats] = []
        if rule is not None and first.note_probability(self._bundle.labels) >= rule.min_note_probability:
            for _ in range(rule.repeats):
                to_frame = note_homography(corners, rule.margin)
                if to_frame is None:
                    break
                glance = self._passes.closer(self._passes.straightened(image, to_frame), to_frame)
                closer.append(glance.probabilities)
                corners = glance.corners
        return Looks(first.probabilities, tuple(closer), corners, first.in_view)

    def _count_others(self, picture: Image, placement: Placement, corners: Corners | None) -> int:
        """Return how many more notes there are, 0 or 1."""
        if not self._others or corners is None or not (np.isfinite(corners).all() and worth_a_look(corners)):
            return 0
        glance = self._passes.rest(picture, placement, corners)
        return int(is_another_note(glance.note_probability(self._bundle.labels), glance.corners, corners))

    def _find_far(self, image: Image) -> Corners | None:
        """Return the corners of a note that only a part of the picture shows, or None."""
        if not (self._search and self._bundle.locates):
            return None
        search = FarSearch()
        for _ in PART_ORIGINS:
            glance = self._passes.part(image, search.part())
            found = search.found(glance.note_probability(self._bundle.labels), glance.corners)
            if found is not None:
                return found
        return None
