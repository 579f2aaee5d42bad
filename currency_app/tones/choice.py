"""When a tone tells something of a note: by what the frames show, without sound or clock."""

from __future__ import annotations

from collections.abc import Callable

from currency_app.events import (
    AppEvent,
    CameraCovered,
    CameraLost,
    HintKind,
    NoteLeft,
    Observation,
    Sighting,
)
from currency_app.tones.sounds import ToneKind

_MIN_SEEN = 2
"""Observations in a row that must show a note: a single one may be wrong."""
_MIN_PLACED = 3
"""Observations in a row by which a note's place is good, or bad again; at 15 frames a second a fifth of one."""
_GONE_S = 0.7
"""Seconds without a note after which one that has no value is lost; a hand may hide it for as long. By hand."""


class ToneChooser:
    """Turns observations and events, in the order of their time, into tones.

    A note that comes into view is seen, once. While it has no value yet, it is centred when nothing is wrong with its
    place any more, and again after it was misplaced. It is lost when it leaves.

    assess: returns what one observation calls for, as `Framing.assess` does; None if nothing is wrong.
    """

    def __init__(self, assess: Callable[[Observation], HintKind | None]) -> None:
        self._assess = assess
        self._reset()

    def _reset(self) -> None:
        self._seen = self._has_value = self._centred = False
        self._in_view = self._placed = self._misplaced = 0
        self._empty_since: float | None = None

    def update(self, observation: Observation) -> ToneKind | None:
        """Take the next observation, and return the tone for it."""
        if not observation.looked:
            return None
        if not observation.shows_note:
            return self._without_note(observation.t)
        self._in_view += 1
        self._empty_since = None
        if not self._seen:
            self._seen = self._in_view >= _MIN_SEEN
            return ToneKind.SEEN if self._seen else None
        return None if self._has_value else self._place(observation)

    def hear(self, event: AppEvent) -> ToneKind | None:
        """Take an event, and return the tone for it; the pulses of a value are no `ToneKind`."""
        match event:
            case Sighting():
                self._seen = self._has_value = True
            case NoteLeft():
                lost = ToneKind.LOST if self._seen else None
                self._reset()
                return lost
            case CameraLost() | CameraCovered():
                self._reset()
        return None

    def _without_note(self, t: float) -> ToneKind | None:
        self._in_view = 0
        if self._empty_since is None:
            self._empty_since = t
        # Whether a note with a value has left, only the tracker knows, which waits for one that is hidden.
        if not self._seen or self._has_value or t - self._empty_since < _GONE_S:
            return None
        self._reset()
        return ToneKind.LOST

    def _place(self, observation: Observation) -> ToneKind | None:
        good = observation.corners is not None and self._assess(observation) is None
        self._placed = self._placed + 1 if good else 0
        self._misplaced = 0 if good else self._misplaced + 1
        if self._centred:
            self._centred = self._misplaced < _MIN_PLACED
        elif self._placed >= _MIN_PLACED:
            self._centred = True
            return ToneKind.CENTRED
        return None
