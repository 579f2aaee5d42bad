"""`currency-train capture`: what it asks for, which frames it keeps, and where."""

from __future__ import annotations

import signal
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.arrays import Image
from currency_app.errors import DataError
from currency_app.events import CameraBack, CameraLost, Frame, SourceEvent
from currency_app.images import read_image
from currency_app.testing import FakeSource, FakeVoice
from tests.support.drawn_data import photo, room, save
from training.commands.cli import main
from training.dataset.capture.prompts import Prompt, Prompter, PromptPlan, read_plan
from training.dataset.capture.session import CaptureSession, focus_measure
from training.dataset.capture.takes import TakeFolder
from training.dataset.manifest import read_data, take_of

FPS = 15
NOW = datetime(2024, 2, 3, 4, 5, 6)
NOTE = photo(20, "front", 1)[0]


@pytest.fixture(autouse=True)
def _signal_handler() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def swayed(index: int) -> Image:
    """A note that is elsewhere in each frame."""
    return np.asarray(np.roll(NOTE, 11 * index, axis=1), np.uint8)


def frames(pictures: Iterable[Image]) -> list[SourceEvent]:
    return [Frame(picture, index / FPS, index) for index, picture in enumerate(pictures)]


def moving(seconds: float) -> list[SourceEvent]:
    return frames(swayed(index) for index in range(round(seconds * FPS)))


def still(picture: Image, seconds: float) -> list[SourceEvent]:
    return frames(picture for _ in range(round(seconds * FPS)))


class Taken:
    """One run on a list of events. said: the texts, in order. files: what was written, in order."""

    def __init__(
        self,
        out: Path,
        events: Iterable[SourceEvent],
        count: int = 250,
        plan: PromptPlan | None = None,
        mirrored: bool = False,
    ) -> None:
        self.source = FakeSource(events)
        self.voice = FakeVoice()
        self.target = TakeFolder(out, "usd_20_front", NOW)
        plan = plan or read_plan("usd_20_front")
        self.capture = CaptureSession(self.source, self.voice, plan, self.target, count, mirrored=mirrored)
        self.capture.run()
        self.said = [utterance.text for utterance in self.voice.said]
        self.files = sorted((out / "usd_20_front").glob("*"))


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


def test_all_prompts_come_in_turn_and_last_their_time(tmp_path: Path) -> None:
    plan = read_plan("usd_20_front")
    whole = sum(prompt.seconds for prompt in plan.prompts)
    taken = Taken(tmp_path, still(NOTE, whole + 1))
    prompts = [text for text in taken.said if text != plan.texts["same"]]
    first = f"250 pictures to take. {plan.prompts[0].text}"
    expected = [first, *(prompt.text for prompt in plan.prompts[1:]), plan.prompts[0].text, "Done. 1 pictures taken"]
    assert prompts[:-1] == expected[:-1]


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


def test_what_is_left_is_told_with_the_next_prompt(tmp_path: Path) -> None:
    said = Taken(tmp_path, moving(120), count=60).said
    told = [text for text in said if " left. " in text and text[0].isdecimal()]
    assert [text.split(". ")[0] for text in told] == ["50 left", "25 left", "10 left"]
    assert all(text.split(". ")[1] for text in told)


def test_a_prompt_that_tells_what_is_left_has_its_full_time() -> None:
    plan = PromptPlan((Prompt("a", 5), Prompt("b", 5)), {"start": "{count} to take", "left": "{count} left"})
    prompter = Prompter(plan, 20)
    assert prompter.update(0, 20) == "20 to take. a"
    assert prompter.update(4.9, 15) is None
    assert prompter.update(4.9, 10) == "10 left. b"
    assert prompter.prompt_started == 4.9
    assert prompter.update(9.8, 9) is None
    assert prompter.update(10.0, 9) == "a"


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


def test_nothing_is_overwritten_and_each_run_is_a_take(tmp_path: Path) -> None:
    first = Taken(tmp_path, moving(6), count=3)
    kept = {path: path.read_bytes() for path in first.files}
    second = Taken(tmp_path, moving(6), count=3)
    assert len(second.files) == 6
    assert all(path.read_bytes() == content for path, content in kept.items())
    assert {take_of(path) for path in second.files} == {"20240203T040506", "20240203T040506x2"}
    assert "This is take 2 of at least 5" in second.target.summary(3)


