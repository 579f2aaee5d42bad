"""A bundle's network by itself: named outputs, silence, and one sentence for a model that cannot be run."""

from __future__ import annotations

import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from currency_app.errors import BundleError
from currency_app.recognition.bundle import Bundle, load_bundle, sha256_of
from currency_app.recognition.network import LiteRTNetwork
from currency_app.recognition.recognizer import Recognizer
from currency_app.recognition.second_look import CloserNetwork
from tests.support.painted import SIZE, colour_of, paint

USD = (1, 2, 5, 10, 20, 50, 100)


def test_a_picture_gives_probabilities_and_corners(tiny_bundle: Path) -> None:
    bundle = load_bundle(tiny_bundle)
    frame = paint(colour_of(USD, 20, "back"), frame=(SIZE, SIZE))
    probabilities, corners = LiteRTNetwork(bundle)(np.ascontiguousarray(frame[..., ::-1]))
    assert (probabilities.shape, corners.shape) == ((15,), (9,))
    assert probabilities.dtype == corners.dtype == np.float32
    assert float(probabilities.sum()) == pytest.approx(1)
    assert bundle.labels[int(probabilities.argmax())].name == "usd_20_back"
    np.testing.assert_allclose(corners, [0.25, 0.25, 0.75, 0.25, 0.75, 0.75, 0.25, 0.75, 1], atol=0.01)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_a_bundle_may_lie_in_a_folder_whose_name_is_no_utf_8(tiny_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    shutil.copytree(tiny_bundle, folder)
    probabilities, _ = LiteRTNetwork(load_bundle(folder))(paint(None, frame=(SIZE, SIZE)))
    assert int(probabilities.argmax()) == 14, "the background"


def test_an_answer_stays_as_it_is_when_the_next_one_is_given(tiny_bundle: Path) -> None:
    """Two looks at a frame are kept beside each other."""
    network = LiteRTNetwork(load_bundle(tiny_bundle))
    note, empty = (paint(colour, frame=(SIZE, SIZE)) for colour in (colour_of(USD, 20, "back"), None))
    probabilities, corners = network(note)
    kept = probabilities.copy(), corners.copy()
    network(empty)
    np.testing.assert_array_equal(probabilities, kept[0])
    np.testing.assert_array_equal(corners, kept[1])


def test_outputs_are_told_apart_by_name(four_value_bundle: Path) -> None:
    """Nine probabilities have the shape of the corners."""
    bundle = load_bundle(four_value_bundle)
    probabilities, corners = LiteRTNetwork(bundle)(paint(None, frame=(SIZE, SIZE)))
    assert probabilities.shape == corners.shape == (9,)
    assert int(probabilities.argmax()) == 8, "the background"
    np.testing.assert_allclose(corners, 0, atol=1e-6)


def test_the_start_of_the_network_leaves_standard_error_alone(
    tiny_bundle: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    LiteRTNetwork(load_bundle(tiny_bundle))
    assert capfd.readouterr() == ("", "")


def test_standard_error_works_again_after_the_start(tiny_bundle: Path, capfd: pytest.CaptureFixture[str]) -> None:
    LiteRTNetwork(load_bundle(tiny_bundle))
    os.write(2, b"still here\n")
    assert capfd.readouterr().err == "still here\n"


def _with_model(tiny_bundle: Path, folder: Path, model: bytes) -> Bundle:
    """A bundle that vouches for another model."""
    shutil.copytree(tiny_bundle, folder, dirs_exist_ok=True)
    (folder / "model.tflite").write_bytes(model)
    description = json.loads((folder / "bundle.json").read_text())
    description["model"]["sha256"] = sha256_of(folder / "model.tflite")
    (folder / "bundle.json").write_text(json.dumps(description))
    return load_bundle(folder)


def test_a_model_that_is_no_network_is_refused(
    tiny_bundle: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bundle = _with_model(tiny_bundle, tmp_path, b"no network at all")
    with pytest.raises(BundleError, match=r"cannot be run here: install the model bundle again\.$"):
        LiteRTNetwork(bundle)
    assert capfd.readouterr() == ("", "")


def test_a_cut_off_model_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    whole = (tiny_bundle / "model.tflite").read_bytes()
    bundle = _with_model(tiny_bundle, tmp_path, whole[: len(whole) // 100])
    with pytest.raises(BundleError, match="cannot be run here"):
        LiteRTNetwork(bundle)


def test_a_model_of_another_currency_is_refused(tiny_bundle: Path, four_value_bundle: Path, tmp_path: Path) -> None:
    bundle = _with_model(tiny_bundle, tmp_path, (four_value_bundle / "model.tflite").read_bytes())
    with pytest.raises(BundleError, match="does not give the outputs of its bundle"):
        LiteRTNetwork(bundle)


@pytest.mark.parametrize("size", [(SIZE * 2, SIZE), (SIZE, SIZE * 2)])
def test_an_input_size_that_the_model_does_not_take_is_refused(tiny_bundle: Path, size: tuple[int, int]) -> None:
    bundle = replace(load_bundle(tiny_bundle), width=size[0], height=size[1])
    with pytest.raises(BundleError, match="cannot be run here"):
        LiteRTNetwork(bundle)


# Closer looks of another shape


@pytest.fixture(params=["one file", "two files"])
def two_shapes(request: pytest.FixtureRequest, closer_bundle: Path, tiny_bundle: Path) -> Bundle:
    """As bundles are written, and as those are that have a second file, under whatever name its signature has."""
    bundle = load_bundle(closer_bundle)
    assert bundle.closer is not None
    assert bundle.closer.model == bundle.model
    return bundle if request.param == "one file" else replace(bundle, model=tiny_bundle / "model.tflite")


def test_each_picture_is_read_by_the_signature_for_its_shape(two_shapes: Bundle) -> None:
    bundle = two_shapes
    network = LiteRTNetwork(bundle)
    for size, note in (((SIZE, SIZE), (0.5, 0.5)), ((32, 16), (1 / 1.2, 1 / 1.2)), ((SIZE, SIZE), (0.5, 0.5))):
        picture = paint(colour_of(USD, 50, "front"), frame=size, size=note)
        probabilities, corners = network(np.ascontiguousarray(picture[..., ::-1]))
        assert bundle.labels[int(probabilities.argmax())].name == "usd_50_front"
        left, top = 0.5 - note[0] / 2, 0.5 - note[1] / 2
        expected = [left, top, 1 - left, top, 1 - left, 1 - top, left, 1 - top, 1]
        np.testing.assert_allclose(corners, expected, atol=0.03)


def test_a_note_is_read_by_both(closer_bundle: Path) -> None:
    frame = paint(colour_of(USD, 20, "back"), (0.45, 0.55), frame=(320, 240), size=(0.5, 0.5))
    looks = Recognizer(load_bundle(closer_bundle)).look(frame)
    assert len(looks.closer) == 2
    assert [int(look.argmax()) for look in (looks.first, *looks.closer)] == [9, 9, 9]
    np.testing.assert_allclose(looks.corners, [[0.2, 0.3], [0.7, 0.3], [0.7, 0.8], [0.2, 0.8]], atol=0.02)


@pytest.mark.parametrize("of_another_shape", [True, False])
def test_a_closer_model_that_does_not_fit_is_refused(tiny_bundle: Path, tmp_path: Path, of_another_shape: bool) -> None:
    model = tmp_path / "closer.tflite"
    model.write_bytes((tiny_bundle / "model.tflite").read_bytes() if of_another_shape else b"no network at all")
    bundle = replace(load_bundle(tiny_bundle), closer=CloserNetwork(model, 32, 16))
    with pytest.raises(BundleError, match=r"closer\.tflite cannot be run here: install the model bundle again\.$"):
        LiteRTNetwork(bundle)


@pytest.mark.parametrize("signature", ["serving_default", "farther"])
def test_a_signature_that_does_not_fit_is_refused(closer_bundle: Path, signature: str) -> None:
    """Of another shape, or not there."""
    bundle = load_bundle(closer_bundle)
    assert bundle.closer is not None
    with pytest.raises(BundleError, match=r"model\.tflite cannot be run here: install the model bundle again\.$"):
        LiteRTNetwork(replace(bundle, closer=replace(bundle.closer, signature=signature)))
