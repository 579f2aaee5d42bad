"""Reads a request's body if its type is accepted, up to a limit of bytes and of time."""

from __future__ import annotations

import asyncio
import re

from fastapi import Request
from starlette.requests import ClientDisconnect

from currency_app.server.problems import ProblemError
from currency_app.server.reading.decoding import PILLOW_FORMATS

FORM_TYPE = "multipart/form-data"
"""The media type of a form with images in its fields."""

RAW_TYPES = (*PILLOW_FORMATS, "application/octet-stream")
"""The media types of a body that is one image."""

_OTHER_NAMES = re.compile(
    r"image/(?:(?:x-|x-citrix-|vnd\.mozilla\.)?(?:jpe?g|jpe|jfif|pjpe?g|pjp|pipeg|mpo|png|apng|webp)|\*)"
    r"|binary/octet-stream|application/x-octet-stream"
)
"""Other names that programs have for those media types, most of them never registered; the bytes decide."""


def media_type(request: Request, forms_only: bool = False) -> str:
    """Return the body's media type, in lower case; "application/octet-stream" if the request names none.

    Another name of an image's type counts as "application/octet-stream". forms_only: accept only FORM_TYPE. Raises
    ProblemError 415 if the type is not accepted or the body is compressed.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower() or "application/octet-stream"
    if not forms_only and _OTHER_NAMES.fullmatch(kind):
        kind = "application/octet-stream"
    if kind not in _accepted(forms_only):
        raise ProblemError(415, accepted_types(forms_only), {"Accept": ", ".join(_accepted(forms_only))})
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ProblemError(415, "The body must not be compressed: images are already. Leave Content-Encoding out.")
    return kind


def accepted_types(forms_only: bool = False) -> str:
    """Return the sentence that refuses a body of another type: it lists the accepted ones."""
    hint = "" if forms_only else " With curl, add -H 'Content-Type: image/jpeg'."
    return f"The body must be {_or(_accepted(forms_only))}.{hint}"


async def read_body(request: Request, max_bytes: int, seconds: float) -> bytes:
    """Read all of a request's body.

    Raises ProblemError: 413 if it has more than max_bytes, without reading on; 408 if it has not arrived within
    `seconds`; 400 if it is empty or the client has gone.
    """
    too_large = ProblemError(413, f"The body is too large; it may have {max_bytes:,} bytes at most.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    raise too_large
    except TimeoutError as error:
        detail = f"The body has not arrived within {seconds:g} seconds. Send a smaller image."
        raise ProblemError(408, detail, {"Connection": "close"}) from error
    except ClientDisconnect as error:  # nobody reads the answer, but the metrics count a request that failed
        raise ProblemError(400, "The connection ended before the body did.") from error
    if not body:
        raise ProblemError(400, "The body is empty. Send an image in it.")
    return bytes(body)


def _accepted(forms_only: bool) -> tuple[str, ...]:
    return (FORM_TYPE,) if forms_only else (*RAW_TYPES, FORM_TYPE)


def _or(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
