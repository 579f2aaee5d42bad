"""The demonstration, run as a user runs it, is listened to: the values heard are the values that it saw."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sound.conftest import PHRASES, VALUES
from tests.support.sound.hearing import NEVER_SAID, Ears, amount_heard, spoken
from tests.support.sound.pulse import SINK_RATE, PrivatePulse, Recorder

LONGEST_S = 180.0
AMOUNTS = {spoken(PHRASES.value(value, "USD")): value for value in (*VALUES, *NEVER_SAID)}


@dataclass
class Demonstration:
    """One run of the demonstration, and what was heard of it."""

    events: list[dict[str, Any]]
    """The lines of the event log."""
    heard: list[str]
    """The words of each stretch of sound."""
    errors: str
    """What it printed on standard error."""

    def sighted(self) -> list[int]:
        """The values that were sure, in the order of the log."""
        return [event["value"] for event in self.events if event["event"] == "sighting"]

    def values_heard(self) -> list[int]:
        """The values that were said as sure, in the order heard."""
        values = (amount_heard(words, AMOUNTS) for words in self.heard)
        return [value for value in values if value is not None]


@pytest.fixture(scope="module")
def demonstration(pulse: PrivatePulse, ears_for_cuts: Ears, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    folder = tmp_path_factory.mktemp("demo")
    log = folder / "events.jsonl"
    command = [sys.executable, "-m", "currency_app", "demo", "--voice", "system", "--events", str(log)]
    with Recorder(pulse.env, SINK_RATE) as recorder:
        ended = subprocess.run(
            command,
            env={**pulse.env, "XDG_STATE_HOME": str(folder)},
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
        recorder.catch_up()
        samples = recorder.samples()
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "", "words and warnings go to standard error"
    events = [json.loads(line) for line in Path(log).read_text(encoding="utf-8").splitlines()]
    return Demonstration(events, ears_for_cuts.hear_all(samples), ended.stderr)


def test_it_speaks_and_does_not_fall_back(demonstration: Demonstration) -> None:
    assert demonstration.heard
    assert "No speech" not in demonstration.errors


def test_the_values_heard_are_the_values_seen(demonstration: Demonstration) -> None:
    assert demonstration.values_heard() == demonstration.sighted(), demonstration.heard


def test_each_value_is_heard_once(demonstration: Demonstration) -> None:
    assert sorted(demonstration.values_heard()) == sorted(VALUES), demonstration.heard
