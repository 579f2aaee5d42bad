"""`currency-app settings`, and what the other commands take of it."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from currency_app.commands import run
from currency_app.errors import VoiceError
from currency_app.settings import Settings
from currency_app.speech import voices
from tests.support.app_command import Command, dusk, note, write_clip

NOTHING_REQUIRED = Settings(voice_required=False, window_required=False)
"""The settings of a run whose command line names neither voice nor window."""

pytestmark = pytest.mark.usefixtures("later_start")


def test_every_setting_is_listed_with_what_it_is(command: Command, kept_file: Path) -> None:
    command("settings")
    assert (command.code, command.err) == (0, [])
    assert command.out[0] == "source: 0, the usual value. The camera, or the address of a stream."
    assert command.out[-1] == f"They are kept in {kept_file}."
    assert not kept_file.exists()


def test_one_is_set_shown_and_taken_back(command: Command, kept_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("settings", "rate", "200").out == ["200"]
    assert command("settings", "RATE").out == ["200"]
    assert "rate: 200. Words per minute; auto is the voice's own." in command("settings").out
    monkeypatch.setenv("CURRENCY_APP_RATE", "300")
    assert "rate: 300, by CURRENCY_APP_RATE. Words per minute; auto is the voice's own." in command("settings").out
    assert command("settings", "rate", "210").out == ["300"]
    assert command.err == ["currency-app: CURRENCY_APP_RATE is set here, and goes before what was kept."]
    monkeypatch.delenv("CURRENCY_APP_RATE")
    assert command("settings", "rate", "default").out == ["auto"]
    assert tomllib.loads(kept_file.read_text()) == {"version": 1}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("rate", "9000"), "The setting rate must be a number from 80 to 500, or auto."),
        (("rte",), "There is no setting 'rte'. Did you mean rate?"),
        (("language", "tlh"), "The setting language cannot be used. There are no phrases for the language 'tlh'."),
        (("currency", "usd,xyz"), "The setting currency cannot be used. There is no model bundle xyz"),
        (("currency", "usd,usd"), "usd,usd names a currency twice: give each currency once, such as usd,eur."),
        (("currency", "usd,"), "usd, lacks a currency beside a comma: give currencies such as usd,eur."),
    ],
)
def test_what_cannot_be_is_refused_and_not_written(
    command: Command, kept_file: Path, words: tuple[str, ...], sentence: str
) -> None:
    assert sentence in command("settings", *words).refused()
    assert not kept_file.exists()


def test_a_password_in_an_address_is_not_shown(command: Command, kept_file: Path) -> None:
    command("settings", "source", "rtsp://me:secret@camera.local/stream")
    shown = command.out + command("settings").out + command.err
    assert "rtsp://camera.local/stream" in shown
    assert not any("secret" in line for line in shown)
    assert "secret" in kept_file.read_text()


def test_paths_are_kept_whole(
    command: Command, tmp_path: Path, tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A start from a menu begins in another folder."""
    mine = tmp_path / "mine"
    shutil.copytree(tiny_bundle, mine)
    monkeypatch.chdir(tmp_path)
    for name in ("./mine", "mine"):
        assert command("settings", "currency", f"usd, {name}").out == [f"usd,{mine}"]
    monkeypatch.chdir(mine)
    assert command("settings", "currency").out == [f"usd,{mine}"]
    assert command("settings", "source", "bundle.json").out == [str(mine / "bundle.json")]
    assert command("settings", "source", "0").out == ["0"]
    assert command.err == []


def test_what_is_wrong_with_the_file_is_listed_each_time(command: Command, kept_file: Path) -> None:
    kept_file.parent.mkdir()
    kept_file.write_text('rate = fast\nhints = "few"')
    for _ in range(2):
        command("settings", "hints")
        assert (command.code, command.out) == (0, ["few"])
        assert command.err[0].startswith("currency-app: Line 1 of the settings is not understood.")


def test_a_line_that_setting_another_key_makes_a_comment_is_told(command: Command, kept_file: Path) -> None:
    kept_file.parent.mkdir(parents=True, exist_ok=True)
    kept_file.write_text('language = "fr', encoding="utf-8")
    assert command("settings", "hints", "few").out == ["few"]
    assert command.err == [
        "currency-app: Line 1 of the settings is not understood. Texts stand in quotation marks.",
        f"currency-app: The file as it was is {kept_file}.bak.",
    ]
    assert command("settings", "hints").err == []


