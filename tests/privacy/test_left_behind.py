"""What a run leaves behind: settings, marks and measurements, and neither a picture nor a word of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from currency_app.speech.phrases import Phrases
from tests.support.live_stream import FPS, Film
from tests.support.mjpeg_server import MjpegServer
from tests.support.privacy.run import Confined, Place
from tests.support.soak.sound import LoggingEar

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux denies what must not happen")
ALLOWED = {
    "home/.cache/currency-app/threads.json": 2_000,
    "home/.config/currency-app/settings.toml": 2_000,
    "home/.local/state/currency-app/started": 0,
    "home/.local/state/currency-app/introduced": 0,
}
"""Files that a run may leave, and how many bytes they have at most."""
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"\x1a\x45\xdf\xa3", b"GIF8", b"II*\x00", b"BM")
"""How files of pictures, films and sounds begin."""
SHOWN_S = (10.5, 18.0)
"""Seconds of the scene in which one note is shown: 1 dollar."""


@pytest.fixture(scope="module")
def film() -> Film:
    return Film(*SHOWN_S)


@contextmanager
def started(place: Place, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The app, with a program in place of the player of sounds."""
    players = place.home.parent / "players"
    players.mkdir()
    writable = [place.home, place.temporary, players]
    command, env = place.confined("-m", "currency_app", *words, writable=writable, network=True)
    env["PATH"] = LoggingEar(players).env["PATH"]
    app = subprocess.Popen(command, env=env, cwd=place.work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield app
    finally:
        app.kill()
        app.communicate()


def tried(place: Place) -> str:
    return (place.home.parent / "denied").read_text()


def sounds(place: Place) -> list[str]:
    return [path.name for path in place.temporary.rglob("*.wav")]


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]{4,}", text.lower())


@pytest.mark.slow
def test_a_run_leaves_settings_marks_and_measurements_only(place: Place, film: Film) -> None:
    voice = "system" if shutil.which("espeak-ng") else "text"
    assert place.run_confined("-m", "currency_app", "settings", "rate", "180").code == 0
    with MjpegServer(FPS, film.picture) as server:
        words = ("run", "--voice", voice, "--no-window", "--source", server.url, "--max-seconds", "8", "--events", "-")
        with started(place, *words) as app:
            out, err = app.communicate(timeout=60)
    assert app.returncode == 0, err
    assert '"value": 1' in out, "something was seen and said"
    assert tried(place) == ""
    left = place.files()
    assert left.keys() <= ALLOWED.keys()
    assert "home/.cache/currency-app/threads.json" in left
    assert "home/.config/currency-app/settings.toml" in left
    for name, content in left.items():
        assert len(content) <= ALLOWED[name], name
        assert not any(kind in content for kind in PICTURES), name


@pytest.mark.slow
def test_no_spoken_word_is_kept(demonstration: tuple[Place, Confined]) -> None:
    """Every word that the demonstration says is looked for in what it leaves."""
    place, run = demonstration
    assert run.code == 0, run.err
    spoken = {word for line in re.findall(r'"text": "([^"]*)"', run.out) for word in words_of(line)}
    assert {"dollars", "dollar"} <= spoken
    spoken |= {word for text in (Phrases("en").ready(), Phrases("en").disclaimer()) for word in words_of(text)}
    kept = " ".join(f"{name} {content.decode()}" for name, content in place.files().items())
    assert spoken & set(words_of(kept)) == set()


@pytest.mark.slow
def test_an_app_that_is_killed_leaves_no_sound(place: Place, film: Film) -> None:
    if shutil.which("espeak-ng") is None:
        pytest.skip("needs espeak-ng")
    with MjpegServer(FPS, film.picture) as server:
        words = ("run", "--voice", "system", "--no-window", "--source", server.url, "--events", "-")
        with started(place, *words) as app:
            assert app.stdout is not None
            line = next(line for line in app.stdout if '"sighting"' in line)
            assert sounds(place), "its words are there while it runs"
    assert '"value": 1' in line
    deadline = time.monotonic() + 20
    while sounds(place) and time.monotonic() < deadline:
        time.sleep(0.05)  # the speech engine's process notices that nobody is there any more
    assert sounds(place) == []
