from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from currency_app.errors import NoSoundError, VoiceError
from currency_app.speech.engines.player import WavPlayer
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
    with pytest.raises(VoiceError, match="apt-get install espeak-ng alsa-utils"):
        WavPlayer([("no-such-player",)]).play(Path("a.wav"), 0.1)


def test_a_program_that_never_ends_is_given_up() -> None:
    with pytest.raises(NoSoundError, match="did not come to an end"):
        WavPlayer([SLOW]).play(Path("a.wav"), -9.9).wait()


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