@pytest.fixture
def settings_of_run(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """The settings with which runs would have begun."""
    seen: list[Settings] = []
    monkeypatch.setattr(run, "run_session", lambda settings, *rest, **named: seen.append(settings))
    return seen


def test_the_command_line_goes_before_the_file(
    command: Command, kept_file: Path, settings_of_run: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_file.parent.mkdir()
    kept_file.write_text('rate = 200\nhints = "few"\nmirrored = true\ncamera-faces = "note"\ncurrency = "eur"')
    monkeypatch.setenv("CURRENCY_APP_VOICE", "text")
    command("run", "--hints", "off", "--no-mirrored")
    assert settings_of_run == [
        replace(
            NOTHING_REQUIRED,
            rate=200,
            hints="off",
            mirrored=False,
            camera_faces_user=False,
            currency="eur",
            voice="text",
            language="auto",
        )
    ]


def test_of_a_recording_only_the_voice_is_the_users(
    command: Command, kept_file: Path, settings_of_run: list[Settings]
) -> None:
    kept_file.parent.mkdir()
    kept_file.write_text('rate = 200\nhints = "off"\nmirrored = true\nsource = "7"\nlanguage = "es"\ncurrency = "eur"')
    command("run", "--source", "clip.mp4")
    assert settings_of_run == [replace(NOTHING_REQUIRED, rate=200, language="es")]


def test_a_recording_and_the_demonstration_give_the_same_events_on_every_machine(
    command: Command, tmp_path: Path, kept_file: Path
) -> None:
    clip = write_clip(tmp_path / "clip", (90, dusk()), (15, note(20)))
    commands = [
        ["run", "--source", str(clip), "--voice", "off", "--events", "-"],
        ["demo", "--no-realtime", "--max-seconds", "3", "--voice", "off", "--events", "-"],
    ]
    usual = [command.on_bundle(*words).json()[:-1] for words in commands]
    assert all({"hint", "sighting"} & {entry["event"] for entry in events} for events in usual)
    kept_file.parent.mkdir()
    kept_file.write_text(
        'hints = "off"\nmirrored = true\ncamera-faces = "note"\ncount = true\ntones = true\nrate = bad'
    )
    assert [command.on_bundle(*words).json()[:-1] for words in commands] == usual
    assert command.err == []
    assert not kept_file.with_name("settings.toml.bak").exists()


def test_a_broken_file_is_told_by_the_app_once(
    command: Command, kept_file: Path, settings_of_run: list[Settings]
) -> None:
    kept_file.parent.mkdir()
    kept_file.write_text('hints = "few"\nrate = 2')
    told = [command("run").err for _ in range(2)]
    assert told[0] == [
        "currency-app: The setting rate must be a number from 80 to 500, or auto.",
        f"currency-app: The file as it was is {kept_file}.bak.",
    ]
    assert told[1] == []
    assert settings_of_run == [replace(NOTHING_REQUIRED, hints="few", language="auto")] * 2


@pytest.fixture
def no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    """No speech engine is installed, and no screen reader runs."""

    def refuse(language: str, rate: int | None, warn: object) -> NoReturn:
        raise VoiceError("There is no espeak-ng. Install it.")

    monkeypatch.setattr(voices, "open_speaker", refuse)
    monkeypatch.setattr(voices, "screen_reader_finder", lambda *_, **__: lambda: None)


@pytest.mark.parametrize("kept", ["system", "screen-reader"])
def test_a_kept_voice_that_no_longer_works_leaves_the_words_to_the_next_one(
    command: Command, tmp_path: Path, kept_file: Path, no_voice: None, kept: str
) -> None:
    clip = str(write_clip(tmp_path / "clip", (30, note(20)), (6, dusk())))
    kept_file.parent.mkdir()
    kept_file.write_text(f'voice = "{kept}"\nwindow = true')
    command.on_bundle("run", "--source", clip)
    assert command.code == 0
    window, why, printed, notice, *said = command.err
    assert window == (
        "currency-app: The kept setting window cannot be used. "
        "There is no display for a window here: start it on a desktop, or leave --window out."
    )
    assert why.startswith(f"currency-app: The kept voice {kept} cannot be used, so another one speaks. ")
    assert why.endswith("To forget that voice: currency-app settings voice default")
    assert printed == "No speech, so the words are printed here. There is no espeak-ng. Install it."
    assert notice == "Some settings cannot be used. The usual ones take their place"
    assert "20 dollars" in said
    assert (
        "cannot work here" in command.on_bundle("run", "--source", clip, "--no-window", "--voice", "system").refused()
    )
