"""JPEG files that lack their end: read if all of the picture came, refused if not."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from currency_app.errors import ImageError
from currency_app.images import decode_image
from currency_app.images.jpeg import jpeg_parts

EOI = b"\xff\xd9"


def picture(size: tuple[int, int] = (320, 240), mode: str = "RGB") -> Image.Image:
    """Noise, smoothed: every block of it has data of its own."""
    noise = np.random.default_rng(3).integers(0, 256, (size[1] // 4, size[0] // 4, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC).convert(mode)


def packed(image: Image.Image, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", **{"quality": 90, **options})
    return stream.getvalue()


def decoded(data: bytes) -> npt.NDArray[np.uint8]:
    return decode_image(io.BytesIO(data), "it")


KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "ordinary": ("RGB", {}),
    "full colour": ("RGB", {"subsampling": 0}),
    "grey": ("L", {}),
    "cmyk": ("CMYK", {}),
    "progressive": ("RGB", {"progressive": True}),
    "optimised": ("RGB", {"optimize": True}),
    "restarts": ("RGB", {"restart_marker_blocks": 7}),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("behind", [b"", b"\xff", b"\0" * 5000])
def test_what_lacks_only_its_end_is_read_as_it_is(kind: str, behind: bytes) -> None:
    mode, options = KINDS[kind]
    whole = packed(picture(mode=mode), **options)
    np.testing.assert_array_equal(decoded(whole[:-2] + behind), decoded(whole))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.5, 0.6])
@pytest.mark.parametrize("behind", [b"", EOI, b"\0" * 5000])
def test_what_lacks_rows_is_refused(kind: str, share: float, behind: bytes) -> None:
    """Also if somebody has put an end to it, or the disk left zeros behind it."""
    mode, options = KINDS[kind]
    whole = packed(picture(mode=mode), **options)
    if kind == "progressive" and behind == EOI:
        pytest.skip("it is whole, in coarse steps, and says so")
    cut = 0.2 * share if kind == "progressive" else share
    with pytest.raises(ImageError, match=r"cut short: .* of the picture is missing"):
        decoded(whole[: int(len(whole) * cut)] + behind)


def test_how_much_is_missing_is_told() -> None:
    whole = packed(picture((320, 320)))
    with pytest.raises(ImageError, match=r"the lower (4[5-9]|5[0-5])%"):
        decoded(whole[: len(whole) // 2])


def test_a_few_blocks_of_the_last_row_may_be_missing() -> None:
    image = picture((640, 480))
    read = decoded(packed(image)[:-20])
    # Colour is smoothed over one line when it is enlarged.
    np.testing.assert_array_equal(read[:463], decoded(packed(image))[:463])


def test_rows_are_counted_to_the_block() -> None:
    """Two rows of blocks are too many, however few bytes they take."""
    flat = np.array(picture((640, 480)))
    flat[440:] = 200
    whole = packed(Image.fromarray(flat))
    refused = 0
    for cut in range(2, 400, 6):
        try:
            read = decoded(whole[:-cut])
        except ImageError:
            refused += 1
        else:
            assert refused == 0
            np.testing.assert_allclose(read[:464].astype(int), decoded(whole)[:464], atol=2)
    assert refused


def test_a_progressive_picture_without_its_last_precision_is_read() -> None:
    image = picture()
    whole = packed(image, progressive=True)
    read = decoded(whole[: len(whole) * 9 // 10])
    assert np.abs(read.astype(int) - decoded(whole)).mean() < 4


def test_grey_that_was_photographed_is_not_taken_for_missing() -> None:
    whole = packed(Image.new("RGB", (320, 240), (128, 128, 128)))
    assert (decoded(whole) == 128).all()


def test_the_end_of_a_thumbnail_or_of_what_follows_is_not_the_pictures() -> None:
    exif = Image.Exif()
    exif[0x010E] = "x" + "\xff\xd9"
    parts = jpeg_parts(packed(picture(), exif=exif)[:-2] + b"")
    assert not parts.ended
    assert jpeg_parts(packed(picture()) + b"ftypmp42" + bytes(range(256)) * 40).ended


def test_a_header_alone_is_no_picture() -> None:
    whole = packed(picture())
    for end in (3, 20, 200, whole.index(b"\xff\xda") + 4):
        with pytest.raises(ImageError, match="damaged or cut short"):
            decoded(whole[:end])


def test_a_large_jpeg_is_read_at_a_smaller_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("currency_app.images.decoding.MAX_IMAGE_PIXELS", 100 * 100)
    whole = packed(picture((321, 240)))
    for data in (whole, whole[:-2]):
        read = decoded(data)
        assert read.shape == (60, 81, 3)
    with pytest.raises(ImageError, match="missing"):
        decoded(whole[: len(whole) // 2])
    with pytest.raises(ImageError, match=r"too large; .* Save it smaller first"):
        decode_image(io.BytesIO(whole), "it", max_pixels=5000)


def test_other_kinds_are_made_smaller_once_they_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("currency_app.images.decoding.MAX_IMAGE_PIXELS", 321 * 239)
    levels = np.arange(321 * 240, dtype=np.uint16).reshape(240, 321)
    for image in (Image.fromarray(levels), *(picture((321, 240), mode) for mode in ("RGB", "P", "1", "LA"))):
        stream = io.BytesIO()
        image.save(stream, "PNG")
        assert decoded(stream.getvalue()).shape == (120, 161, 3)
