"""What the user can ask of a running app, and by which key: one table for all controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from currency_app.app import App


@dataclass(frozen=True)
class Action:
    """One thing that the user can ask for."""

    name: str
    """What it is called in code and settings, lower case."""
    key: str
    """The key that asks for it, one lower-case letter."""
    help: str
    """What it does, as a part of a sentence that begins with the key."""
    perform: Callable[[App], None]
    """Does it; may be called from any thread and returns at once."""


ACTIONS = (
    Action("repeat", "r", "says the last value again", lambda app: app.repeat()),
    Action("total", "t", "the total", lambda app: app.say_total()),
    Action("stop", "q", "quits", lambda app: app.stop()),
)
"""All actions, in the order in which help names them."""


def key_bindings(app: App) -> dict[str, Callable[[], None]]:
    """Return what each key does to an app, for `controls.terminal.keyboard`."""
    return {action.key: partial(action.perform, app) for action in ACTIONS}


def keys_help() -> str:
    """Return the keys in a sentence, such as "r says the last value again, t the total, q quits"."""
    return ", ".join(f"{action.key} {action.help}" for action in ACTIONS)
