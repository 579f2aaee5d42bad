"""Errors as clients get them: `application/problem+json`, RFC 9457, with one sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"

_DETAILS = {
    404: "There is nothing at this address. Images go to /v1/identify; /docs describes the rest.",
    405: "This address does not know that method; the Allow header names those that it knows.",
}


class ProblemError(Exception):
    """A request that cannot be answered. status: HTTP's. detail: one sentence or two for whoever sent it."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem. Its type is "about:blank", for which RFC 9457 has the status's own title."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """The same as a response."""
    return JSONResponse(problem(status, detail, **more), status, headers, MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    """Make every error of an app a problem, also those of the framework and those that nobody has thought of."""
    app.add_exception_handler(ProblemError, _of_ours)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(RequestValidationError, _of_parameters)
    app.add_exception_handler(Exception, _of_nobody)


def _of_ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem_response(error.status, error.detail, error.headers)


def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if "Allow" in headers:
        known = set(headers["Allow"].split(", "))
        headers["Allow"] = ", ".join(sorted(known | {"HEAD"} if "GET" in known else known))
    return problem_response(error.status_code, _DETAILS.get(error.status_code, str(error.detail)), headers)


def _of_parameters(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [{"name": str(found["loc"][-1]), "message": found["msg"]} for found in error.errors()]
    names = ", ".join(sorted({entry["name"] for entry in wrong}))
    return problem_response(422, f"These parameters are not as they should be: {names}. See /docs.", errors=wrong)


def _of_nobody(request: Request, error: Exception) -> Response:
    # The traceback goes to the server's own log; a client can do nothing with it. uvicorn closes the connection then.
    return problem_response(500, "The server failed at this request; its log tells why.", {"Connection": "close"})
