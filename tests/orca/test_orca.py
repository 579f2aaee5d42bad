"""A real Orca says what the app prints or shows in its window, without a key, and nobody else says it."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from currency_app.events import HintKind
from tests.sound.conftest import PHRASES, VALUES
from tests.support.sound.hearing import Ears, spoken
from tests.support.sound.pulse import SINK_RATE
from tests.support.sources import CHECKOUT

HERE = Path(__file__).parent
SECONDS = os.environ.get("ORCA_SECONDS", "22")
"""Seconds of the demonstration: the first values, or with 60 all of them."""


@pytest.fixture(scope="module", params=["terminal", "window"])
def desktop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a session in which the demonstration ran in GNOME's terminal, or in its window."""
    if request.param == "window":
        pytest.importorskip("PySide6")
    folder = tmp_path_factory.mktemp("orca")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = [sys.executable, "-m", "currency_app", "demo", "--language", "en", "--max-seconds", SECONDS]
    app += ["--events", str(folder / "events.jsonl")]
    window = [*app, "--window"]
    command = window if request.param == "window" else ["gnome-terminal", "--wait", "--", *app, "--no-window"]
    environment = os.environ | {
        "HERE": str(HERE),
        "RATE": str(SINK_RATE),
        "BRAILLE_PORT": str(port),
        "PYTHONPATH": str(CHECKOUT),
        "PATH": f"{os.environ['PATH']}:/usr/sbin",
    }
    session = ["bash", str(HERE / "session.sh"), str(folder), *command]
    with (folder / "session.log").open("w") as log:
        subprocess.run(session, env=environment, stdout=log, stderr=log, timeout=170, check=True)
    return folder


@pytest.fixture(scope="module")
def values(desktop: Path) -> list[str]:
    """The words of each value that the app was sure of."""
    lines = (desktop / "events.jsonl").read_text(encoding="utf-8").splitlines()
    values = [event["text"] for event in map(json.loads, lines) if event["event"] == "sighting"]
    assert len(values) >= 2, "the demonstration was too short to show anything"
    return values


def test_orca_says_each_value_once_in_order(desktop: Path, values: list[str]) -> None:
    log = (desktop / "orca.dbg").read_text(encoding="utf-8", errors="replace")
    said = [text for text in re.findall(r"SPEECH OUTPUT: '(.*?)'", log, re.DOTALL) if "dollar" in text]
    assert [" ".join(text.split()) for text in said] == values


def test_the_braille_display_keeps_each_value(desktop: Path, values: list[str]) -> None:
    lines = (desktop / "braille.txt").read_text(encoding="utf-8").splitlines()
    shown = [re.search(r"Demonstration: \d+ dollars?", line) for line in lines]
    texts = [found.group() for found in shown if found is not None]
    assert list(dict.fromkeys(texts)) == values


def test_no_value_is_heard_twice_or_out_of_order(desktop: Path, values: list[str]) -> None:
    """A recognizer misses some words in Orca's voice, but what it hears tells whether a second voice spoke."""
    recorded = (desktop / "heard.raw").read_bytes()
    samples = np.frombuffer(recorded[: len(recorded) // 2 * 2], np.int16)
    texts = [PHRASES.demonstration(PHRASES.value(value, "USD")) for value in VALUES]
    heard = Ears([*texts, *(PHRASES.hint(kind) for kind in HintKind)]).hear_all(samples)
    said = [found for words in heard for found in re.findall(r"demonstration [a-z ]*dollars?", words)]
    assert said, heard
    assert said == [words for words in map(spoken, values) if words in said], heard
