"""Still images in every form that phones, scanners and editors give them, and files that are none."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from currency_app.errors import ImageError
from currency_app.images import decode_image, read_image

ORANGE = (250, 120, 10)  # red, green, blue


def plain(mode: str = "RGB", color: object = ORANGE, size: tuple[int, int] = (40, 30)) -> Image.Image:
    return Image.new(mode, size, color)  # type: ignore[arg-type]


def assert_color(path: Path, rgb: tuple[int, int, int], tolerance: int = 6) -> None:
    image = read_image(path)
    assert image.dtype == np.uint8
    assert image.shape == (30, 40, 3)
    assert image.flags["C_CONTIGUOUS"]
    worst = np.abs(image.astype(int) - np.array(rgb[::-1])).max()
    assert worst <= tolerance


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".bmp", ".tif", ".avif", ".jp2", ".ppm", ".mpo", ".gif"])
def test_every_known_kind_is_read_as_bgr(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    plain().save(path)
    assert_color(path, ORANGE)


def test_the_content_counts_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    plain().save(path, format="JPEG")
    assert_color(path, ORANGE)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(tmp_path: Path, orientation: int) -> None:
    """The file stores the picture turned; read, its red corner is top left again."""
    upright = np.zeros((32, 48, 3), dtype=np.uint8)
    upright[:16, :16, 0] = 255
    turn_back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = Image.fromarray(upright)
    if turn_back is not None:
        stored = stored.transpose(turn_back)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)

    image = read_image(tmp_path / "a.jpg")
    assert image.shape == (32, 48, 3)
    assert image[8, 8, 2] > 200
    assert image[24, 40, 2] < 50


@pytest.mark.parametrize(
    ("kind", "left"), [("PNG", 8), ("PNG", 40), ("WEBP", 14), ("GIF", 12), ("AVIF", 200), ("JPEG2000", 60)]
)
def test_a_file_that_was_cut_in_its_head_is_to_be_copied_again(kind: str, left: int) -> None:
    """Not to be saved as JPEG, as one of a kind that cannot be read."""
    whole = io.BytesIO()
    plain().save(whole, kind)
    with pytest.raises(ImageError, match=r"^a is damaged or cut short\. Copy it or take it again\.$"):
        decode_image(io.BytesIO(whole.getvalue()[:left]), "a")
    with pytest.raises(ImageError, match="Save it as JPEG first"):
        decode_image(io.BytesIO(whole.getvalue()), "a", formats=("BMP",))


def test_damaged_exif_does_not_spoil_the_picture(tmp_path: Path) -> None:
    plain().save(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\x07" * 40)
    assert_color(tmp_path / "a.jpg", ORANGE)


def test_transparency_becomes_white(tmp_path: Path) -> None:
    plain("RGBA", (*ORANGE, 0)).save(tmp_path / "clear.png")
    plain("RGBA", (*ORANGE, 255)).save(tmp_path / "solid.png")
    plain("LA", (0, 128)).save(tmp_path / "half.png")
    assert_color(tmp_path / "clear.png", (255, 255, 255))
    assert_color(tmp_path / "solid.png", ORANGE)
    assert_color(tmp_path / "half.png", (127, 127, 127))


def test_palette_with_a_transparent_colour(tmp_path: Path) -> None:
    image = plain("P", 1)
    image.putpalette([0, 0, 0, *ORANGE])
    image.save(tmp_path / "solid.png")
    image.save(tmp_path / "clear.png", transparency=1)
    assert_color(tmp_path / "solid.png", ORANGE)
    assert_color(tmp_path / "clear.png", (255, 255, 255))


@pytest.mark.parametrize(("mode", "color", "grey"), [("L", 77, 77), ("1", 1, 255), ("1", 0, 0)])
def test_grey_and_black_and_white(tmp_path: Path, mode: str, color: int, grey: int) -> None:
    plain(mode, color).save(tmp_path / "a.png")
    assert_color(tmp_path / "a.png", (grey, grey, grey))


def test_cmyk(tmp_path: Path) -> None:
    plain("CMYK", (0, 255, 255, 0)).save(tmp_path / "a.jpg", quality=95)
    assert_color(tmp_path / "a.jpg", (255, 0, 0), tolerance=12)


@pytest.mark.parametrize("ending", [".png", ".tif"])
def test_16_bit_grey_keeps_its_shades(tmp_path: Path, ending: str) -> None:
    levels = np.full((30, 40), 0x8000, dtype=np.uint16)
    Image.fromarray(levels).save(tmp_path / f"a{ending}")
    assert_color(tmp_path / f"a{ending}", (128, 128, 128), tolerance=1)


@pytest.mark.parametrize("top", [1.0, 255.0])
def test_floating_point_grey(tmp_path: Path, top: float) -> None:
    levels = np.full((30, 40), top / 2, dtype=np.float32)
    levels[0, 0] = top
    Image.fromarray(levels).save(tmp_path / "a.tif")
    assert read_image(tmp_path / "a.tif")[10, 10, 0] == pytest.approx(127, abs=1)


def test_first_picture_of_an_animation(tmp_path: Path) -> None:
    plain().save(tmp_path / "a.gif", save_all=True, append_images=[plain(color=(0, 0, 0))])
    assert_color(tmp_path / "a.gif", ORANGE)


def refused(path: Path) -> str:
    with pytest.raises(ImageError) as caught:
        read_image(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize("ending", [".jpg", ".png", ".webp", ".bmp", ".tif", ".gif"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_truncated_image(tmp_path: Path, ending: str, share: float, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"a{ending}"
    noise = np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    refused(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"", b"hello\n" * 50, b"\x89PNG\r\n\x1a\n", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_not_an_image(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    refused(tmp_path / "a.jpg")


def test_apple_heic_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" * 5)
    assert "Save it as JPEG" in refused(tmp_path / "IMG_1.HEIC")


@pytest.mark.parametrize("factor", [1.5, 3.0])
def test_decompression_bomb(tmp_path: Path, factor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    plain().save(tmp_path / "a.png")
    monkeypatch.setattr("currency_app.images.decoding._MAX_PIXELS_TO_SHRINK", int(40 * 30 / factor))
    assert "too large" in refused(tmp_path / "a.png")


def test_missing_file_folder_and_device(tmp_path: Path) -> None:
    assert "No file" in refused(tmp_path / "none.jpg")
    assert "is a folder" in refused(tmp_path)
    assert "is not a file" in refused(Path(os.devnull))
    with pytest.raises(ImageError):
        read_image("a\0b.jpg")


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_to_itself_and_a_device_are_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to("a.jpg")
    assert refused(tmp_path / "a.jpg").endswith("Check its name, or copy it again.")
    assert refused(Path(os.devnull)).endswith("Give an image.")


def test_decoding_from_memory() -> None:
    stream = io.BytesIO()
    plain().save(stream, format="PNG")
    stream.seek(0)
    assert decode_image(stream, "the upload").shape == (30, 40, 3)
    with pytest.raises(ImageError, match="the upload"):
        decode_image(io.BytesIO(b"junk"), "the upload")
