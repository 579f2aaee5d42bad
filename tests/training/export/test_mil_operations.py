"""Operations of Core ML programs, each beside the same thing in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from currency_app.errors import DataError
from training.export.mil_operations import operations

pytest.importorskip("tensorflow", reason="they are computed by TensorFlow")

RNG = np.random.default_rng(3)
X = RNG.normal(size=(1, 4, 6, 5)).astype(np.float32)


def computed(name: str, **given: Any) -> np.ndarray:
    import tensorflow as tf

    return np.asarray(operations()[name]({key: tf.constant(v) if key in ("x", "y") else v for key, v in given.items()}))


def convolved(x: np.ndarray, weight: np.ndarray, step: int, pad: tuple[int, int, int, int], groups: int) -> np.ndarray:
    """By definition: every output is the sum over a window. pad: top, bottom, left, right."""
    top, bottom, left, right = pad
    padded = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    outputs, share, high, wide = weight.shape
    rows = (padded.shape[2] - high) // step + 1
    columns = (padded.shape[3] - wide) // step + 1
    found = np.zeros((1, outputs, rows, columns))
    for out in range(outputs):
        first = out * groups // outputs * share
        for row in range(rows):
            for column in range(columns):
                window = padded[0, first : first + share, row * step : row * step + high, column * step :][..., :wide]
                found[0, out, row, column] = (window * weight[out]).sum()
    return found


@pytest.mark.parametrize(
    ("pad_type", "pad", "step", "meant"),
    [
        ("valid", (0, 0, 0, 0), 1, (0, 0, 0, 0)),
        ("same", (0, 0, 0, 0), 1, (1, 1, 1, 1)),
        ("same", (0, 0, 0, 0), 2, (0, 1, 1, 1)),  # of 6 rows one more is needed, and it is put after them
        ("custom", (2, 0, 1, 0), 1, (2, 0, 1, 0)),
    ],
)
@pytest.mark.parametrize("groups", [1, 4])
def test_convolutions(
    pad_type: str, pad: tuple[int, ...], step: int, meant: tuple[int, int, int, int], groups: int
) -> None:
    outputs = 4 if groups == 4 else 3
    weight = RNG.normal(size=(outputs, 4 // groups, 3, 3)).astype(np.float32)
    bias = RNG.normal(size=outputs).astype(np.float32)
    given = {"strides": np.array([step, step]), "dilations": np.array([1, 1]), "groups": np.int32(groups)}
    found = computed("conv", x=X, weight=weight, bias=bias, pad_type=pad_type, pad=np.array(pad), **given)
    expected = convolved(X, weight, step, meant, groups) + bias[:, None, None]
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_shapes() -> None:
    x = X[0]
    np.testing.assert_array_equal(computed("transpose", x=x, perm=np.array([2, 0, 1])), x.transpose(2, 0, 1))
    np.testing.assert_array_equal(computed("reshape", x=x, shape=np.array([6, -1])), x.reshape(6, -1))
    np.testing.assert_array_equal(computed("tile", x=x, reps=np.array([1, 2, 3])), np.tile(x, (1, 2, 3)))
    np.testing.assert_array_equal(computed("squeeze", x=X, axes=np.array([0])), x)
    for axes in ([0], [2], [1, 3], [-1]):
        np.testing.assert_array_equal(
            computed("expand_dims", x=x, axes=np.array(axes)), np.expand_dims(x, tuple(axes)), str(axes)
        )
    np.testing.assert_array_equal(computed("concat", values=[x, x], axis=np.int32(1)), np.concatenate([x, x], axis=1))


def test_padding_is_of_the_last_axes() -> None:
    found = computed("pad", x=X, pad=np.array([0, 1, 2, 0]), mode="constant", constant_val=np.float32(7))
    expected = np.pad(X, ((0, 0), (0, 0), (0, 1), (2, 0)), constant_values=7)
    np.testing.assert_array_equal(found, expected)


def test_slices() -> None:
    x = X[0]  # 4, 6, 5
    given: dict[str, Any] = {"x": x, "begin": np.array([1, 0, -2]), "end": np.array([3, 5, 0])}
    np.testing.assert_array_equal(
        computed("slice_by_index", **given | {"end": np.array([3, 5, -1])}), x[1:3, 0:5, -2:-1]
    )
    masks = {"end_mask": np.array([False, True, True]), "stride": np.array([1, 2, 1])}
    np.testing.assert_array_equal(computed("slice_by_index", **given, **masks), x[1:3, 0::2, -2:])
    squeezed = {"squeeze_mask": np.array([True, False, False]), "end_mask": np.array([False, False, True])}
    np.testing.assert_array_equal(computed("slice_by_index", **given, **squeezed), x[1, 0:5, -2:])


def test_sums_and_products() -> None:
    x, weight, bias = X[0, 0], RNG.normal(size=(7, 5)).astype(np.float32), np.arange(7, dtype=np.float32)
    np.testing.assert_allclose(computed("linear", x=x, weight=weight, bias=bias), x @ weight.T + bias, rtol=1e-5)
    turned = {"transpose_x": np.True_, "transpose_y": np.False_}
    np.testing.assert_allclose(computed("matmul", x=x, y=x, **turned), x.T @ x, rtol=1e-5)
    axes = {"axes": np.array([1, 2]), "keep_dims": np.False_}
    np.testing.assert_allclose(computed("reduce_mean", x=X, **axes), X.mean(axis=(1, 2)), atol=1e-6)
    np.testing.assert_allclose(computed("reduce_sum", x=X, **axes), X.sum(axis=(1, 2)), atol=1e-5)


def test_what_is_done_to_each_number() -> None:
    powers = np.exp(X - X.max(axis=1, keepdims=True))
    np.testing.assert_allclose(computed("softmax", x=X, axis=np.int32(1)), powers / powers.sum(1, keepdims=True), 1e-5)
    np.testing.assert_allclose(computed("sigmoid", x=X), 1 / (1 + np.exp(-X)), rtol=1e-5)
    np.testing.assert_array_equal(computed("relu6", x=9 * X), np.clip(9 * X, 0, 6))
    np.testing.assert_array_equal(computed("clip", x=X, alpha=np.float32(-0.5), beta=np.float32(1)), X.clip(-0.5, 1))
    hard = computed("sigmoid_hard", x=X, alpha=np.float32(0.2), beta=np.float32(0.5))
    np.testing.assert_allclose(hard, np.clip(0.2 * X + 0.5, 0, 1), rtol=1e-5)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("pad", {"mode": "reflect", "pad": np.array([1, 1])}, "pad with mode reflect"),
        ("conv", {"pad_type": "same_lower", "groups": np.int32(1)}, "conv with pad_type same_lower"),
        ("conv", {"pad_type": "valid", "groups": np.int32(2)}, "conv in 2 groups of 2 channels"),
    ],
)
def test_what_is_not_known_says_so(name: str, given: dict[str, Any], said: str) -> None:
    ones = np.array([1, 1])
    usual = {"strides": ones, "dilations": ones, "pad": ones, "weight": np.zeros((4, 2, 1, 1), np.float32)}
    with pytest.raises(DataError, match=f"uses {said}, which cannot be re-executed here"):
        computed(name, x=X, **usual | given)
