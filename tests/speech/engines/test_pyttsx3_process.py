from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from currency_app.errors import NoSpeechError, VoiceError
from currency_app.speech.engines.pyttsx3_child import matching_voice
from currency_app.speech.engines.pyttsx3_process import ENGINE_SCRIPT, EngineProcess
from tests.support.waiting import wait_until

LONG_S = 20.0
pytestmark = pytest.mark.usefixtures("fake_pyttsx3")


def test_it_writes_whole_files_and_its_chatter_stays_away_from_the_answers(tmp_path: Path) -> None:
    child = EngineProcess(["--voice", "en-us+f2"])
    child.answer(LONG_S)
    for number in range(3):
        child.request("20 dollars", tmp_path / f"{number}.wav")
        child.answer(LONG_S)
        assert (tmp_path / f"{number}.wav").stat().st_size == 44 + 2 * 2205
    child.end()
    child.end()


@pytest.mark.parametrize("voice", [["--voice", "no such voice+f2"], ["--language", "de-AT"], []])
def test_it_speaks_with_whatever_voice_of_the_language_there_is(voice: list[str]) -> None:
    child = EngineProcess(voice)
    child.answer(LONG_S)
    child.request("20 dollars", None)
    child.answer(LONG_S)
    child.end()


def test_an_engine_that_cannot_start_says_why_in_one_line() -> None:
    child = EngineProcess(["--driver", "missing"])
    with pytest.raises(VoiceError, match=r"does not work: you probably do not have eSpeak installed\.$"):
        child.answer(LONG_S)
    child.end()


@pytest.mark.parametrize(
    "arguments", [["--language", "fr"], ["--voice", "no such voice+f2", "--language", "no such voice"]]
)
def test_a_language_without_a_voice_is_no_speech(arguments: list[str]) -> None:
    child = EngineProcess(arguments)
    with pytest.raises(
        NoSpeechError, match=r"no voice that speaks the language .* is installed\. Add one .*--language\.$"
    ):
        child.answer(LONG_S)
    child.end()


@pytest.mark.parametrize(
    "arguments", [["--language", "fr"], ["--voice", "no such voice", "--language", "no such voice"]]
)
def test_where_any_voice_may_speak_it_says_that_another_does(arguments: list[str]) -> None:
    warnings: list[str] = []
    child = EngineProcess([*arguments, "--any-voice"], warn=warnings.append)
    child.answer(LONG_S)
    child.request("20 dollars", None)
    child.answer(LONG_S)
    child.end()
    assert len(warnings) == 1
    assert warnings[0].startswith("No voice that speaks the language ")


def test_the_engine_gets_its_own_spelling(tmp_path: Path) -> None:
    child = EngineProcess(spell=lambda text: text.replace("be refused", "refuse"))
    child.answer(LONG_S)
    child.request("be refused", None)
    with pytest.raises(VoiceError, match="refused"):
        child.answer(LONG_S)
    child.end()


def test_an_engine_that_hangs_is_given_up() -> None:
    child = EngineProcess(["--driver", "hangs"])
    with pytest.raises(VoiceError, match="did not answer"):
        child.answer(0.05)
    child.end()


def test_a_text_that_fails_is_an_error_and_the_next_one_works() -> None:
    child = EngineProcess()
    child.answer(LONG_S)
    child.request("refuse", None)
    with pytest.raises(VoiceError, match="refused"):
        child.answer(LONG_S)
    child.request("20 dollars", None)
    child.answer(LONG_S)
    child.end()


def test_ending_it_frees_who_waits_for_an_answer() -> None:
    child = EngineProcess()
    child.answer(LONG_S)
    child.request("forever", None)
    threading.Timer(0.05, child.end).start()
    with pytest.raises(VoiceError, match="process ended"):
        child.answer(LONG_S)
    with pytest.raises(VoiceError, match="process ended"):  # by `request` or, if its pipe is not yet closed, `answer`
        child.request("20 dollars", None)
        child.answer(LONG_S)


def test_it_removes_its_folder_when_nobody_is_there_any_more(tmp_path: Path) -> None:
    folder = tmp_path / "speech"
    folder.mkdir()
    (folder / "1.wav").touch()
    child = EngineProcess(["--remove", str(folder)])
    child.answer(LONG_S)
    assert child._process.stdin is not None
    child._process.stdin.close()  # as when the app was killed
    wait_until(lambda: not folder.exists(), LONG_S)
    child.end()


@pytest.mark.parametrize("texts", [[], ["20 dollars"], ["20 dollars", "refuse"]])
def test_it_removes_its_folder_when_nobody_reads_its_answer(tmp_path: Path, texts: list[str]) -> None:
    """As when the app is killed while its engine starts, or makes a text."""
    folder = tmp_path / "speech"
    folder.mkdir()
    (folder / "silence.wav").touch()
    command = [sys.executable, "-P", str(ENGINE_SCRIPT), "--remove", str(folder)]
    requests = [json.dumps({"text": text, "path": str(folder / f"{number}.wav")}) for number, text in enumerate(texts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        if texts:
            assert child.stdout.readline() == b"{}\n", "it is ready"
        child.stdout.close()
        _, errors = child.communicate("".join(f"{line}\n" for line in requests).encode(), timeout=LONG_S)
    assert not folder.exists()
    assert b"Traceback" not in errors


def voice(name: str, *languages: str | bytes) -> SimpleNamespace:
    return SimpleNamespace(id=name, languages=list(languages))


@pytest.mark.parametrize(
    ("language", "current", "voices", "chosen"),
    [
        ("en", "ann", [voice("bob", "en_GB"), voice("ann", "en-US")], "ann"),
        ("en", "hans", [voice("hans", "de-DE"), voice("ann", b"en-us")], "ann"),
        ("es-MX", "hans", [voice("hans", "de-DE"), voice("eva", "es-ES"), voice("luz", "es_MX")], "luz"),
        ("es-MX", "eva", [voice("eva", "es-ES"), voice("luz", "es-MX")], "eva"),
        ("es-MX", "hans", [voice("hans", "de-DE"), voice("eva", "es-ES")], "eva"),
        ("es", "hans", [voice("est", "est-EE"), voice("eva", "Unknown Locale: 9", "es")], "eva"),
        ("en", "mute", [voice("mute")], None),
        ("en", "mute", [], None),
    ],
)
def test_the_voice_speaks_the_language(
    language: str, current: str, voices: list[SimpleNamespace], chosen: str | None
) -> None:
    assert matching_voice(engine_with(current, voices), language) == chosen


def test_no_voice_of_another_language_is_used() -> None:
    with pytest.raises(LookupError, match="'en'"):
        matching_voice(engine_with("hans", [voice("hans", "de-DE"), voice("mute")]), "en-GB")


def engine_with(current: str, voices: list[SimpleNamespace]) -> SimpleNamespace:
    return SimpleNamespace(getProperty={"voice": current, "voices": voices}.__getitem__)
