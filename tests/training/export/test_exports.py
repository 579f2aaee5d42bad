"""The whole route to other formats: made, compared, and written whole, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from currency_app.errors import DataError
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import LiteRTNetwork
from tests.support.observations import USD_VALUES
from tests.support.painted import SIZE, colour_of, paint, write_picture
from tests.support.parity import perfect_parity
from tests.support.tiny_bundle import labels_of, tiny_model
from training.dataset.manifest import LabelledImage, read_data
from training.export import exports as exports_module
from training.export.coreml_program import open_package
from training.export.exports import VECTORS, Export, comparison_photos, export_formats, refused
from training.export.formats import FORMATS
from training.export.onnx import OnnxNetwork
from training.export.table import comparison_table
from training.network.keras_network import KerasNetwork

pytest.importorskip("keras", reason="exporting needs the extras train and export")
for package in ("coremltools", "onnx", "onnxruntime", "tf2onnx"):
    pytest.importorskip(package, reason="exporting needs the extras train and export")


WEIGHTS = "Data/com.apple.CoreML/weights/weight.bin"


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    """Notes that the tiny network reads: every fifth is `val`, the others `train`."""
    folder = tmp_path_factory.mktemp("painted")
    faces: dict[str, Any] = {f"usd_{v}_{s}": colour_of(USD_VALUES, v, s) for v in USD_VALUES for s in ("front", "back")}
    for name, colour in (faces | {"background": None}).items():
        for take in range(5):
            write_picture(folder / name / f"take{take}-0.png", paint(colour, centre=(0.44 + 0.03 * take, 0.5)))
    return read_data(folder)


def run(model: Any, bundle: Bundle, images: list[LabelledImage], out: Path, *wanted: str, **given: Any) -> list[Export]:
    precisions = given.get("precisions", ("fp32", "fp16", "int8"))
    return export_formats(model, bundle, wanted, precisions, images, out, lambda items: items)


@pytest.fixture(scope="module")
def everything(
    tmp_path_factory: pytest.TempPathFactory, model: Any, bundle: Bundle, images: list[LabelledImage]
) -> tuple[Path, list[Export]]:
    out = tmp_path_factory.mktemp("out")
    return out, run(model, bundle, images, out, "coreml", "onnx", "tflite")


def test_every_format_and_precision_is_compared(everything: tuple[Path, list[Export]]) -> None:
    _, exports = everything
    assert [(item.format, item.precision) for item in exports[1:]] == [
        (name, precision) for name in ("coreml", "onnx", "tflite") for precision in ("fp32", "fp16", "int8")
    ]
    assert exports[0].format == "model.tflite"
    for item in exports:
        assert item.parity.photos == 75
        assert item.megabytes > 0
        assert 0 <= item.same_as_own <= 75
    assert all(item.parity.max_difference < 1e-4 and not item.failings for item in exports if item.precision == "fp32")


def test_what_passes_is_written_and_nothing_else(everything: tuple[Path, list[Export]]) -> None:
    out, exports = everything
    written = {item.path.name for item in exports if item.path is not None}
    assert {path.name for path in out.iterdir()} == written | {VECTORS}
    assert {"usd-fp32.onnx", "usd-fp32.tflite", "usd-fp16.tflite", "usd.mlpackage"} <= written
    for item in exports[1:]:
        assert item.format == "coreml" or (item.path is None) == bool(item.failings)
    core_ml = [item for item in exports if item.format == "coreml"]
    passing = [item for item in core_ml if not item.failings]
    assert [item for item in core_ml if item.path] == [min(passing, key=lambda item: item.megabytes)]


def test_what_was_written_answers_as_keras_does(
    everything: tuple[Path, list[Export]], model: Any, bundle: Bundle
) -> None:
    out, _ = everything
    opened = (
        OnnxNetwork(out / "usd-fp32.onnx"),
        LiteRTNetwork(replace(bundle, model=out / "usd-fp32.tflite")),
    )
    trained = KerasNetwork(model)
    for value in USD_VALUES:
        shown = np.ascontiguousarray(paint(colour_of(USD_VALUES, value, "back"), frame=(SIZE, SIZE))[..., ::-1])
        for network in opened:
            for found, expected in zip(network(shown), trained(shown), strict=True):
                np.testing.assert_allclose(found, expected, atol=1e-4)


def test_test_vectors_lie_beside_the_package(everything: tuple[Path, list[Export]], bundle: Bundle) -> None:
    out, _ = everything
    told = json.loads((out / VECTORS / "vectors.json").read_text())
    assert told["package"] == "usd.mlpackage"
    assert told["model_sha256"] == bundle.raw["model"]["sha256"]
    pictures = [look["picture"] for vector in told["vectors"] for look in vector["looks"] if "picture" in look]
    named = {vector["picture"] for vector in told["vectors"]} | set(pictures)
    assert {path.name for path in (out / VECTORS).iterdir()} == named | {"vectors.json"}
    assert sum(path.stat().st_size for path in (out / VECTORS).iterdir()) < 600_000
    network = open_package(out / "usd.mlpackage", bundle)
    for vector in told["vectors"]:
        frame = cv2.imread(str(out / VECTORS / vector["picture"]))
        assert frame is not None
        assert frame.shape == (240, 320, 3)
        look = vector["looks"][0]
        shown = cv2.imread(str(out / VECTORS / look["picture"]))
        assert shown is not None
        probabilities, corners = network(np.ascontiguousarray(shown[..., ::-1]))
        assert list(look["denomination_probs"]) == [label.name for label in bundle.labels]
        np.testing.assert_allclose(probabilities, list(look["denomination_probs"].values()), atol=1e-4)
        np.testing.assert_allclose(corners, look["corners"], atol=1e-4)
        assert look["denomination"] == bundle.labels[int(probabilities.argmax())].name
        assert set(vector["answer"]) == {"value", "side", "confidence", "spoken", "corners"}


def test_the_table_tells_all_of_it(everything: tuple[Path, list[Export]]) -> None:
    _, exports = everything
    text = comparison_table(exports)
    assert "on 75 photographs" in text
    headings, own, *rows = text.split("\n\n")[1].splitlines()
    assert headings.split()[:2] == ["export", "MB"]
    assert own.startswith("model.tflite")
    assert [row.split()[:2] for row in rows] == [[item.format, item.precision] for item in exports[1:]]
    for item, row in zip(exports, [own, *rows], strict=True):
        assert f"{item.parity.max_difference:.1e}" in row
        assert row.split()[-1] == str(item.same_as_own)
    outcomes = text.split("\n\n")[2].splitlines()
    for item, outcome in zip(exports[1:], outcomes, strict=True):
        assert outcome.startswith(f"{item.format} {item.precision}: ")
        assert str(item.path) in outcome if item.path else "written" in outcome


def damaged(write: Callable[..., None], how: Callable[[Path], None]) -> Callable[..., None]:
    def write_and_damage(model: Any, bundle: Bundle, precision: str, pictures: Any, path: Path) -> None:
        write(model, bundle, precision, pictures, path)
        how(path)

    return write_and_damage


def disturb(package: Path) -> None:
    """Change what is learnt, not what is described."""
    weights = np.frombuffer((package / WEIGHTS).read_bytes(), np.uint8).copy()
    weights[len(weights) // 4 : len(weights) // 2] = 0
    (package / WEIGHTS).write_bytes(weights.tobytes())


def test_a_damaged_export_is_refused_and_the_old_one_stays(
    model: Any, bundle: Bundle, images: list[LabelledImage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "usd.mlpackage"
    old.mkdir()
    (old / "Manifest.json").write_text("the old one")
    kind = FORMATS["coreml"]
    monkeypatch.setitem(FORMATS, "coreml", replace(kind, write=damaged(kind.write, disturb)))
    exports = run(model, bundle, images, tmp_path, "coreml", precisions=("fp16",))
    assert exports[1].path is None
    assert exports[1].failings
    (sentence,) = refused(exports)
    assert sentence.startswith("coreml fp16 is not written: ")
    assert [path.name for path in tmp_path.iterdir()] == ["usd.mlpackage"]
    assert [path.name for path in old.iterdir()] == ["Manifest.json"]
    assert "not written: " in comparison_table(exports)


def test_labels_in_another_order_are_refused(
    bundle: Bundle, images: list[LabelledImage], model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which a converter could do that keeps outputs but not their order."""
    swapped = tiny_model(labels_of(USD_VALUES))
    kernel, bias = swapped.get_layer("probabilities").get_weights()
    swapped.get_layer("probabilities").set_weights([np.roll(kernel, 2, axis=1), np.roll(bias, 2)])
    kind = FORMATS["tflite"]
    monkeypatch.setitem(FORMATS, "tflite", replace(kind, write=lambda given, *rest: kind.write(swapped, *rest)))
    exports = run(model, bundle, images, tmp_path / "new", "tflite", precisions=("fp32", "fp16"))
    assert [item.path for item in exports] == [None] * 3
    assert len(refused(exports)) == 2
    assert exports[1].parity.wrong_values > 50
    assert not (tmp_path / "new").exists()


