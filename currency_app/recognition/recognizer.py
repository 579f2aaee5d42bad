"""A model bundle reads frames: one frame in, one Observation out."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from currency_app.arrays import Corners, Image
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import share_in_frame
from currency_app.recognition.film import FilmReader
from currency_app.recognition.network import LiteRTNetwork, Network
from currency_app.recognition.numerals import (
    LiteRTNumerals,
    NumeralCheck,
    NumeralNetwork,
    NumeralWatch,
    StripCheck,
    StripWatch,
)
from currency_app.recognition.others_search import OthersSearch
from currency_app.recognition.passes import NetworkPasses
from currency_app.recognition.still import Looks, StillReader


class FrameReader(Protocol):
    """The swap point between the app and what reads its frames; `currency_app.testing` has a `FakeRecognizer`."""

    def observe(self, frame: Frame) -> Observation:
        """Return what the frame shows."""
        ...


class Recognizer:
    """Reads frames of films, and stills. Not safe to share between threads: each needs its own.

    A frame of a film gets one pass of the network at most, and counts on the frames around it; see `FilmReader`. A
    still gets all the looks that help; see `StillReader`.

    Args:
        bundle: whose network reads the frames.
        threads: of the network; see `LiteRTNetwork`.
        clock: seconds, for the timings of the stages.
        network: runs in place of LiteRT on the bundle's model.
        others: whether to look for a second note.
        search: whether to look for a far note in frames that show none.
        check_numerals: whether the numerals of a note are read before its value is sure, if the bundle can.
        numerals: runs in place of LiteRT on the bundle's model for numerals.

    Raises:
        BundleError: the model cannot be run.
    """

    def __init__(
        self,
        bundle: Bundle,
        threads: int = 1,
        clock: Callable[[], float] = time.perf_counter,
        network: Network | None = None,
        *,
        others: bool = True,
        search: bool = True,
        check_numerals: bool = True,
        numerals: NumeralNetwork | None = None,
    ) -> None:
        self.bundle = bundle
        passes = NetworkPasses(bundle, network or LiteRTNetwork(bundle, threads))
        rule, check, strips = bundle.numerals, None, None
        if check_numerals and rule is not None:
            numerals = numerals or LiteRTNumerals(rule, threads)
            check = NumeralCheck(rule, numerals)
            strips = StripCheck(rule, numerals) if others else None
        self._film = FilmReader(bundle, passes, clock, others=others, search=search)
        self._stills = StillReader(bundle, passes, clock, others=others, search=search)
        self._passes = passes
        self._others = others
        self._clock = clock
        self._numerals = check
        self._watch = None if check is None else NumeralWatch(check)
        self._strips = strips
        self._strip_watch = None if strips is None else StripWatch(strips)

    @property
    def extra_looks(self) -> bool:
        """Whether frames of films may be spent on far notes and on a second one: True until set otherwise."""
        return self._film.extra_looks

    @extra_looks.setter
    def extra_looks(self, extra_looks: bool) -> None:
        self._film.extra_looks = extra_looks

    def observe(self, frame: Frame) -> Observation:
        """Return what the next frame of a film shows; a frame no later than the last one starts another film."""
        seen = self._film.observe(frame)
        if self._watch is None:
            return seen
        start, doubt, may_wait = self._clock(), self._doubt(seen), self._film.cheaper_look_follows
        refused = self._watch.refuses(seen, frame.image, doubt=doubt, may_wait=may_wait)
        if self._strip_watch is not None:
            done, found = self._strip_watch.watch(
                seen,
                frame.image,
                likely=seen.confidence >= self.bundle.maybe,
                may_search=not may_wait,
                busy=self._watch.has_just_read,
                again=self.extra_looks,
            )
            other_notes = max(seen.other_notes, int(found))
            seen = replace(seen, other_notes=other_notes, searched=seen.searched and (done or doubt > 1))
        return self._timed(replace(seen, refused=seen.refused or refused), start)

    def observe_still(self, image: Image) -> Observation:
        """Return what a still, uint8 [h, w, 3] BGR, shows; every part of it is searched for a far note."""
        seen = self._stills.observe(image)
        if self._numerals is None:
            return seen
        start = self._clock()
        others = tuple(replace(one, refused=one.refused or self._is_refused(image, one)) for one in seen.others)
        first = replace(seen, refused=seen.refused or self._is_refused(image, seen), others=others)
        return self._timed(self._with_strip(image, first), start)

    def _with_strip(self, image: Image, first: Observation) -> Observation:
        """Return what a still shows with one more note, if a strip of another value shows beside its notes.

        It is not searched for unless all the notes would be said.
        """
        notes = (first, *first.others)
        if self._strips is None or any(one.refused or self._doubt(one) > 1 for one in notes):
            return first
        known = frozenset(one.value for one in notes if one.value is not None)
        for note in notes:
            found = None if note.corners is None else self._strips.other_note(image, note.corners, known)
            if found is not None:
                return _with_unread(first, found)
        return first

    def _is_refused(self, image: Image, seen: Observation) -> bool:
        """Whether the numerals of one note of a still stand against its value, if that is sure."""
        doubt = self._doubt(seen)
        return self._numerals is not None and doubt <= 1 and self._numerals.refuses(image, seen, doubt)

    def _doubt(self, seen: Observation) -> float:
        """Return a value's doubt as a share of what a sure one may have; infinite if it is not sure."""
        if seen.value is None or not self.bundle.is_sure(seen.value, seen.confidence):
            return math.inf
        allowed = 1 - self.bundle.sure_for(seen.value)
        return (1 - seen.confidence) / allowed if allowed else 0.0

    def _timed(self, seen: Observation, start: float) -> Observation:
        """Return what a frame shows with the time since start, which its numerals took, added to that of the frame."""
        times = dict(seen.stages_ms)
        times["frame"] = times.get("frame", 0.0) + (self._clock() - start) * 1e3
        return replace(seen, stages_ms=times)

    def others_search(self) -> OthersSearch | None:
        """Return what searches films for this currency's notes beside a note of another; None if nothing can."""
        return OthersSearch(self.bundle, self._passes) if self._others and self.bundle.locates else None

    def look(self, image: Image) -> Looks:
        """Return the network's uncalibrated outputs for a still, uint8 [h, w, 3] BGR: what calibration fits to."""
        return self._stills.look(image)


def _with_unread(first: Observation, corners: Corners) -> Observation:
    """Return what a still shows with one more note, whose value is not read. corners: of that note."""
    count = len(first.others) + 1
    unread = replace(
        first, value=None, side=None, confidence=0.0, corners=corners, in_view=share_in_frame(corners), refused=True,
        others=(), other_notes=count,
    )  # fmt: skip
    others = (*(replace(one, other_notes=count) for one in first.others), unread)
    return replace(first, others=others, other_notes=count)
