"""The REST API: `currency-app serve`. It needs the extra `serve`; nothing outside this folder imports it at start."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from currency_app.server.problems import MEDIA_TYPE, ProblemError, problem
    from currency_app.server.serving import serve
    from currency_app.server.settings import ServerSettings, default_threads

__all__ = ["MEDIA_TYPE", "ProblemError", "ServerSettings", "default_threads", "problem", "serve"]

_HOMES = {
    "MEDIA_TYPE": "currency_app.server.problems",
    "ProblemError": "currency_app.server.problems",
    "problem": "currency_app.server.problems",
    "serve": "currency_app.server.serving",
    "ServerSettings": "currency_app.server.settings",
    "default_threads": "currency_app.server.settings",
}
"""The module of each name, which is imported when it is asked for: FastAPI need not be installed for the rest."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
