"""Reads a request's body: of a type that is taken, no larger than allowed, and not for ever."""

from __future__ import annotations

import asyncio

from fastapi import Request
from starlette.requests import ClientDisconnect

from currency_app.server.problems import ProblemError
from currency_app.server.reading.decoding import PILLOW_FORMATS

FORM_TYPE = "multipart/form-data"
RAW_TYPES = (*PILLOW_FORMATS, "application/octet-stream")


def media_type(request: Request, forms_only: bool = False) -> str:
    """The body's media type, in lower case; "application/octet-stream" where none is given.

    Raises ProblemError 415 for one that is not taken. forms_only: take multipart/form-data alone.
    """
    given = request.headers.get("content-type", "application/octet-stream").partition(";")[0].strip().lower()
    if given not in _taken(forms_only):
        raise ProblemError(415, accepted_types(forms_only), {"Accept": ", ".join(_taken(forms_only))})
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise ProblemError(415, "The body must not be compressed: images are already. Leave Content-Encoding out.")
    return given


def accepted_types(forms_only: bool = False) -> str:
    """What a body of another type is told."""
    hint = "" if forms_only else " With curl, add -H 'Content-Type: image/jpeg'."
    return f"The body must be {_or(_taken(forms_only))}.{hint}"


async def read_body(request: Request, max_bytes: int, seconds: float) -> bytes:
    """All of a request's body.

    Raises ProblemError: 413 above max_bytes, without reading on; 408 where it has not arrived within so many seconds;
    400 where it is empty or the client has gone.
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
    except ClientDisconnect as error:  # nobody is left to be told, but the request counts as one that went wrong
        raise ProblemError(400, "The connection ended before the body did.") from error
    if not body:
        raise ProblemError(400, "The body is empty. Send an image in it.")
    return bytes(body)


def _taken(forms_only: bool) -> tuple[str, ...]:
    return (FORM_TYPE,) if forms_only else (*RAW_TYPES, FORM_TYPE)


def _or(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
