"""How much arithmetic a network is, and how much of it this computer can do in a second."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

_SIDE = 768
"""Rows and columns of the matrices that are multiplied.

Within 2 % of the peak of larger ones, and done in the time of a pass, so that a busy computer interrupts
both as often: with 1024, on one with five other programs, the best of many was a third too low."""
PEAK_WORK = 2 * _SIDE**3
"""Floating-point operations, or those of integers, of one such product."""


def count_operations(network: Any) -> int:
    """Return the multiplications and additions of one pass of an ONNX model, two for each weight that is applied.

    Counted are convolutions and products of matrices; all else in a MobileNet is less than a hundredth of it.
    network: an `onnx.ModelProto` whose input has a fixed shape.
    """
    from onnx import shape_inference

    graph = shape_inference.infer_shapes(network).graph
    shapes = {
        value.name: [dimension.dim_value for dimension in value.type.tensor_type.shape.dim]
        for value in (*graph.value_info, *graph.input, *graph.output)
    }
    shapes |= {value.name: list(value.dims) for value in graph.initializer}
    total = 0
    for node in graph.node:
        if node.op_type == "Conv":
            total += 2 * math.prod(shapes[node.output[0]]) * math.prod(shapes[node.input[1]][1:])
        elif node.op_type == "MatMul":
            total += 2 * math.prod(shapes[node.output[0]]) * shapes[node.input[0]][-1]
        elif node.op_type == "Gemm":
            total += 2 * math.prod(shapes[node.output[0]]) * _inner(node, shapes[node.input[0]])
    return total


def _inner(node: Any, shape: list[int]) -> int:
    """Return how long the rows are that a Gemm multiplies: its first matrix may lie on its side."""
    return shape[0] if any(entry.name == "transA" and entry.i for entry in node.attribute) else shape[1]


def matrix_product(precision: str, threads: int) -> Callable[[object], object]:
    """Return what multiplies two large matrices in ONNX Runtime, whose products are as fast as any.

    precision: fp32; or int8, with unsigned times signed integers. It takes one argument, which it ignores.
    """
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(2)
    shape = (_SIDE, _SIDE)
    if precision == "int8":
        a = rng.integers(0, 256, shape, np.uint8)
        b = rng.integers(-128, 128, shape, np.int8)
        operator, kind, product = "MatMulInteger", TensorProto.UINT8, TensorProto.INT32
    else:
        a = rng.standard_normal(shape, np.float32)
        b = rng.standard_normal(shape, np.float32)
        operator, kind, product = "MatMul", TensorProto.FLOAT, TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node(operator, ["a", "b"], ["product"])],
        "product",
        [helper.make_tensor_value_info("a", kind, shape)],
        [helper.make_tensor_value_info("product", product, shape)],
        [numpy_helper.from_array(b, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return lambda _: session.run(["product"], {"a": a})
