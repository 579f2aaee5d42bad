"""Which language is spoken: the one asked for, else the environment's, else the system's, else English."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from currency_app.speech.language import spoken_language, system_language


@pytest.mark.parametrize(
    ("environ", "tag", "origin"),
    [
        ({"LC_ALL": "es_MX.UTF-8", "LC_MESSAGES": "fr_FR", "LANG": "de_DE"}, "es-MX", "LC_ALL=es_MX.UTF-8"),
        ({"LC_ALL": "", "LC_MESSAGES": "fr_FR", "LANG": "de_DE"}, "fr-FR", "LC_MESSAGES=fr_FR"),
        ({"LANG": "de_DE@euro"}, "de-DE", "LANG=de_DE@euro"),
        ({"LANG": "de"}, "de", "LANG=de"),
        ({"LC_ALL": "C", "LANG": "de_DE"}, "en", "LC_ALL=C"),
        ({"LANG": "POSIX"}, "en", "LANG=POSIX"),
        ({"LANG": "C.UTF-8"}, "en", "LANG=C.UTF-8"),
        ({"LANG": "pt_BR.UTF-8", "LANGUAGE": "pt_BR:es_MX:en"}, "es-MX", "LANGUAGE=pt_BR:es_MX:en"),
        ({"LC_ALL": "de_DE", "LANGUAGE": "pt_BR:it"}, "pt-BR", "LANGUAGE=pt_BR:it"),
        ({"LANG": "de_DE", "LANGUAGE": ":"}, "de-DE", "LANG=de_DE"),
        ({"LC_ALL": "C.UTF-8", "LANGUAGE": "es"}, "en", "LC_ALL=C.UTF-8"),
        ({"LANGUAGE": "es"}, "en", "no locale is set"),
        ({"LC_CTYPE": "de_DE"}, "en", "no locale is set"),
        ({}, "en", "no locale is set"),
    ],
)
@pytest.mark.parametrize("platform", ["linux", "freebsd14"])
def test_the_environment_names_it(environ: dict[str, str], tag: str, origin: str, platform: str) -> None:
    assert system_language(environ, platform) == (tag, origin)


@pytest.mark.parametrize(("identifier", "tag"), [(0x080A, "es-MX"), (0x0C0A, "es-ES"), (0x0407, "de-DE")])
def test_windows_is_asked_for_the_language_of_its_menus(
    monkeypatch: pytest.MonkeyPatch, identifier: int, tag: str
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: identifier)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert system_language({}, "win32") == (tag, "the system's settings")
    assert system_language({"LANG": "fr"}, "win32") == ("fr", "LANG=fr")


def test_a_windows_language_without_a_name_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: 0xFFFF)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert system_language({}, "win32") == ("en", "no locale is set")


@pytest.mark.parametrize(
    ("script", "tag"),
    [
        ('printf \'(\\n    "fr-CA",\\n    "en-US"\\n)\\n\'', "fr-CA"),
        ("printf '(\\n    de\\n)\\n'", "de"),
        ("echo no such key; exit 1", "en"),
    ],
)
def test_macos_is_asked_for_the_first_preferred_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, tag: str
) -> None:
    defaults = tmp_path / "defaults"
    defaults.write_text(f"#!/bin/sh\n{script}\n")
    defaults.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system_language({}, "darwin")[0] == tag


def test_macos_that_does_not_answer_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*command: object, **settings: object) -> None:
        raise subprocess.TimeoutExpired("defaults", 3.0)

    monkeypatch.setattr(subprocess, "run", hang)
    assert system_language({}, "darwin")[0] == "en"
    monkeypatch.undo()
    monkeypatch.setenv("PATH", "")
    assert system_language({}, "darwin")[0] == "en"


@pytest.mark.parametrize(
    ("choice", "locale", "spoken"),
    [
        ("fr-CA", "de_DE", "fr-CA"),
        ("auto", "de_DE", "de-DE"),
        ("auto", "pl_PL", "en"),
        ("auto", "C", "en"),
        ("xx", "de_DE", "xx"),
    ],
)
def test_auto_follows_the_system_where_there_are_phrases(
    monkeypatch: pytest.MonkeyPatch, choice: str, locale: str, spoken: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert spoken_language(choice) == spoken


def test_the_system_s_language_may_be_asked_for_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_CA.UTF-8")
    assert spoken_language("Auto") == spoken_language("auto") == "fr-CA"
