"""Several currencies at once: every bundle's recognizer reads each frame by itself.

A frame costs what all of them cost added up. `tracking.referee` decides which of them speaks.

Each searches for second notes of its own currency only. So what one sees of a note counts as a second note for the
others, if theirs is in another place; a note that several see in one place stays one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from currency_app.arrays import Corners, Image
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
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


class MultiRecognizer:
    """Reads single frames for several currencies, one after the other. See `FrameReader`.

    bundles, recognizers: one of each for each currency, in the same order.
    """

    def __init__(self, bundles: Sequence[Bundle], recognizers: Sequence[FrameReader]) -> None:
        self._bundles = tuple(bundles)
        self._recognizers = tuple(recognizers)
        self._extra_looks = True

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
        per_bundle = self._beside_each_other([recognizer.observe(frame) for recognizer in self._recognizers])
        best = max(per_bundle, key=visibility)
        times: Counter[str] = Counter()
        for seen in per_bundle:
            times.update(seen.stages_ms)
        return MultiObservation(**{**vars(best), "stages_ms": dict(times)}, per_bundle=per_bundle)

    def _beside_each_other(self, alone: Sequence[Observation]) -> tuple[Observation, ...]:
        """Return what each bundle sees, with a note that another sees in another place counted as one more.

        alone: what each sees by itself.
        """
        counted = []
        for number, seen in enumerate(alone):
            others = [pair for other, pair in enumerate(zip(self._bundles, alone, strict=True)) if other != number]
            beside = seen.corners is not None and any(is_elsewhere_note(*pair, [seen.corners]) for pair in others)
            counted.append(replace(seen, other_notes=max(seen.other_notes, 1)) if beside else seen)
        return tuple(counted)


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
