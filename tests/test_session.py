"""The assembly: settings become an app, of one currency or of several, and what is shared is shared."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app import session
from currency_app.camera import Source
from currency_app.camera.live import LiveSource
from currency_app.errors import BundleError, CurrencyAppError
from currency_app.events import Frame, HintKind, Sighting
from currency_app.session import Session
from currency_app.settings import Settings
from currency_app.speech.phrases import Phrases, languages
from currency_app.speech.voices.text import TextVoice
from currency_app.testing import FakeListener, FakeRecognizer, FakeSource, FakeVoice
from currency_app.timing import ThreadChoice
from tests.support.observations import BUNDLE, Part, box, clip, seen


def played(*parts: Part) -> tuple[FakeSource, FakeRecognizer]:
    """A source, and the recognizer that sees these parts in its frames."""
    observations = list(clip(15, parts))
    frames = [Frame(np.zeros((48, 64, 3), np.uint8), o.t, index) for index, o in enumerate(observations)]
    return FakeSource(frames), FakeRecognizer(observations)


def test_settings_alone_make_an_app(tiny_bundle: Path) -> None:
    session = Session(Settings(currency=str(tiny_bundle)))
    source = FakeSource([Frame(np.zeros((48, 64, 3), np.uint8), index / 15, index) for index in range(5)])
    app = session.app(source)
    app.run()
    assert app.frames == 5
    assert source.closed


def test_pictures_are_worked_on_by_one_thread() -> None:
    cv2.setNumThreads(2)
    Session(Settings(), bundles=[BUNDLE], recognizer=FakeRecognizer([]))
    assert cv2.getNumThreads() == 1


def test_apps_of_one_session_count_for_themselves() -> None:
    said = []
    for _ in range(2):
        source, reader = played(Part(1), Part(2, 20))
        voice = FakeVoice()
        app = Session(Settings(), bundles=[BUNDLE], recognizer=reader).app(source, voice=voice)
        app.run()
        app.say_total()
        said.append([utterance.text for utterance in voice.said])
    assert said == [["20 dollars", "Total 20 dollars, 1 note"]] * 2


def test_listeners_hear_of_every_event_and_of_the_end() -> None:
    source, reader = played(Part(1), Part(2, 20), Part(1))
    listeners = [FakeListener(), FakeListener()]
    Session(Settings(), bundles=[BUNDLE], recognizer=reader).app(source, listeners=listeners).run()
    for listener in listeners:
        assert [type(event).__name__ for event, _ in listener.heard] == ["Sighting", "Total", "NoteLeft"]
        assert [text for _, text in listener.heard] == ["20 dollars", None, None]
        assert listener.summary is not None
        assert listener.summary.frames == len(source.played)


@pytest.mark.parametrize("language", languages())
def test_a_whole_demonstration_is_said_in_one_language(language: str) -> None:
    parts = [part for value in BUNDLE.values for part in (Part(1), Part(2, value))]
    source, reader = played(*parts, Part(6))
    voice, listener = FakeVoice(), FakeListener()
    session = Session(Settings(demonstration=True, language=language), bundles=[BUNDLE], recognizer=reader)
    app = session.app(source, voice=voice, greeting=session.greeting(), listeners=[listener])
    app.run()
    app.say_total()
    phrases = Phrases(language)
    values = [phrases.demonstration(phrases.value(value, "USD")) for value in BUNDLE.values]
    greeting, *said, total = (utterance.text for utterance in voice.said)
    assert greeting.endswith(phrases.demonstration(phrases.demonstration_ready()))
    assert said == [*values, phrases.hint(HintKind.NO_NOTE)]
    assert total == phrases.demonstration(phrases.total(sum(BUNDLE.values), len(BUNDLE.values), "USD"))
    assert [text for event, text in listener.heard if isinstance(event, Sighting)] == values, "as the event log has it"


def test_the_system_chooses_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    for language, tag in (("auto", "es-ES"), ("de", "de")):
        session = Session(Settings(language=language), bundles=[BUNDLE], recognizer=FakeRecognizer([]))
        assert session.phrases.tag == tag
    assert Session(Settings(), bundles=[BUNDLE], recognizer=FakeRecognizer([])).phrases.tag == "en"


def test_a_demonstration_marks_its_values() -> None:
    source, reader = played(Part(1), Part(2, 20))
    voice = FakeVoice()
    session = Session(Settings(demonstration=True), bundles=[BUNDLE], recognizer=reader)
    session.app(source, voice=voice).run()
    assert [utterance.text for utterance in voice.said] == ["Demonstration: 20 dollars"]


@pytest.mark.parametrize(("faces_user", "hint"), [(True, "Move the note right"), (False, "Move the note left")])
def test_left_depends_on_where_the_camera_looks(faces_user: bool, hint: str) -> None:
    """A doubtful note too far right in the picture."""
    observations = [seen(index / 15, {20: 0.6, 5: 0.4}, corners=box(0.55, 0.25, 1.15, 0.75)) for index in range(20)]
    frames = [Frame(np.zeros((48, 64, 3), np.uint8), o.t, index) for index, o in enumerate(observations)]
    voice = FakeVoice()
    settings = Settings(camera_faces_user=faces_user)
    session = Session(settings, bundles=[BUNDLE], recognizer=FakeRecognizer(observations))
    session.app(FakeSource(frames), voice=voice).run()
    assert {utterance.text for utterance in voice.said} == {hint}


def test_max_seconds_of_the_settings_end_a_run() -> None:
    source, reader = played(Part(4))
    app = Session(Settings(max_seconds=1.0), bundles=[BUNDLE], recognizer=reader).app(source)
    app.run()
    assert app.frames == 16


class Chooses:
    """Stands in for a ThreadChooser that finds two threads better."""

    def __init__(self, bundles: object) -> None:
        self.closed = False

    def choice(self) -> ThreadChoice:
        return ThreadChoice(2, {})

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("settings", "may_be_live", "is_live", "threads"),
    [
        (Settings(), True, True, 2),
        (Settings(), True, False, 1),  # the address turned out to be a recording's
        (Settings(), False, False, 1),
        (Settings(threads=3), True, True, 3),
        (Settings(threads=3), False, False, 3),
    ],
)
def test_threads_are_chosen_for_live_sources_alone(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, may_be_live: bool, is_live: bool, threads: int
) -> None:
    made: list[int] = []

    def recognizer_for(bundles: object, threads: int) -> FakeRecognizer:
        made.append(threads)
        return FakeRecognizer([])

    monkeypatch.setattr(session, "ThreadChooser", Chooses)
    monkeypatch.setattr(session, "recognizer_for", recognizer_for)
    source: Source = LiveSource("camera", lambda: None) if is_live else FakeSource([])
    shown = Session(settings, bundles=[BUNDLE], live=may_be_live)
    shown.app(source)
    shown.app(source)
    shown.close()
    assert made == [threads]


def test_the_voice_is_the_one_that_was_chosen() -> None:
    stream = io.StringIO()
    voice = Session(Settings(voice="text"), bundles=[BUNDLE], recognizer=FakeRecognizer([])).open_voice(stream)
    assert isinstance(voice, TextVoice)


@pytest.mark.parametrize(
    ("settings", "error"),
    [(Settings(currency="nowhere"), BundleError), (Settings(language="xx"), CurrencyAppError)],
)
def test_settings_that_cannot_work_are_refused_before_anything_is_opened(
    settings: Settings, error: type[CurrencyAppError]
) -> None:
    with pytest.raises(error):
        Session(settings)


def test_a_sighting_is_what_the_app_says_it_is() -> None:
    source, reader = played(Part(1), Part(2, 50))
    listener = FakeListener()
    Session(Settings(), bundles=[BUNDLE], recognizer=reader).app(source, listeners=[listener]).run()
    (event, text) = listener.heard[0]
    assert isinstance(event, Sighting)
    assert (event.value, text) == (50, "50 dollars")


def test_a_session_says_as_many_hints_as_its_settings_ask_for() -> None:
    heard = {}
    for hints in ("all", "off"):
        source, reader = played(Part(6))
        voice = FakeVoice()
        Session(Settings(hints=hints), bundles=[BUNDLE], recognizer=reader).app(source, voice=voice).run()
        heard[hints] = [utterance.text for utterance in voice.said]
    assert heard == {"all": ["No note in view"], "off": []}


def test_a_session_lets_tones_tell_of_notes_if_its_settings_ask_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    class FakeTones(FakeListener):
        muted: Callable[[], bool]

        def mute_with(self, muted: Callable[[], bool]) -> None:
            self.muted = muted

    opened: list[tuple[object, FakeTones]] = []

    def open_tones(bundles: object, assess: object, voice: object) -> FakeTones:
        opened.append((voice, FakeTones()))
        return opened[-1][1]

    monkeypatch.setattr(session, "open_tones", open_tones)
    for tones in (False, True):
        source, reader = played(Part(1), Part(1, 20))
        voice = FakeVoice()
        app = Session(Settings(tones=tones), bundles=[BUNDLE], recognizer=reader).app(source, voice=voice)
        app.run()
    ((heard_beside, listener),) = opened
    assert heard_beside is voice
    assert any(isinstance(event, Sighting) for event, _ in listener.heard)
    assert listener.summary is not None
    assert not listener.muted()
    app.toggle_mute()
    assert listener.muted()


@pytest.mark.parametrize(
    ("kind", "rate"), [("auto", 300), ("screen-reader", 300), ("system", 300), ("text", None), ("off", None)]
)
def test_system_speech_keeps_its_rate_also_behind_a_screen_reader(
    monkeypatch: pytest.MonkeyPatch, kind: str, rate: int | None
) -> None:
    """It speaks where the screen reader says nothing, as of a window that is not in front."""
    opened: list[int | None] = []

    def open_voice(kind: str, texts: object, rate: int | None, *rest: object, **more: object) -> FakeVoice:
        opened.append(rate)
        return FakeVoice()

    monkeypatch.setattr(session, "open_voice", open_voice)
    shown = Session(Settings(voice=kind, rate=300), bundles=[BUNDLE], recognizer=FakeRecognizer([]))
    assert shown.open_changing_voice().rate == rate
    assert opened == [rate]
