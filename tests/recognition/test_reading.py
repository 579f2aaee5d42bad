"""From a network's probabilities to one answer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.recognition.bundle import NoteLabel
from currency_app.recognition.reading import calibrated, pooled, read_value
from tests.support.observations import BUNDLE, bundle_of

ONE = np.array([0.7, 0.2, 0.1], np.float32)
OTHER = np.array([0.3, 0.6, 0.1], np.float32)


def test_two_looks_are_multiplied() -> None:
    product = np.array([0.21, 0.12, 0.01])
    np.testing.assert_allclose(pooled([ONE, OTHER], [1, 1]), product / product.sum(), atol=1e-6)


def test_weights_are_powers() -> None:
    product = np.array([0.7**2 * 0.3**0.5, 0.2**2 * 0.6**0.5, 0.1**2 * 0.1**0.5])
    np.testing.assert_allclose(pooled([ONE, OTHER], [2, 0.5]), product / product.sum(), atol=1e-6)


def test_a_look_that_counts_nothing_changes_nothing() -> None:
    np.testing.assert_allclose(pooled([ONE, OTHER], [1, 0]), ONE, atol=1e-6)
    np.testing.assert_allclose(pooled([ONE, OTHER], [0, 1]), OTHER, atol=1e-6)


def test_the_same_look_twice_at_half_weight_is_one_look() -> None:
    np.testing.assert_allclose(pooled([ONE, ONE], [0.5, 0.5]), ONE, atol=1e-6)


def test_looks_that_contradict_each_other_with_certainty_give_numbers_all_the_same() -> None:
    looks = [np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32)]
    found = pooled(looks, [1, 1])
    np.testing.assert_allclose(found, [0.5, 0.5, 0], atol=1e-6)
    assert found.dtype == np.float32
    assert np.isfinite(pooled(looks * 20, [2] * 40)).all()


def test_every_look_has_its_weight() -> None:
    with pytest.raises(ValueError, match="weight"):
        pooled([ONE, OTHER], [1])


def test_temperature_one_changes_nothing_and_higher_ones_soften() -> None:
    given = np.array([0.7, 0.2, 0.1], np.float32)
    np.testing.assert_allclose(calibrated(given, 1), given, atol=1e-6)
    np.testing.assert_allclose(calibrated(given, 2), np.sqrt(given) / np.sqrt(given).sum(), atol=1e-6)
    np.testing.assert_allclose(calibrated(given, 1000), 1 / 3, atol=1e-3)


def test_calibration_of_certainty_is_finite() -> None:
    given = np.array([1, 0, 0], np.float32)
    for temperature in (0.3, 1, 4):
        assert calibrated(given, temperature).sum() == pytest.approx(1)
        assert calibrated(given, temperature).argmax() == 0


def probabilities(**chances: float) -> npt.NDArray[np.float32]:
    names = [label.name for label in BUNDLE.labels]
    found = np.zeros(len(names), np.float32)
    for name, chance in chances.items():
        found[names.index(name)] = chance
    return found


@pytest.mark.parametrize(
    ("chances", "answer"),
    [
        ({"usd_20_front": 0.9, "background": 0.1}, (20, "front", 0.9)),
        # Both sides together outweigh a value with one likelier side.
        ({"usd_20_front": 0.3, "usd_20_back": 0.25, "usd_5_front": 0.4, "background": 0.05}, (20, "front", 0.55)),
        ({"usd_20_front": 0.3, "usd_5_back": 0.2, "background": 0.5}, (None, None, 0.5)),
        ({"usd_20_front": 0.2, "usd_5_back": 0.35, "background": 0.45}, (5, "back", 0.35)),
    ],
)
def test_the_value_is_read_of_both_sides(
    chances: dict[str, float], answer: tuple[int | None, str | None, float]
) -> None:
    reading = read_value(probabilities(**chances), BUNDLE.labels)
    assert (reading.value, reading.side) == answer[:2]
    assert reading.confidence == pytest.approx(answer[2])


def test_labels_without_sides_are_read() -> None:
    labels = (NoteLabel("usd_5", 5, None), NoteLabel("usd_20", 20, None), NoteLabel("background", None, None))
    reading = read_value(np.array([0.3, 0.6, 0.1], np.float32), labels)
    assert (reading.value, reading.side) == (20, None)
    assert reading.confidence == pytest.approx(0.6)


def test_confidence_is_never_above_one() -> None:
    """Sixteen-bit steps or rounding can make a sum of probabilities a little more."""
    labels = bundle_of((5,)).labels
    assert read_value(np.array([0.6, 0.4001, 0], np.float32), labels).confidence == 1
