"""What a stopped run needs to go on: whole whenever it is killed, and of this recipe and these images."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.errors import DataError
from training.dataset.manifest import LabelledImage
from training.fitting.run_state import RunFolder, RunProgress
from training.recipe import Recipe, Stage
from training.synthesis.sampler import Mix

RECIPE = Recipe(name="tiny", currency="usd", stages=(Stage(3, 1e-3), Stage(2, 1e-4, "block_6_expand")))
POLYGON = np.array([[1, 2], [30, 2], [30, 20], [1, 20]], np.float32)
IMAGES = [
    LabelledImage(Path("data/a.png"), "photo", "me", "usd_5_front", "train", POLYGON, "single"),
    LabelledImage(Path("data/b.png"), "background", "me", "background", "train", None, ""),
]


class FakeModel:
    """Weights are the name of the epoch. stop_after: dies when so many letters of it are written."""

    def __init__(self, weights: str) -> None:
        self.weights = weights
        self.stop_after: int | None = None

    def save_weights(self, path: Path) -> None:
        path.write_text(self.weights[: self.stop_after])
        if self.stop_after is not None:
            raise KeyboardInterrupt


def test_a_new_run_has_no_progress(tmp_path: Path) -> None:
    run = RunFolder(tmp_path / "new" / "run", RECIPE, IMAGES)
    assert run.progress() == RunProgress(0, ())
    assert (tmp_path / "new" / "run").is_dir()


def test_images_whose_names_are_no_utf_8_are_learnt_from(tmp_path: Path) -> None:
    images = [replace(image, path=image.path.with_name(f"caf\udce9-{n}.png")) for n, image in enumerate(IMAGES)]
    RunFolder(tmp_path, RECIPE, images).write(FakeModel("first"), RunProgress(1, ()))
    assert RunFolder(tmp_path, RECIPE, images).progress().epochs_done == 1


def test_progress_is_kept(tmp_path: Path) -> None:
    progress = RunProgress().after_epoch(0.5).after_epoch(0.25)
    assert progress == RunProgress(2, (0.5, 0.25))
    RunFolder(tmp_path, RECIPE, IMAGES).write(FakeModel("second"), progress)
    again = RunFolder(tmp_path, RECIPE, IMAGES)
    assert again.progress() == progress
    assert again.checkpoint.read_text() == "second"
    assert {path.name for path in tmp_path.iterdir()} == {again.checkpoint.name, again.best.name, "state.json"}


def test_losses_are_not_asked_for_by_every_recipe(tmp_path: Path) -> None:
    progress = RunProgress().after_epoch(None).after_epoch(None)
    assert (progress.epochs_done, progress.losses, progress.since_best) == (2, (), 0)
    run = RunFolder(tmp_path, RECIPE, IMAGES)
    run.write(FakeModel("second"), progress)
    assert run.progress() == progress
    assert not run.best.exists()


@pytest.mark.parametrize(
    ("losses", "since"), [((), 0), ((0.5,), 0), ((0.5, 0.3), 0), ((0.5, 0.3, 0.4, 0.6), 2), ((0.3, 0.3), 1)]
)
def test_epochs_since_the_best_are_counted(losses: tuple[float, ...], since: int) -> None:
    assert RunProgress(len(losses), losses).since_best == since


def test_the_best_weights_are_kept(tmp_path: Path) -> None:
    run, progress, best = RunFolder(tmp_path, RECIPE, IMAGES), RunProgress(), []
    for name, loss in (("one", 0.5), ("two", 0.3), ("three", 0.4), ("four", 0.2), ("five", 0.2)):
        progress = progress.after_epoch(loss)
        run.write(FakeModel(name), progress)
        best.append(run.best.read_text())
        assert run.checkpoint.read_text() == name
    assert best == ["one", "two", "two", "four", "four"]


def test_killed_while_weights_are_written_the_run_is_where_it_was(tmp_path: Path) -> None:
    run = RunFolder(tmp_path, RECIPE, IMAGES)
    run.write(FakeModel("first"), RunProgress(1, (0.5,)))
    dying = FakeModel("second")
    dying.stop_after = 3
    with pytest.raises(KeyboardInterrupt):
        run.write(dying, RunProgress(2, (0.5, 0.3)))
    again = RunFolder(tmp_path, RECIPE, IMAGES)
    assert again.progress() == RunProgress(1, (0.5,))
    assert (again.checkpoint.read_text(), again.best.read_text()) == ("first", "first")


@pytest.mark.parametrize("survived", range(4))
def test_killed_between_two_files_every_file_is_whole(
    tmp_path: Path, survived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no epoch is counted whose weights are not there."""
    run = RunFolder(tmp_path, RECIPE, IMAGES)
    run.write(FakeModel("first"), RunProgress(1, (0.5,)))
    replaced: list[Path] = []
    original = Path.replace

    def dying(path: Path, target: Any) -> Path:
        if len(replaced) == survived:
            raise KeyboardInterrupt
        replaced.append(path)
        return original(path, target)

    monkeypatch.setattr(Path, "replace", dying)
    if survived < 3:
        with pytest.raises(KeyboardInterrupt):
            run.write(FakeModel("second"), RunProgress(2, (0.5, 0.3)))
    else:
        run.write(FakeModel("second"), RunProgress(2, (0.5, 0.3)))
    monkeypatch.undo()
    again = RunFolder(tmp_path, RECIPE, IMAGES)
    progress = again.progress()
    assert progress == (RunProgress(2, (0.5, 0.3)) if survived == 3 else RunProgress(1, (0.5,)))
    assert again.checkpoint.read_text() in ("first", "second")
    assert again.best.read_text() in ("first", "second")
    if progress.epochs_done == 2:
        assert (again.checkpoint.read_text(), again.best.read_text()) == ("second", "second")
    again.write(FakeModel("third"), progress.after_epoch(0.1))
    assert RunFolder(tmp_path, RECIPE, IMAGES).progress() == progress.after_epoch(0.1)


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    RunFolder(tmp_path, RECIPE, IMAGES).write(FakeModel("first"), RunProgress(1, ()))
    return tmp_path


