"""What the user hears of a running app, and what they can ask of it at any time."""

from __future__ import annotations

from currency_app.dialogue.choices import KeepChoice
from currency_app.dialogue.dialogue import Dialogue

__all__ = ["Dialogue", "KeepChoice"]
