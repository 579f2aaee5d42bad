"""The keys: one table of which key asks for what, for the terminal, the window and the spoken help."""

from __future__ import annotations

from collections.abc import Mapping

KEYS_OF_ACTIONS: Mapping[str, str] = {
    "repeat": "r",
    "total": "t",
    "undo": "z",
    "clear": "0",
    "read_back": "j",
    "mute": ".",
    "faster": "+",
    "slower": "-",
    "details": "7",
    "hints": "8",
    "language": "9",
    "help": "?",
    "stop": "q",
}
"""The key of each action, one lower-case character, in the order in which users hear them.

docs/keys.md says why these. `speech.phrases` has the words for each action, and for keys that are no letter or
digit."""

OTHER_KEYS: Mapping[str, str] = {"=": "+", "_": "-"}
"""Keys that stand for others: the same keys of an English keyboard, with and without Shift."""
