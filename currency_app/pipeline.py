"""What one observation leads to: the tracker's and the framing's answers, one after the other."""

from __future__ import annotations

from currency_app.events import AppEvent, Observation
from currency_app.guidance.hints import Framing
from currency_app.tracking.tracker import NoteTracker


def decide(observation: Observation, tracker: NoteTracker, framing: Framing) -> list[AppEvent]:
    """The events of one observation, in the order in which they are told; no hint while a sure note is in view."""
    happened: list[AppEvent] = [*tracker.update(observation)]
    hint = framing.update(observation)
    if hint is not None and not tracker.holding:
        happened.append(hint)
    return happened
