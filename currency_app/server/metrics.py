"""What Prometheus may ask: requests, their duration, images by outcome, time by stage. No picture, no value of a note.

One process counts in memory. Several share files in a folder, each worker its own, and any of them answers for all: see
prometheus_client's "multiprocess mode", which needs the folder in PROMETHEUS_MULTIPROC_DIR before it is imported.
"""

from __future__ import annotations

import time

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_TYPE = CONTENT_TYPE_LATEST
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
_NOWHERE = "none"

disable_created_metrics()  # type: ignore[no-untyped-call]  # when each counter began: of no use, and half the page


class Metrics:
    """folder: where several workers share their figures, None for a single one."""

    def __init__(self, folder: str | None = None) -> None:
        self._folder = folder
        own = CollectorRegistry()
        self._own = own
        if folder is None:
            ProcessCollector(registry=own)
            PlatformCollector(registry=own)
        self.requests = Counter(
            "currency_app_requests", "Requests answered, by route and status code", ["route", "status"], registry=own
        )
        self.seconds = Histogram(
            "currency_app_request_seconds",
            "Seconds from a request's head to its answer, by route",
            ["route"],
            buckets=_BUCKETS,
            registry=own,
        )
        self.in_progress = Gauge(
            "currency_app_requests_in_progress", "Requests not yet answered", multiprocess_mode="livesum", registry=own
        )
        self.images = Counter(
            "currency_app_images",
            "Images by outcome: spoken (sure), not_sure, no_note, refused (not read)",
            ["outcome"],
            registry=own,
        )
        self.stages = Histogram(
            "currency_app_stage_seconds",
            "Seconds an image spent waiting for a thread, being decoded, being recognised",
            ["stage"],
            buckets=_BUCKETS,
            registry=own,
        )

    def page(self) -> bytes:
        """The figures of all workers, in Prometheus's text format."""
        if self._folder is None:
            return generate_latest(self._own)
        together = CollectorRegistry()
        MultiProcessCollector(together, self._folder)  # type: ignore[no-untyped-call]
        return generate_latest(together)


class CountRequests:
    """ASGI middleware that counts and times requests. A route is named by its pattern, so that names stay few."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._metrics.in_progress.track_inprogress():
            try:
                await self._app(scope, receive, noting)
            finally:
                route = getattr(scope.get("route"), "path", _NOWHERE)
                self._metrics.requests.labels(route, status).inc()
                self._metrics.seconds.labels(route).observe(time.perf_counter() - start)
