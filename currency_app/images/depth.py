"""Bring images of 16 bits, 32 bits or floating point to 8 bits, by the range that their values fill.

Cameras and microscopes store 10, 12 or 14 bits in files of 16 without saying so, and then the largest value is 1/64,
1/16 or 1/4 of what the file could hold. Which it is, the largest value of the whole picture tells: it lies below 1024,
4096 or 16,384. A picture of true 16 bits reaches 16,384 unless it is very dark, and is then as it was stored.
A picture that was widened from 8 bits, by repeating each byte, is known by that and stays as it is, however dark.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile

_BITS = (8, 10, 12, 14, 16)
"""How many bits of 16 cameras and scanners fill."""
_STATED = ("PPM", "JPEG2000")
"""Formats that state the range of their values; Pillow has already brought them to all of 16 bits."""
_WIDENED = 257
"""What a byte is multiplied with when it becomes 16 bits by being repeated."""
_OTHER_BYTE = {"16B": "16L", "16L": "16B", "16N": "16B" if sys.byteorder == "little" else "16L"}
"""Pillow gives the upper byte of two. Told the other byte order, it gives the lower one."""


def to_8_bit(image: Image.Image, reopened: Callable[[], ImageFile.ImageFile]) -> Image.Image:
    """Return an image of 8 bits a channel; an image that has that is returned as it is.

    image: loaded. reopened: opens the same file again, not loaded.
    """
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_grey_to_8_bit(np.asarray(image), stated=image.format in _STATED))
    if image.mode not in ("RGB", "RGBA") or _max_level(image) >= 64:
        return image  # 64 * 256 = 16,384: true 16 bits, of which Pillow kept the upper 8
    lower = reopened()
    colours = _tell_other_byte(lower)
    if not colours:
        return image
    bytes_below = np.asarray(lower)
    # Grey and its transparency come as four bytes, the upper before the lower one.
    return _combined(np.asarray(image), bytes_below[..., (1, 1, 1, 3)] if colours == "LA" else bytes_below)


def _max_level(image: Image.Image) -> int:
    """Return the largest level of the colours, 0..255, without transparency."""
    extrema: Any = image.getextrema()
    return max(int(high) for _, high in extrema[:3])


def _tell_other_byte(image: ImageFile.ImageFile) -> str:
    """Let an image that is not loaded give the lower bytes of 16 bits.

    Returns its colours, such as "RGB"; an empty string if it has no 16 bits.
    """
    tiles, colours = [], ""
    for tile in image.tile:
        args = tile.args if isinstance(tile.args, tuple) else (tile.args,)
        raw = str(args[0])
        colours, _, order = raw.partition(";")
        if order not in _OTHER_BYTE:
            return ""
        # For grey with transparency Pillow knows no other order; as RGBA it gives all four bytes.
        other = "RGBA" if colours == "LA" else f"{colours};{_OTHER_BYTE[order]}"
        tiles.append(tile._replace(args=(other, *args[1:]) if isinstance(tile.args, tuple) else other))
    image.tile = tiles
    return colours


def _combined(upper: npt.NDArray[np.uint8], lower: npt.NDArray[np.uint8]) -> Image.Image:
    """Return 8 bits of the upper and the lower bytes of 16, both uint8 [h, w, 3 or 4]."""
    if (upper == lower).all():
        return Image.fromarray(upper)
    levels = (upper.astype(np.uint16) << 8 | lower).astype(np.uint16)
    channels = [levels[..., :3], *([levels[..., 3:]] if levels.shape[2] == 4 else [])]
    return Image.fromarray(np.concatenate([_scaled(channel) for channel in channels], axis=2))


def _scaled(levels: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint8]:
    """Return levels, uint16, as 8 bits: shifted by what they fill of 16 bits."""
    top = int(levels.max(initial=0))
    bits = next(bits for bits in _BITS if top < 1 << bits)
    return (levels >> (bits - 8)).astype(np.uint8)


def _grey_to_8_bit(grey: npt.NDArray[np.generic], stated: bool) -> npt.NDArray[np.uint8]:
    """Scale grey levels of 16 or 32 bits, or of floats, to 0..255.

    The smallest usual range that holds the brightest pixel is taken. stated: the file says that it is all of 16 bits.
    """
    if grey.dtype.kind == "f":
        ranges = [1.0, 255.0, 65535.0]
    elif stated or not (grey % _WIDENED).any():
        ranges = [65535.0]
    else:
        ranges = [float((1 << bits) - 1) for bits in _BITS]
    values = np.nan_to_num(grey.astype(np.float64))
    top = float(values.max(initial=0.0))
    full = next((limit for limit in ranges if top <= limit), top)
    return np.clip(values * (255.0 / full), 0, 255).astype(np.uint8)
