from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from currency_app.errors import NoSoundError, NoSpeechError, VoiceError
from currency_app.speech.engines.player import WavPlayer
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.engines.synthesis import LEAD_IN_S, WavCache
from currency_app.speech.engines.wav_file import Wav
from currency_app.speech.engines.wav_speaker import WavSpeaker
from tests.support.waiting import wait_until

pytestmark = pytest.mark.usefixtures("fake_pyttsx3")


class CountingChild(EngineProcess):
    """Keeps what all children were asked for."""

    asked: list[str]

    def request(self, text: str, path: Path | None) -> None:
        self.asked.append(text)
        super().request(text, path)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def cache(asked: list[str]) -> Iterator[WavCache]:
    def start(folder: Path) -> EngineProcess:
        child = CountingChild(["--remove", str(folder)])
        child.asked = asked
        return child

    cache = WavCache(start)
    yield cache
    cache.close()


def seconds_of(path: Path) -> float:
    with wave.open(str(path), "rb") as made:
        return len(made.readframes(made.getnframes())) / made.getsampwidth() / made.getframerate()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:100])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def no_space(path: Path, data: bytes) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_text_is_made_once(cache: WavCache, asked: list[str]) -> None:
    first = cache.wav("20 dollars")
    assert first.seconds == pytest.approx(0.1)
    assert cache.wav("20 dollars") == first
    assert cache.wav("5 dollars").path != first.path
    assert asked == ["20 dollars", "5 dollars"]


def test_texts_are_made_ahead_and_what_is_wanted_goes_first(cache: WavCache, asked: list[str]) -> None:
    ahead = [f"{number} dollars" for number in range(100)]
    cache.prepare(ahead)
    cache.wav("now")
    assert len(asked) < len(ahead), "not at the end of the queue"
    assert cache.wav(ahead[0]).path.exists()


def test_a_child_that_dies_is_replaced(cache: WavCache) -> None:
    assert cache.wav("die once").path.exists()
    assert cache.wav("20 dollars").path.exists()


def test_a_file_without_sound_is_an_error(cache: WavCache) -> None:
    with pytest.raises(VoiceError, match="wrote no sound"):
        cache.wav("nothing")
    assert cache.wav("20 dollars").path.exists()


def test_missing_speech_says_how_to_install_it() -> None:
    cache = WavCache(lambda folder: EngineProcess(["--driver", "missing"]))
    cache.prepare(["20 dollars"])
    with pytest.raises(NoSpeechError, match="apt-get install espeak-ng alsa-utils"):
        cache.wav("20 dollars")
    cache.close()


def test_close_removes_the_files_and_ends_what_is_under_way() -> None:
    started = threading.Event()

    def start(folder: Path) -> EngineProcess:
        started.set()
        return EngineProcess(["--driver", "hangs"])

    cache = WavCache(start)
    folder = cache.silence().path.parent
    errors: list[VoiceError] = []

    def want() -> None:
        try:
            cache.wav("20 dollars")
        except VoiceError as error:
            errors.append(error)

    thread = threading.Thread(target=want)
    thread.start()
    assert started.wait(20)
    cache.close()
    cache.close()
    thread.join(20)
    assert len(errors) == 1
    assert not folder.exists()


