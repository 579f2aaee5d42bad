"""Light, sharpness and the note's place in the picture become at most one hint at a time."""

from __future__ import annotations

from currency_app.guidance.conditions import Limits, has_place
from currency_app.guidance.cover import CoverWatch
from currency_app.guidance.hints import Framing, FramingSettings, framing_for

__all__ = ["CoverWatch", "Framing", "FramingSettings", "Limits", "framing_for", "has_place"]
