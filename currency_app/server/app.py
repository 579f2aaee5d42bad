"""The web application: addresses, errors, figures and readers put together."""

from __future__ import annotations

import logging
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline
from starlette.types import ASGIApp, Receive, Scope, Send

from currency_app import __version__
from currency_app.server.health import health_routes, metrics_routes
from currency_app.server.metrics import CountRequests, Metrics
from currency_app.server.problems import add_handlers
from currency_app.server.reading.glibc_malloc import trim_freed_memory
from currency_app.server.reading.pool import Pool
from currency_app.server.reading.readers import BundleReader, PictureReader
from currency_app.server.requests.access import require_key
from currency_app.server.routes import image_routes
from currency_app.server.settings import ServerSettings

_DESCRIPTION = (
    "Says the value of the banknote in an image. It does not tell whether money is genuine. "
    "Images are read in memory and forgotten; nothing is stored or sent on."
)


def create_app(settings: ServerSettings, make_reader: Callable[[], PictureReader] | None = None) -> FastAPI:
    """An ASGI application that answers as told. make_reader: what reads pictures, the currency's bundle unless given.

    Its lifespan begins by making a reader for every thread. Where that fails, it answers 503 and says why.
    """
    trim_freed_memory()
    # Pillow's remarks on damaged metadata would fill the log at any client's will.
    warnings.simplefilter("ignore", UserWarning)
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)  # and its remarks on bad forms too
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    metrics = Metrics(settings.metrics_folder)
    pool = Pool(make_reader or (lambda: BundleReader(settings.currency)), settings.threads, settings.max_requests)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # Before anything is accepted: a connection that comes too early waits for this worker or goes to another.
        await pool.load()
        yield
        pool.close()

    # Its pages bring their scripts along; FastAPI's own would have browsers fetch them from elsewhere.
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
    app.include_router(image_routes(settings, pool, metrics), dependencies=key)
    app.include_router(metrics_routes(settings, metrics), dependencies=key)
    app.include_router(health_routes(pool))
    app.add_middleware(_WholeFiles)
    app.add_middleware(CountRequests, metrics=metrics)
    app.add_middleware(_Heads)
    add_handlers(app)
    return app


class _WholeFiles:
    """ASGI middleware that passes over Range headers, as RFC 9110 allows: bad ones would be answered in plain text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["headers"] = [header for header in scope["headers"] if header[0] != b"range"]
        await self._app(scope, receive, send)


class _Heads:
    """ASGI middleware that answers HEAD as GET; uvicorn, which goes by the scope that it made, leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)


def _is_news(record: logging.LogRecord) -> bool:
    """Not what uvicorn writes when Ctrl-C is pressed again and it does not wait for the end any more."""
    return not record.getMessage().rstrip().endswith("asyncio.exceptions.CancelledError")
