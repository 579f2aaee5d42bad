"""Strips of other values beside the notes of a film, searched for a little in each frame."""

from __future__ import annotations

import math
from collections.abc import Iterator

from currency_app.arrays import Corners, Image
from currency_app.events import Observation
from currency_app.recognition.corners import iou
from currency_app.recognition.numerals.check import MIN_SAME_IOU
from currency_app.recognition.numerals.strips import StripCheck

_CALLS, _CALLS_AGAIN = 3, 1
"""Calls of the network in a frame that looks at a note which has not been searched beside as often as at first, for a
value waits for that, and in any other. A frame that the strips are cut out of gets one less."""
_OWN_CALLS = 2
"""Calls that a frame gets less if the note's own numerals are read in it."""
_EARLY_SEARCHES = 3
"""Searches that follow each other at once: a note's corners come out better from look to look. Chosen by hand."""
_AGAIN_S, _SEVERAL_AGAIN_S = 3.0, 0.3
"""Seconds of source time after which it is searched again, and while a strip is seen. Chosen by hand."""
_GONE_AFTER = 5
"""Searches in a row without a strip after which one that was seen is gone: four of five find it. Chosen by hand."""


class StripWatch:
    """Searches beside the notes of a film. check: what searches in one frame of it."""

    def __init__(self, check: StripCheck) -> None:
        self._check = check
        self._last_t = -math.inf
        self._begin(None)

    def _begin(self, value: int | None, corners: Corners | None = None) -> None:
        """Forget what was searched: another note is in view, or the same one reads otherwise."""
        self._value = value
        self._corners = corners
        self._search: Iterator[Corners | None] | None = None
        self._searched_t = -math.inf
        self._searches = self._fruitless = 0
        self._found = False

    def watch(
        self, seen: Observation, image: Image, *, likely: bool, may_search: bool, busy: bool = False, again: bool = True
    ) -> tuple[bool, bool]:
        """Search on beside the note in view, and return whether that is done and whether a strip was found.

        Args:
            seen: what the frame shows. If its note was not looked at, a search that has begun goes on, but none begins.
            image: the frame, uint8 [h, w, 3] BGR.
            likely: whether its value may soon be sure; beside others nothing is searched, for they are not said.
            may_search: whether the frame has time to spare.
            busy: whether the network was called in this frame already.
            again: whether there is time to search more often than a value needs.
        """
        if seen.t <= self._last_t:  # another film
            self._begin(None)
        self._last_t = seen.t
        if seen.looked:
            before = self._corners
            if seen.value is None or seen.corners is None:
                self._begin(None)
            elif seen.value != self._value or before is None or iou(seen.corners, before) < MIN_SAME_IOU:
                self._begin(seen.value, seen.corners)
            self._corners = seen.corners
        # Where none has begun the note must have been looked at: it may have moved on since its corners were found.
        may_search = may_search and (seen.looked or self._search is not None)
        may_search = may_search and (again or self._found or not self._searches)
        if likely and may_search and seen.value is not None and seen.corners is not None:
            calls = _CALLS if self._searches < _EARLY_SEARCHES and seen.looked else _CALLS_AGAIN
            self._go_on(seen.t, image, seen.corners, seen.value, calls - busy * _OWN_CALLS)
        return self._searches > 0, self._found

    def _go_on(self, t: float, image: Image, corners: Corners, value: int, calls: int) -> None:
        if self._search is None:
            again_s = _SEVERAL_AGAIN_S if self._found else _AGAIN_S if self._searches >= _EARLY_SEARCHES else 0.0
            if t - self._searched_t < again_s:
                return
            self._search = self._check.search(image, corners, frozenset({value}))
            calls -= 1
        for _ in range(calls):
            try:
                found = next(self._search)
            except StopIteration:
                self._conclude(t, found=False)
                return
            if found is not None:
                self._conclude(t, found=True)
                return

    def _conclude(self, t: float, *, found: bool) -> None:
        self._search = None
        self._searched_t = t
        self._searches += 1
        self._fruitless = 0 if found else self._fruitless + 1
        self._found = found or (self._found and self._fruitless < _GONE_AFTER)
