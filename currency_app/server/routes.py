"""The routes that read images: `/v1/identify` and `/v1/identify/batch`."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from currency_app.server.metrics import Metrics
from currency_app.server.problems import ProblemError, problem
from currency_app.server.reading.decoding import decode
from currency_app.server.reading.pool import Pool, Slot
from currency_app.server.reading.readers import PictureReader
from currency_app.server.requests.body import FORM_TYPE, accepted_types, media_type, read_body
from currency_app.server.requests.forms import Part, missing_field, parse_form
from currency_app.server.schema import ANSWER_EXAMPLE, Answer, Batch, View, image_body, images_body, problems
from currency_app.server.settings import ServerSettings

_EXAMPLE = {200: {"content": {"application/json": {"example": ANSWER_EXAMPLE}}}}
_BATCH_EXAMPLE = {
    "images": [
        {"name": "a.jpg", "answer": ANSWER_EXAMPLE},
        {"name": "b.jpg", "problem": problem(400, "What was sent is damaged or cut short.")},
    ]
}


def image_routes(settings: ServerSettings, pool: Pool, metrics: Metrics) -> APIRouter:
    """Return a router with both routes."""
    router = APIRouter(prefix="/v1", tags=["images"])
    statuses = (*([401] if settings.api_key else []), 400, 403, 408, 413, 415, 422, 429, 503)
    errors = problems(*statuses)
    batch_errors = problems(*statuses, details={415: accepted_types(forms_only=True), 422: missing_field("images")})

    async def read(slot: Slot, data: bytes | bytearray, view: View, deadline: float) -> dict[str, Any]:
        queued = time.perf_counter()

        def job(reader: PictureReader) -> dict[str, Any]:
            metrics.stages.labels("wait").observe(time.perf_counter() - queued)
            return _answer(reader, data, view, settings.max_pixels, metrics)

        return await pool.run(slot, job, deadline)

    @router.post(
        "/identify",
        summary="What one image shows",
        response_model=Answer,
        responses=_EXAMPLE | errors,  # type: ignore[operator]
        openapi_extra=image_body(),
    )
    async def identify(request: Request, view: Annotated[View, Depends(_view)]) -> Response:
        """Send the image as the body, or as the field `image` of a form. EXIF orientation is honoured."""
        kind = media_type(request)
        with pool.slot() as slot:
            body: bytes | bytearray = await read_body(request, settings.max_bytes, settings.body_timeout_s)
            deadline = asyncio.get_running_loop().time() + settings.answer_timeout_s
            if kind == FORM_TYPE:
                split = _splitter(request, body, "image", max_parts=1)
                body = (await pool.run(slot, split, deadline))[0].data
            return JSONResponse(await read(slot, body, view, deadline))

    @router.post(
        "/identify/batch",
        summary="What several images show",
        response_model=Batch,
        responses={200: {"content": {"application/json": {"example": _BATCH_EXAMPLE}}}, **batch_errors},
        openapi_extra=images_body(settings.max_images),
    )
    async def identify_batch(request: Request, view: Annotated[View, Depends(_view)]) -> Response:
        """Send each image as a field `images` of one form. An image that cannot be read leaves the others' answers."""
        media_type(request, forms_only=True)
        with pool.slot() as slot:
            body = await read_body(request, settings.max_bytes, settings.body_timeout_s)
            deadline = asyncio.get_running_loop().time() + settings.answer_timeout_s
            parts = await pool.run(slot, _splitter(request, body, "images", settings.max_images), deadline)
            items = []
            for part in parts:
                item: dict[str, Any] = {"name": part.filename}
                try:
                    item["answer"] = await read(slot, part.data, view, deadline)
                except ProblemError as error:
                    if error.status == 503:
                        raise
                    item["problem"] = problem(error.status, error.detail)
                items.append(item)
            return JSONResponse({"images": items})

    return router


def _view(request: Request, view: Annotated[View, Query()]) -> View:
    """Return the query parameters.

    Raises RequestValidationError if one occurs twice, because it is unclear which of its values counts.
    """
    counts = Counter(name for name, _ in request.query_params.multi_items())
    repeated = [name for name in counts if counts[name] > 1]
    if repeated:
        raise RequestValidationError(
            [{"loc": ("query", name), "msg": "Input should be one value"} for name in repeated]
        )
    return view


def _splitter(
    request: Request, body: bytes | bytearray, name: str, max_parts: int
) -> Callable[[PictureReader], list[Part]]:
    content_type = request.headers["content-type"]
    return lambda reader: parse_form(bytes(body), content_type, name, max_parts)


def _answer(
    reader: PictureReader, data: bytes | bytearray, view: View, max_pixels: int, metrics: Metrics
) -> dict[str, Any]:
    """Decode and read one image, count it, and return its JSON answer; runs in a thread of the pool."""
    start = time.perf_counter()
    try:
        picture = decode(bytes(data), max_pixels)
    except ProblemError:
        metrics.images.labels("refused").inc()
        raise
    decoded = time.perf_counter()
    answer = reader(picture, view.mirror_left, view.mirrored)
    metrics.stages.labels("decode").observe(decoded - start)
    metrics.stages.labels("recognise").observe(answer.seconds)
    metrics.images.labels(answer.outcome).inc()
    milliseconds = (decoded - start + answer.seconds) * 1e3
    return {**answer.members, "milliseconds": round(milliseconds, 2)}
