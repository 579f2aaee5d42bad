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


def unread_kind(head: bytes) -> str:
    """Return what a file that begins so is, if it is none of `IMAGE_FORMATS`, with its article."""
    if head[4:8] == b"ftyp":
        if head[8:12] in _HEIF_BRANDS:
            return "a HEIC picture, which cannot be read"
        return "a film, or a picture of a kind that cannot be read"
    if head.startswith(b"%PDF"):
        return "a PDF document, not an image"
    return "not an image of a known kind"
