"""What becomes of a sound file before it is kept."""

from __future__ import annotations

import gc
import shutil
import tempfile
import wave
from pathlib import Path

import numpy as np
import pytest

from currency_app.errors import VoiceError
from currency_app.speech.engines.wav_file import SoundFolder, cut_lead, measured

RATE = 20_000


def write(path: Path, samples: list[int], channels: int = 1, width: int = 2) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, RATE, 0, "NONE", ""))
        file.writeframes(np.array(samples, np.int16).tobytes())


def samples_of(path: Path) -> list[int]:
    with wave.open(str(path), "rb") as file:
        return [int(sample) for sample in np.frombuffer(file.readframes(file.getnframes()), np.int16)]


def test_the_silence_before_the_first_word_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write(path, [0, 1, -20] * 300 + [300, 0, 0, -500])
    found = cut_lead(measured(path))
    kept = samples_of(path)
    assert len(kept) == 104, "5 ms stay"
    assert kept[-4:] == [300, 0, 0, -500]
    assert found == measured(path)
    assert found.seconds == pytest.approx(104 / RATE)
    assert found.is_whole()


def test_the_silence_of_both_channels_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write(path, [0, 0] * 1000 + [0, 900] + [5, 6], channels=2)
    cut_lead(measured(path))
    assert len(samples_of(path)) == 2 * 102
    assert samples_of(path)[-4:] == [0, 900, 5, 6]


@pytest.mark.parametrize("samples", [[500] * 10, [0] * 50 + [500], [0] * 1000])
def test_what_begins_at_once_or_never_is_left(tmp_path: Path, samples: list[int]) -> None:
    path = tmp_path / "a.wav"
    write(path, samples)
    before = measured(path)
    assert cut_lead(before) == before
    assert samples_of(path) == samples


def test_other_kinds_of_sound_are_left(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write(path, [0] * 1000 + [500], width=1)
    content = path.read_bytes()
    cut_lead(measured(path))
    assert path.read_bytes() == content


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    write(path, [0] * 1000 + [500])
    made = measured(path)

    def no_space(self: object, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(wave.Wave_write, "writeframes", no_space)
    with pytest.raises(VoiceError, match=r"No space left on device\. Free some space"):
        cut_lead(made)


def test_a_sound_that_cannot_be_written_prints_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What Python's own module prints when it throws such a file away would be read out."""
    path = tmp_path / "word.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 1000, 0, "NONE", ""))
        file.writeframes(bytes(400) + b"\x00\x40" * 200)
    made = measured(path)

    def refused(*_: object, **__: object) -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(VoiceError, match="No space left"):
        cut_lead(made)
    gc.collect()
    assert capsys.readouterr().err == ""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_of_sounds_lasts_until_something_removes_it_or_takes_its_place(temporary: Path) -> None:
    """Another in its place is somebody's own: nothing is written there, and it is not removed."""
    sounds = SoundFolder("sounds-")
    assert sounds.usable() is None
    first = sounds.make()
    assert (sounds.usable(), first.parent) == (first, temporary)
    assert first.name.startswith("sounds-")
    shutil.rmtree(first)
    assert sounds.usable() is None
    second = sounds.make()
    second.rename(temporary / "moved")
    second.mkdir()
    assert sounds.usable() is None
    third = sounds.make()
    sounds.remove()
    assert sounds.usable() is None
    assert sorted(temporary.iterdir()) == sorted([temporary / "moved", second])
    assert not third.exists()


def test_a_folder_of_sounds_goes_with_what_uses_it(temporary: Path) -> None:
    sounds = SoundFolder("sounds-")
    (sounds.make() / "a.wav").write_bytes(b"a")
    del sounds
    gc.collect()
    assert list(temporary.iterdir()) == []


def test_no_place_for_a_folder_of_sounds_is_a_sentence(temporary: Path) -> None:
    sounds = SoundFolder("sounds-")
    sounds.make()
    shutil.rmtree(temporary)
    with pytest.raises(VoiceError, match=r"^No folder takes the sound files: No such file or directory\. Free some"):
        sounds.make()
    temporary.mkdir()
    assert sounds.make().is_dir()
    sounds.remove()
