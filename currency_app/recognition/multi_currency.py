"""Several currencies at once: every bundle's recognizer reads each frame by itself.

A frame costs what all of them cost added up. `tracking.referee` decides which of them speaks.

Each searches for second notes of its own currency only. So what one sees of a note counts as a second note for the
others, if theirs is in another place; a note that several see in one place stays one. And a note that leads draws the
attention of all networks: so where one follows a note, each of the others spends a frame now and then on a search for
its own with that note hidden, and one as soon as a value is likely. No value is said before that.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from currency_app.arrays import Corners, Image
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import iou
from currency_app.recognition.film import MIN_PLACE_IOU, MIN_STILL_IOU
from currency_app.recognition.others_search import OthersSearch
from currency_app.recognition.passes import Glance, hide_note
from currency_app.recognition.recognizer import FrameReader, Recognizer
from currency_app.recognition.second_note import HIDDEN_SCALES, Verdict, judge_rest


def recognizer_for(bundles: Sequence[Bundle], threads: int = 1) -> FrameReader:
    """Return what reads frames by one bundle or more. threads: see `Recognizer`."""
    recognizers = [Recognizer(bundle, threads) for bundle in bundles]
    return recognizers[0] if len(recognizers) == 1 else MultiRecognizer(bundles, recognizers)


@dataclass(frozen=True, eq=False)
class MultiObservation(Observation):
    """What one frame shows to several bundles.

    As a whole it is the observation of the bundle that sees a note best; see `visibility`.
    """

    per_bundle: tuple[Observation, ...] = ()
    """Each bundle's own observation, in the order of the bundles.

    What another bundle sees in another place is counted in `other_notes`."""


class _Followed:
    """The note that one bundle follows in a film, if it does."""

    def __init__(self) -> None:
        self.last: Observation | None = None
        self.searched_last = False
        self._overlap = 0.0

    @property
    def in_place(self) -> bool:
        """Whether the last two looks have found the note in one place."""
        return self._overlap >= MIN_PLACE_IOU

    @property
    def is_still(self) -> bool:
        """Whether the note has hardly moved between them."""
        return self._overlap >= MIN_STILL_IOU

    def update(self, seen: Observation) -> None:
        """Take what the bundle sees in the next frame."""
        if seen.looked:
            before = None if self.last is None else self.last.corners
            self._overlap = 0.0 if before is None or seen.corners is None else iou(before, seen.corners)
        self.last = seen


class MultiRecognizer:
    """Reads single frames for several currencies, one after the other. See `FrameReader`.

    A frame no later than the last one starts another film.

    Args:
        bundles, recognizers: one of each for each currency, in the same order.
        clock: seconds, for the timings of the stages.
    """

    def __init__(
        self,
        bundles: Sequence[Bundle],
        recognizers: Sequence[FrameReader],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._bundles = tuple(bundles)
        self._recognizers = tuple(recognizers)
        self._clock = clock
        self._extra_looks = True
        self._begin()

    def _begin(self) -> None:
        """Forget what was seen: it says nothing about another film."""
        self._followed = [_Followed() for _ in self._recognizers]
        self._searches: dict[tuple[int, int], OthersSearch] = {}
        self._searched_t: dict[tuple[int, int], float] = {}
        for number, recognizer in enumerate(self._recognizers):
            for beside in range(len(self._recognizers)):
                search = recognizer.others_search() if hasattr(recognizer, "others_search") else None
                if search is not None and beside != number:
                    self._searches[beside, number] = search

    @property
    def extra_looks(self) -> bool:
        """Whether each of them searches for far and for second notes too."""
        return self._extra_looks

    @extra_looks.setter
    def extra_looks(self, wanted: bool) -> None:
        self._extra_looks = wanted
        for recognizer in self._recognizers:
            if hasattr(recognizer, "extra_looks"):
                recognizer.extra_looks = wanted

    def observe(self, frame: Frame) -> MultiObservation:
        """Read the frame with every bundle. The times are the sums of all."""
        last = self._followed[0].last
        if last is not None and frame.t <= last.t:
            self._begin()
        alone = [self._observe_alone(number, frame) for number in range(len(self._recognizers))]
        for number, seen in enumerate(alone):
            self._followed[number].update(seen)
            if seen.corners is None or not seen.in_view:
                self._lose(number, frame.t)
        per_bundle = tuple(self._beside_others(number, alone) for number in range(len(alone)))
        best = max(per_bundle, key=visibility)
        times: Counter[str] = Counter()
        for seen in per_bundle:
            times.update(seen.stages_ms)
        return MultiObservation(**{**vars(best), "stages_ms": dict(times)}, per_bundle=per_bundle)

    def _observe_alone(self, number: int, frame: Frame) -> Observation:
        """Return what one bundle sees; what it saw before, if its pass is spent on a search beside another's note."""
        own, start = self._followed[number], self._clock()
        beside = None if own.searched_last else self._search_due(number, frame.t)
        own.searched_last = beside is not None
        if beside is None or own.last is None:
            return self._recognizers[number].observe(frame)
        note = self._followed[beside]
        assert note.last is not None and note.last.corners is not None, "there was room beside a note"
        self._searches[beside, number].look(frame, note.last.corners, rests=note.is_still)
        self._searched_t[beside, number] = frame.t
        return replace(own.last, t=frame.t, looked=False, stages_ms={"frame": (self._clock() - start) * 1e3})

    def _search_due(self, number: int, t: float) -> int | None:
        """Return beside whose note one bundle should search now, if beside any."""
        own = self._followed[number].last
        for beside, followed in enumerate(self._followed):
            pair, seen = (beside, number), followed.last
            if pair not in self._searches or seen is None or seen.corners is None or seen.value is None:
                continue
            search = self._searches[pair]
            due_after_s = search.due_after_s(seen, in_place=followed.in_place)
            if due_after_s is None or (own and is_elsewhere_note(self._bundles[number], own, [seen.corners])):
                continue
            # Likely by the bundle whose note it is, which need not be so by the one that searches.
            likely = followed.in_place and seen.confidence >= self._bundles[beside].maybe
            needed = due_after_s == 0 or (likely and not search.tells(seen.t, seen.corners))
            again = self._extra_looks and pair in self._searched_t and t - self._searched_t[pair] >= due_after_s
            if needed or again:
                return beside
        return None

    def _lose(self, number: int, t: float) -> None:
        """Take that one bundle sees no note at t seconds: what was searched for beside it was another sighting's."""
        for pair, search in self._searches.items():
            if pair[0] == number:
                search.note_lost(t)
                self._searched_t.pop(pair, None)

    def _beside_others(self, number: int, alone: Sequence[Observation]) -> Observation:
        """Return what one bundle sees, with notes of others in other places counted. alone: what each sees itself."""
        seen = alone[number]
        if seen.corners is None or not seen.in_view:
            return seen
        searches = [search for (beside, _), search in self._searches.items() if beside == number]
        seen_elsewhere = any(
            other != number and is_elsewhere_note(self._bundles[other], one, [seen.corners])
            for other, one in enumerate(alone)
        )
        several = seen_elsewhere or any(search.other_notes for search in searches)
        return replace(
            seen,
            other_notes=max(seen.other_notes, int(several)),
            searched=seen.searched and all(search.tells(seen.t, seen.corners) for search in searches),
        )


def is_elsewhere_note(bundle: Bundle, seen: Observation, known: Sequence[Corners]) -> bool:
    """Whether an observation shows a note that is none of those that other bundles know, sure or not.

    It goes by the rule for what is seen with the notes that are known hidden, of which the network must be as certain:
    what is no note of its currency, rooms and notes of another, it takes for a doubtful one at times.

    bundle: whose observation it is. known: corners, float32 [4, 2] each, fractions of the frame.
    """
    if seen.corners is None:
        return False
    return judge_rest(Glance(seen.probabilities, seen.corners, seen.in_view), bundle, known) is Verdict.ANOTHER


def hide_notes(image: Image, places: Sequence[Corners]) -> Image:
    """Return an image, uint8 [h, w, 3] BGR, with the notes at these corners hidden, to look for others."""
    for corners in places:
        image = hide_note(image, corners, HIDDEN_SCALES[0])
    return image


def visibility(seen: Observation) -> tuple[bool, bool, float]:
    """Return how well an observation sees a note, to compare observations by.

    A value counts more than a note too far away to be read, and that more than none.
    """
    readable = seen.value is not None
    return readable, seen.corners is not None, seen.confidence if readable else 0.0
