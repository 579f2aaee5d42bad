"""What the user hears of a running app, and what they can ask of it at any time."""

from __future__ import annotations

from currency_app.dialogue.choices import KeepChoice
from currency_app.dialogue.dialogue import Dialogue
from currency_app.dialogue.keys import KEYS_OF_ACTIONS, OTHER_KEYS

__all__ = ["KEYS_OF_ACTIONS", "OTHER_KEYS", "Dialogue", "KeepChoice"]
