"""Small good examples of what is fuzzed, made in code."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from tests.support.server.hostile_parsing import jpeg_segment, png_chunk, riff, riff_chunk

_EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
"""EXIF data that say that the camera was held upright."""
_BOUNDARY = b"x1"


def _drawn(mode: str) -> Image.Image:
    rng = np.random.default_rng(5)
    smooth = cv2.resize(rng.integers(0, 256, (3, 4, 4), np.uint8), (20, 14), interpolation=cv2.INTER_CUBIC)
    if mode == "I;16":
        return Image.fromarray(smooth[..., 0].astype(np.uint16) * 200)
    if mode == "F":
        return Image.fromarray(smooth[..., 0].astype(np.float32) / 7)
    return Image.fromarray(smooth).convert(mode)


def _saved(mode: str, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    _drawn(mode).save(stream, kind, **options)
    return stream.getvalue()


def image_seeds() -> list[bytes]:
    """Images of every format that is read, in most of their kinds."""
    jpeg, png = _saved("RGB", "JPEG"), _saved("RGB", "PNG")
    more = [_drawn("RGB").rotate(90, expand=False)]
    webp = _saved("RGB", "WEBP", lossless=True)
    texts = png_chunk(b"tEXt", b"Raw profile type exif\0\nexif\n4\n4d4d002a\n"), png_chunk(b"eXIf", _EXIF[6:])
    xmp = png_chunk(b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="6"/>')
    return [
        jpeg,
        jpeg[:2] + jpeg_segment(0xE1, _EXIF) + jpeg[2:],
        jpeg[:-2],
        jpeg[: len(jpeg) * 2 // 3] + bytes(20),
        _saved("RGB", "JPEG", progressive=True, quality=60),
        _saved("CMYK", "JPEG", quality=30),
        _saved("L", "JPEG", quality=30),
        png,
        png[:33] + b"".join(texts) + xmp + png[33:],
        *(_saved(mode, "PNG") for mode in ("1", "L", "LA", "P", "RGBA", "I;16")),
        _saved("P", "PNG", transparency=3),
        _saved("RGB", "PNG", save_all=True, append_images=more),
        webp,
        _saved("RGBA", "WEBP", quality=20),
        _saved("RGB", "WEBP", save_all=True, append_images=more),
        riff(riff_chunk(b"VP8X", b"\x08\0\0\0\x13\0\0\x0d\0\0"), webp[12:], riff_chunk(b"EXIF", _EXIF)),
        *(_saved(mode, "BMP") for mode in ("1", "L", "P", "RGB")),
        *(_saved(mode, "GIF") for mode in ("L", "P")),
        _saved("P", "GIF", save_all=True, append_images=more),
        *(_saved(mode, "TIFF") for mode in ("1", "L", "RGB", "RGBA", "CMYK", "I;16", "F")),
        *(_saved("RGB", "TIFF", compression=name) for name in ("tiff_lzw", "tiff_deflate", "jpeg", "packbits")),
        _saved("1", "TIFF", compression="group4"),
        _saved("RGB", "AVIF", quality=30),
        *(_saved(mode, "JPEG2000") for mode in ("L", "RGB")),
        *(_saved(mode, "PPM") for mode in ("1", "L", "RGB", "I;16")),
    ]


def video_seeds() -> list[bytes]:
    """Films of three frames, in the containers that cameras and browsers write."""
    made = []
    with tempfile.TemporaryDirectory() as folder:
        for name, code in (
            ("a.avi", "MJPG"),
            ("b.mp4", "mp4v"),
            ("c.webm", "VP80"),
            ("d.mkv", "MJPG"),
            ("e.avi", "XVID"),
        ):
            file = Path(folder) / name
            writer = cv2.VideoWriter(str(file), cv2.VideoWriter.fourcc(*code), 15, (32, 24))
            for turn in range(3):
                writer.write(np.ascontiguousarray(np.rot90(np.asarray(_drawn("RGB").resize((32, 24))), 2 * turn)))
            writer.release()
            if file.is_file() and file.stat().st_size:
                made.append(file.read_bytes())
    return made


def _part(name: bytes, content: bytes, filename: bytes = b"a.jpg") -> bytes:
    disposition = b'Content-Disposition: form-data; name="%s"; filename="%s"\r\n' % (name, filename)
    return b"--" + _BOUNDARY + b"\r\n" + disposition + b"Content-Type: image/jpeg\r\n\r\n" + content + b"\r\n"


def _form(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--" + _BOUNDARY + b"--\r\n"


def form_seeds() -> list[bytes]:
    """Multipart bodies, each after its Content-Type header and a line break."""
    plain, quoted = b"multipart/form-data; boundary=x1\n", b'multipart/form-data; charset=utf-8; boundary="x1"\n'
    one = _part(b"image", b"abc")
    return [
        plain + _form(one),
        quoted + b"preamble\r\n" + _form(one, _part(b"image", b"--x\r\n--x", b"b\xc3\xa4.png")) + b"epilogue",
        plain + _form(_part(b"images", b"")),
        plain + one,
        plain + _form(one, one, one, one),
        plain + b"--x1\r\nContent-Disposition: form-data; name*=utf-8''image\r\n\r\nabc\r\n--x1--\r\n",
        b"multipart/form-data\n" + _form(one),
    ]


def http_seeds() -> list[bytes]:
    """Requests as clients send them, and some that the server refuses."""
    host, image = b" HTTP/1.1\r\nHost: localhost\r\n", _saved("L", "JPEG", quality=20)
    form = _form(_part(b"image", image))
    batch = _form(_part(b"images", image), _part(b"images", b"no image"))
    multipart = b"Content-Type: multipart/form-data; boundary=x1\r\nContent-Length: %d\r\n\r\n"
    typed = b"Content-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
    chunked = b"Content-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(image)
    post = b"POST /v1/identify" + host
    get = [
        b"GET /" + path + host + b"\r\n" for path in (b"healthz", b"metrics", b"openapi.json", b"docs", b"v1/identify")
    ]
    return [
        *get,
        get[0] + get[0],
        post + typed % len(image) + image,
        post.replace(b"identify", b"identify?camera_faces=note&mirrored=true") + typed % len(image) + image,
        post + chunked + image + b"\r\n0\r\nX-Trailer: 1\r\n\r\n",
        post + multipart % len(form) + form,
        b"POST /v1/identify/batch" + host + multipart % len(batch) + batch,
        post + b"Expect: 100-continue\r\n" + typed % len(image) + image,
        post + b"Origin: http://example.com\r\nAuthorization: Bearer k\r\n" + typed % 3 + b"abc",
        post + b"Content-Encoding: gzip\r\n" + typed % 3 + b"abc",
        post + b"Connection: Upgrade\r\nUpgrade: h2c\r\n" + typed % len(image) + image,
        b"OPTIONS *" + host + b"Connection: close\r\n\r\n",
        b"HEAD /healthz" + host + b"\r\n",
        b"GET /static-offline-docs/swagger-ui.css" + host + b"Range: bytes=0-9\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]
