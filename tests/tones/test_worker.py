"""Tones sound at once or not at all, never over speech, except that a value's pulses wait for its words."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from currency_app.errors import NoSoundError, NoSpeechError, VoiceError
from currency_app.speech.engines import Wav
from currency_app.testing import FakeClock, FakeVoice
from currency_app.tones import worker
from currency_app.tones.sounds import TONES, ToneKind, pulses
from currency_app.tones.worker import ToneWorker, player_here
from tests.support.fake_speaker import FakePlaying
from tests.support.waiting import wait_until

SEEN, LOST = TONES[ToneKind.SEEN], TONES[ToneKind.LOST]


class FakeTonePlayer:
    """Keeps what it plays; each sounds until the test ends it. error: raised in place of that."""

    def __init__(self) -> None:
        self.played: list[FakePlaying] = []
        self.files: list[Path] = []
        self.error: VoiceError | None = None
        self.tried = 0

    def play(self, wav: Path, seconds: float) -> FakePlaying:
        self.tried += 1
        if self.error is not None:
            raise self.error
        assert wav.stat().st_size > 44 + 2 * 22_050 * seconds - 2
        self.files.append(wav)
        self.played.append(FakePlaying(f"{seconds:.2f}"))
        return self.played[-1]


class WaitingVoice(FakeVoice):
    """A voice for which waiting takes time by a clock alone, once there is one."""

    clock: FakeClock | None = None

    def wait(self, timeout_s: float) -> bool:
        if self.clock is not None:
            self.clock.sleep(timeout_s)
        return self.quiet


class Tones:
    """A worker with its parts in reach."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.voice = WaitingVoice()
        self.player = FakeTonePlayer()
        self.complaints: list[str] = []
        self.worker = ToneWorker(self.voice, self.player, self.complaints.append, clock=self.clock)

    def playing(self, number: int) -> FakePlaying:
        wait_until(lambda: len(self.player.played) > number)
        return self.player.played[number]


@pytest.fixture
def tones() -> Tones:
    return Tones()


def test_a_tone_sounds_and_the_next_after_it(tones: Tones) -> None:
    tones.worker.offer(SEEN)
    tones.playing(0).finish()
    tones.worker.offer(LOST)
    tones.playing(1).finish()
    tones.worker.close()
    assert [playing.text for playing in tones.player.played] == ["0.11", "0.11"]


def test_no_tone_sounds_over_speech(tones: Tones) -> None:
    tones.voice.quiet = False
    tones.worker.offer(SEEN)
    wait_until(lambda: tones.worker._next is None)
    tones.voice.quiet = True
    tones.worker.offer(LOST)
    tones.playing(0).finish()
    tones.worker.close()
    assert len(tones.player.played) == 1, "the first has lost its moment"


def test_a_tone_falls_silent_when_somebody_speaks(tones: Tones) -> None:
    tones.worker.offer(SEEN)
    playing = tones.playing(0)
    tones.voice.quiet = False
    wait_until(lambda: playing.stopped)
    tones.worker.close()


def test_pulses_wait_for_the_words_and_begin_again_after_others(tones: Tones) -> None:
    tones.voice.quiet = False
    tones.worker.offer(pulses(5), waits=True)
    tones.worker.offer(LOST)  # must not take their place
    tones.voice.quiet = True
    first = tones.playing(0)
    tones.voice.quiet = False
    wait_until(lambda: first.stopped)
    tones.voice.quiet = True
    second = tones.playing(1)
    assert (first.text, second.text) == ("1.10", "1.10")
    second.finish()
    wait_until(lambda: tones.worker._next is None)
    tones.worker.close()
    assert len(tones.player.played) == 2


def test_a_newer_value_takes_the_place_of_the_one_before(tones: Tones) -> None:
    tones.worker.offer(pulses(5), waits=True)
    first = tones.playing(0)
    tones.worker.offer(pulses(2), waits=True)
    wait_until(lambda: first.stopped)
    second = tones.playing(1)
    assert second.text == "0.35"
    second.finish()
    tones.worker.close()
    assert len(tones.player.played) == 2


