"""A bundle whose closer looks have another shape: a second signature, or a second file, of the same network."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from currency_app.errors import BundleError
from currency_app.recognition.bundle import load_bundle, sha256_of
from currency_app.recognition.recognizer import Recognizer
from currency_app.recognition.second_look import CloserNetwork
from tests.recognition.test_bundle import SECOND_LOOK, good, write
from tests.support.observations import box
from tests.support.played_network import BLANK, EVEN, observe, place, watched

CLOSER_MODEL = b"the same network for pictures of another shape"


def written(folder: Path, **changes: Any) -> Path:
    """A bundle with closer looks of 256 x 112. changes: of its entry `second_look`; None takes a part away."""
    write(folder, good())
    (folder / "closer.tflite").write_bytes(CLOSER_MODEL)
    file = {"file": "closer.tflite", "sha256": sha256_of(folder / "closer.tflite"), "precision": "fp32"}
    entry = {**SECOND_LOOK, "width": 256, "height": 112, "model": file, **changes}
    second_look = {name: value for name, value in entry.items() if value is not None}
    return write(folder, good() | {"second_look": second_look})


def test_closer_looks_of_another_shape_are_read(tmp_path: Path) -> None:
    bundle = load_bundle(written(tmp_path))
    assert bundle.closer == CloserNetwork(tmp_path / "closer.tflite", 256, 112)
    assert (bundle.closer_width, bundle.closer_height) == (256, 112)
    assert (bundle.width, bundle.height) == (256, 224)


def test_an_older_bundle_looks_closer_in_the_shape_of_the_whole_picture(tmp_path: Path) -> None:
    bundle = load_bundle(write(tmp_path, good() | {"second_look": SECOND_LOOK}))
    assert bundle.closer is None
    assert (bundle.closer_width, bundle.closer_height) == (256, 224)


def refusal(folder: Path) -> str:
    with pytest.raises(BundleError, match=r"install the model bundle again\.$") as caught:
        load_bundle(folder)
    return str(caught.value)


def test_a_changed_or_missing_closer_model_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "closer.tflite").write_bytes(CLOSER_MODEL + b".")
    assert "closer.tflite is not the file" in refusal(tmp_path)
    (tmp_path / "closer.tflite").unlink()
    assert "closer.tflite cannot be read" in refusal(tmp_path)


@pytest.mark.parametrize(
    "changes",
    [
        {"width": None},
        {"height": None},
        {"model": None},
        {"width": 0},
        {"height": -1},
        {"height": "low"},
        {"model": "closer.tflite"},
        {"model": {"file": "closer.tflite"}},
        {"height": 224},  # that of the whole picture: then which of the two files is meant?
    ],
    ids=str,
)
def test_a_shape_that_is_not_told_whole_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert "lacks or garbles" in refusal(written(tmp_path, **changes))


def in_one_file(folder: Path, **changes: Any) -> Path:
    """A bundle with both shapes in its one file. changes: of what `second_look` says of that."""
    written(folder)
    (folder / "closer.tflite").unlink()
    described = json.loads((folder / "bundle.json").read_text())
    described["second_look"]["model"] = described["model"] | changes
    (folder / "bundle.json").write_text(json.dumps(described))
    return folder


def test_one_file_has_a_signature_for_each_shape(tmp_path: Path) -> None:
    bundle = load_bundle(in_one_file(tmp_path, signature="closer"))
    assert bundle.closer == CloserNetwork(bundle.model, 256, 112, "closer")


@pytest.mark.parametrize("changes", [{}, {"signature": None}, {"signature": ""}], ids=str)
def test_one_signature_is_not_of_two_shapes(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert "a model file or signature of its own" in refusal(in_one_file(tmp_path, **changes))


def test_one_file_has_one_hash(tmp_path: Path) -> None:
    in_one_file(tmp_path, signature="closer", sha256="0" * 64)
    assert "is not the file that its bundle.json describes" in refusal(tmp_path)


def test_the_note_is_straightened_to_the_shape_of_closer_looks() -> None:
    first, second = [0.1, 0.1, 0.4, 0.2, 0.2], [0.05, 0.05, 0.3, 0.5, 0.1]
    recognizer, network = watched((first, place(box(0.4, 0.4, 0.6, 0.5))), (second, place(EVEN)))
    shaped = replace(recognizer.bundle, closer=CloserNetwork(Path("closer.tflite"), 64, 32))
    observe(Recognizer(shaped, network=network, others=False, search=False), BLANK)
    assert [picture.shape for picture in network.pictures] == [(96, 96, 3), (32, 64, 3)]
