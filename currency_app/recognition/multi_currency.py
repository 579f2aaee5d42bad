"""Several currencies at once: every bundle's recognizer reads each frame by itself.

A frame costs what all of them cost added up. `tracking.referee` decides which of them speaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.recognizer import FrameReader, Recognizer


def recognizer_for(bundles: Sequence[Bundle], threads: int = 1) -> FrameReader:
    """Return what reads frames by one bundle or more. threads: see `Recognizer`."""
    recognizers = [Recognizer(bundle, threads) for bundle in bundles]
    return recognizers[0] if len(recognizers) == 1 else MultiRecognizer(recognizers)


@dataclass(frozen=True, eq=False)
class MultiObservation(Observation):
    """What one frame shows to several bundles.

    As a whole it is the observation of the bundle that sees a note best; see `visibility`.
    """

    per_bundle: tuple[Observation, ...] = ()
    """Each bundle's own observation, in the order of the bundles."""


class MultiRecognizer:
    """Reads single frames for several currencies, one after the other. See `FrameReader`.

    recognizers: one for each currency.
    """

    def __init__(self, recognizers: Sequence[FrameReader]) -> None:
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
        per_bundle = tuple(recognizer.observe(frame) for recognizer in self._recognizers)
        best = max(per_bundle, key=visibility)
        times: Counter[str] = Counter()
        for seen in per_bundle:
            times.update(seen.stages_ms)
        return MultiObservation(**{**vars(best), "stages_ms": dict(times)}, per_bundle=per_bundle)


def visibility(seen: Observation) -> tuple[bool, bool, float]:
    """Return how well an observation sees a note, to compare observations by.

    A value counts more than a note too far away to be read, and that more than none.
    """
    readable = seen.value is not None
    return readable, seen.corners is not None, seen.confidence if readable else 0.0
