"""JPEG files that would keep a decoder busy are refused, and those that cameras write are not."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.errors import ImageError
from currency_app.server.reading.jpeg import MAX_JUNK_BYTES, MAX_SCANS, jpeg_picture
from tests.support.server.hostile_images import good, many_scans
from tests.support.server.pictures import encoded, held_note


def test_a_good_image_passes_as_it_is() -> None:
    whole = good("image/jpeg")
    assert jpeg_picture(whole, "it") == whole


def test_a_progressive_jpeg_passes() -> None:
    data = encoded(held_note(), progressive=True)
    assert data.count(b"\xff\xda") > 5
    jpeg_picture(data, "it")


def test_one_with_restarts_passes() -> None:
    """Restart markers come in the thousands."""
    data = encoded(held_note(), restart_marker_blocks=1)
    assert data.count(b"\xff\xd0") > 100
    jpeg_picture(data, "it")


@pytest.mark.parametrize("scans", [MAX_SCANS, 1_000])
def test_too_many_scans(scans: int) -> None:
    with pytest.raises(ImageError, match="it is drawn in too many scans"):
        jpeg_picture(many_scans(64, 64, scans), "it")


def test_scans_hidden_behind_what_looks_like_an_end() -> None:
    """A comment between scans may hold any bytes, also those that end a picture."""
    data = many_scans(64, 64, 200)
    first = data.index(b"\xff\xda")
    with pytest.raises(ImageError):
        jpeg_picture(data[:first] + b"\xff\xfe\x00\x06\xff\xd9\xff\xd9" + data[first:], "it")


def test_markers_without_end() -> None:
    with pytest.raises(ImageError):
        jpeg_picture(b"\xff\xd8" + b"\xff\xfe\x00\x02" * 100_000, "it")


def test_a_film_behind_the_picture_passes() -> None:
    """Phones append some megabytes of video, in which every pair of bytes occurs by chance."""
    film = np.random.default_rng(0).bytes(10_000_000)
    assert film.count(b"\xff\xda") > MAX_SCANS
    jpeg_picture(encoded(held_note()) + film, "it")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"\xff\xd8\xff\xe1\xff\xff", b"x"]
)
def test_pieces_are_left_to_the_decoder(data: bytes) -> None:
    jpeg_picture(data, "it")


@pytest.mark.parametrize(
    "between",
    [
        b"\xff",
        b"\x00",
        b"\xff\x00",
        b"\xff\xd0",
        b"\xff\xd7",
        b"\xff\x01",
        b"\xff\xd8",
        b"\xff\xfe\x00\x02",
        b"\xff\xe1\x00\x02",
    ],
    ids=["fill", "zeros", "stuffed", "RST0", "RST7", "TEM", "SOI", "comments", "APP1"],
)
def test_what_pillow_steps_over_in_python_is_bounded(between: bytes) -> None:
    """Also in the middle of the head, where a segment has ended."""
    whole = good("image/jpeg")
    for at in (2, 20):
        flood = whole[:at] + between * (3_000_000 // len(between)) + whole[at:]
        with pytest.raises(ImageError, match="slow to read"):
            jpeg_picture(flood, "it")


def test_junk_is_counted_over_the_whole_head() -> None:
    whole = good("image/jpeg")
    piece = b"\xff" * (MAX_JUNK_BYTES // 10) + b"\xff\xfe\x00\x02"
    assert jpeg_picture(whole[:2] + piece * 9 + whole[2:], "it") == whole
    with pytest.raises(ImageError, match="too much before its picture"):
        jpeg_picture(whole[:2] + piece * 11 + whole[2:], "it")


def test_some_fill_and_junk_is_stepped_over() -> None:
    """The standard allows fill bytes, and some cameras write zeros behind their segments."""
    whole = good("image/jpeg")
    assert jpeg_picture(whole[:20] + b"\xff" * 9 + bytes(100) + b"\xff\xd3" + whole[20:], "it") == whole


@pytest.mark.parametrize("marker", [0xC0, 0xC4, 0xDB, 0xDD, 0xE0, 0xEE])
def test_a_flood_of_tables(marker: int) -> None:
    whole = good("image/jpeg")
    table = bytes([0xFF, marker]) + (60_002).to_bytes(2, "big") + bytes(60_000)
    with pytest.raises(ImageError, match="too many tables"):
        jpeg_picture(whole[:2] + table * 10 + whole[2:], "it")


def test_what_is_behind_an_end_without_a_picture_is_left_out() -> None:
    assert jpeg_picture(b"\xff\xd8\xff\xd9" + b"\xff" * 5_000_000, "it") == b"\xff\xd8\xff\xd9"


def test_profiles_and_comments_of_megabytes_are_left_out() -> None:
    whole = good("image/jpeg")
    full = (0xFFFF).to_bytes(2, "big") + bytes(0xFFFD)
    extra = (b"\xff\xe2" + full) * 60 + (b"\xff\xfe" + full) * 60 + (b"\xff\xed" + full) * 30
    assert jpeg_picture(whole[:20] + extra + whole[20:], "it") == whole
