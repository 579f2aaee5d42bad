"""The one table of what a user can ask of a running app, and what each key then does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from currency_app.controls.actions import ACTIONS, key_bindings, keys_help
from currency_app.controls.keys import OTHER_KEYS
from currency_app.events import Frame, Priority, SourceEvent
from currency_app.session import Session
from currency_app.settings import Settings
from currency_app.testing import FakeRecognizer, FakeSource, FakeVoice
from tests.support.observations import BUNDLE, Part, clip
from tests.support.sources import CHECKOUT


class Pressing(FakeSource):
    """Plays a 20 dollar note, and presses keys after its last frame."""

    def __init__(self, keys: str) -> None:
        self.observations = list(clip(15, [Part(1), Part(2, 20)]))
        frames = [Frame(np.zeros((48, 64, 3), np.uint8), o.t, index) for index, o in enumerate(self.observations)]
        super().__init__(frames)
        self.keys = keys
        self.bindings: dict[str, Callable[[], None]] = {}
        self.ended_by_key = False

    def events(self) -> Iterator[SourceEvent]:
        yield from super().events()
        for key in self.keys:
            self.bindings[key]()
        self.ended_by_key = self.closed


def run_with(keys: str) -> tuple[Pressing, FakeVoice]:
    """One note is shown, then these keys are pressed."""
    source, voice = Pressing(keys), FakeVoice()
    session = Session(Settings(), bundles=[BUNDLE], recognizer=FakeRecognizer(source.observations))
    app = session.app(source, voice=voice)
    source.bindings = key_bindings(app)
    app.run()
    return source, voice


def test_repeat_says_the_last_value_again() -> None:
    _, voice = run_with("r")
    assert [utterance.text for utterance in voice.said] == ["20 dollars", "20 dollars"]
    assert voice.said[-1].priority is Priority.VALUE


def test_total_says_what_was_counted() -> None:
    _, voice = run_with("t")
    assert [utterance.text for utterance in voice.said] == ["20 dollars", "Total 20 dollars, 1 note"]
    assert voice.said[-1].priority is Priority.STATUS


def test_stop_closes_the_source() -> None:
    source, _ = run_with("q")
    assert source.ended_by_key


def test_every_action_has_a_key_and_a_name_of_its_own() -> None:
    assert len({action.key for action in ACTIONS}) == len({action.name for action in ACTIONS}) == len(ACTIONS)
    assert all(action.key == action.key.lower() and len(action.key) == 1 for action in ACTIONS)


def test_the_help_names_the_keys_that_lead_to_all_others() -> None:
    assert keys_help() == "r says the last value again, t the total, ? all keys, q quits"


def test_the_guide_names_every_key() -> None:
    text = (CHECKOUT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert all(f"| `{action.key}`" in text for action in ACTIONS)


def test_keys_that_share_a_place_with_another_do_the_same() -> None:
    bindings = key_bindings(None)  # type: ignore[arg-type]
    assert set(bindings) == {*(action.key for action in ACTIONS), *OTHER_KEYS}
