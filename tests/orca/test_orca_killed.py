"""A real Orca is killed in the middle of a value: its speech server says that to the end, and the app says the next."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest

from currency_app.benchmarking.chain.onset import correlation, read_wav
from currency_app.speech.engines import WavSpeaker, open_speaker
from tests.orca.desktop import APP, OrcaDesktop
from tests.orca.test_orca import AMOUNTS, OTHER_WORDS, SECOND_VOICE
from tests.sound.conftest import PHRASES
from tests.support.note_clip import write_note_clip
from tests.support.sound.hearing import Ears, resampled
from tests.support.sound.pulse import SINK_RATE, segments
from tests.support.waiting import wait_until

pytest.importorskip("PySide6", reason="needs the extra window")
pytestmark = pytest.mark.skipif("ORCA_FULL" not in os.environ, reason="takes half a minute: `make nightly` runs it")
SHOWN = (20, 5, 50)
AROUND_S = 9.0
"""Seconds in which Orca has ended what it says of a new window, on a busy machine too."""
KILLED_IN = 2
"""The value in which Orca is killed, counted from one."""
INTO_S = 0.4
"""Seconds after the app is sure of a value, in which Orca's speech server has got it."""


def test_its_words_are_heard_to_the_end_and_the_next_in_the_apps_own_voice(tmp_path: Path) -> None:
    clip, events = tmp_path / "clip.avi", tmp_path / "events.jsonl"
    write_note_clip(clip, SHOWN, AROUND_S)
    with OrcaDesktop(tmp_path) as desktop:
        code = desktop.start(*APP, "--source", clip, "--realtime", "--window", "--events", events)
        wait_until(lambda: events.exists() and events.read_text().count('"sighting"') >= KILLED_IN, 120)
        begun = len(desktop.sound())
        wait_until(lambda: segments(desktop.sound()[begun:], SINK_RATE))
        wait_until(lambda: len(desktop.sound()) > begun + INTO_S * SINK_RATE)
        desktop.kill("orca")
        wait_until(code.exists, 120)
        desktop.wait_until_quiet()
        sound = desktop.sound()

    texts = [PHRASES.value(value, "USD") for value in SHOWN]
    ears = Ears([*texts, *OTHER_WORDS], in_a_row=True)
    heard = [ears.hear(resampled(sound[part])) for part in segments(sound, SINK_RATE)]
    amounts = "|".join(sorted(AMOUNTS, key=len, reverse=True))
    assert [AMOUNTS[found] for words in heard for found in re.findall(rf"\b({amounts})\b", words)] == [*SHOWN], heard

    speaker = open_speaker("en", None)
    assert isinstance(speaker, WavSpeaker)
    own = [read_wav(speaker.cache.wav(text).path)[0] for text in texts]
    speaker.close()
    by_the_app = [float(correlation(sound.astype(np.float64), words).max()) >= SECOND_VOICE for words in own]
    assert by_the_app == [False, False, True]
