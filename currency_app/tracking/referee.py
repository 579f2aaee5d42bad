"""The referee between currencies: at most one of them announces a note, for a note has one currency.

Each currency has a recognizer and a tracker of its own. The referee chooses which events are passed on:

- a frame in which two currencies are sure tells no tracker anything, so that neither value becomes surer by it. A value
  is announced only in a frame that is sure of it, so two currencies can never announce in the same frame;
- while a note of one is held, the others see an empty view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from currency_app.events import Maybe, NoteEvent, NoteLeft, Observation, Sighting
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.multi_currency import MultiObservation
from currency_app.tracking.tracker import NoteTracker, Tracker, uninformative


def tracker_for(bundles: Sequence[Bundle]) -> NoteTracker:
    """Return what follows the notes of one bundle or more, in the observations of `recognizer_for`."""
    trackers = [Tracker(bundle) for bundle in bundles]
    return trackers[0] if len(trackers) == 1 else Referee(bundles, trackers)


class Referee:
    """Follows notes of several currencies of which one is in view. See `NoteTracker`.

    It takes the observations of a `MultiRecognizer`. trackers: one for each bundle, in their order.
    """

    def __init__(self, bundles: Sequence[Bundle], trackers: Sequence[Tracker]) -> None:
        self._bundles = tuple(bundles)
        self._trackers = tuple(trackers)
        self._sighted: int | None = None
        self._doubted: int | None = None

    @property
    def has_note(self) -> bool:
        """Whether an announced note is in view."""
        return self._sighted is not None

    @property
    def max_gap_s(self) -> float:
        """Seconds without a frame after which whatever was in view has left."""
        return max(tracker.max_gap_s for tracker in self._trackers)

    def reset(self, t: float) -> list[NoteEvent]:
        """Begin anew at t seconds with every tracker, and return that the note has left if one was passed on."""
        had_note = self._sighted is not None or self._doubted is not None
        for tracker in self._trackers:
            tracker.reset(t)
        self._sighted = self._doubted = None
        return [NoteLeft(t)] if had_note else []

    def update(self, observation: Observation) -> list[NoteEvent]:
        """Take the next observation and return what it changes, for the one currency whose note is in view."""
        if not isinstance(observation, MultiObservation):
            raise TypeError("A referee takes what a MultiRecognizer observes.")
        per_bundle, holder = observation.per_bundle, self._sighted
        contested = sum(map(_is_sure, self._bundles, per_bundle)) > 1
        changes: list[list[NoteEvent]] = []
        for number, (tracker, seen) in enumerate(zip(self._trackers, per_bundle, strict=True)):
            if contested:
                changes.append(tracker.update(uninformative(seen)))
            elif holder in (None, number):
                changes.append(tracker.update(seen))
            else:
                changes.append(tracker.update(_empty_view(seen)))
        return [
            event
            for number, events in enumerate(changes)
            for event in events
            if self._passes(number, event, per_bundle)
        ]

    def _passes(self, number: int, event: NoteEvent, per_bundle: Sequence[Observation]) -> bool:
        """Whether an event of one tracker is passed on. Remembers whose note is in view, sighted or doubted."""
        match event:
            case Sighting():  # one at most: its frame is sure of it, and frames of which two are sure tell nothing
                passes = True
                self._sighted, self._doubted = number, None
            case Maybe():
                others = [seen for other, seen in enumerate(per_bundle) if other != number]
                passes = self._sighted is self._doubted is None and all(seen.value is None for seen in others)
                if passes:
                    self._doubted = number
            case NoteLeft():
                passes = number in (self._sighted, self._doubted)
                if passes:
                    self._sighted = self._doubted = None
        return passes


def _is_sure(bundle: Bundle, seen: Observation) -> bool:
    return not seen.refused and bundle.is_sure(seen.value, seen.confidence)


def _empty_view(seen: Observation) -> Observation:
    """Return the observation as if it showed no note; the background is the last label."""
    empty = np.zeros_like(seen.probabilities)
    empty[-1] = 1.0
    return replace(seen, probabilities=empty, value=None, side=None, confidence=1.0, corners=None, in_view=0.0)
