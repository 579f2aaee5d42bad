"""The Core ML packages of the shipped network, saved and read back, on real photographs: the limits they must keep.

On macOS Core ML itself runs them; elsewhere their programs are re-executed. Set PACKAGE_PHOTOS for more photographs, as
`make nightly` does.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from currency_app.recognition.bundle import Bundle, find_bundle, load_bundle
from currency_app.recognition.network import LiteRTNetwork
from tests.support.sources import CHECKOUT
from training.dataset.currency import relabel_for
from training.dataset.manifest import LabelledImage, read_data
from training.export.coreml import write_package
from training.export.exports import comparison_photos
from training.export.formats import FORMATS, open_files, picture_shapes
from training.export.parity import NEAR_THRESHOLD, TOLERANCES, compare, failings
from training.export.photo_readings import PhotoReading, read_photos
from training.export.quiet import quietly
from training.network.keras_network import KerasNetwork, load_network

pytest.importorskip("coremltools", reason="Core ML packages are made with coremltools")
pytest.importorskip("keras", reason="they are compared with the network in Keras")

pytestmark = pytest.mark.slow

PHOTOS = int(os.environ.get("PACKAGE_PHOTOS", "24"))
SHIPPED = CHECKOUT / "models" / "usd" / "usd.mlpackage"


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return load_bundle(find_bundle("usd"))


@pytest.fixture(scope="module")
def photos(data_dir: Path, bundle: Bundle) -> list[LabelledImage]:
    """Evenly from all sources, with notes and without."""
    everything = comparison_photos(relabel_for(read_data(data_dir), bundle.currency.lower()))
    return everything[:: len(everything) // PHOTOS]


@pytest.fixture(scope="module")
def read(
    bundle: Bundle, photos: list[LabelledImage], tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[PhotoReading], dict[str, list[PhotoReading]]]:
    """What the network in Keras, and packages of it, make of each photograph."""
    model = load_network(bundle)
    folder, shapes = tmp_path_factory.mktemp("packages"), picture_shapes(bundle)
    packages = {name: [folder / f"{name}{shape.ending}.mlpackage" for shape in shapes] for name in ("fp32", "fp16")}
    with quietly():
        for precision, files in packages.items():
            for file, shape in zip(files, shapes, strict=True):
                write_package(shape.network(model), shape.bundle, precision, file)
        if SHIPPED.exists():
            packages["shipped"] = [SHIPPED.with_stem(f"{SHIPPED.stem}{shape.ending}") for shape in shapes]
        networks = {name: open_files(FORMATS["coreml"], files, bundle) for name, files in packages.items()}
    return read_photos(
        KerasNetwork(model), {**networks, "tflite": LiteRTNetwork(bundle)}, bundle, photos, lambda items: items
    )


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_package_is_the_network_that_was_trained(
    read: tuple[list[PhotoReading], dict[str, list[PhotoReading]]],
    photos: list[LabelledImage],
    bundle: Bundle,
    precision: str,
) -> None:
    expected, found = read
    parity = compare(expected, found[precision], photos, bundle)
    assert parity.photos >= PHOTOS
    assert failings(parity, TOLERANCES[precision]) == []


def test_what_is_heard_of_a_package_is_what_is_heard_of_the_trained_network(
    read: tuple[list[PhotoReading], dict[str, list[PhotoReading]]], bundle: Bundle
) -> None:
    """By its own way through each photograph, wherever the confidence is more than 0.05 from the threshold."""
    expected, found = read
    far = [
        (trained.value if trained.spoken else None, package.value if package.spoken else None)
        for trained, package in zip(expected, found["fp16"], strict=True)
        if trained.value is None or abs(trained.confidence - bundle.sure_for(trained.value)) > NEAR_THRESHOLD
    ]
    assert len(far) > PHOTOS / 2
    assert [one for one in far if one[0] != one[1]] == []


@pytest.mark.skipif(not SHIPPED.exists(), reason=f"{SHIPPED.name} is not in models/usd: see docs/exports.md")
def test_the_shipped_package_is_the_network_that_was_trained(
    read: tuple[list[PhotoReading], dict[str, list[PhotoReading]]], photos: list[LabelledImage], bundle: Bundle
) -> None:
    import coremltools as ct

    expected, found = read
    precision = ct.models.MLModel(str(SHIPPED), skip_model_load=True).user_defined_metadata["precision"]
    parity = compare(expected, found["shipped"], photos, bundle)
    # It was within one in a hundred of all photographs when it was written; of few of them chance may take one.
    most = replace(TOLERANCES[precision], same_decisions=1 - 1.2 / parity.photos)
    assert failings(parity, most) == []


def test_a_telephone_reads_what_the_app_reads(read: tuple[list[PhotoReading], dict[str, list[PhotoReading]]]) -> None:
    """The app's own model.tflite reads the same value wherever a package is sure of one."""
    _, found = read
    sure = [
        (package.value, own.value)
        for package, own in zip(found["fp16"], found["tflite"], strict=True)
        if package.spoken
    ]
    assert len(sure) > PHOTOS / 5
    assert [one for one in sure if one[0] != one[1]] == []
