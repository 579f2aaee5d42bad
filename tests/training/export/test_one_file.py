"""Both shapes of a network in one TFLite file: the outputs of two files to the last bit, and the weights once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from training.export.one_file import CLOSER_SIGNATURE, in_one_file
from training.export.tflite import to_tflite
from training.network.model import build_model, reshaped

pytest.importorskip("keras", reason="the network is made with Keras")

SIZE, HEIGHT = 64, 96


@pytest.fixture(scope="module")
def files() -> tuple[bytes, bytes]:
    """A higher closer look than the whole picture is as good as a lower one: what counts is another shape."""
    model = build_model(5, SIZE, 0.35, None)
    model.set_weights([weight * 2.5 if weight.ndim > 1 else weight for weight in model.get_weights()])
    return to_tflite(model, "fp32"), to_tflite(reshaped(model, HEIGHT, SIZE), "fp32")


@pytest.fixture(scope="module")
def joined(files: tuple[bytes, bytes]) -> bytes:
    return in_one_file(*files)


def runner(model: bytes, signature: str | None = None) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    return Interpreter(model_content=model).get_signature_runner(signature)


def test_each_signature_gives_what_its_own_file_does(files: tuple[bytes, bytes], joined: bytes) -> None:
    random = np.random.default_rng(1)
    seen = []
    for file, signature, height in zip(files, ("serving_default", CLOSER_SIGNATURE), (SIZE, HEIGHT), strict=True):
        alone, one_of_two = runner(file), runner(joined, signature)
        for _ in range(2):
            picture = random.integers(0, 256, (1, height, SIZE, 3), dtype=np.uint8)
            expected, found = alone(image=picture), one_of_two(image=picture)
            assert expected.keys() == found.keys()
            for name, output in expected.items():
                np.testing.assert_array_equal(output, found[name])
            seen.append(expected["probabilities"])
    assert np.ptp(seen, axis=0).max() > 1e-3, "the picture makes a difference"


def test_both_share_their_weights(files: tuple[bytes, bytes], joined: bytes) -> None:
    assert len(joined) < 1.1 * len(files[0])
    assert len(files[1]) > 0.9 * len(files[0])


def test_weights_lie_where_they_can_be_used(joined: bytes) -> None:
    """On processors that read no float at an odd place, a file with it would end the program."""
    from ai_edge_litert import schema_py_generated as schema

    model = schema.Model.GetRootAs(joined, 0)
    contents = [model.Buffers(number).DataAsNumpy() for number in range(model.BuffersLength())]
    start = np.frombuffer(joined, np.uint8).ctypes.data
    places = [content.ctypes.data - start for content in contents if isinstance(content, np.ndarray)]
    assert len(places) > 100
    assert [place for place in places if place % 16] == []
