"""JPEG files that would keep a decoder busy are refused, and those that cameras write are not."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.errors import ImageError
from currency_app.server.reading.slow_images import MAX_SCANS, refuse_slow
from tests.support.server.hostile_images import good, many_scans, png
from tests.support.server.pictures import encoded, held_note


@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
def test_good_images_pass(kind: str) -> None:
    refuse_slow(good(kind), "it")


def test_a_progressive_jpeg_passes() -> None:
    data = encoded(held_note(), progressive=True)
    assert data.count(b"\xff\xda") > 5
    refuse_slow(data, "it")


def test_one_with_restarts_passes() -> None:
    """Restart markers come in the thousands."""
    data = encoded(held_note(), restart_marker_blocks=1)
    assert data.count(b"\xff\xd0") > 100
    refuse_slow(data, "it")


@pytest.mark.parametrize("scans", [MAX_SCANS, 1_000])
def test_too_many_scans(scans: int) -> None:
    with pytest.raises(ImageError, match="it is drawn in too many scans"):
        refuse_slow(many_scans(64, 64, scans), "it")


def test_scans_hidden_behind_what_looks_like_an_end() -> None:
    """A comment between scans may hold any bytes, also those that end a picture."""
    data = many_scans(64, 64, 200)
    first = data.index(b"\xff\xda")
    with pytest.raises(ImageError):
        refuse_slow(data[:first] + b"\xff\xfe\x00\x06\xff\xd9\xff\xd9" + data[first:], "it")


def test_markers_without_end() -> None:
    with pytest.raises(ImageError):
        refuse_slow(b"\xff\xd8" + b"\xff\xfe\x00\x02" * 100_000, "it")


def test_a_film_behind_the_picture_passes() -> None:
    """Phones append some megabytes of video, in which every pair of bytes occurs by chance."""
    film = np.random.default_rng(0).bytes(10_000_000)
    assert film.count(b"\xff\xda") > MAX_SCANS
    refuse_slow(encoded(held_note()) + film, "it")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"\xff\xd8\xff\xe1\xff\xff", b"x"]
)
def test_pieces_are_left_to_the_decoder(data: bytes) -> None:
    refuse_slow(data, "it")


def test_other_kinds_have_no_scans() -> None:
    refuse_slow(png(10, 10, b"\xff\xda" * 1_000), "it")
