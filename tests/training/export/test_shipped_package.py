"""The Core ML package beside the shipped bundle: of this very network, and giving what its test vectors say."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import pytest

from currency_app.identify import identify
from currency_app.recognition.bundle import find_bundle, load_bundle
from currency_app.recognition.network import Network
from currency_app.recognition.recognizer import Recognizer
from tests.support.sources import CHECKOUT
from training.export.coreml import package_metadata
from training.export.exports import VECTORS
from training.export.formats import FORMATS, open_files, picture_shapes

ct = pytest.importorskip("coremltools", reason="Core ML packages are read with coremltools")
pytest.importorskip("tensorflow", reason="a package is re-executed by TensorFlow")

BUNDLE = load_bundle(find_bundle("usd"))
PACKAGE = CHECKOUT / "models" / "usd" / "usd.mlpackage"

pytestmark = pytest.mark.skipif(
    not PACKAGE.exists(), reason="no package is shipped: currency-train export --format coreml --out models/usd"
)


@lru_cache(maxsize=1)
def network() -> Network:
    files = [PACKAGE.with_stem(f"{PACKAGE.stem}{shape.ending}") for shape in picture_shapes(BUNDLE)]
    return open_files(FORMATS["coreml"], files, BUNDLE)


def vectors() -> Any:
    return json.loads((PACKAGE.parent / VECTORS / "vectors.json").read_text(encoding="utf-8"))


def picture(name: str) -> np.ndarray:
    found = cv2.imread(str(PACKAGE.parent / VECTORS / name))
    assert found is not None, name
    return np.asarray(found, np.uint8)


def test_it_says_what_the_bundle_beside_it_says() -> None:
    told = ct.models.MLModel(str(PACKAGE), skip_model_load=True).user_defined_metadata
    expected = package_metadata(BUNDLE, told["precision"])
    assert {name: told.get(name) for name in expected} == expected, "export it again"


def test_it_is_small() -> None:
    files = [*PACKAGE.rglob("*"), *(PACKAGE.parent / VECTORS).rglob("*")]
    assert sum(file.stat().st_size for file in files if file.is_file()) < 7e6


def test_it_gives_what_its_test_vectors_say() -> None:
    """Within what a telephone may differ by; the package itself is written with them."""
    told = vectors()
    assert told["model_sha256"] == BUNDLE.raw["model"]["sha256"]
    compared = 0
    for look in (look for vector in told["vectors"] for look in vector["looks"] if "picture" in look):
        probabilities, corners = network()(np.ascontiguousarray(picture(look["picture"])[..., ::-1]))
        expected = [look["denomination_probs"][label.name] for label in BUNDLE.labels]
        np.testing.assert_allclose(probabilities, expected, atol=told["allowed"]["probability"])
        np.testing.assert_allclose(corners, look["corners"], atol=told["allowed"]["corner"])
        compared += 1
    assert compared >= 3


def test_whole_frames_are_answered_as_told() -> None:
    answered = {}
    for vector in vectors()["vectors"]:
        recognizer = Recognizer(BUNDLE, network=network(), search=False)
        found = identify(recognizer, picture(vector["picture"]))
        assert (found.observation.value, found.spoken) == (vector["answer"]["value"], vector["answer"]["spoken"])
        answered[vector["picture"]] = found.observation.value
    assert answered == {"room.png": None, "note.png": 20}
