"""The one table of what a user can ask of a running app, and what each key then does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from currency_app.controls.actions import ACTIONS, OTHER_KEYS, key_bindings, keys_help
from currency_app.events import Frame, Priority, SourceEvent
from currency_app.session import Session
from currency_app.settings import Settings
from currency_app.speech.phrases import Phrases, languages
from currency_app.testing import FakeRecognizer, FakeSource, FakeVoice
from tests.support.observations import BUNDLE, Part, clip
from tests.support.sources import CHECKOUT

TAKEN = {
    "NVDA": "abcdefghiklmnopqrstuvwx123456,",
    "Orca": "abcdeghiklmopqrstuvxy123456",
}
"""The keys, without a modifier, that these screen readers take in documents: docs/keys.md says where that stands."""
KEPT = {"r", "t", "q"}
"""The keys that the app has had from the start."""


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


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        ("r", ["20 dollars"]),
        ("t", ["Total 20 dollars, 1 note"]),
        ("z", ["Took back 20 dollars. No notes counted"]),
        ("0z", ["Total cleared. Undo brings it back", "Brought back. Total 20 dollars, 1 note"]),
        ("j", ["Counted: 20 dollars"]),
        ("..", ["Muted. Keys are still answered", "Speech is on"]),
        ("7", ["20 dollars, front, 97 percent sure"]),
        ("888", ["Few hints", "No hints", "All hints"]),
        ("9t9", ["Español", "Total: veinte dólares, un billete", "Français"]),
        ("+-=_", ["The speed is set elsewhere"] * 4),
    ],
)
def test_every_key_is_answered(keys: str, answers: list[str]) -> None:
    _, voice = run_with(keys)
    assert [utterance.text for utterance in voice.said] == ["20 dollars", *answers]
    value = Priority.VALUE if keys == "r" else Priority.STATUS
    assert {utterance.priority for utterance in voice.said[1:]} == {value}


def test_stop_closes_the_source() -> None:
    source, _ = run_with("q")
    assert source.ended_by_key


@pytest.mark.parametrize("language", languages())
def test_the_spoken_help_names_every_key_in_words(language: str) -> None:
    phrases = Phrases(language)
    _, voice = run_with("9" * ((languages().index(language) - languages().index("en")) % len(languages())) + "?")
    said = voice.said[-1].text.split(". ")
    assert said == [f"{phrases.key(action.key)}: {phrases.action(action.name)}" for action in ACTIONS]
    assert all(phrases.key(action.key).replace(" ", "").replace("'", "").isalnum() for action in ACTIONS)


def test_every_action_has_a_key_and_a_name_of_its_own() -> None:
    keys = [*(action.key for action in ACTIONS), *OTHER_KEYS]
    assert len(set(keys)) == len(keys)
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)
    assert all(key == key.lower() and len(key) == 1 for key in keys)


@pytest.mark.parametrize("reader", TAKEN)
def test_no_new_key_is_one_that_a_screen_reader_takes(reader: str) -> None:
    new = {action.key for action in ACTIONS} - KEPT
    assert not new & set(TAKEN[reader])


def test_the_help_names_every_key() -> None:
    text = keys_help()
    assert text.startswith("r says the last value again, t the total, z takes the last note back")
    assert all(f"{action.key} {action.help}" in text for action in ACTIONS)


def test_the_page_names_every_key() -> None:
    text = (CHECKOUT / "docs" / "keys.md").read_text(encoding="utf-8")
    assert [action.name for action in ACTIONS if f"| `{action.key}` |" not in text] == []


def test_the_table_is_had_without_anything_heavy() -> None:
    """`currency-app --help` names the keys, and must not wait for the camera's and speech's packages."""
    code = "import sys, currency_app.controls; print([name for name in ('numpy', 'cv2') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=CHECKOUT)
    assert done.stdout.strip() == "[]"
