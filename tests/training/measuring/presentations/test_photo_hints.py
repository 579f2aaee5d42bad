"""Hints on photographs against their labelled corners, with a recognizer that is told what it sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from currency_app.arrays import Corners, Image
from currency_app.events import Frame, Observation
from currency_app.testing import FakeRecognizer
from tests.support.drawn_data import room, save
from tests.support.observations import BUNDLE, CENTRED, box, nothing, seen
from training.dataset.manifest import LabelledImage
from training.measuring.presentations.hints import HintFigures
from training.measuring.presentations.photo_hints import hints_on_photos

AT_LEFT, AT_RIGHT, STRIP = box(-0.1, 0.2, 0.35, 0.7), box(0.65, 0.2, 1.1, 0.7), box(0.05, 0.4, 0.95, 0.6)


class Told(FakeRecognizer):
    """A recognizer that answers what it is told, with a bundle as the real one has."""

    bundle = BUNDLE

    def observe_still(self, image: Image) -> Observation:
        return self.observe(Frame(image, 0.0, 0))


def photo(folder: Path, corners: Corners | None, **labels: str) -> LabelledImage:
    """A picture of 160 x 120 pixels that is said to show a note here."""
    polygon = None if corners is None else (corners * [160, 120]).astype(np.float32)
    path = save(folder / "photo.png", room(3))
    known = {"kind": "photo", "source": "cam", "class_name": "usd_20_front", "split": "val", "notes_in_image": "single"}
    return LabelledImage(path=path, polygon=polygon, **(known | labels))


def figures(folder: Path, true: Sequence[Corners], found: Sequence[Observation], source: str = "cam") -> HintFigures:
    images = [photo(folder, corners, source=source) for corners in true]
    measured = hints_on_photos(Told(found), images)
    assert list(measured) == [f"val {source}"]
    return measured[f"val {source}"]


def at(corners: Corners) -> Observation:
    return seen(0, {20: 0.99}, corners=corners)


def test_right_wrong_and_reversed_hints_are_counted(tmp_path: Path) -> None:
    true = [CENTRED, AT_LEFT, AT_LEFT, AT_LEFT, CENTRED]
    found = [at(CENTRED), at(AT_LEFT), at(AT_RIGHT), at(CENTRED), nothing(0)]
    measured = figures(tmp_path, true, found)
    assert (measured.frames, measured.right, measured.exactly, measured.reversed) == (5, 3, 3, 1)
    assert set(measured.confusions) == {("move_left", "move_right", 1), ("move_left", "none", 1)}


def test_near_a_limit_either_answer_is_allowed(tmp_path: Path) -> None:
    measured = figures(tmp_path, [box(0.2, -0.01, 0.8, 0.6)], [at(box(0.2, 0.01, 0.8, 0.6))])
    assert (measured.exactly, measured.right) == (0, 1)


def test_the_shape_in_stretched_photographs_tells_nothing(tmp_path: Path) -> None:
    assert figures(tmp_path, [STRIP], [at(STRIP)]).right == 1
    assert figures(tmp_path, [STRIP], [at(CENTRED)]).confusions == (("tilted", "none", 1),)
    assert figures(tmp_path, [STRIP], [at(CENTRED)], "bluebird").right == 1
    assert figures(tmp_path, [STRIP], [at(STRIP)], "bluebird").right == 1


def test_light_is_measured_in_the_picture(tmp_path: Path) -> None:
    measured = figures(tmp_path, [CENTRED], [replace(at(CENTRED), light=10)])
    assert measured.confusions == (("none", "too_dark", 1),)


def test_only_single_notes_with_corners_are_measured(tmp_path: Path) -> None:
    left_out = [
        photo(tmp_path, None),
        photo(tmp_path, CENTRED, notes_in_image="multi"),
        photo(tmp_path, CENTRED, kind="scan"),
        photo(tmp_path, CENTRED, class_name="background"),
        photo(tmp_path, CENTRED, class_name="inr_50"),
    ]
    assert hints_on_photos(Told([]), left_out) == {}
