"""From the bytes of an image to an answer: decoding within limits, and threads of recognizers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_HOMES = {
    "PILLOW_FORMATS": "currency_app.server.reading.decoding",
    "NotAnImageError": "currency_app.server.reading.decoding",
    "decode": "currency_app.server.reading.decoding",
    "trim_freed_memory": "currency_app.server.reading.glibc_malloc",
    "Pool": "currency_app.server.reading.pool",
    "Slot": "currency_app.server.reading.pool",
    "BundleReader": "currency_app.server.reading.readers",
    "PictureAnswer": "currency_app.server.reading.readers",
    "PictureReader": "currency_app.server.reading.readers",
}
"""The module of each name, which is imported when it is asked for: FastAPI need not be installed for the rest."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
