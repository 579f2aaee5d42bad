"""Files of a run that are cut, missing, swapped or empty: named, or gone on without."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from currency_app.errors import DataError
from tests.support.drawn_data import room, save
from training.dataset.manifest import LabelledImage
from training.fitting.run_state import BEST, CHECKPOINT, FINAL_WEIGHTS, RunFolder, RunProgress
from training.recipe import Recipe, Stage

RECIPE = Recipe(name="tiny", currency="usd", stages=(Stage(3, 1e-3),), averaging=0.0, patience=2)
STATE = "state.json"


class NamedModel:
    """Weights are a word."""

    def __init__(self, weights: str) -> None:
        self.weights = weights

    def save_weights(self, path: Path) -> None:
        path.write_text(self.weights)


@pytest.fixture
def images(tmp_path: Path) -> list[LabelledImage]:
    paths = [save(tmp_path / "data" / name, room(seed)) for seed, name in enumerate(("a.png", "b.png"))]
    return [LabelledImage(path, "background", "me", "background", "train", None, "") for path in paths]


@pytest.fixture
def begun(tmp_path: Path, images: list[LabelledImage]) -> Path:
    """Stopped after two epochs, the first of which was the better one."""
    run = RunFolder(tmp_path / "run", RECIPE, images)
    run.write(NamedModel("first"), RunProgress(1, (0.2,)))
    run.write(NamedModel("second"), RunProgress(2, (0.2, 0.3)))
    return tmp_path / "run"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def swap(path: Path) -> None:
    path.write_text("of another run")


@pytest.mark.parametrize("harm", [cut, empty, swap, Path.unlink])
@pytest.mark.parametrize("name", [CHECKPOINT, BEST, STATE])
def test_what_cannot_be_gone_on_from_is_named(
    begun: Path, images: list[LabelledImage], name: str, harm: Callable[[Path], None]
) -> None:
    harm(begun / name)
    with pytest.raises(DataError) as caught:
        RunFolder(begun, RECIPE, images).progress()
    said = str(caught.value)
    what = "cut off or not of this run" if (begun / name).exists() else "missing"
    assert said.startswith(f"{begun / name} is {what}: ")
    assert f"put it back if you have it; else the run in {begun} must begin anew, so give another folder" in said


def test_weights_for_another_file_are_not_taken(begun: Path, images: list[LabelledImage]) -> None:
    first = (begun / BEST).read_text()
    (begun / BEST).write_text((begun / CHECKPOINT).read_text())
    (begun / CHECKPOINT).write_text(first)
    # The checkpoint is that of an epoch before, which the run could go on from; the best weights are not.
    with pytest.raises(DataError, match=BEST):
        RunFolder(begun, RECIPE, images).progress()


def test_the_checkpoint_of_the_epoch_before_is_gone_on_from(begun: Path, images: list[LabelledImage]) -> None:
    (begun / CHECKPOINT).write_text("first")
    assert RunFolder(begun, RECIPE, images).progress() == RunProgress(1, (0.2,))


def test_a_finished_run_needs_its_final_weights_only(begun: Path, images: list[LabelledImage]) -> None:
    run = RunFolder(begun, RECIPE, images)
    run.progress()
    run.finish(NamedModel("final"))
    for name in (CHECKPOINT, BEST):
        (begun / name).unlink()
    again = RunFolder(begun, RECIPE, images)
    assert again.progress() == RunProgress(2, (0.2, 0.3))
    assert again.final_is_whole()
    for harm in (cut, empty, swap):
        harm(begun / FINAL_WEIGHTS)
        assert not again.final_is_whole()
        with pytest.raises(DataError, match=CHECKPOINT):
            RunFolder(begun, RECIPE, images).progress()


def test_a_run_without_hashes_goes_on(begun: Path, images: list[LabelledImage]) -> None:
    """As runs were kept before there were any."""
    state = json.loads((begun / STATE).read_text())
    kept = {key: value for key, value in state.items() if key not in ("sha256", "before", "content")}
    (begun / STATE).write_text(json.dumps(kept))
    assert RunFolder(begun, RECIPE, images).progress() == RunProgress(2, (0.2, 0.3))


@pytest.mark.parametrize(
    "change",
    [
        *({"sha256": wrong} for wrong in (7, "x", [], [["a", "b"]])),
        *({"epochs_done": wrong} for wrong in ("x", -1, 1.5, float("inf"))),
        *({"losses": wrong} for wrong in (None, [10**400])),
        {"before": {}},
        {"recipe": None},
    ],
    ids=str,
)
def test_a_state_that_was_changed_by_hand_is_named(
    begun: Path, images: list[LabelledImage], change: dict[str, object]
) -> None:
    (begun / STATE).write_text(json.dumps(json.loads((begun / STATE).read_text()) | change))
    with pytest.raises(DataError, match=r"state\.json is cut off or not of this run"):
        RunFolder(begun, RECIPE, images).progress()


def test_a_state_that_is_no_such_file_is_named(begun: Path, images: list[LabelledImage]) -> None:
    (begun / STATE).write_text("[" * 100_000)
    with pytest.raises(DataError, match=r"state\.json is cut off or not of this run"):
        RunFolder(begun, RECIPE, images).progress()
    (begun / STATE).unlink()
    (begun / STATE).mkdir()
    with pytest.raises(DataError, match=r"state\.json is cut off or not of this run"):
        RunFolder(begun, RECIPE, images).progress()


# The images of the run


def test_another_picture_of_the_same_name_is_noticed(begun: Path, images: list[LabelledImage]) -> None:
    content = images[0].path.read_bytes()
    save(images[0].path, 255 - room(0))
    with pytest.raises(DataError, match="The images have changed since the run in"):
        RunFolder(begun, RECIPE, images).progress()
    images[0].path.write_bytes(content)
    assert RunFolder(begun, RECIPE, images).progress().epochs_done == 2, "its date does not count"
    images[0].path.unlink()
    with pytest.raises(DataError, match="The images have changed"):
        RunFolder(begun, RECIPE, images).progress()


def test_the_same_pictures_elsewhere_are_the_same(begun: Path, images: list[LabelledImage], tmp_path: Path) -> None:
    (tmp_path / "data").rename(tmp_path / "moved")
    moved = [replace(image, path=tmp_path / "moved" / image.path.name) for image in images]
    assert RunFolder(begun, RECIPE, moved).progress().epochs_done == 2


def test_other_images_to_choose_the_best_epoch_on_are_noticed(begun: Path, images: list[LabelledImage]) -> None:
    with pytest.raises(DataError, match="The images have changed"):
        RunFolder(begun, RECIPE, images, judged_on=images[:1]).progress()
