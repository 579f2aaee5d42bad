from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

import pytest

from currency_app.errors import CurrencyAppError, VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech import voices
from currency_app.speech.engines import platforms
from currency_app.speech.engines.direct import DirectSpeaker
from currency_app.speech.engines.wav_speaker import WavSpeaker
from currency_app.speech.voices import open_voice
from currency_app.testing import FakeScreenReader
from tests.support.fake_speaker import FakeSpeaker
from tests.support.waiting import wait_until

VALUE = Utterance("20 dollars", Priority.VALUE)


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> FakeSpeaker:
    """What `auto` and `system` find on this machine."""
    speaker = FakeSpeaker()
    monkeypatch.setattr(voices, "open_speaker", lambda language, rate, warn: speaker)
    return speaker


@pytest.fixture(autouse=True)
def running(monkeypatch: pytest.MonkeyPatch) -> list[FakeScreenReader]:
    """The screen readers that run: none at first, whatever runs on this machine."""
    running: list[FakeScreenReader] = []

    def find() -> FakeScreenReader | None:
        return running[0] if running else None

    monkeypatch.setattr(voices, "screen_reader_finder", lambda stream, say_accessible, *, expected: find)
    return running


@pytest.fixture
def run(running: list[FakeScreenReader]) -> FakeScreenReader:
    """A screen reader that runs."""
    running.append(FakeScreenReader())
    return running[0]


@pytest.mark.parametrize("kind", ["text", "off"])
def test_text_and_off_need_nothing(kind: str) -> None:
    stream = io.StringIO()
    voice = open_voice(kind, [], None, "en", stream)
    voice.say(VALUE)
    voice.close()
    assert voice.name == kind
    assert stream.getvalue() == ("20 dollars\n" if kind == "text" else "")


@pytest.mark.parametrize("kind", ["auto", "system"])
def test_speech_that_works_prints_nothing(speaker: FakeSpeaker, kind: str) -> None:
    stream = io.StringIO()
    voice = open_voice(kind, ["20 dollars"], None, "en", stream)
    voice.say(VALUE)
    speaker.playing(0).finish()
    assert voice.wait(10)
    voice.close()
    assert voice.name == ("screen-reader" if kind == "auto" else "system")
    assert speaker.prepared == ["20 dollars"]
    assert stream.getvalue() == ""


def test_auto_without_speech_says_why_once_and_prints(speaker: FakeSpeaker) -> None:
    speaker.error = VoiceError("It is missing. Install it.")
    stream = io.StringIO()
    voice = open_voice("auto", [], None, "en", stream)
    for _ in range(2):
        voice.say(VALUE)
        assert voice.wait(10)
    voice.close()
    why = "No speech, so the words are printed here. It is missing. Install it."
    assert stream.getvalue().splitlines() == [why, "20 dollars", "20 dollars"]


def test_a_voice_of_another_language_is_told_in_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def warned(language: str, rate: int | None, warn: Callable[[str], object]) -> FakeSpeaker:
        warn("No voice speaks it.")
        return FakeSpeaker()

    monkeypatch.setattr(voices, "open_speaker", warned)
    stream = io.StringIO()
    open_voice("auto", [], None, "en", stream).close()
    assert stream.getvalue() == "No voice speaks it.\n"


def test_system_without_speech_is_refused(speaker: FakeSpeaker) -> None:
    speaker.error = VoiceError("It is missing. Install it.")
    with pytest.raises(VoiceError, match=r"cannot work here\. It is missing\. Install it\.$"):
        open_voice("system", [], None, "en", io.StringIO())
    assert speaker.closed


def test_an_engine_that_hangs_is_told_long_before_it_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()

    class Hanging(FakeSpeaker):
        def probe(self, text: str) -> None:
            wait_until(stream.getvalue)
            raise VoiceError("It did not answer.")

    monkeypatch.setattr(voices, "open_speaker", lambda language, rate, warn: Hanging())
    monkeypatch.setattr(voices, "REACH_S", 0.01)
    with pytest.raises(VoiceError, match="did not answer"):
        open_voice("system", [], None, "en", stream)
    assert stream.getvalue() == "System speech does not answer yet. The app waits for it.\n"


