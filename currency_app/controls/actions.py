"""What the user can ask of a running app, and by which key: one table for all controls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol


class Controllable(Protocol):
    """What can be asked of an app, such as `App`: from any thread, and each call returns at once."""

    def repeat(self) -> None:
        """Say the last value again."""
        ...

    def say_total(self) -> None:
        """Say the sum of the values that count."""
        ...

    def undo(self) -> None:
        """Take back the last note that was counted, or the last clear."""
        ...

    def clear_total(self) -> None:
        """Count anew from nothing."""
        ...

    def read_back(self) -> None:
        """Say the values that count, one by one."""
        ...

    def toggle_mute(self) -> None:
        """Say nothing any more unless a key asks for it, or say everything again."""
        ...

    def faster(self) -> None:
        """Speak faster."""
        ...

    def slower(self) -> None:
        """Speak more slowly."""
        ...

    def say_details(self) -> None:
        """Say which side was seen last, and how sure its value is."""
        ...

    def next_hints_level(self) -> None:
        """Say fewer hints, or after none all of them."""
        ...

    def next_language(self) -> None:
        """Speak the next language."""
        ...

    def say_help(self) -> None:
        """Say every key and what it is for."""
        ...

    def stop(self) -> None:
        """End the run."""
        ...


@dataclass(frozen=True)
class Action:
    """One thing that the user can ask for."""

    name: str
    """What it is called in code, lower case; the phrase files have its words in each language, under `[actions]`."""
    key: str
    """The key that asks for it, one lower-case character; docs/keys.md says why this one."""
    help: str
    """What it does, as a part of a sentence that begins with the key."""
    perform: Callable[[Controllable], None]
    """Does it; may be called from any thread and returns at once."""


ACTIONS = (
    Action("repeat", "r", "says the last value again", lambda app: app.repeat()),
    Action("total", "t", "the total", lambda app: app.say_total()),
    Action("undo", "z", "takes the last note back", lambda app: app.undo()),
    Action("clear", "0", "clears the total", lambda app: app.clear_total()),
    Action("read_back", "j", "lists the notes", lambda app: app.read_back()),
    Action("mute", ".", "mutes", lambda app: app.toggle_mute()),
    Action("faster", "+", "speaks faster", lambda app: app.faster()),
    Action("slower", "-", "slower", lambda app: app.slower()),
    Action("details", "7", "says the side and how sure the value is", lambda app: app.say_details()),
    Action("hints", "8", "changes how many hints there are", lambda app: app.next_hints_level()),
    Action("language", "9", "changes the language", lambda app: app.next_language()),
    Action("help", "?", "says all keys", lambda app: app.say_help()),
    Action("stop", "q", "quits", lambda app: app.stop()),
)
"""All actions, in the order in which help names them."""

OTHER_KEYS = {"=": "+", "_": "-"}
"""Keys that stand for others: the same keys of an English keyboard, with and without Shift."""


def keys_of(action: Action) -> list[str]:
    """Return all keys that ask for an action, its own first."""
    return [action.key, *(other for other, stands_for in OTHER_KEYS.items() if stands_for == action.key)]


def key_bindings(app: Controllable) -> dict[str, Callable[[], None]]:
    """Return what each key does to an app, for `controls.terminal.keyboard`."""
    return {key: partial(action.perform, app) for action in ACTIONS for key in keys_of(action)}


def keys_help() -> str:
    """Return the keys in a sentence, such as "r says the last value again, t the total, q quits"."""
    return ", ".join(f"{action.key} {action.help}" for action in ACTIONS)
