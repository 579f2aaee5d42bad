"""The whole chain on a real camera stream, with real speech: short, and with the shipped model."""

from __future__ import annotations

import shutil
import subprocess
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from currency_app.benchmarking.chain import (
    PrivateSoundServer,
    SoundRecorder,
    missing_programs,
    run_chain,
    silent_loudspeaker,
)
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


def test_the_users_own_sound_server_lends_a_loudspeaker(
    pulse: PrivatePulse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a desktop with PipeWire there is no pulseaudio, and none must be installed."""
    for program in ("pactl", "parec", "paplay"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    monkeypatch.setenv("PATH", str(tmp_path))

    def sinks() -> list[str]:
        listed = subprocess.run(["pactl", "list", "short", "sinks"], capture_output=True, text=True, check=True).stdout
        return [line.split("\t")[1] for line in listed.splitlines()]  # the rest of a line changes by itself

    before = sinks()
    with silent_loudspeaker() as lent:
        (name,) = lent.loudspeakers
        assert name in sinks()
        with SoundRecorder(lent.env, loudspeaker=name) as recorder:
            silence = recorder.samples()
            subprocess.run(["paplay", str(_tone(tmp_path))], env=lent.env, check=True)
            recorder.catch_up()
            assert not np.abs(silence.astype(int)).max(initial=0)
            assert recorder.samples().max() > 10_000
    assert sinks() == before


def test_without_a_server_it_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for program in ("pactl", "parec", "paplay"):
        (tmp_path / program).symlink_to(shutil.which(program) or "")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nothing")
    with pytest.raises(
        NoSoundError, match="pulseaudio not found: on Debian or Ubuntu, sudo apt-get install pulseaudio"
    ):
        silent_loudspeaker()


def _tone(folder: Path) -> Path:
    with wave.open(str(folder / "tone.wav"), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(np.full(4000, 20_000, np.int16).tobytes())
    return folder / "tone.wav"
