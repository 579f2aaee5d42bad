"""The REST API: `currency-app serve`. It needs the extra `serve`; nothing outside this folder imports it at start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from currency_app.server.lazy import lazy_names

if TYPE_CHECKING:
    from currency_app.server.problems import MEDIA_TYPE, ProblemError, problem
    from currency_app.server.serving import serve
    from currency_app.server.settings import ServerSettings, default_threads

__all__ = ["MEDIA_TYPE", "ProblemError", "ServerSettings", "default_threads", "lazy_names", "problem", "serve"]

__getattr__ = lazy_names(
    __name__,
    {
        "problems": ("MEDIA_TYPE", "ProblemError", "problem"),
        "serving": ("serve",),
        "settings": ("ServerSettings", "default_threads"),
    },
)
