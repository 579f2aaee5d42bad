"""Still images: find them on disk, and decode whatever a phone, scanner or editor wrote to one form."""

from __future__ import annotations

from currency_app.images.decoding import MAX_IMAGE_PIXELS, decode_image, read_image
from currency_app.images.finding import FoundImages, find_images, search_images
from currency_app.images.jpeg import JPEG_MARKER, MARKERS_WITHOUT_LENGTH
from currency_app.images.kinds import IMAGE_FORMATS, IMAGE_SUFFIXES
from currency_app.images.png import png_chunk
from currency_app.images.wildcards import named_paths

__all__ = [
    "IMAGE_FORMATS",
    "IMAGE_SUFFIXES",
    "JPEG_MARKER",
    "MARKERS_WITHOUT_LENGTH",
    "MAX_IMAGE_PIXELS",
    "FoundImages",
    "decode_image",
    "find_images",
    "named_paths",
    "png_chunk",
    "read_image",
    "search_images",
]