def test_nothing_sounds_while_the_app_is_muted(tones: Tones) -> None:
    """Nor do pulses go on that were sounding, or waiting for the words, when the user muted it."""
    muted = [False]
    tones.worker.muted = lambda: muted[0]
    tones.worker.offer(pulses(5), waits=True)
    first = tones.playing(0)
    muted[0] = True
    wait_until(lambda: first.stopped)
    wait_until(lambda: tones.worker._next is None)
    tones.worker.offer(pulses(2), waits=True)
    wait_until(lambda: tones.worker._next is None)
    muted[0] = False
    tones.worker.offer(SEEN)
    tones.playing(1).finish()
    tones.worker.close()
    assert [playing.text for playing in tones.player.played] == ["1.10", "0.11"]


def test_pulses_do_not_wait_for_ever(tones: Tones) -> None:
    tones.voice.quiet, tones.voice.clock = False, tones.clock
    tones.worker.offer(pulses(5), waits=True)
    wait_until(lambda: tones.worker._next is None)
    tones.worker.close()
    assert tones.player.played == []
    assert 8 <= tones.clock.now < 9


def test_what_cannot_sound_is_said_once_and_tried_again(tones: Tones) -> None:
    tones.player.error = NoSoundError("No sound device takes the speech.")
    for tried in (1, 2):
        tones.worker.offer(SEEN)
        wait_until(lambda tried=tried: tones.player.tried == tried)  # type: ignore[misc]
    tones.player.error = None
    tones.worker.offer(SEEN)
    tones.playing(0).finish()
    tones.worker.close()
    assert tones.complaints == ["There are no tones now. No sound device takes the speech."]


def test_files_that_something_removes_are_made_again(tones: Tones) -> None:
    """As what cleans /tmp by age does: one file, then the folder with all of them."""
    for number, steps in enumerate((SEEN, LOST, SEEN, LOST)):
        tones.worker.offer(steps)
        tones.playing(number).finish()
        if number == 1:
            tones.player.files[0].unlink()
        if number == 3:
            shutil.rmtree(tones.player.files[3].parent)
    tones.worker.offer(LOST)
    tones.playing(4).finish()
    tones.worker.close()
    assert tones.complaints == []
    assert not tones.player.files[-1].parent.exists()


def test_a_full_disk_is_told_once_and_tried_again(tones: Tones, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(steps: object, path: Path) -> Wav:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(worker, "write_tone", full)
        for _ in range(2):
            tones.worker.offer(pulses(1), waits=True)
            wait_until(lambda: tones.worker._next is None)
    tones.worker.offer(SEEN)
    tones.playing(0).finish()
    tones.worker.close()
    (complaint,) = tones.complaints
    assert complaint.startswith(
        "There are no tones now. No folder takes the sound files: No space left on device. Free"
    )


def test_without_a_program_that_plays_there_are_none(tones: Tones) -> None:
    tones.player.error = NoSpeechError("No program that plays sound is installed.")
    tones.worker.offer(SEEN)
    tones.worker._thread.join(20)
    tones.worker.offer(SEEN)
    tones.worker.close()
    assert tones.complaints == ["There are no tones now. No program that plays sound is installed."]


def test_closing_silences_at_once_and_leaves_no_thread(tones: Tones) -> None:
    tones.worker.offer(pulses(7), waits=True)
    playing = tones.playing(0)
    tones.worker.close()
    tones.worker.close()
    assert playing.stopped
    assert not tones.worker._thread.is_alive()


@pytest.mark.parametrize(("platform", "program"), [("linux", "paplay"), ("darwin", "afplay")])
def test_the_player_that_is_there_plays(platform: str, program: str) -> None:
    assert vars(player_here(platform))["_commands"][0][0] == program
