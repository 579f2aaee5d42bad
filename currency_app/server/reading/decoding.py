"""Bytes that a client sent become a picture, within the limits and before anything large is made of them."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import UnidentifiedImageError

from currency_app.errors import ImageError, ImageTooLargeError
from currency_app.images import decode_image
from currency_app.server.problems import ProblemError
from currency_app.server.reading.slow_images import refuse_slow

PILLOW_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
"""Media types that are taken, and Pillow's names for them: what phones, browsers and webcams make.

Fewer than `identify` reads from disk: decoders of rare kinds are where slow and unsafe code is.
"""

_NAME = "What was sent"


def decode(data: bytes, max_pixels: int) -> npt.NDArray[np.uint8]:
    """One image as uint8 [h, w, 3] BGR, upright as its EXIF orientation says.

    Raises ProblemError: 400 for what is no such image or is damaged, 413 for more than max_pixels.
    """
    try:
        refuse_slow(data, _NAME)
        return decode_image(io.BytesIO(data), _NAME, tuple(PILLOW_FORMATS.values()), max_pixels)
    except ImageTooLargeError as error:
        raise ProblemError(413, str(error)) from error
    except ImageError as error:
        if isinstance(error.__cause__, UnidentifiedImageError):
            detail = "The server takes JPEG, PNG and WebP only, and this is none of them. Save it as JPEG first."
            raise ProblemError(400, detail) from error
        raise ProblemError(400, str(error)) from error
