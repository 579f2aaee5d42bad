"""10, 12 and 14 bits in files of 16: brightness by what is there."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from currency_app.images import read_image

LEVELS = np.random.default_rng(5).integers(0, 256, (48, 64, 3), dtype=np.uint8)
LEVELS[0, 0] = 255


def assert_reads(path: Path, bgr: npt.NDArray[np.uint8]) -> None:
    np.testing.assert_allclose(read_image(path).astype(int), bgr.astype(int), atol=1)


def widened(bits: int, channels: int = 3) -> npt.NDArray[np.uint16]:
    return ((LEVELS[..., :channels].astype(np.uint16) << (bits - 8)) + ((1 << bits) >> 9)).astype(np.uint16)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_colour(tmp_path: Path, bits: int, ending: str) -> None:
    cv2.imencode(ending, widened(bits))[1].tofile(tmp_path / f"a{ending}")
    assert_reads(tmp_path / f"a{ending}", LEVELS)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_grey(tmp_path: Path, bits: int, ending: str) -> None:
    Image.fromarray(widened(bits)[..., 0]).save(tmp_path / f"a{ending}")
    assert_reads(tmp_path / f"a{ending}", LEVELS[..., (0, 0, 0)])


def test_a_turned_picture_is_turned_once(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.rot90(widened(12)[..., 0])).save(tmp_path / "a.png", exif=exif)
    assert_reads(tmp_path / "a.png", LEVELS[..., (0, 0, 0)])


@pytest.mark.parametrize("colour", [3, 1])
def test_true_16_bits_stay_dark_if_they_are(tmp_path: Path, colour: int) -> None:
    """Widened by repeating each byte, as every editor does it, a picture taken in the dark is no 12 bits."""
    dark = LEVELS[..., :colour] // 16
    cv2.imencode(".png", dark.astype(np.uint16) * 257)[1].tofile(tmp_path / "a.png")
    assert_reads(tmp_path / "a.png", np.repeat(dark, 3 // colour, axis=2))


@pytest.mark.parametrize("opaque", [0x0FFF, 0xFFFF])
def test_transparency_has_a_range_of_its_own(tmp_path: Path, opaque: int) -> None:
    bgra = np.concatenate([widened(12), np.full((48, 64, 1), opaque, np.uint16)], axis=2)
    cv2.imencode(".png", bgra)[1].tofile(tmp_path / "a.png")
    assert_reads(tmp_path / "a.png", LEVELS)


def test_grey_with_transparency(tmp_path: Path) -> None:
    rows = np.concatenate([widened(12, 1), np.full((48, 64, 1), 0xFFFF, np.uint16)], axis=2).astype(">u2")

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    (tmp_path / "a.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 16, 4, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows)))
        + chunk(b"IEND", b"")
    )
    assert_reads(tmp_path / "a.png", LEVELS[..., (0, 0, 0)])


def test_black_stays_black(tmp_path: Path) -> None:
    for name, black in (("a.png", np.zeros((8, 8, 3), np.uint16)), ("b.png", np.zeros((8, 8), np.uint16))):
        cv2.imencode(".png", black)[1].tofile(tmp_path / name)
        assert not read_image(tmp_path / name).any()


@pytest.mark.parametrize("bits", [8, 10, 12, 16, 20])
def test_grey_of_32_bits_may_fill_only_a_few(tmp_path: Path, bits: int) -> None:
    """As a program saves numbers without a thought of their kind: levels to 255 were black."""
    levels = np.linspace(0, 2**bits - 1, 40 * 30).reshape(30, 40).astype(np.int32)
    Image.fromarray(levels).save(tmp_path / "a.tif")
    np.testing.assert_allclose(read_image(tmp_path / "a.tif")[..., 0], levels / (2**bits - 1) * 255, atol=2)
