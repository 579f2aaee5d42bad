"""Metadata that could take long to parse is left out before a decoder sees it; pixels and orientation stay."""

from __future__ import annotations

import io
import struct
import time
import zlib

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from currency_app.images import decode_image
from currency_app.server.problems import ProblemError
from currency_app.server.reading.decoding import decode
from currency_app.server.reading.exif import MAX_EXIF_BYTES, small_exif
from tests.support.server.hostile_images import KINDS, good
from tests.support.server.hostile_parsing import floods, jpeg_segment, png_chunk
from tests.support.server.pictures import encoded, scene

PICTURE = scene(3)[::4, ::2]
PLAIN = 25_000_000


def as_identify(data: bytes) -> npt.NDArray[np.uint8]:
    return decode_image(io.BytesIO(data), "it", tuple(KINDS.values()))


def turned(orientation: int, padding: int = 0) -> bytes:
    """EXIF data as cameras write it, with a maker's note of so many bytes."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "a camera"
    exif.get_ifd(0x8769)[0x927C] = bytes(padding)
    return exif.tobytes()


def kinds_of_files() -> dict[str, bytes]:
    rgba = np.dstack([PICTURE[:, :, ::-1], np.arange(PICTURE[:, :, 0].size, dtype=np.uint8).reshape(PICTURE.shape[:2])])
    stream = {name: io.BytesIO() for name in ("rgba", "palette", "grey", "bits", "cmyk", "sixteen", "film", "apng")}
    Image.fromarray(rgba).save(stream["rgba"], "PNG")
    Image.fromarray(rgba).convert("RGB").quantize(16).save(stream["palette"], "PNG", transparency=3)
    Image.fromarray(PICTURE[:, :, 0]).save(stream["grey"], "JPEG")
    Image.fromarray(PICTURE[:, :, 0] > 100).save(stream["bits"], "PNG")
    Image.fromarray(rgba).convert("CMYK").save(stream["cmyk"], "JPEG")
    Image.fromarray(PICTURE[:, :, 0].astype(np.uint16) * 257).save(stream["sixteen"], "PNG")
    pictures = [Image.fromarray(rgba), Image.fromarray(rgba[::-1])]
    pictures[0].save(stream["film"], "WEBP", save_all=True, append_images=pictures[1:])
    pictures[0].save(stream["apng"], "PNG", save_all=True, append_images=pictures[1:], default_image=True)
    return {name: made.getvalue() for name, made in stream.items()} | {
        "webp, lossless": encoded(PICTURE, "WEBP", lossless=True),
        "webp": encoded(PICTURE, "WEBP", icc_profile=bytes(5000), xmp=b"<x/>"),
        "jpeg": encoded(PICTURE, icc_profile=bytes(200_000), comment=b"hello"),
        "interlaced": encoded(PICTURE, progressive=True, optimize=True, subsampling=0),
    }


@pytest.mark.parametrize("kind", kinds_of_files())
def test_pixels_are_those_that_identify_reads(kind: str) -> None:
    data = kinds_of_files()[kind]
    np.testing.assert_array_equal(decode(data, PLAIN), as_identify(data))


@pytest.mark.parametrize("padding", [0, 200, 60_000])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_stays(kind: str, orientation: int, padding: int) -> None:
    data = encoded(PICTURE, kind, exif=turned(orientation, padding))
    np.testing.assert_array_equal(decode(data, PLAIN), as_identify(data))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_orientation_stays_where_the_rest_is_too_large(kind: str) -> None:
    exif = turned(6, 3 * MAX_EXIF_BYTES)
    assert len(small_exif(exif)) < 100
    large, small = encoded(PICTURE, kind, exif=exif), encoded(PICTURE, kind, exif=turned(6))
    np.testing.assert_array_equal(decode(large, PLAIN), decode(small, PLAIN))


def test_orientation_stays_where_exif_data_is_in_several_segments() -> None:
    whole, exif = encoded(PICTURE), turned(8, 100_000)
    parts = [jpeg_segment(0xE1, b"Exif\0\0" + exif[at : at + 60_000]) for at in range(6, len(exif), 60_000)]
    data = whole[:2] + b"".join(parts) + whole[2:]
    np.testing.assert_array_equal(decode(data, PLAIN), np.rot90(as_identify(whole)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_orientation_that_only_xmp_tells(kind: str) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="3"/></x:xmpmeta>'
    whole = encoded(PICTURE, kind, lossless=True)
    if kind == "JPEG":
        data = whole[:2] + jpeg_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp) + whole[2:]
    elif kind == "PNG":
        data = whole[:33] + png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp) + whole[33:]
    else:
        data = encoded(PICTURE, kind, lossless=True, xmp=xmp)
    np.testing.assert_array_equal(decode(data, PLAIN), as_identify(data))
    np.testing.assert_array_equal(decode(data, PLAIN), as_identify(whole)[::-1, ::-1])


def test_orientation_behind_a_pngs_picture() -> None:
    """Programs that add it to a finished file append it."""
    whole, exif = encoded(PICTURE, "PNG"), turned(6)[6:]
    data = whole[:-12] + png_chunk(b"eXIf", exif) + whole[-12:]
    np.testing.assert_array_equal(decode(data, PLAIN), np.rot90(as_identify(whole), -1))


def test_a_png_with_megabytes_of_text_is_read() -> None:
    whole = encoded(PICTURE, "PNG")
    texts = png_chunk(b"tEXt", b"Comment\0" + b"a" * 2_000_000)
    texts += png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(5_000_000)))
    texts += png_chunk(b"iCCP", b"profile\0\0" + zlib.compress(bytes(3_000_000)))
    np.testing.assert_array_equal(decode(whole[:33] + texts + whole[33:], PLAIN), as_identify(whole))


@pytest.mark.parametrize("pieces", [900, 10_000])
def test_a_png_cut_into_small_pieces_is_read(pieces: int) -> None:
    """Some encoders write a chunk for every few hundred bytes."""
    noise = np.random.default_rng(0).integers(0, 255, (1000, 1000, 3), np.uint8)
    whole = encoded(noise if pieces > 1000 else PICTURE, "PNG")
    header, body = whole[:33], bytearray()
    at = 33
    while at < len(whole):
        length = int.from_bytes(whole[at : at + 4], "big")
        if whole[at + 4 : at + 8] == b"IDAT":
            body += whole[at + 8 : at + 8 + length]
        at += 12 + length
    step = len(body) // pieces + 1
    cut = [png_chunk(b"IDAT", bytes(body[at : at + step])) for at in range(0, len(body), step)]
    np.testing.assert_array_equal(decode(b"".join([header, *cut, whole[-12:]]), PLAIN), as_identify(whole))


@pytest.mark.parametrize("name", floods(1))
def test_no_flood_keeps_a_decoder_busy(name: str) -> None:
    """Most took 0.2 to 18 s of processor time as files of ten megabytes; now 0.05 s at most.

    The least of three tries counts: the other tests' garbage may be collected during one.
    """
    data = floods(4_000_000)[name]
    taken = []
    for _ in range(3):
        started = time.thread_time()
        try:
            decode(data, PLAIN)
        except ProblemError as error:
            assert error.status == 400
        taken.append(time.thread_time() - started)
    assert min(taken) < 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_no_beginning_of_an_image_breaks_it(kind: str) -> None:
    whole = good(kind)
    for end in (*range(1, 120), *range(120, len(whole), 97)):
        try:
            decode(whole[:end], PLAIN)
        except ProblemError as error:
            assert error.status == 400


@pytest.mark.parametrize(
    "exif",
    [
        b"",
        b"Exif\0\0",
        b"MM\0*",
        b"MM\0*\xff\xff\xff\xff",
        struct.pack(">2sHIH", b"MM", 42, 8, 65535),
        struct.pack("<2sHIH", b"II", 42, 0, 1),
    ],
)
def test_damaged_exif_data_means_upright(exif: bytes) -> None:
    made = small_exif(exif, whole=False)
    data = good("image/jpeg")
    as_it_is = as_identify(data)
    np.testing.assert_array_equal(decode(data[:2] + jpeg_segment(0xE1, made) + data[2:], PLAIN), as_it_is)
