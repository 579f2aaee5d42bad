"""Metrics for Prometheus: requests, their duration, images by outcome and time by stage.

No picture and no value of a note is in them. A single process counts in memory. Several workers each write files in one
folder, and any of them answers for all. This is prometheus_client's "multiprocess mode", which needs the folder in
PROMETHEUS_MULTIPROC_DIR before it is imported.
"""

from __future__ import annotations

import time
from pathlib import Path

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
"""The media type of the metrics page."""

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
"""Upper bounds of the histograms, seconds: round steps from a health check to a body that arrives slowly."""

_NO_ROUTE = "none"
"""The label of requests to addresses that do not exist, so that clients cannot make up labels."""

disable_created_metrics()  # type: ignore[no-untyped-call]  # the start of each counter: of no use, and half the page


class Metrics:
    """Counts what the server does.

    folder: the folder in which several workers share their metrics; None for a single process.

    Attributes:
        requests: counts requests, by route and status.
        seconds: seconds from a request's head to its answer, by route.
        in_progress: how many requests are not answered yet.
        images: counts images, by outcome.
        stages: seconds that an image spent in each stage.
    """

    def __init__(self, folder: str | None = None) -> None:
        self._folder = folder
        own = CollectorRegistry()
        self._own = own
        self._make_folder()
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
        """Return the metrics of all workers, in Prometheus's text format."""
        if self._folder is None:
            return generate_latest(self._own)
        self._make_folder()
        of_all = CollectorRegistry()
        MultiProcessCollector(of_all, self._folder)  # type: ignore[no-untyped-call]
        return generate_latest(of_all)

    def _make_folder(self) -> None:
        """Make the folder again if something has cleaned it away, as systemd-tmpfiles does with old temporary files."""
        if self._folder is not None:
            Path(self._folder).mkdir(mode=0o700, parents=True, exist_ok=True)


class CountRequests:
    """ASGI middleware that counts and times requests.

    A route's label is its pattern, so that labels stay few.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and count and time it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._metrics.in_progress.track_inprogress():
            try:
                await self._app(scope, receive, send_and_note)
            finally:
                route = getattr(scope.get("route"), "path", _NO_ROUTE)
                self._metrics.requests.labels(route, status).inc()
                self._metrics.seconds.labels(route).observe(time.perf_counter() - start)