@pytest.mark.parametrize(
    "other",
    [
        replace(RECIPE, seed=2),
        replace(RECIPE, closer_size=(256, 112)),
        replace(RECIPE, size=128),
        replace(RECIPE, patience=3),
        replace(RECIPE, mix=Mix(folded=0.5)),
        replace(RECIPE, stages=(*RECIPE.stages[:-1], replace(RECIPE.stages[-1], epochs=9))),
    ],
)
def test_a_run_of_another_recipe_is_refused(begun: Path, other: Recipe) -> None:
    with pytest.raises(DataError, match="holds a run of another recipe: give another folder with --run, or remove it"):
        RunFolder(begun, other, IMAGES).progress()


def test_how_it_is_calibrated_afterwards_is_no_other_recipe(begun: Path) -> None:
    assert (
        RunFolder(begun, replace(RECIPE, folds=5, fold_share=0.5, numeral_crops=9), IMAGES).progress().epochs_done == 1
    )


@pytest.mark.parametrize(
    "images",
    [
        IMAGES[:1],
        [*IMAGES, replace(IMAGES[0], path=Path("data/c.png"))],
        [replace(IMAGES[0], path=Path("data/c.png")), IMAGES[1]],
        [replace(IMAGES[0], class_name="usd_5_back"), IMAGES[1]],
        [replace(IMAGES[0], kind="scan"), IMAGES[1]],
        [replace(IMAGES[0], polygon=None), IMAGES[1]],
        [replace(IMAGES[0], polygon=POLYGON + 1), IMAGES[1]],
        [],
    ],
)
def test_a_run_of_other_images_is_refused(begun: Path, images: list[LabelledImage]) -> None:
    with pytest.raises(DataError, match=r"The images have changed since the run in .* began: give another folder"):
        RunFolder(begun, RECIPE, images).progress()


def test_a_data_folder_may_be_moved(begun: Path) -> None:
    moved = [replace(image, path=Path("/elsewhere") / image.path.name) for image in IMAGES]
    assert RunFolder(begun, RECIPE, moved).progress().epochs_done == 1


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"epochs_done": 1}', '{"recipe": {}, "images": ""}'])
def test_a_damaged_state_says_what_to_do(begun: Path, content: str) -> None:
    (begun / "state.json").write_text(content)
    with pytest.raises(DataError, match="give another folder with --run, or remove it") as caught:
        RunFolder(begun, RECIPE, IMAGES).progress()
    assert "\n" not in str(caught.value)


