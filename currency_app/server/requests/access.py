"""Checks the optional key, `Authorization: Bearer KEY`, RFC 6750."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from currency_app.server.problems import ProblemError

_BEARER = HTTPBearer(auto_error=False, description="The key that the server was started with.")


def require_key(key: str) -> Callable[..., None]:
    """Return a FastAPI dependency that raises ProblemError 401 for a request without this key."""
    expected = key.encode()

    def check(sent: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]) -> None:
        # In constant time: how long a refusal takes must not tell how much of a guess was right.
        if sent is None or not hmac.compare_digest(sent.credentials.encode(), expected):
            detail = "This server needs its key: send it as `Authorization: Bearer KEY`."
            raise ProblemError(401, detail, {"WWW-Authenticate": "Bearer"})

    return check
