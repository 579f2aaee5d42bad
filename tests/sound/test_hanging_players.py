"""Players that hang: the next one is heard, or the words are printed, within two seconds."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import numpy as np
import pytest

from currency_app.events import Priority, Utterance
from currency_app.speech.voices import open_voice
from tests.sound.conftest import PHRASES
from tests.support.sound.pulse import SINK_RATE, PrivatePulse, Recorder
from tests.support.waiting import wait_until

VALUE = Utterance(PHRASES.value(20, "USD"), Priority.VALUE)
IN_TIME_S = 2.0


def hang(monkeypatch: pytest.MonkeyPatch, folder: Path, *players: str) -> None:
    """Put programs that hang in the place of players."""
    for player in players:
        (folder / player).write_text("#!/bin/sh\nexec sleep 600\n")
        (folder / player).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_if_one_player_hangs_the_other_is_heard_in_time(
    pulse: PrivatePulse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hang(monkeypatch, tmp_path, "paplay")
    printed = io.StringIO()
    voice = open_voice("auto", [VALUE.text], None, "en", printed)
    time.sleep(1.0)  # the text is made meanwhile
    with Recorder(pulse.env, SINK_RATE) as recorder:
        asked = time.monotonic()
        voice.say(VALUE)
        assert voice.wait(30.0)
        recorder.catch_up()
        samples, start = recorder.samples(), recorder.at(asked)
    voice.close()
    onset = (np.flatnonzero(np.abs(samples.astype(np.int32)) > 50)[0] - start) / SINK_RATE
    print(f"heard after {onset:.2f} s")
    assert 0 < onset < IN_TIME_S
    assert printed.getvalue() == ""


def test_if_all_players_hang_words_are_printed_in_time(
    pulse: PrivatePulse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hang(monkeypatch, tmp_path, "paplay", "aplay")
    printed = io.StringIO()
    voice = open_voice("auto", [VALUE.text], None, "en", printed)
    asked = time.monotonic()
    voice.say(VALUE)
    wait_until(lambda: VALUE.text in printed.getvalue())
    print(f"printed after {time.monotonic() - asked:.2f} s")
    assert time.monotonic() - asked < IN_TIME_S
    voice.close()
    assert printed.getvalue().count(VALUE.text) == 1
