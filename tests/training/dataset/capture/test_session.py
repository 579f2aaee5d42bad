"""A capture session: which frames it keeps, and what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.arrays import Image
from currency_app.events import CameraBack, CameraLost, Frame, SourceEvent
from currency_app.images import read_image
from currency_app.testing import FakeSource, FakeVoice
from tests.support.capturing import NOTE, NOW, Taken, frames, moving, still, swayed
from training.dataset.capture.prompts import read_plan
from training.dataset.capture.session import CaptureSession, focus_measure
from training.dataset.capture.takes import TakeFolder


def test_it_stops_when_there_are_enough(tmp_path: Path) -> None:
    taken = Taken(tmp_path, moving(60), count=12)
    assert [path.name for path in taken.files] == [f"20240203T040506-{number:04d}.jpg" for number in range(1, 13)]
    assert taken.capture.taken == 12
    assert taken.said[0].startswith("12 pictures to take. Hold the note flat")
    assert taken.said[-1] == "Done. 12 pictures taken"
    assert taken.source.closed
    assert taken.voice.closed


def test_pictures_are_whole_frames_in_colour(tmp_path: Path) -> None:
    taken = Taken(tmp_path, moving(10), count=1)
    picture = read_image(taken.files[0])
    assert picture.shape == NOTE.shape
    assert min(np.abs(picture.astype(int) - swayed(index)).mean() for index in range(60)) < 4


def test_a_mirroring_driver_is_turned_back(tmp_path: Path) -> None:
    plain, turned = (
        read_image(Taken(tmp_path / name, moving(10), count=1, mirrored=name == "turned").files[0])
        for name in ("plain", "turned")
    )
    assert np.abs(turned[:, ::-1].astype(int) - plain).mean() < 4


def test_a_still_camera_gives_one_picture_and_says_why(tmp_path: Path) -> None:
    taken = Taken(tmp_path, still(NOTE, 12))
    assert len(taken.files) == 1
    assert "Nothing has changed. Move a little" in taken.said


def test_the_noise_of_a_camera_is_no_change(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    noisy = [np.clip(NOTE + rng.normal(0, 6, NOTE.shape), 0, 255).astype(np.uint8) for _ in range(90)]
    assert len(Taken(tmp_path, frames(noisy)).files) == 1


def test_blurred_frames_are_not_kept(tmp_path: Path) -> None:
    blurred = [np.asarray(cv2.GaussianBlur(swayed(index), (0, 0), 9), np.uint8) for index in range(90)]
    taken = Taken(tmp_path, frames(blurred))
    assert taken.files == []
    assert not (tmp_path / "usd_20_front").exists()
    assert "Too blurred. Hold still for a moment" in taken.said
    assert taken.capture.rejection == "Too blurred. Hold still for a moment"


def test_dim_light_is_kept_and_darkness_is_not(tmp_path: Path) -> None:
    dim, dark = ([(swayed(index) * share).astype(np.uint8) for index in range(90)] for share in (0.3, 0.03))
    assert len(Taken(tmp_path / "dim", frames(dim)).files) > 5
    taken = Taken(tmp_path / "dark", frames(dark))
    assert taken.files == []
    assert any(text.startswith("The picture is dark") for text in taken.said)


def test_a_covered_camera_is_dark_not_blurred(tmp_path: Path) -> None:
    taken = Taken(tmp_path, still(np.zeros_like(NOTE), 8))
    assert any(text.startswith("The picture is dark") for text in taken.said)
    assert not any(text.startswith("Too blurred") for text in taken.said)


def test_sharpness_falls_with_blur_and_stays_in_dim_light() -> None:
    dim = (NOTE * 0.4).astype(np.uint8)
    blurred = np.asarray(cv2.GaussianBlur(NOTE, (0, 0), 3), np.uint8)
    assert focus_measure(dim) == pytest.approx(focus_measure(NOTE), rel=0.2)
    assert focus_measure(blurred) < focus_measure(NOTE) / 4
    assert focus_measure(np.full((20, 30, 3), 128, np.uint8)) == 0


def test_of_the_frames_in_between_the_sharpest_is_kept(tmp_path: Path) -> None:
    def picture(index: int) -> Image:
        sharp = index % 7 == 3
        return swayed(index) if sharp else np.asarray(cv2.GaussianBlur(swayed(index), (0, 0), 2), np.uint8)

    taken = Taken(tmp_path, frames(picture(index) for index in range(105)))
    assert len(taken.files) >= 8
    assert min(focus_measure(read_image(path)) for path in taken.files) > focus_measure(picture(0)) * 2


def test_none_is_taken_while_a_prompt_is_listened_to(tmp_path: Path) -> None:
    assert Taken(tmp_path, moving(1.5)).files == []


def test_ctrl_c_keeps_what_there_is(tmp_path: Path) -> None:
    def played() -> Iterator[SourceEvent]:
        yield from moving(6)
        raise KeyboardInterrupt

    class Interrupted(FakeSource):
        def events(self) -> Iterator[SourceEvent]:
            return played()

    source, voice = Interrupted([]), FakeVoice()
    target = TakeFolder(tmp_path, "usd_20_front", NOW)
    capture = CaptureSession(source, voice, read_plan("usd_20_front"), target, 250)
    capture.run()
    files = list((tmp_path / "usd_20_front").iterdir())
    assert capture.taken == len(files) > 3
    assert source.closed
    assert voice.closed


def test_a_camera_that_stops_is_told(tmp_path: Path) -> None:
    events = [*moving(3), CameraLost(5.0), CameraBack(6.0), Frame(swayed(5), 6.0, 50)]
    said = Taken(tmp_path, events).said
    assert said[1:3] == ["The camera has stopped. Trying again", "The camera is working again"]
