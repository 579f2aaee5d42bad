"""Answers every error of the web application with a problem, as `problems` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from currency_app.server.problems import MEDIA_TYPE, ProblemError, problem

_DETAILS = {
    404: "There is nothing at this address. Images go to /v1/identify; /docs describes the rest.",
    405: "This address does not know that method; the Allow header names those that it knows.",
}


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """Return a response with a problem; more: further members."""
    return JSONResponse(problem(status, detail, **more), status, headers, MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    """Turn every error of an app into a problem, including the framework's own and unexpected ones."""
    app.add_exception_handler(ProblemError, _from_problem_error)
    app.add_exception_handler(HTTPException, _from_framework)
    app.add_exception_handler(RequestValidationError, _from_validation)
    app.add_exception_handler(Exception, _from_unexpected)


def _from_problem_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return problem_response(error.status, error.detail, error.headers)


def _from_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if "Allow" in headers:
        known = set(headers["Allow"].split(", "))
        headers["Allow"] = ", ".join(sorted(known | {"HEAD"} if "GET" in known else known))
    return problem_response(error.status_code, _DETAILS.get(error.status_code, str(error.detail)), headers)


def _from_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [{"name": str(found["loc"][-1]), "message": found["msg"]} for found in error.errors()]
    names = ", ".join(sorted({entry["name"] for entry in wrong}))
    return problem_response(422, f"These parameters are not as they should be: {names}. See /docs.", errors=wrong)


def _from_unexpected(request: Request, error: Exception) -> Response:
    # The traceback goes to the server's own log, as it is of no use to a client. uvicorn then closes the connection.
    return problem_response(500, "The server failed at this request; its log tells why.", {"Connection": "close"})
