"""PNG files with megabytes of what is not their picture, or with damage there."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from currency_app.errors import ImageError
from currency_app.images import decode_image

PIXELS = np.random.default_rng(7).integers(0, 256, (24, 40, 3), dtype=np.uint8)
MEGABYTES = 3_000_000


def packed(turned: bool = False, **options: Any) -> bytes:
    image, stream = Image.fromarray(PIXELS), io.BytesIO()
    (image.transpose(Image.Transpose.ROTATE_90) if turned else image).save(stream, "PNG", **options)
    return stream.getvalue()


def decoded(data: bytes) -> npt.NDArray[np.uint8]:
    return decode_image(io.BytesIO(data), "it")[:, :, ::-1]


def text(keyword: str, value: str, *, packed_text: bool, international: bool = False) -> PngInfo:
    info = PngInfo()
    (info.add_itxt if international else info.add_text)(keyword, value, zip=packed_text)
    return info


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("international", [False, True])
def test_megabytes_of_text(zipped: bool, international: bool) -> None:
    info = text("Comment", "x" * MEGABYTES, packed_text=zipped, international=international)
    np.testing.assert_array_equal(decoded(packed(pnginfo=info)), PIXELS)


def test_a_profile_of_megabytes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"\0" * MEGABYTES
    np.testing.assert_array_equal(decoded(packed(icc_profile=profile)), PIXELS)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("padding", [0, MEGABYTES])
def test_xmp_still_says_which_way_is_up(zipped: bool, padding: int) -> None:
    xmp = '<x tiff:Orientation="6"/>' + " " * padding
    info = text("XML:com.adobe.xmp", xmp, packed_text=zipped, international=True)
    np.testing.assert_array_equal(decoded(packed(turned=True, pnginfo=info)), PIXELS)


def exif_of_6(padding: int = 0) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    if padding:
        exif[0x010E] = "x" * padding
    return exif


@pytest.mark.parametrize("padding", [0, MEGABYTES])
def test_exif_still_says_which_way_is_up(padding: int) -> None:
    np.testing.assert_array_equal(decoded(packed(turned=True, exif=exif_of_6(padding))), PIXELS)


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("padding", [0, MEGABYTES])
def test_exif_kept_as_text_too(zipped: bool, padding: int) -> None:
    data = exif_of_6(padding).tobytes()
    lines = data.hex("\n", 36)
    info = text("Raw profile type exif", f"\nexif\n{len(data):8}\n{lines}\n", packed_text=zipped)
    np.testing.assert_array_equal(decoded(packed(turned=True, pnginfo=info)), PIXELS)


@pytest.mark.parametrize("kind", [b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"gAMA", b"pHYs", b"eXIf", b"acTL", b"prVt"])
def test_damage_in_what_is_not_the_picture(kind: bytes) -> None:
    whole = packed()
    junk = struct.pack(">I", 40) + kind + bytes(range(1, 41)) + b"\0\0\0\0"
    np.testing.assert_array_equal(decoded(whole[:33] + junk + whole[33:]), PIXELS)
    np.testing.assert_array_equal(decoded(whole[:-12] + junk + whole[-12:]), PIXELS)


def test_without_its_end() -> None:
    for cut in (4, 12, 14):
        np.testing.assert_array_equal(decoded(packed()[:-cut]), PIXELS)


def test_without_rows() -> None:
    with pytest.raises(ImageError, match="cut short"):
        decoded(packed()[: len(packed()) * 2 // 3])


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it is empty: copy it again"),
        (b"\0" * 100_000, "it holds zeros in place of a picture: copy it again"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "it is a HEIC picture, which cannot be read. Save it as JPEG first"),
        (b"%PDF-1.7\n", "it is a PDF document, not an image. Save it as JPEG first"),
    ],
)
def test_what_is_no_image_is_told_by_what_it_is(data: bytes, sentence: str) -> None:
    with pytest.raises(ImageError, match=sentence):
        decoded(data)
