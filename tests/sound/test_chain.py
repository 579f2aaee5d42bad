"""The whole chain on a real camera stream, with real speech: short, and with the shipped model."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pytest

from currency_app.benchmarking.chain import PrivateSoundServer, SoundRecorder, missing_programs, run_chain
from currency_app.benchmarking.chain.onset import find_onset, read_wav
from currency_app.errors import NoSoundError
from currency_app.recognition.bundle import find_bundle, load_bundle
from currency_app.speech.engines import WavSpeaker, open_speaker
from tests.support.sound.pulse import PrivatePulse

pytestmark = pytest.mark.skipif(missing_programs() is not None, reason=str(missing_programs()))


def test_a_note_is_shown_decided_and_heard() -> None:
    found = run_chain(load_bundle(find_bundle("usd")), notes=2)
    assert [note.value for note in found.notes] == [1, 5]
    assert found.wrong == 0
    summary = found.summary
    if not found.said_right and summary.dropped + summary.skipped + summary.stale > summary.frames / 4:
        pytest.skip("this computer is too busy to read a live stream")
    assert found.said_right
    for note in found.notes:
        if note.complete:
            assert all(ms > 0 for ms in note.stages_ms)
            assert sum(note.stages_ms) < 4000, "it is heard soon after it goes at the latest"


def test_a_sound_is_never_heard_before_it_is_played(pulse: PrivatePulse) -> None:
    """The recorder's clock: else a stage would look shorter than it is."""
    speaker = open_speaker("en", None)
    assert isinstance(speaker, WavSpeaker)
    words, rate = read_wav(speaker.cache.wav("100 dollars").path)
    with SoundRecorder(pulse.env, rate, pulse.loudspeakers[0]) as recorder:
        played = time.perf_counter()
        speaker.start("100 dollars").wait()
        recorder.catch_up()
        start = max(recorder.at(played - 0.05), 0)
        onset = find_onset(recorder.samples()[start:].astype(np.float64), words, rate)
        assert onset is not None
        assert 0 < recorder.when(start + onset) - played < 2
    speaker.close()


def test_a_sound_server_that_does_not_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "pulseaudio"
    broken.write_text("#!/bin/sh\necho 'E: no luck.' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{Path(shutil.which('pactl') or '').parent}")
    with pytest.raises(NoSoundError, match=r"can be started here \(E: no luck\): try"), PrivateSoundServer():
        pass
