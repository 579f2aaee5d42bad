"""Several currencies at once: every bundle answers alone, and where two are sure of a value, neither is spoken.

Each currency has its own recognizer and its own tracker. Between them stands the referee, for a note has one currency:

- a frame in which two are sure tells no tracker anything, so that neither value becomes surer by it; and as a value is
  announced only in a frame that is sure of it, no two are in the same;
- while a note is held, the other currencies see an empty view.

A frame costs what all of them cost together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from currency_app.events import Frame, Maybe, NoteEvent, NoteLeft, Observation, Sighting
from currency_app.guidance.hints import Framing
from currency_app.identify import Identified
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.recognizer import FrameReader, Recognizer
from currency_app.speech.phrases import Phrases
from currency_app.tracking.tracker import NoteTracker, Tracker


def recognizer_for(bundles: Sequence[Bundle], threads: int = 1) -> FrameReader:
    """What reads frames by these bundles, one or more. threads: see `Recognizer`."""
    alone = [Recognizer(bundle, threads) for bundle in bundles]
    return alone[0] if len(alone) == 1 else Recognizers(alone)


def tracker_for(bundles: Sequence[Bundle]) -> NoteTracker:
    """What follows the notes of these bundles in the observations of `recognizer_for`."""
    alone = [Tracker(bundle) for bundle in bundles]
    return alone[0] if len(alone) == 1 else Referee(bundles, alone)


def framing_for(bundles: Sequence[Bundle], mirror_left: bool = True) -> Framing:
    """What gives hints about the notes of these bundles. mirror_left: see `Framing`.

    The shape that tells a tilted note is the geometric mean of the currencies'.
    """
    return Framing(mirror_left, note_aspect=math.prod(b.note_aspect for b in bundles) ** (1 / len(bundles)))


def phrases_for(bundles: Sequence[Bundle], language: str = "en") -> Phrases:
    """The words for values of these bundles, each in its own currency."""
    return Phrases(language, names_by_currency={bundle.currency: bundle.names for bundle in bundles})


@dataclass(frozen=True, eq=False)
class Observations(Observation):
    """What one frame shows to several bundles; as a whole it is what the one shows that sees a note best.

    alone: each bundle's own observation, in their order.
    """

    alone: tuple[Observation, ...] = ()


class Recognizers:
    """Reads single frames for several currencies, one after the other. See `FrameReader`."""

    def __init__(self, recognizers: Sequence[FrameReader]) -> None:
        self._recognizers = tuple(recognizers)

    def observe(self, frame: Frame) -> Observations:
        """What the frame shows. Its times are the sums of all bundles'."""
        alone = tuple(recognizer.observe(frame) for recognizer in self._recognizers)
        best = max(alone, key=_sees)
        times: Counter[str] = Counter()
        for seen in alone:
            times.update(seen.stages_ms)
        return Observations(**{**vars(best), "stages_ms": dict(times)}, alone=alone)


class Referee:
    """Follows notes of several currencies of which one is in view. See `NoteTracker`.

    It takes the observations of `Recognizers`. trackers: one for each bundle, in their order.
    """

    def __init__(self, bundles: Sequence[Bundle], trackers: Sequence[Tracker]) -> None:
        self._bundles = tuple(bundles)
        self._trackers = tuple(trackers)
        self._sighted: int | None = None
        self._doubted: int | None = None

    @property
    def holding(self) -> bool:
        """Whether an announced note is in view."""
        return self._sighted is not None

    def update(self, observation: Observation) -> list[NoteEvent]:
        """What this observation changes, for the one currency whose note is in view."""
        if not isinstance(observation, Observations):
            raise TypeError("A referee takes what Recognizers observe.")
        alone, holder = observation.alone, self._sighted
        sure = [bundle.is_sure(seen.value, seen.confidence) for bundle, seen in zip(self._bundles, alone, strict=True)]
        contested = sum(sure) > 1
        changes: list[list[NoteEvent]] = []
        for number, (tracker, seen) in enumerate(zip(self._trackers, alone, strict=True)):
            if contested:
                changes.append(tracker.update(_telling_nothing(seen)))
            elif holder in (None, number):
                changes.append(tracker.update(seen))
            else:
                changes.append(tracker.update(_empty_view(seen)))
        happened: list[NoteEvent] = []
        for number, events in enumerate(changes):
            happened += [event for event in events if self._tells(number, event, alone)]
        return happened

    def _tells(self, number: int, event: NoteEvent, alone: Sequence[Observation]) -> bool:
        """Whether an event of one tracker is told. It remembers whose note was, as sighted or as doubtful."""
        match event:
            case Sighting():  # one at most: its frame is sure of it, and none of which two are is heard
                told = True
                self._sighted, self._doubted = number, None
            case Maybe():
                others = [seen for other, seen in enumerate(alone) if other != number]
                told = self._sighted is self._doubted is None and all(seen.value is None for seen in others)
                if told:
                    self._doubted = number
            case NoteLeft():
                told = number in (self._sighted, self._doubted)
                if told:
                    self._sighted = self._doubted = None
        return told


def answer_among(bundles: Sequence[Bundle], answers: Sequence[Identified]) -> tuple[Bundle | None, Identified]:
    """Which of some bundles answers for one image, and how: the one that is sure of a value.

    Where none is, or more than one, it is the one that sees a note best, and its value is not to be spoken. None for
    the bundle where there are several and none sees a value. answers: what `identify` gives with each bundle alone.
    """
    sure = [found.spoken for found in answers]
    best = sure.index(True) if sum(sure) == 1 else max(range(len(answers)), key=lambda i: _sees(answers[i].observation))
    found = replace(answers[best], spoken=sum(sure) == 1)
    return (None if len(bundles) > 1 and found.observation.value is None else bundles[best]), found


def _sees(seen: Observation) -> tuple[bool, bool, float]:
    """How well, to compare observations by: a value counts more than a far note, and that more than none."""
    readable = seen.value is not None
    return readable, seen.corners is not None, seen.confidence if readable else 0.0


def _telling_nothing(seen: Observation) -> Observation:
    """The same frame as if everything were equally likely."""
    equal = np.full_like(seen.probabilities, 1 / len(seen.probabilities))
    return replace(seen, probabilities=equal, value=None, side=None, corners=None, in_view=0.0)


def _empty_view(seen: Observation) -> Observation:
    """The same frame as if it showed no note; the background is the last label."""
    empty = np.zeros_like(seen.probabilities)
    empty[-1] = 1.0
    return replace(seen, probabilities=empty, value=None, side=None, confidence=1.0, corners=None, in_view=0.0)
