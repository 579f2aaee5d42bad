"""Which kinds of images are read, and by what their files are known."""

from __future__ import annotations

IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF", "JPEG2000", "PPM")
"""Pillow's names of the formats that are read; "JPEG" includes MPO, which many phones write.

Listed one by one because Pillow would pass some others, such as EPS, to external programs.
"""

_READ = (
    "jpg jpeg jpe jfif jif jfi mpo png apng webp bmp dib gif tif tiff avif avifs "
    "jp2 j2k j2c jpc jpf jpx ppm pgm pbm pnm"
)
_UNREAD = (
    "heic heif heics heifs hif jxl jxr wdp hdp pdf psd psb xcf kra svg svgz eps ai ico tga pcx exr hdr "
    "raw dng cr2 cr3 crw nef nrw arw srf sr2 orf rw2 raf pef ptx srw 3fr fff iiq erf mef mos mrw rwl x3f dcr kdc "
    "gpr bay"
)

IMAGE_SUFFIXES = frozenset(f".{ending}" for ending in _READ.split())
"""File name endings, in lower case, of what those formats are stored as."""

UNREAD_SUFFIXES = frozenset(f".{ending}" for ending in _UNREAD.split())
"""File name endings, in lower case, of pictures that cannot be read: of phones, editors, and cameras' raw files."""

_JPEG, _PNG, _WEBP = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"WEBP"
_GIF = (b"GIF87a", b"GIF89a")
_AVIF = (b"ftypavif", b"ftypavis")
_JPEG_2000 = (b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")
"""How JPEG 2000 begins, in its own container and without; ISO/IEC 15444-1, annexes I and A."""
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
"""Brands of HEIF files whose pictures are coded by HEVC, or by anything; ISO/IEC 23008-12, annex B."""

HEAD_BYTES = 16
"""How much of a file's beginning the functions below look at."""


def is_jpeg(head: bytes) -> bool:
    """Whether a file that begins so is a JPEG."""
    return head.startswith(_JPEG)


def is_png(head: bytes) -> bool:
    """Whether a file that begins so is a PNG."""
    return head.startswith(_PNG)


def is_common_image(head: bytes) -> bool:
    """Whether a file that begins so is a JPEG, PNG, WebP or GIF, whatever its name says."""
    return is_jpeg(head) or is_png(head) or head.startswith(_GIF) or head[8:12] == _WEBP


def format_of(head: bytes) -> str | None:
    """Return which of `IMAGE_FORMATS` a file that begins so must be of; None if a few bytes do not tell."""
    if head[8:12] == _WEBP:
        return "WEBP"
    beginnings = {"JPEG": (_JPEG,), "PNG": (_PNG,), "GIF": _GIF, "JPEG2000": _JPEG_2000}
    found = next((name for name, beginning in beginnings.items() if head.startswith(beginning)), None)
    return "AVIF" if head[4:12] in _AVIF else found


def unread_kind(head: bytes) -> str:
    """Return what a file that begins so is, if it is none of `IMAGE_FORMATS`, with its article."""
    if head[4:8] == b"ftyp":
        if head[8:12] in _HEIF_BRANDS:
            return "a HEIC picture, which cannot be read"
        return "a film, or a picture of a kind that cannot be read"
    if head.startswith(b"%PDF"):
        return "a PDF document, not an image"
    return "not an image of a known kind"
