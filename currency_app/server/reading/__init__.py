"""From the bytes of an image to an answer: decoding within limits, and threads of recognizers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from currency_app.server.lazy import lazy_names

if TYPE_CHECKING:
    from currency_app.server.reading.decoding import PILLOW_FORMATS, NotAnImageError, decode
    from currency_app.server.reading.glibc_malloc import trim_freed_memory
    from currency_app.server.reading.pool import Pool, Slot
    from currency_app.server.reading.readers import BundleReader, PictureAnswer, PictureReader

__all__ = [
    "PILLOW_FORMATS",
    "BundleReader",
    "NotAnImageError",
    "PictureAnswer",
    "PictureReader",
    "Pool",
    "Slot",
    "decode",
    "trim_freed_memory",
]

__getattr__ = lazy_names(
    __name__,
    {
        "decoding": ("PILLOW_FORMATS", "NotAnImageError", "decode"),
        "glibc_malloc": ("trim_freed_memory",),
        "pool": ("Pool", "Slot"),
        "readers": ("BundleReader", "PictureAnswer", "PictureReader"),
    },
)
