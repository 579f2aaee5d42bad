"""Films: one pass of the network a frame, and a note that is followed from frame to frame."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.camera import Movement, is_black
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import iou
from currency_app.recognition.far_note import FarSearch, is_far_note
from currency_app.recognition.look_scheduler import Look, LookScheduler
from currency_app.recognition.others_search import OthersSearch
from currency_app.recognition.passes import Glance, NetworkPasses
from currency_app.recognition.preprocessing import fit_picture
from currency_app.recognition.quality import Quality, frame_quality, note_quality
from currency_app.recognition.reading import calibrated_looks, is_doubted, note_in_view, read_value, shows_note
from currency_app.recognition.second_look import note_homography

_OUTWEIGHS = 0.5
"""Probability, 0..1, of all values added up, from which a look shows a note rather than none."""
MIN_PLACE_IOU = 0.6
"""Intersection over union, 0..1, of a note's corners in two looks, from which it is in one place, as
`TrackerSettings.min_iou` asks before a value is announced: sooner, a search for a second note would be for nothing."""
_MIN_RESTING_IOU = 0.7
"""Intersection over union, 0..1, of the same, from which the note has hardly moved. Chosen by hand."""
MIN_STILL_IOU = 0.8
"""The same from which what is seen beside the note, where it was a frame ago, is not the note itself. One that moves on
by a seventh of its width has 0.75. Chosen by hand."""
_CLOSER_LOOKS = 3
"""Closer looks that are taken together, the last ones: as many as a still gets, whose weights are fitted so."""
_MIN_SAME_IOU = 0.3
"""Intersection over union, 0..1, from which a look at the whole frame shows the note that is followed. Chosen by
hand."""
_MEASURED_LOOKS = 3
"""Looks at a settled note in one of which light and sharpness are measured: they cost a sixth of a frame. Chosen by
hand."""


class FilmReader:
    """Reads the frames of films, in the order of their time, with one pass of the network each at most.

    A frame no later than the last one starts another film. `LookScheduler` decides what a pass is spent on.

    bundle, passes: whose network looks. clock: seconds, for the timings of the stages. others, search: whether to look
    for a second note, and for a far one in frames that show none.
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
        self.extra_looks = True
        """Whether frames may be spent on far notes and on a second one."""
        self.cheaper_look_follows = False
        """Whether the last frame was looked at as a whole, and the next one will be at its note alone."""
        self._bundle = bundle
        self._passes = passes
        self._clock = clock
        self._others = others and bundle.locates
        self._search = search and bundle.locates
        self._begin()

    def _begin(self) -> None:
        """Forget what was seen: it says nothing about another film."""
        self._scheduler = LookScheduler(others=self._others, search=self._search)
        self._far_search = FarSearch()
        self._far: Corners | None = None
        self._last_corners: Corners | None = None
        self._in_place = self._rests = self._is_still = False
        self._to_frame: Floats | None = None
        self._movement = Movement()
        self._last_whole: Floats = np.empty(0, np.float32)
        self._last_closer: tuple[Floats, ...] = ()
        self._others_search = OthersSearch(self._bundle, self._passes)
        self._quality: Quality | None = None
        self._quality_looks = 0
        self._last: Observation | None = None

    def observe(self, frame: Frame) -> Observation:
        """Return what the frame shows; what those before it did, with `looked` False, if its note was not looked at."""
        start = self._clock()
        if self._last is not None and frame.t <= self._last.t:
            self._begin()
        self._scheduler.extra_looks = self.extra_looks
        moving = self._scheduler.needs_view and self._movement.is_in(frame.image)
        due_after_s = self._others_search.due_after_s(self._last, in_place=self._in_place)
        look = self._scheduler.next_look(
            frame.t, moving=moving, sure=self._is_sure(), resting=self._rests, others_after_s=due_after_s
        )
        match look:
            case Look.WHOLE:
                self._movement.begin_from_here()
                seen = self._look_at_whole(frame, start)
            case Look.CLOSER:
                seen = self._look_closer(frame, start)
            case Look.FAR:
                seen = self._look_far(frame, start)
            case Look.OTHERS:
                seen = self._look_for_others(frame, start)
            case Look.NONE:
                seen = self._as_before(frame, start)
        self.cheaper_look_follows = look is Look.WHOLE and self._to_frame is not None
        self._last = seen
        return seen

    def _look_at_whole(self, frame: Frame, start: float) -> Observation:
        picture, placement = fit_picture(frame.image, self._bundle, fast=True)
        prepared = self._clock()
        glance = self._passes.whole(picture, placement)
        inferred = self._clock()
        rule = self._bundle.second_look
        enough = _OUTWEIGHS if rule is None else rule.min_note_probability
        note = glance.note_probability(self._bundle.labels) >= enough
        overlap = self._overlap(glance.corners) if note else 0.0
        if overlap < _MIN_SAME_IOU:
            self._last_closer = ()
        elif self._last_closer and self._last_corners is not None and overlap >= _MIN_RESTING_IOU:
            # Closer looks find the corners of a note that has hardly moved better.
            glance = replace(glance, corners=self._last_corners)
        self._tell(frame.t, glance, note=note)
        self._last_whole = glance.probabilities
        probabilities = calibrated_looks(glance.probabilities, self._last_closer, self._bundle)
        return self._observed(frame, glance, probabilities, (start, prepared, inferred))

    def _look_closer(self, frame: Frame, start: float) -> Observation:
        to_frame = self._to_frame
        assert to_frame is not None, "only what can be straightened is followed"
        # OpenCV warps four channels in half the time that it takes for three.
        image = np.asarray(cv2.cvtColor(frame.image, cv2.COLOR_BGR2BGRA), np.uint8)
        picture = self._passes.straightened(image, to_frame)
        prepared = self._clock()
        glance = self._passes.closer(picture, to_frame)
        inferred = self._clock()
        note = glance.note_probability(self._bundle.labels) >= _OUTWEIGHS
        self._tell(frame.t, glance, note=note)
        self._last_closer = (*self._last_closer, glance.probabilities)[-_CLOSER_LOOKS:] if note else ()
        # What is not there any more is not made likelier by the look at the whole frame that once showed it.
        looks = (self._last_whole, self._last_closer) if note else (glance.probabilities, ())
        probabilities = calibrated_looks(*looks, self._bundle)
        seen = self._observed(frame, glance, probabilities, (start, prepared, inferred), image)
        doubted = is_doubted(frame.image, seen, (glance.probabilities,), self._bundle.labels)
        return replace(seen, refused=True) if doubted else seen

    def _look_far(self, frame: Frame, start: float) -> Observation:
        glance = self._passes.part(frame.image, self._far_search.part())
        self._far = self._far_search.found(glance.note_probability(self._bundle.labels), glance.corners)
        self._scheduler.saw_part(far_note=self._far is not None)
        return self._as_before(frame, start)

    def _look_for_others(self, frame: Frame, start: float) -> Observation:
        assert self._last is not None and self._last.corners is not None, "there was room beside a note"
        self._others_search.look(frame, self._last.corners, rests=self._is_still)
        return self._as_before(frame, start)

    def _tell(self, t: float, glance: Glance, *, note: bool) -> None:
        """Tell the scheduler what a look at the whole frame, or at the note, has shown at t seconds."""
        overlap = self._overlap(glance.corners) if note else 0.0
        self._in_place, self._rests, self._is_still = (
            overlap >= minimum for minimum in (MIN_PLACE_IOU, _MIN_RESTING_IOU, MIN_STILL_IOU)
        )
        self._last_corners = glance.corners if note else None
        if not note:
            self._others_search.note_lost(t)
            self._scheduler.saw_nothing()
            return
        self._far = None
        rule = self._bundle.second_look
        self._to_frame = None if rule is None else note_homography(glance.corners, rule.margin)
        self._scheduler.saw_note(t, can_be_followed=self._to_frame is not None)

    def _is_sure(self) -> bool:
        return self._last is not None and self._bundle.is_sure(self._last.value, self._last.confidence)

    def _overlap(self, corners: Corners) -> float:
        """Return the overlap, 0..1, of a note's corners, float32 [4, 2], with where the look before has found it."""
        return 0.0 if self._last_corners is None else iou(corners, self._last_corners)

    def _observed(
        self,
        frame: Frame,
        glance: Glance,
        probabilities: Floats,
        times: tuple[float, float, float],
        bgra: Image | None = None,
    ) -> Observation:
        """Return what a look has shown.

        times: at which it began, its picture was ready, the network had run. bgra: the frame with a fourth channel, if
        it was made.
        """
        start, prepared, inferred = times
        image, bundle = frame.image, self._bundle
        reading = read_value(probabilities, bundle.labels)
        in_view = shows_note(reading, glance.in_view, glance.corners, bundle)
        corners = self._corners_of(glance, in_view=in_view)
        quality = self._quality_of(image if bgra is None or corners is None else bgra, corners)
        black = reading.value is None and is_black(image)
        done = self._clock()
        return Observation(
            t=frame.t,
            probabilities=probabilities,
            value=reading.value,
            side=reading.side,
            confidence=reading.confidence,
            corners=corners,
            in_view=note_in_view(glance.in_view, glance.corners, bundle) if in_view else 0.0,
            light=quality.light,
            sharpness=quality.sharpness,
            aspect=image.shape[1] / image.shape[0],
            covered=quality.covered,
            other_notes=self._others_search.other_notes if in_view else 0,
            searched=not self._others or self._others_search.tells(frame.t, corners),
            black=black,
            stages_ms={
                "preprocess": (prepared - start) * 1e3,
                "network": (inferred - prepared) * 1e3,
                "frame": (done - start) * 1e3,
            },
        )

    def _corners_of(self, glance: Glance, *, in_view: bool) -> Corners | None:
        """Return the note's corners; if none is in view, those of a note too far away to be read."""
        if not self._bundle.locates:
            return None
        if in_view or is_far_note(glance.note_probability(self._bundle.labels), glance.corners):
            return glance.corners
        return self._far

    def _quality_of(self, image: Image, corners: Corners | None) -> Quality:
        """Return light, sharpness and what is covered.

        Of a note that has been sure for a while it is measured only now and then, for nothing waits for it.
        """
        if corners is None:
            self._quality = None
            return frame_quality(image)
        self._quality_looks += 1
        settled = self._is_sure() and self._scheduler.has_had_enough_looks
        if self._quality is None or not settled or self._quality_looks >= _MEASURED_LOOKS:
            self._quality, self._quality_looks = note_quality(image, corners), 0
        return self._quality

    def _as_before(self, frame: Frame, start: float) -> Observation:
        """Return the observation before this frame's, for a frame whose note, if any, was not looked at."""
        assert self._last is not None, "the first frame is looked at as a whole"
        return replace(self._last, t=frame.t, looked=False, stages_ms={"frame": (self._clock() - start) * 1e3})
