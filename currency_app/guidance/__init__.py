"""Light, sharpness and the note's place in the picture become at most one hint at a time."""

from __future__ import annotations

from currency_app.guidance.hints import Framing, FramingSettings, framing_for

__all__ = ["Framing", "FramingSettings", "framing_for"]
