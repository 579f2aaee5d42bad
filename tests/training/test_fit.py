"""Training on a few drawn pictures: it runs, goes on where it was stopped, and keeps runs apart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_data import write_class_folders

from currency_app.errors import DataError
from training import fit as fit_module
from training.dataset.manifest import LabelledImage, read_data
from training.fit import FINAL_WEIGHTS, finished, fit
from training.recipe import Recipe, Stage

tf = pytest.importorskip("tensorflow", reason="training needs Keras and TensorFlow")

RECIPE = Recipe(
    name="tiny",
    currency="usd",
    stages=(Stage(1, 1e-3), Stage(2, 1e-3, unfreeze_from=120)),
    size=96,
    alpha=0.35,
    images_per_epoch=4,
    batch_size=4,
    averaging=0.5,
)


pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore:__array__:DeprecationWarning")


@pytest.fixture(autouse=True)
def _without_graphs() -> Iterator[None]:
    """Making a graph of the network takes longer than these few steps do without one."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    return read_data(write_class_folders(tmp_path_factory.mktemp("data")))


def epochs_done(folder: Path) -> int:
    return int(json.loads((folder / "state.json").read_text())["epochs_done"])


class Epochs:
    """Watches which epochs are trained, and interrupts before one of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trained: list[int] = []
        self.stop_before: int | None = None
        self._original = fit_module._one_epoch
        monkeypatch.setattr(fit_module, "_one_epoch", self._one_epoch)

    def _one_epoch(self, model: Any, recipe: Any, sampler: Any, labels: Any, epoch: int, folder: Path) -> None:
        if epoch == self.stop_before:
            raise KeyboardInterrupt
        self.trained.append(epoch)
        self._original(model, recipe, sampler, labels, epoch, folder)


def test_a_run_that_is_stopped_goes_on_where_it_was(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    epochs = Epochs(monkeypatch)
    for done in (1, 2):  # at the end of a stage, and within one
        epochs.stop_before = done
        with pytest.raises(KeyboardInterrupt):
            fit(RECIPE, images, None, run)
        assert epochs.trained == list(range(done))
        assert epochs_done(run) == done
    assert not (run / FINAL_WEIGHTS).exists()
    with pytest.raises(DataError, match="holds no finished run"):
        finished(RECIPE, images, run)
    with pytest.raises(DataError, match="a run of another recipe"):
        fit(replace(RECIPE, seed=2), images, None, run)
    assert epochs_done(run) == 2

    epochs.stop_before = None
    model = fit(RECIPE, images, None, run)
    assert epochs.trained == [0, 1, 2]
    assert epochs_done(run) == 3
    assert int(model.optimizer.iterations) == 2, "the second stage's own optimizer went on, too"
    assert (run / "tensorboard").is_dir()
    assert all(np.isfinite(weight).all() for weight in model.get_weights())

    epochs.trained.clear()
    again = finished(RECIPE, images, run)
    assert epochs.trained == []
    for one, other in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(DataError, match="a run of another recipe"):
        finished(replace(RECIPE, size=128), images, run)


def test_a_run_that_never_began_is_not_finished(tmp_path: Path, images: list[LabelledImage]) -> None:
    with pytest.raises(DataError, match="currency-train fit"):
        finished(RECIPE, images, tmp_path)


def test_a_damaged_state_says_what_to_do(tmp_path: Path, images: list[LabelledImage]) -> None:
    for content in ("", "{", "[]", '{"epochs_done": 1}'):
        (tmp_path / "state.json").write_text(content)
        with pytest.raises(DataError, match="give another folder with --run, or remove it"):
            fit(RECIPE, images, None, tmp_path)


def test_data_without_a_value_cannot_be_learnt_from(tmp_path: Path, images: list[LabelledImage]) -> None:
    with pytest.raises(DataError, match="name classes like eur_20_front"):
        fit(replace(RECIPE, currency="eur"), images, None, tmp_path)
