"""`currency-train export --format`: which options go together, and one line for everything that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.observations import USD_VALUES
from tests.support.painted import colour_of, paint, write_picture
from tests.support.parity import perfect_parity
from tests.support.tiny_bundle import labels_of, tiny_model
from training.commands.cli import main
from training.export import exports as exports_module
from training.export import formats as formats_module
from training.export.exports import Export

PARITY = perfect_parity(15)


@pytest.fixture(autouse=True)
def _own_surroundings(signals_restored: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def data(tmp_path: Path) -> str:
    for name, colour in (("usd_5_front", colour_of(USD_VALUES, 5, "front")), ("background", None)):
        for take in range(5):
            write_picture(tmp_path / "painted" / name / f"take{take}-0.png", paint(colour))
    return str(tmp_path / "painted")


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line of an error."""
    capfd.readouterr()
    try:
        code = main(["export", *arguments])
    except SystemExit as error:
        code = int(error.code or 0)
    captured = capfd.readouterr()
    assert code == 2
    assert captured.out == ""
    (line,) = captured.err.splitlines()
    return line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "caffe"], "--help`."),
        (["--format", "onnx", "--precision", "int4"], "--help`."),
        (["--format", "bundle", "--format", "onnx"], "write that first, then give --bundle and --format"),
        (["--bundle", "usd"], "add --format coreml, onnx or tflite"),
        (["--precision", "fp16"], "A bundle is fp32 or int8"),
        (["--format", "onnx", "--run", "runs/usd"], "give --bundle runs/usd/bundle, not --run"),
        (["--format", "onnx", "--recipe", "eur"], "give --bundle, and leave out --recipe"),
        (["--format", "onnx", "--bundle", "nowhere"], "There is no model bundle nowhere"),
        (["--format", "onnx", "--data", "nowhere"], "no data folder nowhere"),
    ],
)
def test_what_is_wrong_is_one_line(capfd: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert said in refused(capfd, *arguments)


@pytest.mark.tensorflow
def test_a_bundle_without_its_trained_weights_is_one_line(
    capfd: pytest.CaptureFixture[str], tiny_bundle: Path, data: str
) -> None:
    said = refused(capfd, "--format", "tflite", "--bundle", str(tiny_bundle), "--data", data)
    assert "has no network.npz" in said
    assert not Path("runs/exports").exists()


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("name", "package"), [("coreml", "coremltools"), ("onnx", "onnxruntime"), ("onnx", "tf2onnx"), ("onnx", "onnx")]
)
def test_a_missing_package_says_what_to_install(
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tiny_bundle: Path,
    data: str,
    name: str,
    package: str,
) -> None:
    monkeypatch.setattr(formats_module, "find_spec", lambda asked: None if asked == package else object())
    said = refused(capfd, "--format", name, "--bundle", str(tiny_bundle), "--data", data)
    assert f"Exporting to {name} needs {package}: in the clone, pip install '.[train,export]'" in said


@pytest.mark.tensorflow
def test_core_ml_is_made_where_coremltools_is(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path, data: str
) -> None:
    monkeypatch.setattr(formats_module, "_CORE_ML_TOOLS", False)
    said = refused(capfd, "--format", "coreml", "--bundle", str(tiny_bundle), "--data", data)
    assert "made on macOS, or on Linux on an x86-64 processor" in said


class Exporter:
    """In place of the export itself, which has its own tests. given: what it was called with."""

    def __init__(self, *found: Export) -> None:
        self._found = found
        self.given: tuple[Any, ...] = ()

    def __call__(self, *given: Any) -> list[Export]:
        self.given = given
        return [Export("model.tflite", "", 3.2, {"p50": 4.0, "p95": 5.0}, PARITY, 15), *self._found]


@pytest.fixture
def network(tensorflow: None, monkeypatch: pytest.MonkeyPatch) -> Any:
    made = tiny_model(labels_of(USD_VALUES))
    monkeypatch.setattr("training.network.keras_network.load_network", lambda bundle: made)
    return made


def test_the_table_is_printed_and_nothing_else(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path, data: str, network: Any
) -> None:
    exporter = Exporter(Export("tflite", "fp16", 5.1, {"p50": 4.5, "p95": 6.0}, PARITY, 15, path=Path("x.tflite")))
    monkeypatch.setattr(exports_module, "export_formats", exporter)
    capfd.readouterr()
    asked = ["--format", "tflite", "--format", "coreml", "--format", "tflite", "--bundle", str(tiny_bundle)]
    assert main(["export", *asked, "--data", data]) == 0
    captured = capfd.readouterr()
    assert captured.err == ""
    assert captured.out.endswith("tflite fp16: written to x.tflite\n")
    model, bundle, formats, precisions, images, folder, _ = exporter.given
    assert model is network
    assert bundle.folder == tiny_bundle
    assert formats == ["tflite", "coreml"]
    assert precisions == ("fp32", "fp16", "int8")
    assert len(images) == 10
    assert folder == Path("runs/exports")


def test_precision_and_folder_are_those_asked_for(
    monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path, data: str, network: Any
) -> None:
    monkeypatch.setattr(exports_module, "export_formats", exporter := Exporter())
    asked = ["--format", "onnx", "--precision", "fp16", "--out", "there", "--bundle", str(tiny_bundle)]
    assert main(["export", *asked, "--data", data]) == 0
    assert exporter.given[3] == ("fp16",)
    assert exporter.given[5] == Path("there")


def test_an_export_that_differs_too_much_is_reported_below_the_table(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path, data: str, network: Any
) -> None:
    bad = Export(
        "onnx", "int8", 3.0, {"p50": 1.0, "p95": 2.0}, PARITY, 3, failings=["only 3 of 15 are decided the same"]
    )
    monkeypatch.setattr(exports_module, "export_formats", Exporter(bad))
    capfd.readouterr()
    assert main(["export", "--format", "onnx", "--bundle", str(tiny_bundle), "--data", data]) == 2
    captured = capfd.readouterr()
    assert "onnx int8: not written: only 3 of 15" in captured.out
    (line,) = captured.err.splitlines()
    assert line == "currency-train: onnx int8 is not written: only 3 of 15 are decided the same."
