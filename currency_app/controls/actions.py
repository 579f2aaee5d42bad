"""What the user can ask of a running app, and by which key: one table for all controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from currency_app.controls.keys import KEYS_OF_ACTIONS, OTHER_KEYS

if TYPE_CHECKING:
    from currency_app.app import App


@dataclass(frozen=True)
class Action:
    """One thing that the user can ask for."""

    name: str
    """What it is called in code, lower case; `speech.phrases` has its words in each language."""
    perform: Callable[[App], None]
    """Does it; may be called from any thread and returns at once."""

    @property
    def key(self) -> str:
        """The key that asks for it, one lower-case character."""
        return KEYS_OF_ACTIONS[self.name]


ACTIONS = (
    Action("repeat", lambda app: app.repeat()),
    Action("total", lambda app: app.say_total()),
    Action("undo", lambda app: app.undo()),
    Action("clear", lambda app: app.clear_total()),
    Action("read_back", lambda app: app.read_back()),
    Action("mute", lambda app: app.toggle_mute()),
    Action("faster", lambda app: app.faster()),
    Action("slower", lambda app: app.slower()),
    Action("details", lambda app: app.say_details()),
    Action("hints", lambda app: app.next_hints_level()),
    Action("language", lambda app: app.next_language()),
    Action("help", lambda app: app.say_help(KEYS_OF_ACTIONS)),
    Action("stop", lambda app: app.stop()),
)
"""All actions, in the order in which help names them."""


def key_bindings(app: App) -> dict[str, Callable[[], None]]:
    """Return what each key does to an app, for `controls.terminal.keyboard`."""
    bindings: dict[str, Callable[[], None]] = {action.key: partial(action.perform, app) for action in ACTIONS}
    return bindings | {other: bindings[key] for other, key in OTHER_KEYS.items()}


def keys_help() -> str:
    """Return the keys that everybody needs in a sentence; one of them says all the others."""
    wanted = {"repeat": "says the last value again", "total": "the total", "help": "all keys", "stop": "quits"}
    return ", ".join(f"{KEYS_OF_ACTIONS[name]} {words}" for name, words in wanted.items())
