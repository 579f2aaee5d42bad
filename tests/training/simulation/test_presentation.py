"""Presentations of drawn notes: held wrongly, then well, taken away; scenes without a note; moved photographs."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.demo.notes import draw_note
from currency_app.errors import DataError
from currency_app.events import Frame, HintKind
from tests.support.drawn_data import likeness, photo, room, write_class_folders, write_data
from training.dataset.manifest import read_data
from training.dataset.notes import flat_note
from training.simulation.presentation import LENGTH_S, Presentation, empty_scene, moved_photo, play, presentations
from training.simulation.scene.material import Material, drawn_material, read_material, usual_splits
from training.simulation.scene.truth import Truth, hint_called_for
from training.simulation.starts import READABLE_STARTS, Start

pytestmark = pytest.mark.slow

FPS = 6.0


@pytest.fixture(scope="module")
def material() -> Material:
    notes = {
        f"usd_{value}_{side}": [lambda value=value, side=side: flat_note("", draw_note(value, side, 500))]
        for value in (5, 20)
        for side in ("front", "back")
    }
    return Material("usd", notes, [lambda: room(1, 640, 480), lambda: room(2, 640, 480)])


def played(material: Material, start: Start, number: int = 3, corrected: bool = True) -> list[tuple[Frame, Truth]]:
    return list(play(Presentation(number, "usd_20_front", start, corrected), material, FPS))


WRONG = {
    Start.TOO_FAR: {HintKind.MOVE_CLOSER},
    Start.TOO_NEAR: {HintKind.MOVE_BACK},
    Start.OFF_LEFT: {HintKind.MOVE_LEFT, HintKind.MOVE_CLOSER},
    Start.OFF_RIGHT: {HintKind.MOVE_RIGHT, HintKind.MOVE_CLOSER},
    Start.OFF_UP: {HintKind.MOVE_DOWN, HintKind.MOVE_CLOSER},
    Start.OFF_DOWN: {HintKind.MOVE_UP, HintKind.MOVE_CLOSER},
    Start.DARK: {HintKind.TOO_DARK},
    Start.BRIGHT: {HintKind.TOO_BRIGHT},
    Start.MOVING: {HintKind.HOLD_STILL},
    Start.TILTED: {HintKind.TILTED, HintKind.MOVE_CLOSER},
    Start.FINGERS: {HintKind.FINGERS},
}


@pytest.mark.parametrize("start", list(Start))
def test_a_presentation_is_a_room_a_note_and_a_room(material: Material, start: Start) -> None:
    frames = played(material, start)
    assert len(frames) == LENGTH_S * FPS
    assert [frame.index for frame, _ in frames] == list(range(len(frames)))
    notes = [truth.class_name for _, truth in frames]
    assert notes[:2] == [None] * 2
    assert notes[-1] is None
    assert {name for name in notes if name} <= {"usd_20_front", "usd_20_back"}
    assert sum(truth.readable for _, truth in frames) >= 5
    assert next(truth for _, truth in frames if truth.class_name).class_name == "usd_20_front"


@pytest.mark.parametrize("start", WRONG)
def test_a_wrong_start_that_is_never_mended_is_never_readable(material: Material, start: Start) -> None:
    hints: Counter[HintKind | None] = Counter()
    for number in (3,):
        held = [truth for frame, truth in played(material, start, number, corrected=False) if 1.4 < frame.t < 3.1]
        assert not any(truth.readable for truth in held)
        hints.update(hint_called_for(truth) for truth in held)
    assert hints.most_common(1)[0][0] in WRONG[start]


def test_hints_are_for_the_users_left_whichever_way_the_camera_faces(material: Material) -> None:
    """Held at the picture's left, the note must go to the picture's right: the left of a user who faces the camera."""
    shown = [truth for frame, truth in played(material, Start.OFF_LEFT, corrected=False) if 1.4 < frame.t < 3.1]
    wide = [truth for truth in shown if truth.cover > 1 / 6]
    for truth in wide:
        assert hint_called_for(truth, mirror_left=True) is HintKind.MOVE_LEFT
        assert hint_called_for(truth, mirror_left=False) is HintKind.MOVE_RIGHT


@pytest.mark.slow
def test_some_notes_are_turned_over_and_the_truth_follows(material: Material) -> None:
    turned = 0
    for number in range(8):
        frames = played(material, Start.GOOD, number)
        names = [truth.class_name for _, truth in frames if truth.class_name]
        if "usd_20_back" in names:
            turned += 1
            at = names.index("usd_20_back")
            assert set(names[at:]) == {"usd_20_back"}, "turned once"
            assert min(truth.shape for _, truth in frames) < 0.7, "edge on in between"
    assert 0 < turned < 8


@pytest.mark.slow
def test_the_same_number_gives_the_same_frames(material: Material) -> None:
    one, again, other = (played(material, Start.TOO_FAR, number) for number in (5, 5, 6))
    for (frame, truth), (same, same_truth) in zip(one[::6], again[::6], strict=True):
        np.testing.assert_array_equal(frame.image, same.image)
        assert (truth.light, truth.blur, truth.hidden) == (same_truth.light, same_truth.blur, same_truth.hidden)
    assert any((a.image != b.image).any() for (a, _), (b, _) in zip(one, other, strict=True))


def test_something_else_than_a_note_has_no_class(material: Material) -> None:
    frames = list(play(Presentation(1, None, Start.GOOD), material, FPS))
    assert {truth.class_name for _, truth in frames} == {None}
    assert np.abs(frames[0][0].image.astype(int) - frames[12][0].image).mean() > 8, "it is held up, though"


def test_every_class_and_start_comes_as_often_as_the_next(material: Material) -> None:
    made = presentations(4 * len(Start) * 2, material, seed=7)
    assert set(Counter(one.class_name for one in made).values()) == {2 * len(Start)}
    assert max(Counter(one.start for one in made).values()) <= 2 * min(Counter(one.start for one in made).values())
    assert len({(one.class_name, one.start) for one in made}) > 2.5 * len(Start)
    assert len({one.number for one in made}) == len(made)
    hopeless = [one for one in made if not one.corrected]
    assert 0 < len(hopeless) < len(made) / 3
    assert not any(one.start in READABLE_STARTS for one in hopeless)
    assert presentations(9, material, seed=7) == made[:9]


@pytest.mark.slow
def test_an_empty_scene_moves_and_shows_no_note(material: Material) -> None:
    frames = list(empty_scene(2, material, fps=2, seconds=30))
    assert len(frames) == 60
    assert {truth.class_name for _, truth in frames} == {None}
    assert not any(truth.readable or truth.corners is not None for _, truth in frames)
    np.testing.assert_allclose([truth.t for _, truth in frames], np.arange(60) / 2)
    changes = [np.abs(a.image.astype(int) - b.image).mean() for (a, _), (b, _) in pairwise(frames)]
    assert min(changes) > 0.2
    again = next(iter(empty_scene(2, material, fps=2, seconds=1)))
    np.testing.assert_array_equal(again[0].image, frames[0][0].image)


def test_a_moved_photograph_keeps_its_corners(material: Material) -> None:
    picture, polygon = photo(20, "front", 3)
    frames = list(moved_photo(picture, polygon, "usd_20_front", [room(1)], np.random.default_rng(1), fps=FPS))
    shown = [truth.class_name is not None for _, truth in frames]
    assert shown == [False] * 15 + [True] * 15 + [False] * 15
    places = []
    for frame, truth in frames[15:30]:
        assert frame.image.shape == (480, 640, 3)
        assert truth.corners is not None
        places.append(truth.corners.mean(axis=0))
    assert 0.003 < np.std(places, axis=0).max() < 0.06
    frame, truth = frames[22]
    assert truth.corners is not None
    flat = np.array([[0, 0], [300, 0], [300, 127], [0, 127]], np.float32)
    matrix = cv2.getPerspectiveTransform((truth.corners * [640, 480]).astype(np.float32) - 0.5, flat - 0.5)
    assert likeness(cv2.warpPerspective(frame.image, matrix, (300, 127)), draw_note(20, "front", 300, 3)) > 0.85
    unknown = list(moved_photo(picture, None, "usd_20_front", [room(1)], np.random.default_rng(1), fps=2))
    assert [truth.class_name for _, truth in unknown[5:7]] == ["usd_20_front"] * 2
    assert all(truth.corners is None for _, truth in unknown)


def test_material_of_a_data_folder_keeps_to_its_splits(tmp_path: Path) -> None:
    images = read_data(write_data(tmp_path / "data"))
    trained = read_material(images, "usd", ("train",), ("train",))
    assert trained.classes == ("usd_20_back", "usd_20_front", "usd_5_back", "usd_5_front")
    assert trained.note(np.random.default_rng(1), "usd_5_front").levels[0].shape[1] == 400, "the scan"
    assert trained.other_side("usd_5_front") == "usd_5_back"
    # No scan is of split val: notes are cut out of its photographs.
    held_out = read_material(images, "usd", ("val",), ("val",))
    assert held_out.note(np.random.default_rng(1), "usd_5_front").levels[0].shape[1] < 260
    # Drawn notes stand in for faces that the folder does not show.
    rng = np.random.default_rng(1)
    filled_up = read_material(images, "usd", ("train",), ("train",), drawn=True)
    assert len(filled_up.classes) == 14
    assert {filled_up.note(rng, "usd_5_front").levels[0].shape[1] for _ in range(20)} == {400}
    without_backs = [image for image in images if image.kind != "scan" or image.class_name != "usd_5_back"]
    mixed = read_material(without_backs, "usd", ("train", "val"), ("train",), drawn=True)
    assert mixed.note(rng, "usd_5_front").levels[0].shape[1] == 400, "its scan"
    assert mixed.note(rng, "usd_5_back").levels[0].shape[1] < 260, "cut out of a photograph"
    assert mixed.note(rng, "usd_100_back").levels[0].shape[1] > 400, "drawn"
    with pytest.raises(DataError, match="no note to show"):
        read_material(images, "eur", ("train",), ("train",))
    with pytest.raises(DataError, match="no room"):
        read_material(images, "usd", ("train",), ("exam",))
    assert usual_splits(images) == ("usd", ("test", "val"), ("test",))


def test_pictures_of_whole_scenes_cannot_be_held_up(tmp_path: Path) -> None:
    """A folder per class has no corners: its notes cannot be had flat, and that is said."""
    images = read_data(write_class_folders(tmp_path / "mine"))
    with pytest.raises(DataError, match="corners"):
        read_material(images, *usual_splits(images))


def test_drawn_material_needs_no_data() -> None:
    made = drawn_material()
    assert len(made.classes) == 14
    rng = np.random.default_rng(1)
    assert made.lookalike(rng).levels[0].shape[2] == 4
    assert {made.room(np.random.default_rng(seed)).shape for seed in range(3)} == {(600, 800, 3)}
    with pytest.raises(DataError):
        drawn_material("eur")
