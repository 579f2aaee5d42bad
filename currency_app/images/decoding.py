"""Decode whatever a phone, scanner or editor wrote to one form: uint8 [height, width, 3] BGR, upright."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile, UnidentifiedImageError
from PIL.JpegImagePlugin import JpegImageFile

from currency_app.errors import ImageError, ImageTooLargeError
from currency_app.images.depth import to_8_bit
from currency_app.images.jpeg import close_jpeg, jpeg_parts, lost_share, may_lack_lines
from currency_app.images.kinds import HEAD_BYTES, IMAGE_FORMATS, format_of, is_jpeg, is_png, unread_kind
from currency_app.images.png import without_metadata
from currency_app.paths import printable

MAX_IMAGE_PIXELS = 89_478_485
"""Largest width times height that is read as it is, Pillow's own limit; larger pictures are made smaller.

The arrays of such a picture take 0.3 gigabytes, and as much again while it is decoded.
"""
_MAX_PIXELS_TO_SHRINK = 2 * MAX_IMAGE_PIXELS
"""Largest width times height of a file that must be decoded as a whole first: Pillow takes 4 bytes a pixel for it, in
all about 1.5 gigabytes. A page scanned at 1200 dots an inch has 139 million pixels."""
_MAX_JPEG_PIXELS = 500_000_000
"""Largest width times height of a JPEG, which is decoded at a half, quarter or eighth. Telephones take 200 million."""
_MAX_PROGRESSIVE_PIXELS = 250_000_000
"""The same for progressive JPEGs: the decoder holds 3 to 6 bytes for each of their pixels, at any scale."""
_ORIENTATION = 0x0112
"""EXIF's tag for how the camera was held."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes an image upright, by that tag; EXIF 2.3, section 4.6.4."""
_ZEROS = 65536
"""Bytes at the beginning of a file that are looked at for anything but zeros."""


def read_image(path: str | os.PathLike[str]) -> npt.NDArray[np.uint8]:
    """Read one image file as uint8 [height, width, 3] BGR, turned upright by its EXIF orientation.

    Transparent parts become white. Grey, palette, CMYK and 16-bit images become 8-bit colour. Of an animation, the
    first picture is read. An image of more than MAX_IMAGE_PIXELS is made smaller. Raises ImageError, with one line that
    names the file, if it cannot be read.
    """
    name = printable(str(path))
    try:
        if Path(path).is_dir():
            raise ImageError(f"{name} is a folder, not an image.")
        # Opening a pipe or a device could block.
        if Path(path).exists() and not Path(path).is_file():
            raise ImageError(f"{name} is not a file. Give an image.")
        with Path(path).open("rb") as stream:
            return decode_image(stream, name)
    except FileNotFoundError as error:
        raise ImageError(f"No file {name} was found. Check the name.") from error
    except PermissionError as error:
        raise ImageError(f"{name} may not be read by this account. Change its rights, or copy it.") from error
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise ImageError(f"{name} cannot be read: {reason}. Check its name, or copy it again.") from error


def decode_image(
    stream: BinaryIO, name: str, formats: Sequence[str] = IMAGE_FORMATS, max_pixels: int | None = None
) -> npt.NDArray[np.uint8]:
    """Decode one image from an open binary stream, as `read_image` does.

    name: what messages call the image. formats: Pillow's names of the formats to try.
    max_pixels: largest width times height, up to MAX_IMAGE_PIXELS; a larger image is refused by its header, before
    anything is decoded. None: a larger image is made smaller, as far as its format allows that.
    Returns uint8 [height, width, 3] BGR. Raises ImageTooLargeError above max_pixels, ImageError if it cannot be read.
    """
    head = _head(stream, name)
    try:
        with warnings.catch_warnings():
            # The limits are ours, see above; warnings about damaged metadata are of no use to who hears them read.
            warnings.simplefilter("ignore")
            if is_jpeg(head) and "JPEG" in formats:
                image = _jpeg(stream.read(), name, max_pixels)
            else:
                image = _other(stream, head, name, formats, max_pixels)
            return _to_bgr(image)
    except Image.DecompressionBombError as error:
        raise _too_large(name, max_pixels or _MAX_PIXELS_TO_SHRINK) from error
    except UnidentifiedImageError as error:
        if format_of(head) in formats:
            raise _damaged(name) from None
        raise ImageError(f"{name} is {unread_kind(head)}. Save it as JPEG first.") from error
    except MemoryError as error:
        raise ImageError(f"{name} needs more memory than there is. Save it smaller first.") from error
    except ImageError:
        raise
    except Exception as error:
        # Decoders raise all kinds of errors on damaged data: OSError, SyntaxError, struct.error, KeyError, ...
        raise _damaged(name) from error


