"""Made-up training pictures: their answers are true of what they show."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from currency_app.arrays import Drawing
from currency_app.demo.notes import draw_note
from currency_app.recognition.corners import share_in_frame
from tests.support.drawn_data import likeness, photo, room
from training.dataset.labels import BACKGROUND
from training.dataset.notes import flat_note
from training.synthesis import scene, surface
from training.synthesis.scene import Sample, augmented_photo, composite, random_crop, scene_without_note

SIZE = 192
TWENTY = flat_note("usd_20_front", draw_note(20, "front", 500))
FOREIGN = flat_note("xyz_5_front", draw_note(5, "back", 300)[:, ::-1])


@pytest.fixture
def clear(monkeypatch: pytest.MonkeyPatch) -> None:
    """No webcam, no hand, flat new paper: what is left is geometry."""
    monkeypatch.setattr(scene, "through_webcam", lambda rng, picture, strength=1.0, height=0.0: picture)
    monkeypatch.setattr(scene, "draw_hand", lambda *given, max_covered: 0.0)
    monkeypatch.setattr(surface, "_bend", lambda rng, u, v: np.ones_like(u))
    monkeypatch.setattr(surface, "_aged", lambda rng, paper: paper)


def at_corners(sample: Sample) -> Drawing:
    """What a sample shows between its corners, as a flat note."""
    assert sample.corners is not None
    flat = np.array([[0, 0], [200, 0], [200, 85], [0, 85]], np.float32)
    pixels = (sample.corners * sample.picture.shape[0]).astype(np.float32)
    straighten = cv2.getPerspectiveTransform(pixels - 0.5, flat - 0.5)
    return cv2.warpPerspective(sample.picture, straighten, (200, 85), borderMode=cv2.BORDER_REPLICATE)


def whole(samples: list[Sample]) -> list[Sample]:
    """Those that show all of the note, and not too small to compare."""
    return [
        sample
        for sample in samples
        if sample.corners is not None
        and sample.in_view is not None
        and sample.in_view > 0.98
        and cv2.contourArea(sample.corners) > 0.12
    ]


def composites(count: int, *distractors: Any) -> list[Sample]:
    return [composite(np.random.default_rng(seed), TWENTY, room(seed), distractors, SIZE) for seed in range(count)]


@pytest.mark.usefixtures("clear")
def test_corners_of_a_composite_frame_its_note() -> None:
    samples = whole(composites(120))
    assert len(samples) > 15
    for sample in samples:
        seen = at_corners(sample)
        assert likeness(seen, TWENTY.levels[0]) > 0.8
        assert likeness(np.rot90(seen, 2), TWENTY.levels[0]) < 0.3


@pytest.mark.usefixtures("clear")
def test_bystanders_lie_behind_the_note() -> None:
    for sample in whole(composites(60, FOREIGN, FOREIGN)):
        assert likeness(at_corners(sample), TWENTY.levels[0]) > 0.8


def test_the_answers_of_composites() -> None:
    samples = composites(80)
    for sample in samples:
        assert sample.picture.shape == (SIZE, SIZE, 3)
        assert sample.picture.dtype == np.uint8
        assert sample.class_name == "usd_20_front"
        assert sample.corners is not None
        assert sample.in_view is not None
        assert sample.in_view == pytest.approx(share_in_frame(sample.corners))
        assert sample.in_view * max(cv2.contourArea(sample.corners), 1) > 0.14
    areas = [cv2.contourArea(sample.corners) for sample in samples if sample.corners is not None]
    assert min(areas) < 0.07
    assert max(areas) > 1.3


def folded(count: int) -> list[Sample]:
    return [composite(np.random.default_rng(seed), TWENTY, room(seed), [], SIZE, folded=True) for seed in range(count)]


def test_a_folded_note_has_its_value_but_no_corners_of_a_whole_one() -> None:
    for sample in folded(20):
        assert (sample.class_name, sample.corners, sample.in_view) == ("usd_20_front", None, None)
        assert sample.object_corners is not None
    for sample in composites(20):
        assert sample.object_corners is None


@pytest.mark.usefixtures("clear")
def test_a_folded_note_shows_one_half() -> None:
    """At the corners of what is held lies the left or the right part of the note, and both come."""
    note = TWENTY.levels[0]
    width = note.shape[1]
    sides = []
    for sample in folded(60):
        assert sample.object_corners is not None
        if share_in_frame(sample.object_corners) < 0.98 or cv2.contourArea(sample.object_corners) < 0.12:
            continue
        seen = at_corners(Sample(sample.picture, sample.class_name, sample.object_corners))
        cuts = [round(width * share) for share in (0.42, 0.46, 0.5, 0.54, 0.58)]
        left = max(likeness(seen, note[:, :cut]) for cut in cuts)
        right = max(likeness(seen, note[:, -cut:]) for cut in cuts)
        assert max(left, right) > 0.65
        assert min(left, right) < 0.5
        sides.append(left > right)
    assert len(sides) > 10
    assert 0 < sum(sides) < len(sides)


def test_how_much_a_hand_hides_is_told() -> None:
    hidden = [sample.hidden for sample in composites(40)]
    shares = [share for share in hidden if share is not None]
    assert len(shares) == len(hidden)
    assert min(shares) == 0
    assert 0.4 < max(shares) <= 0.7
    assert np.mean(np.array(shares) > 0.4) < 0.15


def test_composites_seen_by_a_webcam_still_show_the_note() -> None:
    alike = [likeness(at_corners(sample), TWENTY.levels[0]) for sample in whole(composites(160))]
    assert np.median(alike) > 0.4


@pytest.mark.parametrize(("light", "seen"), [(0.0, False), (0.004, False), (1.0, True), (255.0, False)])
@pytest.mark.usefixtures("clear")
def test_a_note_that_nobody_sees_is_none(monkeypatch: pytest.MonkeyPatch, light: float, seen: bool) -> None:
    """Too dark or too bright, all of it: the network must not learn to guess."""

    def lit(rng: Any, picture: Drawing, strength: float = 1.0, height: float = 0.0) -> Drawing:
        return np.clip(np.maximum(picture, 1) * light, 0, 255).astype(np.uint8)

    monkeypatch.setattr(scene, "through_webcam", lit)
    for sample in composites(20):
        assert (sample.class_name != BACKGROUND) == seen
        assert (sample.corners is not None) == seen


def test_nothing_that_was_given_is_changed() -> None:
    background, levels = room(1), [level.copy() for level in TWENTY.levels]
    before = background.copy()
    picture, polygon = photo(5, "front", 1)
    kept = picture.copy()
    for seed in range(10):
        rng = np.random.default_rng(seed)
        composite(rng, TWENTY, background, [FOREIGN], SIZE)
        scene_without_note(rng, background, [FOREIGN], SIZE)
        augmented_photo(rng, picture, "usd_5_front", polygon, background, SIZE)
    np.testing.assert_array_equal(background, before)
    np.testing.assert_array_equal(picture, kept)
    for level, copy in zip(TWENTY.levels, levels, strict=True):
        np.testing.assert_array_equal(level, copy)


@pytest.mark.usefixtures("clear")
@pytest.mark.parametrize(("value", "side"), [(5, "front"), (20, "back")])
def test_corners_of_a_varied_photo_frame_its_note(value: int, side: str) -> None:
    name = f"usd_{value}_{side}"
    picture, polygon = photo(value, side, 1)
    samples = [
        augmented_photo(np.random.default_rng(seed), picture, name, polygon, room(seed), SIZE) for seed in range(60)
    ]
    assert {sample.class_name for sample in samples} == {name}
    framed = whole(samples)
    assert len(framed) > 15
    for sample in framed:
        assert likeness(at_corners(sample), draw_note(value, side, 300, 1)) > 0.65
    shares = [sample.in_view for sample in samples if sample.in_view is not None]
    assert len(shares) == len(samples)
    assert min(shares) < 0.8, "some are cut off"


def test_a_photo_without_corners_has_none_and_keeps_its_note_in_view() -> None:
    picture = np.zeros((240, 320, 3), np.uint8)
    picture[96:144, 128:192] = 255
    for seed in range(60):
        sample = augmented_photo(
            np.random.default_rng(seed), picture, "usd_5_front", None, np.zeros_like(picture), SIZE
        )
        assert (sample.corners, sample.in_view) == (None, None)
        bright = sample.picture.max(axis=2) > 0.6 * sample.picture.max()
        ys, xs = np.nonzero(bright)
        assert 0.2 * SIZE < np.median(xs) < 0.8 * SIZE
        assert 0.2 * SIZE < np.median(ys) < 0.8 * SIZE


@pytest.mark.parametrize("lookalikes", [[], [FOREIGN]])
def test_a_scene_without_a_note_is_background(lookalikes: list[Any]) -> None:
    for seed in range(20):
        sample = scene_without_note(np.random.default_rng(seed), room(seed), lookalikes, SIZE)
        assert (sample.class_name, sample.corners, sample.in_view) == (BACKGROUND, None, None if lookalikes else 0.0)
        assert sample.object_corners is not None or not lookalikes
        assert sample.picture.shape == (SIZE, SIZE, 3)
        assert sample.picture.dtype == np.uint8


@pytest.mark.usefixtures("clear")
def test_a_look_alike_is_where_it_is_said_to_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "blank_paper", lambda rng, print_: FOREIGN)
    framed = 0
    for seed in range(80):
        sample = scene_without_note(np.random.default_rng(seed), room(seed), [FOREIGN], SIZE)
        assert sample.object_corners is not None
        if share_in_frame(sample.object_corners) > 0.98 and cv2.contourArea(sample.object_corners) > 0.12:
            framed += 1
            assert (
                likeness(at_corners(Sample(sample.picture, BACKGROUND, sample.object_corners)), FOREIGN.levels[0]) > 0.8
            )
    assert framed > 10


@pytest.mark.parametrize("shape", [(9, 9), (40, 300), (300, 40), (480, 640)])
def test_any_background_fills_the_picture(shape: tuple[int, int]) -> None:
    image = np.random.default_rng(1).integers(100, 200, (*shape, 3), dtype=np.uint8)
    for seed in range(20):
        filled = random_crop(np.random.default_rng(seed), image, SIZE)
        assert filled.shape == (SIZE, SIZE, 3)
        assert filled.min() >= 100
        assert filled.flags["C_CONTIGUOUS"]


def test_the_same_generator_gives_the_same_sample() -> None:
    one, again = (composite(np.random.default_rng(3), TWENTY, room(1), [FOREIGN], SIZE) for _ in range(2))
    np.testing.assert_array_equal(one.picture, again.picture)
    assert one.corners is not None
    assert again.corners is not None
    np.testing.assert_array_equal(one.corners, again.corners)
