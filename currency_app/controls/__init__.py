"""How the user controls a running app: one table of actions and keys, and what listens for them."""

from __future__ import annotations

from currency_app.controls.actions import ACTIONS, Action, key_bindings, keys_help
from currency_app.controls.keys import KEYS_OF_ACTIONS, OTHER_KEYS
from currency_app.controls.terminal import keyboard

__all__ = ["ACTIONS", "KEYS_OF_ACTIONS", "OTHER_KEYS", "Action", "key_bindings", "keyboard", "keys_help"]