APP = """
import sys
from pathlib import Path
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.engines.synthesis import LEAD_IN_S, WavCache

cache = WavCache(lambda folder: EngineProcess(["--remove", str(folder)]))
print(cache.wav("20 dollars").path.parent, flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("end", [None, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.skipif(os.name != "posix", reason="files are used on Linux")
def test_the_files_go_however_the_app_ends(end: signal.Signals | None) -> None:
    command = [sys.executable, "-c", APP]
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as app:
        assert app.stdin is not None
        assert app.stdout is not None
        folder = Path(app.stdout.readline().strip())
        assert folder.is_dir()
        if end is None:
            app.stdin.close()
        else:
            app.send_signal(end)
        app.wait(20)
    wait_until(lambda: not folder.exists(), 20)


class StubPlayer(WavPlayer):
    """Plays by a command that makes no sound."""

    def __init__(self, code: Sequence[str] = ("pass",)) -> None:
        super().__init__([(sys.executable, "-c", *code)])


def test_the_speaker_makes_and_plays(cache: WavCache, asked: list[str]) -> None:
    speaker = WavSpeaker(cache, StubPlayer())
    speaker.probe("ready")
    speaker.start("20 dollars").wait()
    speaker.close()
    assert asked == ["ready", "20 dollars"]


def test_a_player_that_hangs_is_found_out(cache: WavCache) -> None:
    with pytest.raises(NoSoundError, match="did not come to an end"):
        WavSpeaker(cache, StubPlayer(["import time; time.sleep(600)"])).probe("ready")


@pytest.mark.parametrize("harm", [Path.unlink, cut, empty], ids=["removed", "cut", "emptied"])
def test_a_file_that_was_harmed_is_made_again(
    cache: WavCache, asked: list[str], harm: Callable[[Path], object]
) -> None:
    cache.wav("5 dollars")
    harm(cache.wav("20 dollars").path)
    assert seconds_of(cache.wav("20 dollars").path) == pytest.approx(0.1)
    harm(cache.silence().path)
    assert seconds_of(cache.silence().path) == pytest.approx(LEAD_IN_S)
    assert asked == ["5 dollars", "20 dollars", "20 dollars"]


def test_a_folder_that_was_removed_is_made_again(cache: WavCache) -> None:
    for text in ("20 dollars", "20 dollars", "5 dollars"):
        shutil.rmtree(cache.wav(text).path.parent)
        assert seconds_of(cache.silence().path) == pytest.approx(LEAD_IN_S)
        assert seconds_of(cache.wav(text).path) == pytest.approx(0.1)


def test_a_folder_that_somebody_else_put_in_place_is_not_used(cache: WavCache) -> None:
    folder = cache.wav("20 dollars").path.parent
    folder.rename(folder.with_name(f"{folder.name}-old"))
    folder.mkdir()
    assert cache.wav("20 dollars").path.parent != folder
    folder.rmdir()
    shutil.rmtree(folder.with_name(f"{folder.name}-old"))


def test_without_a_folder_for_temporary_files_there_is_no_speech_until_there_is_one(
    cache: WavCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(tempfile, "tempdir", None)
        without.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nonexistent"])
        attempts: list[Callable[[], Wav]] = [lambda: cache.wav("20 dollars"), cache.silence]
        for attempt in attempts:
            with pytest.raises(VoiceError, match=r"No folder takes the sound files: .*TMPDIR") as caught:
                attempt()
            assert not isinstance(caught.value, NoSpeechError), "it may pass"
    assert cache.wav("20 dollars").path.exists()


def test_a_full_disk_is_told_at_once(cache: WavCache, monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    cache.wav("20 dollars")
    with monkeypatch.context() as full:
        full.setattr(Path, "write_bytes", no_space)
        with pytest.raises(VoiceError, match=r"No space left on device\. Free some space"):
            cache.wav("5 dollars")
    assert asked == ["20 dollars"], "the engine would not answer for seconds"
    assert cache.wav("5 dollars").path.exists()


def test_an_engine_that_worked_is_not_missing_when_it_fails_to_start_again(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments: list[str] = []
    cache = WavCache(lambda folder: EngineProcess(arguments))
    shutil.rmtree(cache.wav("20 dollars").path.parent)
    arguments += ["--driver", "missing"]
    with pytest.raises(VoiceError) as caught:
        cache.wav("20 dollars")
    assert not isinstance(caught.value, NoSpeechError)
    arguments.clear()
    assert cache.wav("20 dollars").path.exists()
    cache.close()


def test_the_lead_in_is_silence(cache: WavCache) -> None:
    with wave.open(str(cache.silence().path), "rb") as silence:
        assert silence.getnframes() == round(LEAD_IN_S * silence.getframerate())
        assert not any(silence.readframes(silence.getnframes()))


def test_the_speaker_can_be_silenced(cache: WavCache) -> None:
    playing = WavSpeaker(cache, StubPlayer(["import time; time.sleep(600)"])).start("20 dollars")
    begun = time.monotonic()
    playing.stop()
    playing.wait()
    assert time.monotonic() - begun < 20
