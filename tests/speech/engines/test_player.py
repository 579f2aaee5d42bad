from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from currency_app.errors import NoSoundError, NoSpeechError
from currency_app.speech.engines.player import BEGIN_S, WavPlayback, WavPlayer
from currency_app.testing import FakeClock
from tests.support.waiting import wait_until


def program(code: str) -> tuple[str, ...]:
    """A player program made of Python code, which finds the file's path in sys.argv[1]."""
    return (sys.executable, "-c", f"import sys, time; {code}")


def working(log: Path, name: str) -> tuple[str, ...]:
    return program(f"open({str(log)!r}, 'a').write({name!r} + ' ' + sys.argv[1] + '\\n')")


BROKEN = program(
    "sys.exit('ALSA lib conf.c:5180:(evaluate) no card\\nplayer: main:831: audio open error: No such file.')"
)
SLOW = program("time.sleep(600)")


@pytest.fixture
def clock() -> FakeClock:
    """Players start in real time, which takes long on a busy machine; only what is late is so by this clock."""
    return FakeClock(100.0)


@contextlib.contextmanager
def awaited(playing: WavPlayback, clock: FakeClock | None = None) -> Iterator[WavPlayback]:
    """Wait for a playback on another thread, and then cut it off; with a clock, which runs fast, wait for its end."""
    thread = threading.Thread(target=playing.wait)
    thread.start()
    yield playing
    while clock is not None and thread.is_alive():
        clock.sleep(0.1)
        thread.join(0.02)
    playing.stop()
    thread.join(60)


def test_it_plays_the_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    WavPlayer([working(log, "first"), working(log, "second")]).play(Path("a.wav"), 0.1).wait()
    assert log.read_text() == "first a.wav\n"


def test_the_next_program_takes_over_and_is_remembered(tmp_path: Path) -> None:
    log = tmp_path / "log"
    tried = program(f"open({str(log)!r}, 'a').write('tried\\n'); sys.exit(1)")
    player = WavPlayer([tried, working(log, "second")])
    player.play(Path("a.wav"), 0.1).wait()
    player.play(Path("b.wav"), 0.1).wait()
    assert log.read_text() == "tried\nsecond a.wav\nsecond b.wav\n"


def test_without_a_sound_device_the_error_and_what_to_do_are_one_line() -> None:
    with pytest.raises(NoSoundError, match=r"\(player: audio open error: No such file\).*--voice text") as caught:
        WavPlayer([BROKEN]).play(Path("a.wav"), 0.1).wait()
    assert "\n" not in str(caught.value)


def test_without_a_player_program_it_says_what_to_install() -> None:
    with pytest.raises(NoSpeechError, match="apt-get install espeak-ng alsa-utils"):
        WavPlayer([("no-such-player",)]).play(Path("a.wav"), 0.1)


def test_a_program_that_never_ends_is_given_up(clock: FakeClock) -> None:
    playing = WavPlayer([SLOW], late_s=60.0, clock=clock).play(Path("a.wav"), 0.1)
    clock.sleep(61.0)
    with pytest.raises(NoSoundError, match="did not come to an end"):
        playing.wait()


def test_a_program_that_outlasts_its_sound_gives_way_to_the_next(clock: FakeClock, tmp_path: Path) -> None:
    log = tmp_path / "log"
    playing = WavPlayer([SLOW, working(log, "second")], late_s=60.0, clock=clock).play(Path("a.wav"), 0.1)
    clock.sleep(61.0)
    playing.wait()
    assert log.read_text() == "second a.wav\n"


def test_all_programs_have_their_turn_within_two_seconds() -> None:
    assert BEGIN_S < 2 - 0.2, "starting them takes its time too"


