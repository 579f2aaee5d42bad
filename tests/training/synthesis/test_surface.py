"""A note as paper drawn into a picture: where it is asked for, readable, and nowhere else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from currency_app.arrays import Corners, Drawing
from currency_app.demo.notes import draw_note as draw_face
from tests.support.drawn_data import likeness, room
from training.dataset.notes import FlatNote, flat_note
from training.synthesis import surface
from training.synthesis.surface import render_note

SIZE = 224
TWENTY = flat_note("usd_20_front", draw_face(20, "front", 400))
CORNERS = np.array([[0.1, 0.3], [0.9, 0.25], [0.88, 0.62], [0.12, 0.7]], np.float32)


def drawn(seed: int, note: FlatNote = TWENTY, corners: Corners = CORNERS) -> tuple[Drawing, Drawing, Drawing]:
    """The picture before and after, and the mask."""
    before = room(5, SIZE, SIZE)
    after = before.copy()
    mask = render_note(np.random.default_rng(seed), after, note, corners)
    return before, after, mask


def straightened(picture: Drawing, corners: Corners) -> Drawing:
    """What a picture shows between corners, as a flat note."""
    flat = np.array([[0, 0], [200, 0], [200, 85], [0, 85]], np.float32)
    return cv2.warpPerspective(picture, cv2.getPerspectiveTransform(corners * picture.shape[0], flat), (200, 85))


@pytest.mark.parametrize("turned", range(4))
def test_a_note_nearly_edge_on_is_drawn_wherever_its_vanishing_line_lies(turned: int) -> None:
    """The picture's origin may lie on the far side of that line."""
    corners = np.array([[0.6, 0.74], [0.64, 0.27], [0.71, 0.3], [0.64, 0.88]], np.float32)
    for _ in range(turned):
        corners = np.stack([1 - corners[:, 1], corners[:, 0]], axis=1)
    _, _, mask = drawn(3, corners=np.ascontiguousarray(corners))
    area = float(cv2.contourArea(corners)) * SIZE**2
    assert mask.sum() == pytest.approx(area, rel=0.15)


def inside(corners: Corners, by: float) -> Drawing:
    """Pixels that lie in the note by a margin of pixels, or out of it by a negative one."""
    ys, xs = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    outline = (corners * SIZE).astype(np.float32)
    distances = [cv2.pointPolygonTest(outline, (x, y), True) for x, y in zip(xs.ravel(), ys.ravel(), strict=True)]
    far = np.array(distances).reshape(SIZE, SIZE)
    return np.asarray(far > by if by > 0 else far < by)


@pytest.fixture
def flat_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waves and no creases."""
    monkeypatch.setattr(surface, "_bend", lambda rng, u, v: np.ones_like(u))


@pytest.mark.usefixtures("flat_paper")
@pytest.mark.parametrize("seed", range(12))
def test_the_corners_frame_the_note(seed: int) -> None:
    """However it is worn: what lies between the corners is the note, the right way up."""
    _, after, _ = drawn(seed)
    seen = straightened(after, CORNERS)
    assert likeness(seen, TWENTY.levels[0]) > 0.85
    assert likeness(np.rot90(seen, 2), TWENTY.levels[0]) < 0.6


def test_the_corners_frame_the_note_where_its_paper_is_bent() -> None:
    """Waves move the print between the corners by some millimetres."""
    alike = np.array([likeness(straightened(drawn(seed)[1], CORNERS), TWENTY.levels[0]) for seed in range(30)])
    assert np.median(alike) > 0.6
    assert alike.min() > 0.2


@pytest.mark.usefixtures("flat_paper")
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_first_corner_is_the_notes_own_top_left(degrees: int) -> None:
    corners = np.roll(np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]], np.float32), degrees // 90, axis=0)
    _, after, _ = drawn(3, corners=corners)
    assert likeness(straightened(after, corners), TWENTY.levels[0]) > 0.85


def test_the_mask_is_where_the_note_is() -> None:
    inner, outer = inside(CORNERS, 24), inside(CORNERS, -24)
    for seed in range(12):
        _, _, mask = drawn(seed)
        assert mask.shape == (SIZE, SIZE)
        assert (mask.min(), mask.max()) == (0, 1)
        assert mask[inner].mean() > 0.99
        assert mask[outer].mean() < 0.01


@pytest.mark.parametrize("seed", range(6))
def test_only_the_note_is_drawn(seed: int) -> None:
    before, after, mask = drawn(seed)
    np.testing.assert_array_equal(after[mask == 0], before[mask == 0])
    changed = np.abs(after.astype(int) - before).max(axis=2) > 8
    assert changed[mask > 0.99].mean() > 0.7


def test_where_a_note_is_transparent_the_picture_stays() -> None:
    half = [level.copy() for level in TWENTY.levels]
    for level in half:
        level[:, : level.shape[1] // 2] = 0
    before, after, mask = drawn(2, FlatNote("usd_20_front", tuple(half)))
    left, right = straightened(mask, CORNERS)[:, :80], straightened(mask, CORNERS)[:, 120:]
    assert left.max() == 0
    assert right.mean() > 0.9
    np.testing.assert_array_equal(after[mask == 0], before[mask == 0])


def test_a_note_reaches_out_of_the_picture() -> None:
    corners = np.array([[0.5, 0.2], [1.5, 0.2], [1.5, 0.7], [0.5, 0.7]], np.float32)
    _, _, mask = drawn(1, corners=corners)
    assert mask[:, -1].sum() > 0.4 * SIZE
    assert mask[:, : SIZE // 3].max() == 0


def test_a_note_comes_in_many_conditions() -> None:
    looks = np.array([straightened(drawn(seed)[1], CORNERS).mean() for seed in range(30)])
    assert looks.std() > 3
    assert 40 < looks.mean() < 220


def test_stains_and_glare_are_spots() -> None:
    """Somewhere on a note: full in the middle, gone a few widths away, and about as wide as told."""
    ys, xs = ((np.mgrid[0:201, 0:201] + 0.5) / 201).astype(np.float32)
    places = []
    for seed in range(40):
        spot = surface._spot(np.random.default_rng(seed), xs, ys, np.array([0.05, 0.05]))
        assert 0.97 < spot.max() <= 1
        assert spot.min() >= 0
        # A bell exp(-(x/a)^2 - (y/2a)^2) has an area of 2 pi a^2; at an edge half of it is seen, in a corner a quarter.
        assert 0.2 < spot.mean() / (2 * np.pi * 0.05**2) < 1.02
        places.append(np.unravel_index(int(spot.argmax()), spot.shape))
    assert np.std(places, axis=0).min() > 35, "anywhere on the note"


def test_the_same_generator_gives_the_same_note() -> None:
    np.testing.assert_array_equal(drawn(7)[1], drawn(7)[1])
    assert not np.array_equal(drawn(7)[1], drawn(8)[1])
