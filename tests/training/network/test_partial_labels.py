"""Notes whose side is not labelled teach their value, and leave the side to those with a label of it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.drawn_data import room

keras = pytest.importorskip("keras", reason="needs Keras")

from training.dataset.labels import ordered_labels  # noqa: E402
from training.fitting.batches import encode  # noqa: E402
from training.network.partial_labels import accuracy, classifier_loss, shared_target  # noqa: E402
from training.synthesis.scene import Sample  # noqa: E402

LABELS = ordered_labels(["eur_5_front", "eur_5_back", "eur_20_front"], "eur")
GUESS = np.array([[0.1, 0.3, 0.2, 0.4]], np.float32)
EITHER = np.array([[1, 1, 0, 0]], np.float32)
ONE = np.array([[0, 0, 1, 0]], np.float32)


def loss(y_true: object, y_pred: object, smoothing: float = 0.0) -> float:
    return float(classifier_loss(smoothing)(keras.ops.convert_to_tensor(y_true), keras.ops.convert_to_tensor(y_pred)))


def test_the_target_of_either_side_names_both_outputs() -> None:
    picture = room(1, 64, 64)
    _, targets = encode([Sample(picture, "eur_5"), Sample(picture, "eur_20"), Sample(picture, "jpy_5")], LABELS, 64, 64)
    assert targets["probabilities"].tolist() == [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]


def test_it_is_shared_as_the_network_predicts() -> None:
    np.testing.assert_allclose(shared_target(EITHER, GUESS), [[0.25, 0.75, 0, 0]], atol=1e-6)
    np.testing.assert_array_equal(np.asarray(shared_target(ONE, GUESS)), ONE)
    np.testing.assert_allclose(shared_target(EITHER, np.array([[0, 0, 1, 0]], np.float32)), [[0.5, 0.5, 0, 0]])


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_a_labelled_side_costs_what_keras_says(smoothing: float) -> None:
    plain = keras.losses.CategoricalCrossentropy(label_smoothing=smoothing)
    assert loss(ONE, GUESS, smoothing) == float(plain(ONE, GUESS))


def test_the_gradient_is_that_of_the_value_alone() -> None:
    """Of -log(p front + p back), by differences: how the two share the probability must not matter."""
    tensorflow = pytest.importorskip("tensorflow", reason="needs TensorFlow")
    logits = tensorflow.Variable([[0.3, 1.1, -0.4, 0.2]])
    with tensorflow.GradientTape() as tape:
        cost = classifier_loss(0.0)(tensorflow.constant(EITHER), tensorflow.nn.softmax(logits))
    by_loss = tape.gradient(cost, logits)
    with tensorflow.GradientTape() as tape:
        value = -tensorflow.math.log(tensorflow.reduce_sum(tensorflow.nn.softmax(logits) * EITHER))
    np.testing.assert_allclose(by_loss, tape.gradient(value, logits), atol=1e-5)


def test_any_right_label_counts_as_right() -> None:
    guesses = np.array([[0.1, 0.6, 0.2, 0.1], [0.1, 0.2, 0.6, 0.1]], np.float32)
    targets = np.concatenate([EITHER, EITHER])
    assert np.asarray(accuracy(targets, guesses)).tolist() == [1.0, 0.0]


def test_sides_are_learnt_from_the_notes_that_are_labelled_with_them() -> None:
    """A linear network on two features: a third of the notes are labelled with a side, the others with a value only."""
    rng = np.random.default_rng(1)
    side, value = rng.integers(0, 2, 600), rng.integers(0, 2, 600)
    features = np.stack([side * 2 - 1, value * 2 - 1], axis=1) + rng.normal(0, 0.2, (600, 2))
    targets = np.zeros((600, 4), np.float32)
    targets[np.arange(600), 2 * value + side] = 1
    side_unknown = np.arange(600) % 3 > 0
    for row in np.flatnonzero(side_unknown):
        targets[row, 2 * value[row] : 2 * value[row] + 2] = 1
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(4, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.05), classifier_loss(0.0), metrics=[accuracy])
    model.fit(features.astype(np.float32), targets, epochs=12, verbose=0)
    found = np.asarray(model.predict(features.astype(np.float32), verbose=0)).argmax(axis=1)
    assert (found // 2 == value).mean() > 0.97
    assert (found % 2 == side)[side_unknown].mean() > 0.97
