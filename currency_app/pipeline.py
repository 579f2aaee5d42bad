"""What one observation leads to: tracking and guidance, one after the other."""

from __future__ import annotations

from currency_app.events import AppEvent, Observation
from currency_app.guidance.hints import Framing
from currency_app.tracking.tracker import NoteTracker


def events_for(observation: Observation, tracker: NoteTracker, framing: Framing) -> list[AppEvent]:
    """Return the events of one observation in their order, without a hint while a sure note is in view."""
    events: list[AppEvent] = [*tracker.update(observation)]
    hint = framing.update(observation)
    if hint is not None and not tracker.has_note:
        events.append(hint)
    return events
