"""A real, short comparison of the tiny network, by what is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import cv2
import pytest

from currency_app.recognition.bundle import Bundle
from currency_app.recognition.preprocessing import fit_picture
from tests.support.observations import USD_VALUES
from tests.support.painted import SIZE, colour_of, paint
from training.export.peers import PeerComparison, compare, compare_speed, yardstick

pytest.importorskip("keras", reason="the peers need the extra bench")
pytestmark = pytest.mark.slow  # TensorFlow makes two networks and converts them


def one_convolution() -> Any:
    """In place of the yardstick, which takes long to convert."""
    import keras

    picture = keras.Input(batch_shape=(1, 224, 224, 3), name="image")
    return keras.Model(picture, keras.layers.Conv2D(8, 3, strides=2, padding="same")(picture))


@pytest.fixture(scope="module")
def compared(model: Any, bundle: Bundle) -> PeerComparison:
    pictures = [fit_picture(paint(colour_of(USD_VALUES, value, "front")), bundle)[0] for value in (1, 20, 100)]
    patch = pytest.MonkeyPatch()
    patch.setattr(compare, "_trained", lambda bundle, threads: (model, "as it is"))
    patch.setattr(yardstick, "build_yardstick", one_convolution)
    try:
        return compare_speed(bundle, pictures, threads=1, rounds=1)
    finally:
        patch.undo()


def test_every_runtime_that_is_installed_runs_the_same_network(compared: PeerComparison) -> None:
    packages = {"ONNX Runtime": "onnxruntime", "OpenVINO": "openvino", "OpenCV dnn": "onnx"}
    for row in compared.rows:
        if find_spec(packages.get(row.runtime, "keras")) is None:
            assert "pip install '.[bench]'" in row.reason
            continue
        assert (row.reason, len(row.times_ms)) == ("", 4), row.runtime
        assert row.difference is not None
        assert row.difference < (0.2 if row.precision == "int8" else 1e-3), row.runtime
    assert sum(row.shipped for row in compared.rows) == 1


def test_the_work_of_the_network_and_of_the_yardstick_is_counted(compared: PeerComparison) -> None:
    if find_spec("tf2onnx") is None:
        pytest.skip("counting needs the extra bench")
    # The tiny network: 3 averages to 15 labels, and every value of a picture to 9 numbers.
    assert compared.operations == 2 * (3 * 15 + SIZE * SIZE * 3 * 9)
    assert compared.yardstick is not None
    assert compared.yardstick.operations == 2 * 112 * 112 * 8 * 3 * 3 * 3
    assert len(compared.yardstick.times_ms) == 4
    assert compared.peaks["fp32"] > 1


def test_opencv_gets_its_threads_back() -> None:
    before = cv2.getNumThreads()
    try:
        cv2.setNumThreads(2)
        with compare.opencv_threads(1):
            assert cv2.getNumThreads() == 1
        assert cv2.getNumThreads() == 2
    finally:
        cv2.setNumThreads(before)