def test_takes_never_straddle_training_and_validation(tmp_path: Path) -> None:
    for _ in range(5):
        Taken(tmp_path, moving(6), count=3)
    splits: dict[str, set[str]] = {}
    for image in read_data(tmp_path):
        splits.setdefault(take_of(image.path), set()).add(image.split)
    assert sorted(map(len, splits.values())) == [1] * 5
    assert sorted(split for (split,) in splits.values()) == ["train"] * 4 + ["val"]
    assert "There are 5 takes" in TakeFolder(tmp_path, "usd_20_front", NOW).summary(1)


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def tobytes(self) -> bytes:
            raise OSError(28, "No space left on device")

    target = TakeFolder(tmp_path, "usd_20_front", NOW)
    monkeypatch.setattr(cv2, "imencode", lambda *given: (True, Full()))
    with pytest.raises(DataError, match="disk full"):
        target.save(NOTE)
    assert list((tmp_path / "usd_20_front").iterdir()) == []


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    target = TakeFolder(tmp_path, "usd_20_front", NOW)
    (tmp_path / "usd_20_front").write_text("mine")
    with pytest.raises(DataError, match="choose another folder"):
        target.save(NOTE)
    with pytest.raises(DataError, match="is a file"):
        TakeFolder(tmp_path, "usd_20_front", NOW)
    assert (tmp_path / "usd_20_front").read_text() == "mine"


@pytest.mark.parametrize("class_name", ["usd_20_front", "background"])
def test_every_plan_can_be_said(class_name: str) -> None:
    plan = read_plan(class_name)
    assert len(plan.prompts) >= 10
    assert len(set(plan.fixed_texts())) == len(plan.prompts)
    assert all(prompt.seconds >= 5 for prompt in plan.prompts)
    assert all("{" not in text for text in plan.fixed_texts())
    for name in ("start", "left", "done", "blurred", "same", "dark"):
        assert "{" not in plan.text(name, 3)


def test_the_plan_of_a_note_covers_what_notes_are_seen_in() -> None:
    said = " ".join(read_plan("usd_20_front").fixed_texts()).lower()
    for word in (
        "closer",
        "farther",
        "left",
        "right",
        "up",
        "down",
        "tilt",
        "upside down",
        "fingers",
        "dimmer",
        "place",
    ):
        assert word in said
    assert "note" not in read_plan("background").prompts[0].text


# The command


def command(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(["capture", *arguments])
    except SystemExit as error:
        code = int(error.code or 0)
    told = capfd.readouterr()
    return code, told.out, told.err


@pytest.fixture
def recording(tmp_path: Path) -> str:
    for index in range(60):
        save(tmp_path / "recording" / f"{index:03d}.png", swayed(index))
    return str(tmp_path / "recording")


def test_a_recording_becomes_pictures(tmp_path: Path, recording: str, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine"
    code, told, err = command(
        capfd, "--out", str(out), "--class", "eur_10_back", "--source", recording, "--count", "4", "--voice", "text"
    )
    assert code == 0
    assert told.startswith(f"Took 4 pictures: {out / 'eur_10_back'}")
    assert err.splitlines()[0].startswith("4 pictures to take. Hold the note flat")
    assert len(list((out / "eur_10_back").iterdir())) == 4


def test_where_no_picture_was_good_enough_it_says_why(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for index in range(40):
        save(tmp_path / "smooth" / f"{index:03d}.png", np.asarray(cv2.blur(room(index), (31, 31)), np.uint8))
    given = ("--out", str(tmp_path / "mine"), "--class", "background", "--source", str(tmp_path / "smooth"))
    code, told, err = command(capfd, *given, "--voice", "off")
    assert code == 2
    assert told == ""
    assert err.startswith("currency-train: No picture was taken")
    assert "Too blurred" in err
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--class", "twenty"], "'twenty' is not a class"),
        (["--class", "usd_20_front", "--count", "0"], "not a number from 1"),
        (["--class", "usd_20_front", "--count", "some"], "not a number from 1"),
        (["--class", "usd_20_front", "--source", "absent.mp4"], "No file or folder absent.mp4"),
        (["--class", "usd_20_front", "--voice", "loud"], "invalid choice"),
        ([], "--class"),
    ],
)
def test_bad_input_is_one_sentence_and_makes_nothing(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = command(capfd, "--out", "mine", *arguments)
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert said in err
    assert not Path("mine").exists()