def _damaged(name: str) -> ImageError:
    return ImageError(f"{name} is damaged or cut short. Copy it or take it again.")


def _head(stream: BinaryIO, name: str) -> bytes:
    """Return the first bytes of a stream, and go back to its beginning."""
    start = stream.read(_ZEROS)
    if not start:
        raise ImageError(f"{name} is empty: copy it again.")
    if not start.strip(b"\0"):
        raise ImageError(f"{name} holds zeros in place of a picture: copy it again.")
    stream.seek(0)
    return start[:HEAD_BYTES]


def _jpeg(data: bytes, name: str, max_pixels: int | None) -> Image.Image:
    """Decode a JPEG, at a smaller scale if it is too large.

    If its end is missing, it is decoded only if the picture is whole.
    """
    parts = jpeg_parts(data)
    most = max_pixels or (_MAX_PROGRESSIVE_PIXELS if parts.progressive else _MAX_JPEG_PIXELS)

    def draw(file: bytes) -> Image.Image:
        # Not by Image.open, whose limit is on the file's own size, not on that at which it is decoded.
        image = JpegImageFile(io.BytesIO(file))
        _refuse_size(image, name, most)
        times = next((times for times in (1, 2, 4) if _pixels(image) <= MAX_IMAGE_PIXELS * times**2), 8)
        if times > 1:
            image.draft(None, (image.width // times, image.height // times))
        image.load()
        return image

    drawn = draw(data if parts.ended or not parts.scans else close_jpeg(data, parts))
    if not parts.scans or (parts.ended and not may_lack_lines(drawn)):
        return _upright(drawn, drawn)
    lost = lost_share(data, parts, drawn, draw)
    if lost:
        part = "much" if lost == 1 else f"the lower {max(lost, 0.01):.0%}"
        raise ImageError(f"{name} is damaged or cut short: {part} of the picture is missing. Copy it or take it again.")
    return _upright(drawn, drawn)


def _other(stream: BinaryIO, head: bytes, name: str, formats: Sequence[str], max_pixels: int | None) -> Image.Image:
    """Decode an image of any other format to 8 bits a channel."""
    file = io.BytesIO(without_metadata(stream.read())) if is_png(head) else stream

    def opened() -> ImageFile.ImageFile:
        file.seek(0)
        return Image.open(file, formats=tuple(formats))

    image = opened()
    _refuse_size(image, name, max_pixels or _MAX_PIXELS_TO_SHRINK)
    image.load()
    return _upright(to_8_bit(image, opened), image)


def _pixels(image: Image.Image) -> int:
    return image.width * image.height


def _refuse_size(image: Image.Image, name: str, max_pixels: int) -> None:
    """Raise ImageError if an image that was opened, but not decoded, has no pixels or too many."""
    if _pixels(image) == 0:
        raise ImageError(f"{name} is an empty image.")
    if _pixels(image) > max_pixels:
        raise _too_large(name, max_pixels)


def _too_large(name: str, max_pixels: int) -> ImageTooLargeError:
    most = max_pixels // 1_000_000
    return ImageTooLargeError(
        f"{name} is too large; an image may have {most} million pixels at most. Save it smaller first."
    )


def _upright(image: Image.Image, opened: Image.Image) -> Image.Image:
    """Turn an image as its file's orientation says. opened: the image as it was opened, which knows that."""
    try:
        method = _TURNS.get(opened.getexif().get(_ORIENTATION, 1))
    except Exception:
        # Only the EXIF data is damaged: the picture itself is decoded by now.
        method = None
    return image if method is None else image.transpose(method)


def _to_bgr(image: Image.Image) -> npt.NDArray[np.uint8]:
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    colour = image.convert("RGB")
    if _pixels(colour) > MAX_IMAGE_PIXELS:
        colour = colour.reduce(2)
    return np.ascontiguousarray(np.asarray(colour, dtype=np.uint8)[:, :, ::-1])
