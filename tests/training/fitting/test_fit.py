"""Training on a few drawn pictures: it runs, goes on where it was stopped, and keeps runs apart."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from currency_app.errors import DataError
from tests.support.drawn_data import write_class_folders
from training.dataset.manifest import LabelledImage, read_data
from training.fitting import fit as fit_module
from training.fitting.fit import finished, fit
from training.fitting.run_state import FINAL_WEIGHTS, RunFolder, RunProgress
from training.recipe import Recipe, Stage

tf = pytest.importorskip("tensorflow", reason="training needs Keras and TensorFlow")

RECIPE = Recipe(
    name="tiny",
    currency="usd",
    stages=(Stage(1, 1e-3), Stage(2, 1e-3, unfreeze_from="block_14_expand")),
    size=96,
    detail=96,
    alpha=0.35,
    images_per_epoch=4,
    batch_size=4,
    averaging=0.5,
)


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


@pytest.fixture
def _without_dropout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its random numbers begin anew with each process, by which two runs may differ."""
    import keras

    monkeypatch.setattr(keras.layers, "Dropout", lambda rate: keras.layers.Identity())


@pytest.mark.slow
def test_without_tensorflow_no_logs_are_written_and_weights_are_no_arrays_of_the_optimizer(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """TensorFlow writes the logs; and JAX takes no array twice, which Keras leaves weights and averages with."""
    monkeypatch.setattr(fit_module, "find_spec", lambda name: None)
    import keras

    copied = Mock(side_effect=keras.ops.copy)
    monkeypatch.setattr(keras.ops, "copy", copied)
    model = fit(replace(RECIPE, stages=(Stage(1, 1e-3),)), images, None, tmp_path / "run")
    assert not (tmp_path / "run" / "tensorboard").exists()
    assert copied.call_count == len(model.trainable_variables) > 0


@pytest.mark.slow
def test_a_run_that_is_killed_after_its_last_epoch_keeps_what_it_learnt(
    tmp_path: Path, images: list[LabelledImage]
) -> None:
    recipe = replace(RECIPE, stages=(Stage(1, 1e-3),))
    learnt = fit(recipe, images, None, tmp_path).get_weights()
    (tmp_path / FINAL_WEIGHTS).unlink()
    again = fit(recipe, images, None, tmp_path).get_weights()
    for weight, kept in zip(again, learnt, strict=True):
        np.testing.assert_array_equal(weight, kept)


@pytest.mark.slow
@pytest.mark.usefixtures("_without_dropout")
def test_a_run_that_was_stopped_learns_what_one_that_was_not_does(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    straight = fit(RECIPE, images, None, tmp_path / "straight").get_weights()
    epochs = Epochs(monkeypatch)
    epochs.stop_before = 2
    with pytest.raises(KeyboardInterrupt):
        fit(RECIPE, images, None, tmp_path / "stopped")
    epochs.stop_before = None
    resumed = fit(RECIPE, images, None, tmp_path / "stopped").get_weights()
    assert epochs.trained == [0, 1, 2]
    for one, other in zip(straight, resumed, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


class ScriptedEpochs:
    """In place of training: each epoch writes its number into a weight, and gives the next of these losses."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, losses: list[float]) -> None:
        self.trained: list[int] = []
        self.losses = losses
        monkeypatch.setattr(fit_module, "_one_epoch", self._one_epoch)
        monkeypatch.setattr(fit_module, "_loss_on", lambda *asked: self.losses[len(self.trained) - 1])

    def _one_epoch(self, model: Any, recipe: Any, sampler: Any, labels: Any, epoch: int, folder: Path) -> None:
        self.trained.append(epoch)
        marked(model).assign([float(epoch)])


def marked(model: Any) -> Any:
    """The weight that tells which epoch a model is of."""
    return model.get_layer("in_view").bias


PATIENT = replace(RECIPE, stages=(Stage(8, 1e-3),), averaging=0.0, patience=2)


@pytest.mark.slow
def test_a_run_stops_when_the_loss_no_longer_falls_and_keeps_the_best(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs = ScriptedEpochs(monkeypatch, [0.5, 0.4, 0.45, 0.3, 0.35, 0.31, 0.1, 0.1])
    model = fit(PATIENT, images, None, tmp_path)
    assert epochs.trained == [0, 1, 2, 3, 4, 5]
    assert np.asarray(marked(model)).tolist() == [3.0]
    assert json.loads((tmp_path / "state.json").read_text())["losses"] == [0.5, 0.4, 0.45, 0.3, 0.35, 0.31]
    assert np.asarray(marked(finished(PATIENT, images, tmp_path))).tolist() == [3.0]
    assert epochs.trained == [0, 1, 2, 3, 4, 5]


@pytest.mark.slow
def test_a_stopped_run_knows_its_best_when_it_goes_on(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs = ScriptedEpochs(monkeypatch, [0.5, 0.2, 0.3])

    def killed(*given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        original = fit_module._one_epoch
        context.setattr(
            fit_module, "_one_epoch", lambda *given: killed() if len(epochs.trained) == 2 else original(*given)
        )
        with pytest.raises(KeyboardInterrupt):
            fit(PATIENT, images, None, tmp_path)
    epochs.losses += [0.4]
    model = fit(PATIENT, images, None, tmp_path)
    assert epochs.trained == [0, 1, 2, 3], "two epochs without a better one, counted over the stop"
    assert np.asarray(marked(model)).tolist() == [1.0]


def test_without_patience_all_epochs_are_trained_and_the_last_is_kept(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    epochs = ScriptedEpochs(monkeypatch, [])
    monkeypatch.setattr(fit_module, "val_batch", lambda *given: pytest.fail("val is not asked for"))
    model = fit(replace(PATIENT, stages=(Stage(3, 1e-3),), patience=0), images, None, tmp_path)
    assert epochs.trained == [0, 1, 2]
    assert np.asarray(marked(model)).tolist() == [2.0]


def test_images_that_are_left_out_are_not_learnt_from(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But their classes are still outputs: all networks of a bundle have the same."""
    left_out = frozenset(image.path for image in images if image.class_name == "usd_20_front")
    given: list[LabelledImage] = []
    outputs: list[int] = []

    def sampler(recipe: Recipe, rows: list[LabelledImage]) -> None:
        given.extend(rows)
        raise KeyboardInterrupt

    monkeypatch.setattr(fit_module, "recipe_sampler", sampler)
    monkeypatch.setattr(fit_module, "build_model", lambda labels, *rest: outputs.append(labels))
    with pytest.raises(KeyboardInterrupt):
        fit(RECIPE, images, None, tmp_path, left_out=left_out)
    assert {image.class_name for image in given} == {"usd_5_front", "background"}
    assert {image.path for image in given} == {
        image.path for image in images if image.split == "train" and image.path not in left_out
    }
    assert outputs == [3]


def test_a_run_goes_on_only_with_the_same_images_left_out(tmp_path: Path, images: list[LabelledImage]) -> None:
    train = [image for image in images if image.split == "train"]
    RunFolder(tmp_path, RECIPE, train[1:]).write(NoModel(), RunProgress(1))
    with pytest.raises(DataError, match="The images have changed"):
        fit(RECIPE, images, None, tmp_path)
    with pytest.raises(DataError, match="The images have changed"):
        fit(RECIPE, images, None, tmp_path, left_out=frozenset({train[1].path}))


class NoModel:
    def save_weights(self, path: Path) -> None:
        path.touch()


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


# Damaged files


@pytest.mark.parametrize("size", [0, 2000])
def test_final_weights_that_were_cut_are_made_again_from_the_checkpoint(
    tmp_path: Path, images: list[LabelledImage], capfd: pytest.CaptureFixture[str], size: int
) -> None:
    recipe = replace(RECIPE, stages=(Stage(1, 1e-3),))
    learnt = fit(recipe, images, None, tmp_path).get_weights()
    capfd.readouterr()
    os.truncate(tmp_path / FINAL_WEIGHTS, size)
    again = finished(recipe, images, tmp_path).get_weights()
    assert f"{FINAL_WEIGHTS} is damaged: it is made again from" in capfd.readouterr().err
    for weight, kept in zip(again, learnt, strict=True):
        np.testing.assert_array_equal(weight, kept)
    assert RunFolder(tmp_path, recipe, [image for image in images if image.split == "train"]).final_is_whole()


@pytest.mark.parametrize("hashes", [True, False])
def test_a_checkpoint_that_was_cut_is_named(tmp_path: Path, images: list[LabelledImage], hashes: bool) -> None:
    """Also by runs of before there were hashes."""
    recipe = replace(RECIPE, stages=(Stage(1, 1e-3),))
    fit(recipe, images, None, tmp_path)
    (tmp_path / FINAL_WEIGHTS).unlink()
    if not hashes:
        state = json.loads((tmp_path / "state.json").read_text())
        (tmp_path / "state.json").write_text(json.dumps({key: state[key] for key in state if key != "sha256"}))
    os.truncate(tmp_path / "checkpoint.weights.h5", 5000)
    with pytest.raises(DataError, match=r"checkpoint\.weights\.h5 is cut off or not of this run: put it back"):
        fit(recipe, images, None, tmp_path)


def test_an_epoch_is_one_line_without_a_terminal(
    tmp_path: Path, images: list[LabelledImage], capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    fit(RECIPE, images, None, tmp_path)
    shown = capfd.readouterr().out
    assert re.fullmatch(r"(Epoch [123] of 3: loss \d+\.\d{4}\n){3}", shown)
