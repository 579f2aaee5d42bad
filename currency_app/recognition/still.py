"""Stills: nobody waits for a frame, so each gets all the looks that help."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from currency_app.arrays import Corners, Floats, Image
from currency_app.camera import is_black
from currency_app.events import Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import iou
from currency_app.recognition.far_note import PART_ORIGINS, FarSearch
from currency_app.recognition.passes import Glance, NetworkPasses, probability_of_note
from currency_app.recognition.preprocessing import Placement, fit_picture
from currency_app.recognition.quality import frame_quality, note_quality
from currency_app.recognition.reading import calibrated_looks, is_doubted, note_in_view, read_value, shows_note
from currency_app.recognition.second_look import note_homography
from currency_app.recognition.second_note import (
    HIDDEN_SCALES,
    SUSPICION,
    Verdict,
    is_confirmed,
    is_elsewhere,
    judge_rest,
    leaves_room,
    may_be_around,
    overlap_much,
    sides_of,
)

_MAX_OTHERS = 3
"""Notes beside the first that are searched for, for each costs six passes: whoever lays out more of them must show them
one by one. Chosen by hand."""
_MIN_SAME_IOU = 0.3
"""Intersection over union, 0..1, of a note in a look at the whole picture and in a closer one, below which they are two
places. Chosen by hand."""


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
        first = self._observed(image, looks)
        others: tuple[Observation, ...] = ()
        if first.corners is None:
            far = self._find_far(image)
            if far is not None:
                first = self._observed(image, replace(looks, corners=far), far=True)
        elif self._others and leaves_room(first.corners):
            first, others = self._read_all(image, picture, placement, first)
        done = self._clock()
        count = len(others)
        return replace(
            first,
            other_notes=count,
            others=tuple(replace(other, other_notes=count) for other in others),
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
        rule = self._bundle.second_look
        if rule is None or first.note_probability(self._bundle.labels) < rule.min_note_probability:
            return Looks(first.probabilities, (), first.corners, first.in_view)
        return self._look_closer(image, first)

    def _look_closer(self, image: Image, first: Glance) -> Looks:
        """Run the network on the note that a first look has found, straightened by its corners."""
        rule, corners = self._bundle.second_look, first.corners
        closer: list[Floats] = []
        for _ in range(0 if rule is None else rule.repeats):
            to_frame = None if rule is None else note_homography(corners, rule.margin)
            if to_frame is None:
                break
            glance = self._passes.closer(self._passes.straightened(image, to_frame), to_frame)
            closer.append(glance.probabilities)
            corners = glance.corners
        return Looks(first.probabilities, tuple(closer), corners, first.in_view)

    def _observed(self, image: Image, looks: Looks, *, far: bool = False) -> Observation:
        """Return what the looks at one note tell. far: whether its corners are those of a far note."""
        bundle = self._bundle
        probabilities = calibrated_looks(looks.first, looks.closer, bundle)
        reading = read_value(probabilities, bundle.labels)
        in_view = not far and shows_note(reading, looks.in_view, looks.corners, bundle)
        corners = looks.corners if far or (in_view and bundle.locates) else None
        quality = frame_quality(image) if corners is None else note_quality(image, corners)
        seen = Observation(
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
            black=is_black(image),
        )
        return replace(seen, refused=is_doubted(image, seen, looks.closer, bundle.labels))

    def _read_all(
        self, image: Image, picture: Image, placement: Placement, first: Observation
    ) -> tuple[Observation, tuple[Observation, ...]]:
        """Return the first note of a picture and all others that are found beside it, each read by itself.

        Each is searched for with those before it hidden. If there are several, the first is read once more with the
        others hidden. A note is refused if its looks disagree about its place or value, or if it lies on another.
        """
        assert first.corners is not None, "others are beside a note that has a place"
        places = [first.corners]
        others: list[Observation] = []
        while len(others) < _MAX_OTHERS and (found := self._find_another(image, picture, placement, places)):
            glance, looks = found
            strayed = not is_elsewhere(looks.corners, places) or iou(looks.corners, glance.corners) < _MIN_SAME_IOU
            looks = replace(looks, corners=glance.corners) if strayed else looks
            seen = self._observed(image, looks)
            others.append(replace(seen, corners=looks.corners, refused=seen.refused or strayed))
            places.append(looks.corners)
        if not others:
            return first, ()
        alone = self._passes.rest(picture, placement, places[1:], HIDDEN_SCALES[0])
        again = self._observed(image, self._look_closer(image, alone))
        sure = self._bundle.is_sure(again.value, again.confidence)
        first = replace(first, refused=first.refused or again.value != first.value or not sure)
        observed = [first, *others]
        for one, other in combinations(range(len(observed)), 2):
            if overlap_much(places[one], places[other]):
                for number in (one, other):
                    observed[number] = replace(observed[number], refused=True)
        return observed[0], tuple(observed[1:])

    def _is_nothing(self, image: Image, seen: Glance, looks: Looks, known: Sequence[Corners]) -> bool:
        """Whether closer looks at what seemed one more note show none, with those that are known hidden and not.

        One of the two alone often fails at a note that is partly hidden. Of 497 times that a second note was seen in
        pictures of several notes (178 photographs of `train`, the rest composites of its scans), both never do.
        """
        labels = self._bundle.labels
        if not looks.closer or probability_of_note(looks.closer[-1], labels) >= SUSPICION:
            return False
        closer = self._passes.suspect(image, seen.corners, known)
        return closer is not None and closer.note_probability(labels) < SUSPICION

    def _find_another(
        self, image: Image, picture: Image, placement: Placement, known: Sequence[Corners]
    ) -> tuple[Glance, Looks] | None:
        """Return how one more note was seen and looked at closer, with those that are known hidden; None without."""
        for glance in self._seen_beside(image, picture, placement, known):
            looks = self._look_closer(image, glance)
            if not self._is_nothing(image, glance, looks, known):
                return glance, looks
        return None

    def _seen_beside(
        self, image: Image, picture: Image, placement: Placement, known: Sequence[Corners]
    ) -> Iterator[Glance]:
        """Yield what looks show that may be one more note: all around those that are known, then on each side."""
        around = False
        for scale in HIDDEN_SCALES:
            glance = self._passes.rest(picture, placement, known, scale)
            verdict = judge_rest(glance, self._bundle, known, still=True)
            around = around or may_be_around(glance, self._bundle)
            if verdict is Verdict.SUSPICION:
                closer = self._passes.suspect(image, glance.corners, known)
                if closer is not None and is_confirmed(closer, self._bundle, known):
                    yield replace(glance, corners=closer.corners)
            if verdict is Verdict.ANOTHER:
                yield glance
        for side in (side for note in known for side in sides_of(note) if around):
            glance = self._passes.rest(picture, placement, [*known, side], HIDDEN_SCALES[0])
            if judge_rest(glance, self._bundle, known, still=True) is Verdict.ANOTHER:
                yield glance

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
