"""Find still images on disk, and decode whatever a phone, scanner or editor wrote to one form."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from currency_app.errors import ImageError, ImageTooLargeError

IMAGE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".jp2", ".mpo"})
"""File name endings, in lower case, that mark an image when a folder is searched."""

IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "JPEG2000", "PPM")
"""Pillow's names of the formats that are read; "JPEG" includes MPO, which many phones write.

Listed one by one because Pillow would pass some others, such as EPS, to external programs.
"""

MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS or 89_478_485
"""Largest width times height that is read: Pillow's limit against small files that unpack to gigabytes."""


def find_images(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """List the files among paths, and the images in the folders among them.

    Files are listed whatever their ending. Folders are searched with their sub-folders, for IMAGE_SUFFIXES; what they
    hold is sorted by name, without hidden files. A folder without images adds nothing. Paths are not resolved: an
    image in a folder is listed as that folder's path, joined with the rest. Raises ImageError for a path that does not
    exist.
    """
    found: list[Path] = []
    for item in paths:
        if not os.fspath(item):
            raise ImageError("An empty name is no image. Give an image or a folder.")
        path = Path(item)
        try:
            is_folder, exists = path.is_dir(), path.exists()
        except OSError:  # a name that no file can have
            is_folder = exists = False
        if is_folder:
            found += _walk(path)
        elif exists:
            found.append(path)
        else:
            raise ImageError(f"No file or folder {path} was found. Check the name.")
    return found


def _walk(folder: Path) -> list[Path]:
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(parent, name)
            for name in names
            if not name.startswith(".") and Path(name).suffix.lower() in IMAGE_SUFFIXES
        ]
    return sorted(found)


def read_image(path: str | os.PathLike[str]) -> npt.NDArray[np.uint8]:
    """Read one image file as uint8 [height, width, 3] BGR, turned upright by its EXIF orientation.

    Transparent parts become white. Grey, palette, CMYK and 16-bit images become 8-bit colour. Of an animation, the
    first picture is read. Raises ImageError, with one line that names the file, if it cannot be read.
    """
    name = os.fspath(path)
    try:
        if Path(path).is_dir():
            raise ImageError(f"{name} is a folder, not an image.")
        # Opening a pipe or a device could block.
        if Path(path).exists() and not Path(path).is_file():
            raise ImageError(f"{name} is not a file.")
        with Path(path).open("rb") as stream:
            return decode_image(stream, name)
    except FileNotFoundError as error:
        raise ImageError(f"No file {name} was found. Check the name.") from error
    except PermissionError as error:
        raise ImageError(f"{name} may not be read by this account.") from error
    except (OSError, ValueError) as error:
        raise ImageError(f"{name} cannot be read.") from error


def decode_image(
    stream: BinaryIO, name: str, formats: Sequence[str] = IMAGE_FORMATS, max_pixels: int = MAX_IMAGE_PIXELS
) -> npt.NDArray[np.uint8]:
    """Decode one image from an open binary stream, as `read_image` does.

    name: what messages call the image. formats: Pillow's names of the formats to try.
    max_pixels: largest width times height, up to MAX_IMAGE_PIXELS. It is compared with the image's header, before
    anything is decoded.
    Returns uint8 [height, width, 3] BGR. Raises ImageTooLargeError above max_pixels, ImageError if it cannot be read.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns at its size limit and raises only at twice that: here both mean too large.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Warnings about damaged metadata are of no use to someone who hears them read aloud.
            warnings.simplefilter("ignore", UserWarning)
            with Image.open(stream, formats=tuple(formats)) as image:
                if image.width == 0 or image.height == 0:
                    raise ImageError(f"{name} is an empty image.")
                if image.width * image.height > max_pixels:
                    raise _too_large(name, max_pixels)
                return _to_bgr(_upright(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name, max_pixels) from error
    except UnidentifiedImageError as error:
        raise ImageError(f"{name} is not an image of a known kind. Save it as JPEG first.") from error
    except ImageError:
        raise
    except Exception as error:
        # Decoders raise all kinds of errors on damaged data: OSError, SyntaxError, struct.error, KeyError, ...
        raise ImageError(f"{name} is damaged or cut short. Copy it or take it again.") from error


def _too_large(name: str, max_pixels: int) -> ImageTooLargeError:
    most = max_pixels // 1_000_000
    return ImageTooLargeError(f"{name} is too large; an image may have {most} million pixels at most.")


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        # Only the EXIF data is damaged: the picture itself is decoded by now.
        return image


def _to_bgr(image: Image.Image) -> npt.NDArray[np.uint8]:
    if image.mode.startswith("I") or image.mode == "F":
        image = Image.fromarray(_to_8_bit(np.asarray(image)))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    rgb = np.asarray(image.convert("RGB"), dtype=np.uint8)
    return np.ascontiguousarray(rgb[:, :, ::-1])


def _to_8_bit(grey: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    """Scale grey levels of 16 or 32 bits, or of floats, to 0..255.

    Files do not say which range they use: the smallest usual range that holds the brightest pixel is taken.
    """
    values = np.nan_to_num(grey.astype(np.float64))
    top = float(values.max(initial=0.0))
    ranges = (1.0, 255.0, 65535.0) if grey.dtype.kind == "f" else (65535.0,)
    full = next((limit for limit in ranges if top <= limit), top)
    return np.clip(values * (255.0 / full), 0, 255).astype(np.uint8)
