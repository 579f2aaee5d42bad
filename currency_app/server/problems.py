"""Errors as clients get them: `application/problem+json`, RFC 9457, with a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"
"""The media type of problems, RFC 9457."""


class ProblemError(Exception):
    """A request that cannot be answered.

    Args:
        status: the HTTP status.
        detail: one sentence or two that tell the client what to do.
        headers: further headers of the response.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """Return the JSON members of a problem; more: further members.

    Its type is "about:blank", which RFC 9457 pairs with the status's own title.
    """
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
