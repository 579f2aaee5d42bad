"""The tiny bundles in the checkout are those that `tests.support.tiny_bundle` would make today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.network import LiteRTNetwork
from tests.support.painted import SIDES, SIZE, colour_of, paint
from tests.support.tiny import FOUR_VALUES, TINY, USD_VALUES
from tests.support.tiny_bundle import CLOSER_SIZE, write_tiny_bundle

pytest.importorskip("tensorflow", reason="tiny bundles are made with TensorFlow")

ANEW = "make them anew: python -m tests.support.tiny_bundle"


@pytest.mark.parametrize(("name", "values"), [("usd", USD_VALUES), ("four", FOUR_VALUES), ("closer", USD_VALUES)])
def test_a_tiny_bundle_is_as_one_made_anew(tmp_path: Path, name: str, values: tuple[int, ...]) -> None:
    made = write_tiny_bundle(tmp_path / name, values, closer=name == "closer")
    assert description(TINY / name) == description(made), ANEW
    ready, fresh = LiteRTNetwork(load_bundle(TINY / name)), LiteRTNetwork(load_bundle(made))
    faces = [colour_of(values, value, side) for value in values for side in SIDES]
    for colour in (None, *faces):
        for centre in ((0.5, 0.5), (0.3, 0.6)):
            for shape in {(SIZE, SIZE), CLOSER_SIZE if name == "closer" else (SIZE, SIZE)}:
                picture = paint(colour, centre, frame=shape)
                for output, expected in zip(ready(picture), fresh(picture), strict=True):
                    np.testing.assert_allclose(output, expected, atol=1e-4, err_msg=ANEW)


def description(folder: Path) -> dict[str, Any]:
    """What `bundle.json` says, but for when, by which code and as which bytes the network was made."""
    told: dict[str, Any] = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
    for part in (told, told.get("second_look", {})):
        part.get("model", {}).pop("sha256", None)
    del told["training"]["date"], told["training"]["code_revision"]
    return told
