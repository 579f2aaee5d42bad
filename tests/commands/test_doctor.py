"""The doctor on fakes: one line for each check, its cure, and the exit code."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from currency_app.checks import Check
from currency_app.commands import doctor
from currency_app.commands.doctor import default_checks, run_doctor
from currency_app.errors import BundleError, SourceError
from currency_app.testing import FakeSource
from tests.support.app_command import Command
from tests.support.still_camera import pictures


def run(*checks: Check) -> tuple[int, list[str]]:
    stream = io.StringIO()
    code = run_doctor(stream, checks=checks)
    return code, stream.getvalue().splitlines()


GOOD = Check("camera", lambda: (True, "camera 0, 640x480"))


def absent() -> tuple[bool, str]:
    raise SourceError("No camera 0 was found. Plug one in.")


def test_all_well() -> None:
    assert run(GOOD, Check("speed", lambda: (True, "7 ms"))) == (
        0,
        ["ok    camera: camera 0, 640x480", "ok    speed: 7 ms", "Ready."],
    )


def test_needed_failures_give_their_cure_and_exit_code_1() -> None:
    code, lines = run(Check("camera", absent), Check("speed", lambda: (False, "60 ms. Close other programs.")))
    assert code == 1
    assert lines == [
        "FAIL  camera: No camera 0 was found. Plug one in.",
        "FAIL  speed: 60 ms. Close other programs.",
        "Not ready: camera, speed.",
    ]


def test_what_is_not_needed_is_a_note() -> None:
    speech = Check("speech", lambda: (False, "espeak-ng is missing."), without="Text is printed instead.")
    assert run(GOOD, speech) == (
        0,
        ["ok    camera: camera 0, 640x480", "note  speech: espeak-ng is missing. Text is printed instead.", "Ready."],
    )


def test_unexpected_trouble_is_one_line_and_the_rest_go_on() -> None:
    def broken() -> tuple[bool, str]:
        raise ImportError("libfoo.so:\n not found")

    code, lines = run(Check("model", broken), GOOD)
    assert code == 1
    assert lines[0].startswith("FAIL  model: ImportError: libfoo.so: not found. ")
    assert lines[1].startswith("ok    camera")


def test_a_check_with_nothing_to_tell_has_no_line() -> None:
    assert run(GOOD, Check("light", lambda: None)) == (0, ["ok    camera: camera 0, 640x480", "Ready."])


def test_default_checks_cover_all_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from currency_app.recognition import bundle

    def damaged(name: str) -> None:
        raise BundleError("The bundle is damaged: install it again.")

    monkeypatch.setattr(bundle, "find_bundle", damaged)
    checks = default_checks(open_camera=lambda: FakeSource(pictures(90)))
    hearing, machine = ["screen reader", "speech", "sound", "window"], ["model", "threads", "speed"]
    assert [check.name for check in checks] == ["camera", "light", "language", *hearing, *machine]
    assert [check.name for check in checks if check.without] == ["screen reader", "speech", "window"]
    code, lines = run(*(check for check in checks if check.name not in hearing))
    assert code == 1
    assert lines == [
        "ok    camera: fake source, 640x480, 30 frames a second",
        "ok    light: brightness 88 of 255 in the middle of the picture",
        "ok    language: English (en), by LC_ALL=C.UTF-8.",
        "FAIL  model: The bundle is damaged: install it again.",
        "FAIL  threads: The bundle is damaged: install it again.",
        "FAIL  speed: The bundle is damaged: install it again.",
        "Not ready: model, threads, speed.",
    ]


@pytest.mark.parametrize(
    ("language", "line"), [("fr-CA", "ok    language: French (fr-CA)."), ("xx", "FAIL  language: There are no phrases")]
)
def test_the_language_is_checked(tiny_bundle: Path, language: str, line: str) -> None:
    checks = default_checks(str(tiny_bundle), language=language)
    code, lines = run(*(check for check in checks if check.name == "language"))
    assert code == (0 if line.startswith("ok") else 1)
    assert lines[0].startswith(line)


def test_the_doctor_looks_at_what_the_user_has_kept(
    kept_file: Path, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    kept_file.parent.mkdir()
    kept_file.write_text('source = "7"\nlanguage = "fr"\nvoice = "text"\nrate = 9000\n')
    opened = []

    def checks(currency: str, *, language: str, source: str, voice: str) -> list[Check]:
        opened.append((currency, language, voice))
        return default_checks(currency, language=language, source=source)[:1]

    monkeypatch.setattr(doctor, "default_checks", checks)
    command("doctor")
    assert opened == [("usd", "fr", "text")]
    assert command.out[0].startswith("note  settings: The setting rate must be a number from 80 to 500, or auto. ")
    assert command.out[0].endswith("The usual values take their place.")
    assert command.out[1].startswith("FAIL  camera: No camera 7 was found.")
    kept_file.write_text("rate = 200")
    command("doctor", "--language", "es", "--currency", "eur")
    assert opened[1] == ("eur", "es", "auto")
    assert command.out[0] == f"ok    settings: kept in {kept_file}; `currency-app settings` lists them"
