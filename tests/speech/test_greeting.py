"""The first start introduces the app, a note ends that at once, and nothing but the start is remembered."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from currency_app.events import Observation, Utterance
from currency_app.speech.greeting import Greeting, greeting_for
from currency_app.speech.phrases import Phrases, languages
from currency_app.testing import FakeVoice
from tests.support.observations import Part, clip

PHRASES = Phrases("en")
READY = "Ready. Hold a note in front of the camera"
DISCLAIMER = "This does not tell whether money is genuine"
KEYS = {"repeat": "R", "total": "T", "stop": "Q"}
INTRODUCTION = [
    "This app says the value of a banknote",
    DISCLAIMER,
    "Hold the note flat towards the camera, about 30 centimetres away",
    "Press R to hear the last value again, T for the total, and Q to quit",
    READY,
]


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def texts(utterances: list[Utterance]) -> list[str]:
    return [utterance.text for utterance in utterances]


def said_of(greeting: Greeting, *parts: Part, ready: bool = True) -> list[str]:
    """What a voice that is always quiet says while these things are seen."""
    voice = FakeVoice()
    for observation in clip(15, parts or [Part(60)]):
        greeting.update(observation, voice, ready=ready)
    return texts(voice.said)


def start(introduce: bool | None = False, *parts: Part, demonstration: bool = False) -> list[str]:
    return said_of(greeting_for(PHRASES, introduce=introduce, demonstration=demonstration, keys=KEYS), *parts)


def test_the_disclaimer_is_said_once_ever() -> None:
    assert start() == [f"{DISCLAIMER}. {READY}"]
    assert start() == start() == [READY]


def test_the_demonstration_says_so_instead_of_asking_for_a_note() -> None:
    (first,), (second,) = (start(demonstration=True) for _ in range(2))
    assert first == f"{DISCLAIMER}. {second}"
    assert second.startswith("Demonstration: ")
    assert "Hold a note" not in second


def test_the_first_start_with_a_camera_introduces_the_app_and_later_ones_only_if_asked() -> None:
    assert start(demonstration=True) != []
    assert start(None) == INTRODUCTION
    assert start(None) == start(False) == [READY]
    assert start(True) == INTRODUCTION


def test_without_keys_none_is_named() -> None:
    assert said_of(greeting_for(PHRASES, introduce=True)) == [*INTRODUCTION[:3], READY]


def test_each_sentence_has_time_to_be_read() -> None:
    greeting, voice = greeting_for(PHRASES, introduce=True), FakeVoice()
    at = []
    for observation in clip(15, [Part(30)]):
        before = len(voice.said)
        greeting.update(observation, voice, ready=True)
        at += [observation.t] * (len(voice.said) - before)
    pauses = [later - earlier for earlier, later in pairwise(at)]
    letters = [len(utterance.text) for utterance in voice.said[:-1]]
    assert all(0.05 < pause / count < 0.1 for pause, count in zip(pauses, letters, strict=True))


def test_a_sentence_waits_until_the_one_before_was_heard() -> None:
    greeting, voice = greeting_for(PHRASES, introduce=True), FakeVoice()
    observations = list(clip(15, [Part(60)]))
    voice.quiet = False
    for observation in observations[:450]:
        greeting.update(observation, voice, ready=True)
    assert texts(voice.said) == INTRODUCTION[:1]
    voice.quiet = True
    greeting.update(observations[450], voice, ready=True)
    assert texts(voice.said) == INTRODUCTION[:2]


def test_a_note_ends_the_introduction_at_once() -> None:
    greeting, voice = greeting_for(PHRASES, introduce=None), FakeVoice()
    observations = list(clip(15, [Part(6), Part(2, 20)]))
    introducing = []
    for observation in observations:
        greeting.update(observation, voice, ready=True)
        introducing.append(greeting.introducing)
    assert texts(voice.said) == INTRODUCTION[:3]
    assert voice.taken_back == voice.said[-1:], "it sounded"
    assert introducing == [True] * 91 + [False] * (len(observations) - 91), "by the second picture of the note"
    assert start(None) == [READY], "the disclaimer was heard"


def test_one_picture_of_a_note_may_be_wrong() -> None:
    assert start(True, Part(3), Part(1 / 15, 20), Part(57)) == INTRODUCTION


def test_a_note_before_the_disclaimer_leaves_the_introduction_to_the_next_start() -> None:
    assert start(None, Part(4), Part(2, 20)) == INTRODUCTION[:2]
    assert start(None) == INTRODUCTION


def test_it_waits_for_a_picture_that_shows_something() -> None:
    greeting = greeting_for(PHRASES, introduce=None)
    assert said_of(greeting, ready=False) == []
    assert start(None) == INTRODUCTION, "nothing was heard, so nothing was remembered"


def test_a_frame_that_was_not_looked_at_tells_nothing() -> None:
    greeting, voice = Greeting(["One", "Two"]), FakeVoice()
    unseen: list[Observation] = [replace(o, looked=False) for o in clip(15, [Part(60)])]
    for observation in unseen:
        greeting.update(observation, voice, ready=True)
    assert voice.said == []


@pytest.mark.parametrize("introduce", [True, False])
def test_what_follows_a_change_of_the_language_is_said_in_the_new_one(introduce: bool) -> None:
    greeting = greeting_for(PHRASES, introduce=introduce, keys=KEYS, notices=[Phrases.settings_unusable])
    voice, spanish = FakeVoice(), Phrases("es")
    for observation in clip(15, [Part(60)]):
        greeting.update(observation, voice, ready=True, phrases=spanish if voice.said else PHRASES)
    said = [f"{spanish.disclaimer()}. {spanish.ready()}"]
    if introduce:
        said = [*spanish.introduction(KEYS), spanish.ready()]
    assert texts(voice.said) == [PHRASES.settings_unusable(), *said]


def test_what_the_user_should_hear_first() -> None:
    start()
    notice = PHRASES.settings_unusable()
    assert said_of(greeting_for(PHRASES, notices=[notice])) == [notice, READY]
    assert said_of(greeting_for(PHRASES, introduce=None, keys=KEYS, notices=[notice])) == [notice, *INTRODUCTION]
    assert start(None) == [READY]


@pytest.mark.parametrize("language", languages())
def test_every_language_names_the_keys(language: str) -> None:
    sentences = Phrases(language).introduction({"repeat": "X1", "total": "X2", "stop": "X3"})
    assert len(sentences) == 4
    assert all(key in sentences[3] for key in ("X1", "X2", "X3"))
    assert sentences[1] == Phrases(language).disclaimer()
    assert "30" in sentences[2]


def test_only_empty_marks_are_kept(state_folder: Path) -> None:
    start(None)
    kept = [path for path in state_folder.rglob("*") if path.is_file()]
    names = {path.relative_to(state_folder).as_posix() for path in kept}
    assert names == {"currency-app/started", "currency-app/introduced"}
    assert all(path.stat().st_size == 0 for path in kept)


def test_without_settings_the_mark_is_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    start()
    assert (tmp_path / ".local" / "state" / "currency-app" / "started").exists()


@pytest.mark.parametrize("folder", ["a file", "a" * 300, "/dev/null"])
def test_where_nothing_can_be_kept_every_start_is_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / folder))
    for _ in range(2):
        assert start() == [f"{DISCLAIMER}. {READY}"]
        assert start(None) == INTRODUCTION


def test_an_account_without_a_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert start() == [f"{DISCLAIMER}. {READY}"]
