"""A bundle whose closer looks have another shape: every format has a file for each, and Keras is compared with both."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from currency_app.recognition.bundle import Bundle, load_bundle
from tests.support.observations import USD_VALUES
from tests.support.painted import SIZE, colour_of, paint, write_picture
from tests.support.tiny_bundle import CLOSER_SIZE
from training.dataset.manifest import LabelledImage, read_data
from training.export.exports import VECTORS, Export, export_formats
from training.export.formats import FORMATS, open_files, picture_shapes
from training.export.table import comparison_table
from training.network.keras_network import KerasNetwork

pytest.importorskip("keras", reason="exporting needs the extras train and export")
for package in ("coremltools", "onnx", "onnxruntime", "tf2onnx"):
    pytest.importorskip(package, reason="exporting needs the extras train and export")


@pytest.fixture(scope="module")
def two_shapes(closer_bundle: Path) -> Bundle:
    return load_bundle(closer_bundle)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    folder = tmp_path_factory.mktemp("painted")
    for value in (5, 20):
        for take in range(5):
            write_picture(
                folder / f"usd_{value}_back" / f"take{take}-0.png", paint(colour_of(USD_VALUES, value, "back"))
            )
    return read_data(folder)


@pytest.fixture(scope="module")
def exported(
    tmp_path_factory: pytest.TempPathFactory, model: Any, two_shapes: Bundle, images: list[LabelledImage]
) -> tuple[Path, list[Export]]:
    out = tmp_path_factory.mktemp("out")
    formats = ("coreml", "onnx", "tflite")
    return out, export_formats(model, two_shapes, formats, ("fp32",), images, out, lambda items: items)


def test_every_format_has_a_file_for_each_shape(exported: tuple[Path, list[Export]]) -> None:
    out, exports = exported
    assert [item.failings for item in exports[1:]] == [[], [], []]
    assert {path.name for path in out.iterdir()} == {
        "usd.mlpackage", "usd-closer.mlpackage", VECTORS,
        "usd-fp32.onnx", "usd-fp32-closer.onnx", "usd-fp32.tflite", "usd-fp32-closer.tflite",
    }  # fmt: skip
    assert all(item.parity.max_difference < 1e-4 for item in exports[1:])


def test_both_shapes_are_timed(exported: tuple[Path, list[Export]]) -> None:
    own, _, onnx, tflite = exported[1]
    times = [item.closer_milliseconds["p50"] for item in (own, onnx, tflite) if item.closer_milliseconds]
    assert len(times) == 3
    assert min(times) > 0
    assert f"{times[0]:.2f}" in comparison_table(exported[1]).split("\n\n")[1].splitlines()[1]


@pytest.mark.parametrize(("name", "stem"), [("coreml", "usd"), ("onnx", "usd-fp32"), ("tflite", "usd-fp32")])
def test_what_was_written_reads_both_shapes_as_keras_does(
    exported: tuple[Path, list[Export]], model: Any, two_shapes: Bundle, name: str, stem: str
) -> None:
    kind = FORMATS[name]
    files = [exported[0] / f"{stem}{shape.ending}{kind.suffix}" for shape in picture_shapes(two_shapes)]
    opened, trained = open_files(kind, files, two_shapes), KerasNetwork(model)
    for size, note in (((SIZE, SIZE), (0.5, 0.5)), (CLOSER_SIZE, (1 / 1.2, 1 / 1.2))):
        picture = np.ascontiguousarray(paint(colour_of(USD_VALUES, 50, "back"), frame=size, size=note)[..., ::-1])
        for found, expected in zip(opened(picture), trained(picture), strict=True):
            np.testing.assert_allclose(found, expected, atol=1e-4)
        assert two_shapes.labels[int(opened(picture)[0].argmax())].name == "usd_50_back"


def test_a_file_of_the_wrong_network_is_noticed_by_its_closer_looks(
    model: Any, two_shapes: Bundle, images: list[LabelledImage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file for whole pictures is right: only comparing both shows it."""
    kind = FORMATS["tflite"]

    def write(net: Any, bundle: Bundle, precision: str, pictures: Any, path: Path) -> None:
        layer = net.get_layer("probabilities")
        kept = layer.get_weights()
        if (bundle.width, bundle.height) == CLOSER_SIZE:
            layer.set_weights([kept[0][:, ::-1], kept[1][::-1]])
        kind.write(net, bundle, precision, pictures, path)
        layer.set_weights(kept)

    monkeypatch.setitem(FORMATS, "tflite", replace(kind, write=write))
    exports = export_formats(model, two_shapes, ("tflite",), ("fp32",), images, tmp_path, lambda items: items)
    assert exports[1].failings
    assert list(tmp_path.iterdir()) == []


def test_the_vectors_show_a_look_of_each_shape(exported: tuple[Path, list[Export]]) -> None:
    folder = exported[0] / VECTORS
    told = json.loads((folder / "vectors.json").read_text())
    assert (told["package"], told["closer_package"]) == ("usd.mlpackage", "usd-closer.mlpackage")
    shown = [look["picture"] for vector in told["vectors"] for look in vector["looks"] if "picture" in look]
    pictures = [cv2.imread(str(folder / name)) for name in shown]
    assert all(picture is not None for picture in pictures)
    sizes = {picture.shape[1::-1] for picture in pictures if picture is not None}
    assert sizes <= {(SIZE, SIZE), CLOSER_SIZE}
    assert (SIZE, SIZE) in sizes
