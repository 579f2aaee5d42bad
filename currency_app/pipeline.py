"""From observations to events: tracking and guidance, which begin anew together after a gap."""

from __future__ import annotations

from currency_app.events import DecidedEvent, HintKind, Observation
from currency_app.guidance import CoverWatch, Framing
from currency_app.tracking.refusal import RefusalWatch
from currency_app.tracking.tracker import NoteTracker

_SLOWER = 2.5
"""Times the interval before it: an interval up to this long is a slow source's own pace, and no gap. Chosen by hand."""


class Pipeline:
    """Takes what a source shows through tracking and guidance.

    Nobody can tell what was shown while no frame came: the camera was lost or frozen, or the process suspended. So a
    gap longer than the tracker waits for a hidden note is an absence: the note has left, and tracking and guidance
    begin anew together. A source whose frames are always as far apart is slow, not interrupted. Nobody can tell either
    how long it was if time goes back, as in films put together of several, so that is a gap, too.
    """

    def __init__(self, tracker: NoteTracker, framing: Framing) -> None:
        self._tracker = tracker
        self._framing = framing
        self._last_t: float | None = None
        self._interval_s = 0.0
        self._cover = CoverWatch()
        self._refusal = RefusalWatch(tracker.max_gap_s)

    @property
    def covered(self) -> bool:
        """Whether the camera's cover is closed."""
        return self._cover.covered

    def events_for(self, observation: Observation) -> list[DecidedEvent]:
        """Return the events of one observation in their order, without a hint while a sure note is in view.

        What there is to say about the camera's cover comes before what is said about notes. Of a note that is unknown,
        nobody is asked again to turn it over.
        """
        events = self.events_of_gap(observation.t)
        cover = self._cover.update(observation)
        if cover is not None:
            events.append(cover)
        if self._last_t is not None:
            self._interval_s = self._since_last(observation.t)
        self._last_t = observation.t
        decided = self._refusal.passed_on(self._tracker.update(observation))
        uncovered = self._cover.uncover(observation.t) if decided and not observation.black else None
        if uncovered is not None:  # what can be read is seen, however soon
            events.append(uncovered)
        events += decided
        if self._tracker.has_note:
            self._framing.reset()  # a sure note needs no hint; once it has left, guidance begins anew
            return events
        hint = self._framing.update(observation)
        asked_to_turn = hint is not None and hint.kind is HintKind.TURN_OVER
        report = self._refusal.update(observation, well_held=self._framing.well_held, asked_to_turn=asked_to_turn)
        if report is not None:
            events.append(report)
        if hint is not None and not self.covered and not (asked_to_turn and self._refusal.told):
            events.append(hint)
        return events

    def events_of_gap(self, t: float) -> list[DecidedEvent]:
        """Return what follows if no frame has come for too long at t seconds of source time; begin anew then."""
        if not self._is_gap(t):
            return []
        self._last_t, self._interval_s = None, max(self._since_last(t), 0.0)
        self._cover = CoverWatch()
        self._framing.reset()
        left = self._refusal.reset(t)
        return [*self._tracker.reset(t), *([] if left is None else [left])]

    def pass_over(self, t: float) -> None:
        """Take that a frame at t seconds was looked at too late to count.

        It says nothing about notes, but the camera was there, so a computer that was busy for a second is no gap.
        """
        if self._last_t is not None and not self._is_gap(t):
            self._last_t = t

    def _since_last(self, t: float) -> float:
        return 0.0 if self._last_t is None else t - self._last_t

    def _is_gap(self, t: float) -> bool:
        since = self._since_last(t)
        return since < 0 or since > max(self._tracker.max_gap_s, _SLOWER * self._interval_s)
