"""Notes over time: when a value is sure or doubtful, when its note has left, and which currency announces it."""

from __future__ import annotations

from currency_app.tracking.referee import tracker_for
from currency_app.tracking.refusal import RefusalWatch
from currency_app.tracking.tracker import NoteTracker, Tracker, TrackerSettings

__all__ = ["NoteTracker", "RefusalWatch", "Tracker", "TrackerSettings", "tracker_for"]