def test_a_run_from_before_a_setting_was_there_had_its_default(tmp_path: Path) -> None:
    RunFolder(tmp_path, RECIPE, IMAGES).write(FakeModel("second"), RunProgress(1))
    state = json.loads((tmp_path / "state.json").read_text())
    del state["recipe"]["note_aspect"]
    (tmp_path / "state.json").write_text(json.dumps(state))
    assert RunFolder(tmp_path, RECIPE, IMAGES).progress() == RunProgress(1)
    with pytest.raises(DataError, match="a run of another recipe"):
        RunFolder(tmp_path, replace(RECIPE, note_aspect=1.9), IMAGES).progress()
    state["recipe"]["colours"] = 3
    (tmp_path / "state.json").write_text(json.dumps(state))
    with pytest.raises(DataError, match="a run of another recipe"):
        RunFolder(tmp_path, RECIPE, IMAGES).progress()


OLD_STATE: dict[str, Any] = {
    "recipe": {
        "name": "tiny",
        "currency": "usd",
        "stages": [
            {"epochs": 3, "learning_rate": 0.001, "unfreeze_from": None, "constant": False},
            {"epochs": 2, "learning_rate": 0.0001, "unfreeze_from": "block_6_expand", "constant": False},
        ],
        "names": {},
        "note_aspect": 2.3636363636363638,
        "size": 256,
        "detail": 320,
        "backbone": "mobilenet_v2",
        "alpha": 1.0,
        "looks": 0.4,
        "margin": 0.1,
        "images_per_epoch": 4096,
        "batch_size": 32,
        "patience": 0,
        "averaging": 0.995,
        "weight_decay": 0.0001,
        "label_smoothing": 0.02,
        "corners_weight": 2.0,
        "votes_weight": 1.0,
        "seed": 1,
        "mix": {
            "composites": 0.55,
            "photos": 0.2,
            "negative_photos": 0.1,
            "drawn": 0.05,
            "folded": 0.04,
            "classic": False,
        },
    },
    "images": "7d5677ced221240f6f7120542c9a2b7a465d965b2d979cc36d7a740f0e74d9a7",
    "epochs_done": 1,
    "losses": [0.5],
}
"""As it was written before the fields of recipes had other names than the settings."""


def test_a_run_from_before_fields_were_renamed_goes_on(tmp_path: Path) -> None:
    RunFolder(tmp_path, RECIPE, IMAGES).write(FakeModel("first"), RunProgress(1, (0.5,)))
    written = json.loads((tmp_path / "state.json").read_text())
    assert {key: written[key] for key in OLD_STATE} == OLD_STATE, "and it is written as it was"
    for other in (replace(RECIPE, closer_share=0.3), replace(RECIPE, closer_margin=0.2)):
        with pytest.raises(DataError, match="a run of another recipe"):
            RunFolder(tmp_path, other, IMAGES).progress()
    assert RunFolder(tmp_path, replace(RECIPE, closer_repeats=7), IMAGES).progress() == RunProgress(1, (0.5,))
    (tmp_path / "state.json").write_text(json.dumps(OLD_STATE))
    assert RunFolder(tmp_path, RECIPE, IMAGES).progress() == RunProgress(1, (0.5,))


def test_a_run_from_before_closer_looks_had_their_defaults(tmp_path: Path) -> None:
    recipe = {key: value for key, value in OLD_STATE["recipe"].items() if key not in ("looks", "margin")}
    RunFolder(tmp_path, RECIPE, IMAGES).write(FakeModel("first"), RunProgress(1, (0.5,)))
    (tmp_path / "state.json").write_text(json.dumps(OLD_STATE | {"recipe": recipe}))
    assert RunFolder(tmp_path, RECIPE, IMAGES).progress() == RunProgress(1, (0.5,))
    with pytest.raises(DataError, match="a run of another recipe"):
        RunFolder(tmp_path, replace(RECIPE, closer_share=0.3), IMAGES).progress()
