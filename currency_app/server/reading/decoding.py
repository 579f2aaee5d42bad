"""Decodes the bytes that a client sent, and refuses them before anything large is made of them."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import UnidentifiedImageError

from currency_app.errors import ImageError, ImageTooLargeError
from currency_app.images import decode_image
from currency_app.server.problems import ProblemError
from currency_app.server.reading.chunked import png_picture, webp_picture
from currency_app.server.reading.jpeg import jpeg_picture

PILLOW_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""The accepted media types and Pillow's names for them: what phones, browsers and webcams make.

These are fewer than `identify` reads from disk, because decoders of rare formats are where slow and unsafe code is.
"""

_NAME = "What was sent"
"""How error sentences call the image."""


class NotAnImageError(ProblemError):
    """A body that is of no accepted format by its bytes."""


def decode(data: bytes, max_pixels: int) -> npt.NDArray[np.uint8]:
    """Decode one image to uint8 [h, w, 3] BGR, turned upright as its EXIF orientation says.

    max_pixels: limit of width times height. Raises NotAnImageError if it is of no accepted format, and ProblemError:
    400 if it is damaged or was made to be slow, 413 if it has more pixels.
    """
    try:
        picture = io.BytesIO(_picture_only(data))
        return decode_image(picture, _NAME, tuple(PILLOW_FORMATS.values()), max_pixels)
    except ImageTooLargeError as error:
        raise ProblemError(413, str(error)) from error
    except ImageError as error:
        if isinstance(error.__cause__, UnidentifiedImageError):
            detail = "The server takes JPEG, PNG and WebP only, and this is none of them. Save it as JPEG first."
            raise NotAnImageError(400, detail) from error
        raise ProblemError(400, str(error)) from error


def _picture_only(data: bytes) -> bytes:
    """Return a file without what Pillow would parse in Python and nobody needs; raise ImageError for made-up files."""
    if data.startswith(b"\xff\xd8\xff"):
        return jpeg_picture(data, _NAME)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return png_picture(data, _NAME)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return webp_picture(data, _NAME)
    return data
