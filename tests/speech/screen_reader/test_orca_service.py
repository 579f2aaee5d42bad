"""Orca from version 49 on, which takes words by D-Bus: the real package prism, and a stand-in for Orca's service."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.desktop import system_python
from tests.support.note_clip import write_note_clip
from tests.support.orca_stand_in import OrcaStandIn
from tests.support.sources import CHECKOUT

pytest.importorskip("prism", reason="needs the extra screen-reader", exc_type=ImportError)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="Orca runs on Linux only"),
    pytest.mark.skipif(shutil.which("dbus-daemon") is None or system_python() is None, reason="needs D-Bus and GLib"),
]
HINT, TWENTY, FIVE = "Move the note closer", "20 dollars", "5 dollars"
APP = ("-m", "currency_app", "run", "--realtime", "--no-window")
SAY = """
import sys, time
from currency_app.events import Priority, Utterance
from currency_app.speech.voices import open_voice
from currency_app.speech.voices.base import rate_is_elsewhere

voice = open_voice("auto", [], None, "en", sys.stderr)
while not rate_is_elsewhere(voice):
    time.sleep(0.01)
for text in sys.argv[1:]:
    voice.say(Utterance(text, Priority.VALUE if "dollar" in text else Priority.HINT))
    time.sleep(0.2)
sys.exit(0 if voice.wait(20.0) else 1)
"""


def run(orca: OrcaStandIn, *command: str | Path) -> str:
    """Run a Python program beside it; return what it printed, which nobody should read but its user."""
    environ = os.environ | orca.environ | {"PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, *command], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.parametrize("version", [49, 50, 51])
def test_a_value_interrupts_a_hint_but_no_value(tmp_path: Path, version: int) -> None:
    with OrcaStandIn(tmp_path, version) as orca:
        printed = run(orca, "-c", SAY, HINT, TWENTY, FIVE)
        assert [(said.what, said.text) for said in orca.log()] == [
            ("began", HINT),
            ("cut", HINT),
            ("began", TWENTY),
            ("said", TWENTY),
            ("began", FIVE),
            ("said", FIVE),
        ]
    assert printed == "", "what Orca is sent must not be read by it from the terminal as well"


def test_it_is_sent_each_value_of_a_clip_once(tmp_path: Path) -> None:
    """The hint that comes before the first note is known is cut off, if it is still being said."""
    clip, events = tmp_path / "clip.avi", tmp_path / "events.jsonl"
    write_note_clip(clip, (20, 5))
    with OrcaStandIn(tmp_path) as orca:
        run(orca, *APP, "--source", clip, "--events", events)
        values = [TWENTY, FIVE]
        logged = map(json.loads, events.read_text(encoding="utf-8").splitlines())
        assert [event["text"] for event in logged if event["event"] == "sighting"] == values
        assert [text for text in orca.texts("said") if "dollar" in text] == values
        assert [text for text in orca.texts("began") if "dollar" in text] == values
