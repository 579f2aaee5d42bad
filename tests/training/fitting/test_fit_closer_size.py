"""Training with closer looks of another shape: both kinds of pictures in each step, and one network that reads both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.drawn_data import write_class_folders
from training.dataset.manifest import LabelledImage, read_data
from training.fitting import fit as fit_module
from training.fitting.fit import finished, fit
from training.network.model import reshaped
from training.recipe import Recipe, Stage

tf = pytest.importorskip("tensorflow", reason="training needs Keras and TensorFlow")

RECIPE = Recipe(
    name="tiny",
    currency="usd",
    stages=(Stage(2, 1e-2, unfreeze_from="block_16_project"),),
    size=96,
    detail=96,
    alpha=0.35,
    closer_size=(128, 64),
    images_per_epoch=4,
    batch_size=4,
    averaging=0.0,
    patience=5,
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


def test_a_network_learns_from_both_shapes_and_goes_on_where_it_was_stopped(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    seen: list[tuple[int, ...]] = []
    original = fit_module._one_epoch

    def one_epoch(model: Any, *rest: Any) -> None:
        if len(seen) == 1:
            raise KeyboardInterrupt
        seen.append(tuple(int(output.shape[0] or 0) for output in model.inputs))
        assert {tuple(taken.shape[1:]) for taken in model.inputs} == {(96, 96, 3), (64, 128, 3)}
        assert set(model.loss) == {"probabilities", "corners", "votes", "closer_votes"}
        original(model, *rest)

    monkeypatch.setattr(fit_module, "_one_epoch", one_epoch)
    with pytest.raises(KeyboardInterrupt):
        fit(RECIPE, images, None, tmp_path)
    monkeypatch.setattr(fit_module, "_one_epoch", original)
    network = fit(RECIPE, images, None, tmp_path)
    assert network.input_shape == (None, 96, 96, 3)
    assert "Epoch 2 of 2: loss" in capfd.readouterr().out
    picture = np.random.default_rng(1).integers(0, 256, (1, 64, 128, 3), dtype=np.uint8)
    expected, again = (
        reshaped(net, 64, 128)(picture, training=False) for net in (network, finished(RECIPE, images, tmp_path))
    )
    np.testing.assert_array_equal(np.asarray(expected["probabilities"]), np.asarray(again["probabilities"]))


def test_votes_weigh_as_much_as_in_one_shape() -> None:
    """Each picture counts the same, in whichever of both outputs its votes are."""

    class Compiled:
        layers: tuple[Any, ...] = ()
        trainable_variables: tuple[Any, ...] = ()

        def get_layer(self, name: str) -> Any:
            return self

        def compile(self, **options: Any) -> None:
            self.weights = options["loss_weights"]

    recipe = replace(RECIPE, closer_share=0.25, votes_weight=2.0)
    model = Compiled()
    fit_module._compile(model, recipe, Stage(1, 1e-3))
    assert model.weights == {"probabilities": 1.0, "corners": 2.0, "votes": 1.5, "closer_votes": 0.5}
