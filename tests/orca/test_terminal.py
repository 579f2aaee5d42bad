"""A real Orca says what the app prints in a terminal in which no key was pressed, and nobody else says it."""

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

from tests.sound.conftest import DEMONSTRATED
from tests.support.sound.hearing import Ears, spoken
from tests.support.sound.pulse import SINK_RATE
from tests.support.sources import CHECKOUT

HERE = Path(__file__).parent
SECONDS = os.environ.get("ORCA_SECONDS", "22")
"""Seconds of the demonstration: the first values, or with 60 all of them."""


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a session in which the demonstration ran in GNOME's terminal."""
    folder = tmp_path_factory.mktemp("orca")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = [sys.executable, "-m", "currency_app", "demo", "--no-window", "--language", "en", "--max-seconds", SECONDS]
    terminal = ["gnome-terminal", "--wait", "--", *app, "--events", str(folder / "events.jsonl")]
    environment = os.environ | {
        "HERE": str(HERE),
        "RATE": str(SINK_RATE),
        "BRAILLE_PORT": str(port),
        "PYTHONPATH": str(CHECKOUT),
        "PATH": f"{os.environ['PATH']}:/usr/sbin",
    }
    session = ["bash", str(HERE / "session.sh"), str(folder), *terminal]
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


def test_each_value_is_heard_once_in_order(desktop: Path, values: list[str]) -> None:
    samples = np.frombuffer(
        (desktop / "heard.raw").read_bytes()[: (desktop / "heard.raw").stat().st_size // 2 * 2], np.int16
    )
    heard = Ears(DEMONSTRATED).hear_all(samples)
    assert [words for words in heard if words.startswith("demonstration") and "dollar" in words] == [
        spoken(value) for value in values
    ], heard