def test_a_new_package_takes_the_place_of_the_old_one_whole(
    model: Any, bundle: Bundle, images: list[LabelledImage], tmp_path: Path
) -> None:
    (tmp_path / "usd.mlpackage" / "left over").mkdir(parents=True)
    (tmp_path / VECTORS).mkdir()
    (tmp_path / VECTORS / "left over").touch()
    run(model, bundle, images, tmp_path, "coreml", precisions=("fp32",))
    assert {path.name for path in (tmp_path / "usd.mlpackage").iterdir()} == {"Manifest.json", "Data"}
    assert not (tmp_path / VECTORS / "left over").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"usd.mlpackage", VECTORS}


def test_interrupted_as_exports_take_their_places_all_are_as_they_were(
    model: Any, bundle: Bundle, images: list[LabelledImage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    for name in ("usd-fp32.tflite", "usd-fp16.tflite"):
        (tmp_path / "out" / name).write_text("old")
    copied: list[Path] = []

    def dying(source: Path, target: Path) -> None:
        if copied:
            raise KeyboardInterrupt
        copied.append(target)
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr(exports_module, "put_in_place", dying)
    with pytest.raises(KeyboardInterrupt):
        run(model, bundle, images, tmp_path / "out", "tflite", precisions=("fp32", "fp16"))
    assert {path.read_text() for path in (tmp_path / "out").iterdir()} == {"old"}


def test_only_the_smallest_is_shipped_and_its_failing_is_no_refusal_where_another_passes() -> None:
    parity = perfect_parity(2)
    fine = Export("coreml", "fp16", 5.0, None, parity, 2, path=Path("usd.mlpackage"))
    bad = replace(fine, precision="int8", failings=["only 1 of 2"], path=None)
    own = replace(fine, format="model.tflite", precision="", path=None)
    assert refused([own, fine, bad]) == []
    assert refused([own, bad]) == ["coreml int8 is not written: only 1 of 2."]
    others = [replace(fine, format="onnx"), replace(bad, format="onnx")]
    assert refused([own, *others]) == ["onnx int8 is not written: only 1 of 2."]


def test_photographs_for_reporting_are_compared_on_where_there_are_enough(images: list[LabelledImage]) -> None:
    def some(split: str, count: int) -> list[LabelledImage]:
        return [replace(images[0], path=Path(f"{split}{i}"), split=split) for i in range(count)]

    enough = [*some("test", 60), *some("test_web", 40), *some("val", 5), *some("train", 5)]
    assert {image.split for image in comparison_photos(enough)} == {"test", "test_web"}
    few = [*some("test", 10), *some("val", 90), *some("train", 5)]
    assert {image.split for image in comparison_photos(few)} == {"test", "val"}
    assert len(comparison_photos(some("train", 3))) == 3
    with pytest.raises(DataError, match="no image of one note or none to compare exports on"):
        comparison_photos([replace(images[0], notes_in_image="multi", kind="photo")])