def test_a_program_that_is_killed_while_it_plays_gives_way_to_the_next(tmp_path: Path) -> None:
    log = tmp_path / "log"
    dies = program("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    WavPlayer([dies, working(log, "second")]).play(Path("a.wav"), 0.1).wait()
    assert log.read_text() == "second a.wav\n"


def test_a_program_that_cannot_be_started_gives_way_to_the_next(tmp_path: Path) -> None:
    log, broken = tmp_path / "log", tmp_path / "player"
    broken.write_bytes(b"\x7fELF no program of this machine")
    broken.chmod(0o755)
    WavPlayer([(str(broken),), working(log, "second")]).play(Path("a.wav"), 0.1).wait()
    assert log.read_text() == "second a.wav\n"


def reporting(monkeypatch: pytest.MonkeyPatch, folder: Path, code: str) -> tuple[str, ...]:
    """A paplay made of Python code, whose `report` tells how much it has played."""
    player = folder / "paplay"
    report = "report = lambda s: print(f'Time: {s:.3f} sec; Latency: 9 usec.', end='\\r', file=sys.stderr, flush=True)"
    player.write_text(f"#!{sys.executable}\nimport sys, time\n{report}\n{code}\n")
    player.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return ("paplay",)


def test_a_program_that_played_everything_has_not_failed_however_it_ends(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    for number, end in enumerate(("sys.exit(1)", "time.sleep(600)")):
        reported = tmp_path / str(number)
        player = reporting(monkeypatch, tmp_path, f"report(0.55); open({str(reported)!r}, 'w'); {end}")
        playing = WavPlayer([player, working(log, "second")], late_s=5.0, clock=clock).play(Path("a.wav"), 0.6)
        wait_until(reported.exists)
        with awaited(playing, clock):
            pass
    assert not log.exists(), "it would be heard twice"


def test_a_program_that_stops_in_the_middle_gives_way_to_the_next(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log, reported = tmp_path / "log", tmp_path / "reported"
    stuck = reporting(monkeypatch, tmp_path, f"report(0.3); open({str(reported)!r}, 'w'); time.sleep(600)")
    playing = WavPlayer([stuck, working(log, "second")], clock=clock).play(Path("a.wav"), 9.0)
    wait_until(reported.exists)
    with awaited(playing, clock):
        pass
    assert log.read_text() == "second a.wav\n"
    assert clock.now < 102, "whatever the sound lasts"


def test_players_that_never_begin_are_given_up_whatever_the_sound_lasts(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hangs = reporting(monkeypatch, tmp_path, "time.sleep(600)")
    playing = WavPlayer([hangs, hangs], clock=clock).play(Path("a.wav"), 600)
    failures: list[str] = []

    def wait() -> None:
        try:
            playing.wait()
        except NoSoundError as error:
            failures.append(str(error))

    thread = threading.Thread(target=wait)
    thread.start()
    while thread.is_alive():
        clock.sleep(0.04)
        thread.join(0.02)
    assert "paplay does not begin to play" in failures[0]
    assert clock.now < 100 + 2


def test_a_program_that_hung_is_tried_last_from_then_on(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    hangs = reporting(monkeypatch, tmp_path, f"open({str(log)!r}, 'a').write('hung\\n'); time.sleep(600)")
    player = WavPlayer([hangs, SLOW], clock=clock)
    with awaited(player.play(Path("a.wav"), 600)) as playing:
        wait_until(log.exists)
        clock.sleep(1.0)
        # The next words cut the second program off, before it has shown that it works.
        wait_until(lambda: playing._command == SLOW)
    with awaited(player.play(Path("b.wav"), 600)) as again:
        assert again._command == SLOW


def test_a_program_that_sounds_is_known_to(clock: FakeClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plays = reporting(monkeypatch, tmp_path, "report(0.3); time.sleep(600)")
    playing = WavPlayer([plays], clock=clock).play(Path("a.wav"), 600)
    assert not playing.sounding()
    with awaited(playing):
        wait_until(playing.sounding)


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are POSIX")
def test_what_a_program_leaves_behind_does_not_keep_the_voice_waiting() -> None:
    """It holds the program's standard error open, in a session where nobody ends it."""
    leaves = ("sh", "-c", "setsid sleep 9 & :")
    begun = time.monotonic()
    WavPlayer([leaves], late_s=1.0).play(Path("a.wav"), 0.1).wait()
    assert time.monotonic() - begun < 8


def test_a_player_that_has_worked_may_come_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    player = WavPlayer([reporting(monkeypatch, tmp_path, "pass")])
    player.play(Path("a.wav"), 0.1).wait()
    (tmp_path / "paplay").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSoundError, match="No program that plays sound"):
        player.play(Path("a.wav"), 0.1)


def test_stop_ends_it_at_once_from_another_thread() -> None:
    playing = WavPlayer([SLOW]).play(Path("a.wav"), 600)
    threading.Timer(0.05, playing.stop).start()
    begun = time.monotonic()
    playing.wait()
    playing.stop()
    assert time.monotonic() - begun < 20


def test_after_stop_no_other_program_takes_over(tmp_path: Path) -> None:
    log = tmp_path / "log"
    playing = WavPlayer([BROKEN, working(log, "second")]).play(Path("a.wav"), 600)
    playing.stop()
    playing.wait()
    assert not log.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are POSIX")
def test_what_the_program_started_is_ended_too(tmp_path: Path) -> None:
    """Players may be shell scripts around the real program."""
    begun = tmp_path / "begun"
    child = f"import time; open({str(begun)!r}, 'w'); time.sleep(600)"
    parent = program(f"import subprocess; subprocess.run([sys.executable, '-c', {child!r}])")
    playing = WavPlayer([parent]).play(Path("a.wav"), 600)
    wait_until(begun.exists, 20)
    stopped = time.monotonic()
    playing.stop()
    playing.wait()  # returns only when nobody holds the program's standard error open any more
    assert time.monotonic() < stopped + 20
