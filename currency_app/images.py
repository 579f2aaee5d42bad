"""Still images: found on disk and decoded to one form, whatever a phone, scanner or editor made of them."""

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

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif", ".jp2", ".mpo"})
"""File name endings, in lower case, that count as an image when a folder is searched."""

# Named one by one because Pillow would hand some others, such as EPS, to external programs. "JPEG" includes MPO,
# which many phones write.
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "JPEG2000", "PPM")

MAX_PIXELS = Image.MAX_IMAGE_PIXELS or 89_478_485
"""Most width times height that is read: Pillow's guard against small files that unpack to gigabytes."""


def find_images(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """List the image files among paths: files as they are, folders searched with their sub-folders and sorted by name.

    Paths are joined to what was given, not resolved; hidden files in folders are passed over. A folder without images
    adds nothing. Raises ImageError for a path that does not exist.
    """
    found: list[Path] = []
    for given in paths:
        if not os.fspath(given):
            raise ImageError("An empty name is no image. Give an image or a folder.")
        path = Path(given)
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
            Path(parent, name) for name in names if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES
        ]
    return sorted(found)


def read_image(path: str | os.PathLike[str]) -> npt.NDArray[np.uint8]:
    """Read one image file as uint8 [height, width, 3] BGR, upright as its EXIF orientation says.

    Transparent parts become white; grey, palette, CMYK and 16-bit images become 8-bit colour; of an animation the first
    picture is taken. Raises ImageError, in one line that names the file, for anything that cannot be read.
    """
    name = os.fspath(path)
    try:
        if Path(path).is_dir():
            raise ImageError(f"{name} is a folder, not an image.")
        # Opening a pipe or device would block.
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
    stream: BinaryIO, name: str, formats: Sequence[str] = FORMATS, max_pixels: int = MAX_PIXELS
) -> npt.NDArray[np.uint8]:
    """Decode one image from an open binary stream, as `read_image` does. name: what to call it in messages.

    formats: Pillow's names of the kinds that are tried. max_pixels: most width times height, up to MAX_PIXELS, as the
    image's header tells it before anything is decoded. Raises ImageTooLargeError above it.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns at its size limit and refuses only at twice that; one limit, one sentence.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # Remarks on damaged metadata are of no use to someone who hears them.
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
        # Decoders meet damaged data with whatever comes to hand: OSError, SyntaxError, struct.error, KeyError, ...
        raise ImageError(f"{name} is damaged or cut short. Copy it or take it again.") from error


def _too_large(name: str, max_pixels: int) -> ImageTooLargeError:
    most = max_pixels // 1_000_000
    return ImageTooLargeError(f"{name} is too large; an image may have {most} million pixels at most.")


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        # Damaged EXIF data says nothing about the picture, which is decoded by now.
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
    """Bring grey levels of 16 or 32 bits, or of fractions, to 0..255. They do not say which range they use."""
    values = np.nan_to_num(grey.astype(np.float64))
    top = float(values.max(initial=0.0))
    ranges = (1.0, 255.0, 65535.0) if grey.dtype.kind == "f" else (65535.0,)
    full = next((limit for limit in ranges if top <= limit), top)
    return np.clip(values * (255.0 / full), 0, 255).astype(np.uint8)
