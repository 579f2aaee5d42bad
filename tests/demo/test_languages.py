"""The demonstration as users run it: the same events in every language, told and printed in that language."""

from __future__ import annotations

from typing import Any

import pytest

from currency_app.speech.phrases import Phrases, languages
from tests.support.commands import Ran

SECONDS = "13"
"""Of the demonstration's 51: two notes and the hints between."""


@pytest.fixture
def shipped(capfd: pytest.CaptureFixture[str]) -> Ran:
    """`currency-app` with the model that it comes with."""
    from currency_app.commands.cli import main

    return Ran(main, "currency-app", capfd)


@pytest.mark.slow
def test_the_demonstration_runs_in_every_language(shipped: Ran, later_start: None) -> None:
    events: dict[str, list[dict[str, Any]]] = {}
    for language in languages():
        log = ["--events", "-", "--voice", "text", "--no-realtime", "--max-seconds", SECONDS]
        entries = shipped("demo", "--language", language, *log).json()
        phrases = Phrases(language)
        assert shipped.code == 0
        assert shipped.err[0] == phrases.demonstration(phrases.demonstration_ready())
        assert shipped.err[1:] == [entry["text"] for entry in entries if "text" in entry], "what is printed is logged"
        sighted = [entry["text"] for entry in entries if entry["event"] == "sighting"]
        assert sighted == [phrases.demonstration(phrases.value(value, "USD")) for value in (20, 1)]
        events[language] = [{key: entry[key] for key in entry if key != "text"} for entry in entries[:-1]]
    assert all(found == events["en"] for found in events.values())
