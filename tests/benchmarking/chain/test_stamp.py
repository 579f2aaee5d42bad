"""The time in a picture survives what a camera does to it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from currency_app.benchmarking.chain.stamp import MAX_NUMBER, Stamp, read_stamp, write_stamp

NOISE = np.random.default_rng(0).integers(0, 256, (480, 640, 3), np.uint8)
STAMPS = [Stamp(17222.9832, 7, 17222.9501), Stamp(0.0, 0, 0.0), Stamp(3_000_000.5, MAX_NUMBER, 2_999_997.25)]


@pytest.mark.parametrize("stamp", STAMPS)
@pytest.mark.parametrize("quality", [30, 90])
def test_it_is_read_after_compression(stamp: Stamp, quality: int) -> None:
    picture = NOISE.copy()
    write_stamp(picture, stamp)
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    found = read_stamp(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8))
    assert found is not None
    assert found.number == stamp.number
    assert found.sent_s == pytest.approx(stamp.sent_s, abs=1e-4)
    assert found.shown_s == pytest.approx(stamp.shown_s, abs=2e-4)


def test_only_the_top_rows_are_drawn_over() -> None:
    picture = NOISE.copy()
    write_stamp(picture, STAMPS[0])
    assert np.array_equal(picture[16:], NOISE[16:])


@pytest.mark.parametrize("size", [(480, 640), (1, 1), (16, 20)])
def test_a_picture_without_one_has_none(size: tuple[int, int]) -> None:
    assert read_stamp(np.full((*size, 3), 90, np.uint8)) is None
    assert read_stamp(NOISE[: size[0], : size[1]]) is None


def test_a_damaged_one_is_none() -> None:
    picture = NOISE.copy()
    write_stamp(picture, STAMPS[0])
    picture[:8, 32:48] = 255 - picture[:8, 32:48]
    assert read_stamp(picture) is None


def test_a_note_that_is_shown_too_long_has_its_longest_age() -> None:
    picture = NOISE.copy()
    write_stamp(picture, Stamp(100.0, 3, 10.0))
    found = read_stamp(picture)
    assert found is not None
    assert found.sent_s - found.shown_s == pytest.approx(6.5535, abs=1e-4)
