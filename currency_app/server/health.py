"""The addresses for whoever runs the server: liveness, readiness and metrics."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from currency_app.server.metrics import CONTENT_TYPE, Metrics
from currency_app.server.problems import ProblemError
from currency_app.server.reading.pool import Pool
from currency_app.server.schema import State, problems
from currency_app.server.settings import ServerSettings


def health_routes(pool: Pool) -> APIRouter:
    """Return a router with `/healthz` and `/readyz`."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Whether the process is alive")
    async def alive() -> State:
        """Answered while images are read, too."""
        return State(status="ok")

    not_ready = problems(503, details={503: "usd/model.tflite cannot be read: install the model bundle again."})

    @router.get("/readyz", summary="Whether images can be answered", responses=not_ready)
    async def ready() -> State:
        """503 where the model cannot be read. A server that ends refuses connections, here as everywhere."""
        if pool.not_ready_reason is not None:
            raise ProblemError(503, pool.not_ready_reason)
        return State(status="ready")

    return router


def metrics_routes(settings: ServerSettings, metrics: Metrics) -> APIRouter:
    """Return a router with `/metrics`."""
    router = APIRouter(tags=["health"])
    errors = problems(*([401] if settings.api_key else []), 403)

    @router.get("/metrics", summary="Figures for Prometheus", response_class=Response, responses=errors)
    def figures() -> Response:
        """Of all workers together. No picture and no value of a note is in them."""
        return Response(metrics.page(), media_type=CONTENT_TYPE)

    return router
