"""A comparison where what the peers need is not installed: the table still comes."""

from __future__ import annotations

from importlib.machinery import ModuleSpec

import numpy as np
import pytest

from currency_app.errors import DataError
from currency_app.recognition.bundle import Bundle
from tests.support.painted import SIZE
from training.export.peers import compare, compare_speed

PICTURES = [np.zeros((SIZE, SIZE, 3), np.uint8)]


def test_only_the_apps_own_row_is_measured_without_any(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "find_spec", lambda name: None)
    compared = compare_speed(bundle, PICTURES, rounds=1)
    own, *others = compared.rows
    assert (own.runtime, own.shipped, len(own.times_ms)) == ("LiteRT (this app)", True, 4)
    assert all("pip install '.[bench]'" in row.reason and not row.times_ms for row in others)
    assert (compared.keras_ratio, compared.operations, dict(compared.peaks), compared.yardstick) == (
        None,
        None,
        {},
        None,
    )
    lines = compared.as_text().splitlines()
    assert any(line.startswith("OpenVINO") and "keras, tensorflow, onnx, tf2onnx, openvino" in line for line in lines)
    assert compared.holds


def test_a_bundle_without_its_trained_weights_is_told(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "find_spec", lambda name: ModuleSpec(name, None))
    monkeypatch.setattr(compare, "_load_tensorflow", lambda threads: "as it is")
    with pytest.raises(DataError, match=r"has no network\.npz, .*--currency models/usd in a clone"):
        compare_speed(bundle, PICTURES)