@pytest.mark.parametrize("error", [VoiceError("It is missing."), OSError("no folder"), RuntimeError("no thread")])
@pytest.mark.parametrize("transcribed", [False, True])
def test_auto_never_fails(monkeypatch: pytest.MonkeyPatch, error: Exception, transcribed: bool) -> None:
    def refuse(language: str, rate: int | None, warn: object) -> FakeSpeaker:
        raise error

    monkeypatch.setattr(voices, "open_speaker", refuse)
    stream = io.StringIO()
    voice = open_voice("auto", ["20 dollars"], None, "en", stream, transcribed=transcribed)
    voice.say(VALUE)
    voice.close()
    why = f"No speech, so the words are printed here. {error}"
    assert stream.getvalue().splitlines() == [why, "20 dollars"]
    with pytest.raises(VoiceError, match=r"cannot work here\. "):
        open_voice("system", [], None, "en", stream)


def test_a_screen_reader_that_runs_comes_before_speech(speaker: FakeSpeaker, run: FakeScreenReader) -> None:
    stream = io.StringIO()
    for kind in ("auto", "screen-reader"):
        voice = open_voice(kind, ["20 dollars"], None, "en", stream, transcribed=True)
        voice.say(VALUE)
        wait_until(lambda: run.sent)
        voice.close()
        assert run.sent.pop() == ("20 dollars", False)
    assert (speaker.asked, stream.getvalue()) == ([], "")


def test_with_other_voices_nobody_looks_for_a_screen_reader(speaker: FakeSpeaker, run: FakeScreenReader) -> None:
    for kind in ("system", "text", "off"):
        voice = open_voice(kind, [], None, "en", io.StringIO())
        voice.say(VALUE)
        voice.close()
    assert run.sent == []


def test_without_a_screen_reader_it_is_refused() -> None:
    with pytest.raises(VoiceError, match=r"No screen reader is running .*--voice auto"):
        open_voice("screen-reader", [], None, "en", io.StringIO())


def test_an_unknown_voice_names_those_there_are() -> None:
    with pytest.raises(VoiceError, match="auto, screen-reader, system, text, off"):
        open_voice("loud", [], None, "en", io.StringIO())


@pytest.mark.parametrize("rate", [-1, 0, 79, 501])
@pytest.mark.parametrize("kind", ["auto", "text", "off"])
def test_a_rate_that_nobody_understands_is_refused(kind: str, rate: int) -> None:
    with pytest.raises(CurrencyAppError, match=rf"from 80 to 500 words per minute, not {rate}"):
        open_voice(kind, [], rate, "en", io.StringIO())


@pytest.mark.parametrize("kind", ["auto", "system"])
def test_speech_in_an_unknown_language_is_refused(kind: str) -> None:
    with pytest.raises(CurrencyAppError, match="Choose one of"):
        open_voice(kind, [], None, "xx", io.StringIO())


@pytest.mark.parametrize(
    ("platform", "kind"), [("linux", WavSpeaker), ("win32", DirectSpeaker), ("darwin", DirectSpeaker)]
)
def test_each_platform_has_its_speaker(monkeypatch: pytest.MonkeyPatch, platform: str, kind: type[object]) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    speaker = platforms.open_speaker("en", 200)
    assert isinstance(speaker, kind)
    speaker.close()


@pytest.mark.parametrize("platform", ["linux", "win32"])
@pytest.mark.parametrize(("language", "any_voice"), [("en", True), ("es", False), ("fr-CA", False)])
def test_only_digits_may_be_read_by_a_voice_of_another_language(
    monkeypatch: pytest.MonkeyPatch, platform: str, language: str, any_voice: bool
) -> None:
    started: list[Sequence[str]] = []

    def start(arguments: Sequence[str], *more: object) -> NoReturn:
        started.append(arguments)
        raise VoiceError("It cannot be started.")

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(platforms, "EngineProcess", start)
    speaker = platforms.open_speaker(language, 200)
    with pytest.raises(VoiceError, match="cannot be started"):
        speaker.probe("1")
    speaker.close()
    assert started[0][:4] == ["--language", language, "--rate", "200"]
    assert ("--any-voice" in started[0]) is any_voice
