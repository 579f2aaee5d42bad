"""Assembles the web application: routes, errors, metrics and readers."""

from __future__ import annotations

import logging
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.types import ASGIApp, Receive, Scope, Send

from currency_app import __version__
from currency_app.server.handlers import add_handlers
from currency_app.server.health import health_routes, metrics_routes
from currency_app.server.metrics import CountRequests, Metrics
from currency_app.server.reading.glibc_malloc import trim_freed_memory
from currency_app.server.reading.pool import Pool
from currency_app.server.reading.readers import BundleReader, PictureReader
from currency_app.server.requests.access import require_key
from currency_app.server.requests.origins import refuse_other_sites
from currency_app.server.routes import image_routes
from currency_app.server.settings import ServerSettings

_DESCRIPTION = (
    "Says the value of the banknote in an image. It does not tell whether money is genuine. "
    "Images are read in memory and forgotten; nothing is stored or sent on."
)


def create_app(settings: ServerSettings, make_reader: Callable[[], PictureReader] | None = None) -> FastAPI:
    """Return an ASGI application that serves with these settings.

    Its lifespan begins by making a reader for every thread. If that fails, it answers 503 and says why.
    make_reader: makes what reads pictures; by default a `BundleReader` of the settings' currency.
    """
    trim_freed_memory()
    # Any client could fill the log with Pillow's warnings about damaged metadata.
    warnings.simplefilter("ignore", UserWarning)
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # and with this parser's about bad forms
    logging.getLogger("uvicorn.error").addFilter(_is_worth_logging)
    metrics = Metrics(settings.metrics_folder)
    pool = Pool(make_reader or (lambda: BundleReader(settings.currency)), settings.threads, settings.max_requests)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Before any connection is accepted: one that comes too early waits for this worker or goes to another.
        await pool.load()
        yield
        pool.close()

    # Its /docs page serves its own scripts; with FastAPI's own page browsers would fetch them from elsewhere.
    app = FastAPIOffline(
        title="currency-app",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
        root_path=settings.root_path,
        redirect_slashes=False,
    )
    key = [Depends(require_key(settings.api_key))] if settings.api_key else []
    guards = [Depends(refuse_other_sites(settings.hosts)), *key]
    app.include_router(image_routes(settings, pool, metrics), dependencies=guards)
    app.include_router(metrics_routes(settings, metrics), dependencies=guards)
    app.include_router(health_routes(pool))
    app.add_middleware(_IgnoreRange)
    app.add_middleware(CountRequests, metrics=metrics)
    app.add_middleware(_HeadAsGet)
    add_handlers(app)
    return app


class _IgnoreRange:
    """ASGI middleware that ignores Range headers, as RFC 9110 allows.

    Otherwise invalid ones would be answered in plain text.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["headers"] = [header for header in scope["headers"] if header[0] != b"range"]
        await self._app(scope, receive, send)


class _HeadAsGet:
    """ASGI middleware that answers HEAD as GET.

    uvicorn leaves the body out, because it looks at its own scope, whose method is still HEAD.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


def _is_worth_logging(record: logging.LogRecord) -> bool:
    """Return False for the traceback that uvicorn logs when a second Ctrl-C ends its waiting."""
    return not record.getMessage().rstrip().endswith("asyncio.exceptions.CancelledError")
