"""Recordings come back from disk as they were, and are told apart by what made them."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from currency_app.events import Frame, Observation
from currency_app.testing import FakeRecognizer
from tests.support.observations import BUNDLE, box, note, nothing
from training.measuring.presentations.recording import Recording, fingerprint, load, record, save
from training.simulation.scene.truth import Truth

BLACK = np.zeros((48, 64, 3), np.uint8)


def recording() -> Recording:
    observations = [nothing(0.0), replace(note(0.1, 20), covered=0.3, other_notes=1, aspect=1.5)]
    truths = [Truth(0.0, None, None), Truth(0.1, "usd_20_front", box(0.1, 0.2, 0.9, 0.7), blur=0.02, other_notes=1)]
    frames = [(Frame(BLACK, truth.t, index), truth) for index, truth in enumerate(truths)]
    return record("one", frames, FakeRecognizer(observations))


def test_a_recording_comes_back_as_it_was(tmp_path: Path) -> None:
    made = recording()
    save(made, tmp_path / "a" / "one.npz")
    back = load("one", tmp_path / "a" / "one.npz", BUNDLE)
    assert back is not None
    for one, other in zip(made.observations, back.observations, strict=True):
        for name in ("t", "value", "side", "confidence", "in_view", "light", "sharpness", "aspect", "covered"):
            assert getattr(one, name) == getattr(other, name), name
        assert one.other_notes == other.other_notes
        assert (one.corners is None) == (other.corners is None)
        np.testing.assert_array_equal(one.probabilities, other.probabilities)
    for truth, again in zip(made.truths, back.truths, strict=True):
        assert (truth.class_name, truth.readable, truth.blur) == (again.class_name, again.readable, again.blur)
        assert (truth.other_notes, truth.cover) == (again.other_notes, again.cover)


def test_all_that_the_app_decides_by_comes_back(tmp_path: Path) -> None:
    """A value that numerals refused in the app must not be said of its recording."""
    usual = note(0.1, 20)
    seen = replace(
        usual, refused=True, black=True, looked=False, searched=False, covered=0.3, other_notes=2, aspect=1.5
    )
    assert not usual.refused
    truth = Truth(0.1, "usd_20_front", box(0.1, 0.2, 0.9, 0.7))
    save(Recording("one", [seen], [truth]), tmp_path / "one.npz")
    back = load("one", tmp_path / "one.npz", BUNDLE)
    assert back is not None
    only_of_stills_or_of_timing = {"others", "stages_ms"}
    for field in fields(Observation):
        if field.name not in only_of_stills_or_of_timing:
            was, now = getattr(seen, field.name), getattr(back.observations[0], field.name)
            np.testing.assert_array_equal(was, now, err_msg=field.name)


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    save(recording(), tmp_path / "one.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["one.npz"]
    assert load("two", tmp_path / "two.npz", BUNDLE) is None


def test_another_model_or_calibration_or_data_folder_is_another_recording(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("path\n")
    first = fingerprint(BUNDLE, tmp_path)
    assert fingerprint(BUNDLE, tmp_path) == first
    assert fingerprint(replace(BUNDLE, raw={"temperature": 2.0}), tmp_path) != first
    assert fingerprint(replace(BUNDLE, raw={"model": {"sha256": "1"}}), tmp_path) != first
    assert fingerprint(replace(BUNDLE, raw={"thresholds": {"sure": 0.9}}), tmp_path) == first
    (tmp_path / "manifest.csv").write_text("path\na.jpg\n")
    assert fingerprint(BUNDLE, tmp_path) != first


def test_what_numerals_decide_by_is_another_recording(tmp_path: Path) -> None:
    """They are read of what is sure, by thresholds."""
    raws = [
        {"numerals": {"least_support": least}, "thresholds": {"sure": sure}}
        for least in (0.1, 0.2)
        for sure in (0.8, 0.9)
    ]
    assert len({fingerprint(replace(BUNDLE, raw=raw), tmp_path) for raw in (*raws, {})}) == 5


def test_other_truth_of_the_clips_is_another_recording(tmp_path: Path) -> None:
    before = fingerprint(BUNDLE, tmp_path)
    (tmp_path / "clips").mkdir()
    (tmp_path / "clips" / "clips.json").write_text("[]")
    assert fingerprint(BUNDLE, tmp_path) != before


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "of another kind", "without an array"])
def test_a_recording_that_cannot_be_read_is_none(tmp_path: Path, damage: str) -> None:
    """So it is made again."""
    path = tmp_path / "one.npz"
    if damage != "missing":
        save(recording(), path)
    if damage == "cut":
        os.truncate(path, path.stat().st_size // 2)
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "of another kind":
        with path.open("wb") as stream:
            np.save(stream, np.zeros(3))
    elif damage == "without an array":
        np.savez(path, t=np.zeros(2))
    assert load("one", path, BUNDLE) is None
