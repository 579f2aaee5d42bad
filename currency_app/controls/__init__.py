"""How the user controls a running app: one table of actions and keys, and what listens for them."""

from __future__ import annotations

from currency_app.controls.actions import ACTIONS, OTHER_KEYS, Action, Controllable, key_bindings, keys_help, keys_of
from currency_app.controls.terminal import ask_yes_no, keyboard

__all__ = [
    "ACTIONS",
    "OTHER_KEYS",
    "Action",
    "Controllable",
    "ask_yes_no",
    "key_bindings",
    "keyboard",
    "keys_help",
    "keys_of",
]
