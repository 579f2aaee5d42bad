"""The work of a network is counted, not looked up, and a processor's peak is measured on real products."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from training.export.peers.work import PEAK_WORK, count_operations, matrix_product

onnx = pytest.importorskip("onnx", reason="counting needs the extra bench")


def network(node: Any, inputs: dict[str, tuple[int, ...]], weights: tuple[int, ...], output: tuple[int, ...]) -> Any:
    from onnx import TensorProto, helper, numpy_helper

    graph = helper.make_graph(
        [node, helper.make_node("Relu", ["y"], ["z"])],
        "one layer",
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in inputs.items()],
        [helper.make_tensor_value_info("z", TensorProto.FLOAT, output)],
        [numpy_helper.from_array(np.zeros(weights, np.float32), "w")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])


@pytest.mark.parametrize(
    ("kind", "attributes", "x", "w", "y", "operations"),
    [
        # 8 filters of 3 x 3 x 3 weights at each of 16 x 16 places
        ("Conv", {"strides": [2, 2], "pads": [1, 1, 1, 1]}, (1, 3, 32, 32), (8, 3, 3, 3), (1, 8, 16, 16), 110_592),
        # depthwise: each of 8 channels has 3 x 3 weights of its own
        ("Conv", {"group": 8, "pads": [1, 1, 1, 1]}, (1, 8, 16, 16), (8, 1, 3, 3), (1, 8, 16, 16), 36_864),
        ("MatMul", {}, (1, 5, 64), (64, 10), (1, 5, 10), 6_400),
        ("Gemm", {}, (1, 64), (64, 10), (1, 10), 1_280),
        ("Gemm", {"transA": 1}, (64, 1), (64, 10), (1, 10), 1_280),
    ],
)
def test_two_operations_for_each_weight_that_is_applied(
    kind: str,
    attributes: dict[str, Any],
    x: tuple[int, ...],
    w: tuple[int, ...],
    y: tuple[int, ...],
    operations: int,
) -> None:
    node = onnx.helper.make_node(kind, ["x", "w"], ["y"], **attributes)
    assert count_operations(network(node, {"x": x}, w, y)) == operations


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_the_products_are_of_that_precision(precision: str) -> None:
    pytest.importorskip("onnxruntime", reason="the peak needs the extra bench")
    multiply: Any = matrix_product(precision, 1)
    product = multiply(None)[0]
    assert 2 * product.shape[0] * product.shape[1] * 768 == PEAK_WORK
    assert product.dtype == (np.float32 if precision == "fp32" else np.int32)
    assert product.any()
