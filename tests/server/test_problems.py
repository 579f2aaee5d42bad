"""Every error is a problem, RFC 9457: also those of the framework, and those that nobody has thought of."""

from __future__ import annotations

import httpx
import numpy as np
import pytest
from fakes import FakePictureReader

from currency_app.errors import BundleError
from currency_app.server.readers import Answered, PictureReader
from currency_app.server.settings import Settings
from server.conftest import Start, problem_of, serving
from server.hostile_requests import odd_request
from server.pictures import note_jpeg

JPEG = {"Content-Type": "image/jpeg"}


@pytest.fixture
def client(start: Start) -> httpx.Client:
    return start(FakePictureReader())


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b"hello", "not an image"),
        (b"GIF89a" + bytes(100), "not an image"),
        (note_jpeg()[:2_000], "damaged or cut short"),
        (note_jpeg()[:100], "damaged or cut short"),
    ],
)
def test_what_is_no_image(client: httpx.Client, body: bytes, said: str) -> None:
    assert said in problem_of(client.post("/v1/identify", content=body, headers=JPEG), 400)


@pytest.mark.parametrize("given", ["text/plain", "application/x-www-form-urlencoded", "image/tiff", "image", "ä"])
def test_another_type(client: httpx.Client, given: str) -> None:
    headers = {"Content-Type": given.encode("latin-1")}
    response = client.post("/v1/identify", content=note_jpeg(), headers=headers)  # type: ignore[arg-type]
    assert "image/jpeg" in problem_of(response, 415)
    assert "image/jpeg" in response.headers["accept"]


def test_a_batch_is_a_form(client: httpx.Client) -> None:
    response = client.post("/v1/identify/batch", content=note_jpeg(), headers=JPEG)
    assert "multipart/form-data" in problem_of(response, 415)


def test_a_compressed_body(client: httpx.Client) -> None:
    headers = {**JPEG, "Content-Encoding": "gzip"}
    assert "Content-Encoding" in problem_of(client.post("/v1/identify", content=note_jpeg(), headers=headers), 415)


@pytest.mark.parametrize("query", ["camera_faces=me", "mirrored=perhaps", "camera-faces=note"])
def test_a_wrong_parameter_is_named_and_none_is_passed_over(client: httpx.Client, query: str) -> None:
    response = client.post(f"/v1/identify?{query}", content=note_jpeg(), headers=JPEG)
    name = query.partition("=")[0]
    assert name in problem_of(response, 422)
    assert [entry["name"] for entry in response.json()["errors"]] == [name]


def test_another_address_or_method(client: httpx.Client) -> None:
    assert "/v1/identify" in problem_of(client.get("/"), 404)
    problem_of(client.get("/v1/identify/"), 404)
    problem_of(client.get("/static-offline-docs/%00"), 404)
    refused = client.get("/v1/identify")
    assert "Allow" in problem_of(refused, 405)
    assert refused.headers["allow"] == "POST"


def test_ranges_are_passed_over(client: httpx.Client) -> None:
    address = "/static-offline-docs/swagger-ui.css"
    whole = client.get(address)
    for given in ("bytes=0-9", "bytes=9-1", "bytes=999999999-", "nonsense"):
        response = client.get(address, headers={"Range": given})
        assert (response.status_code, response.content) == (200, whole.content)


def test_what_is_no_http(client: httpx.Client) -> None:
    url = str(client.base_url).rstrip("/")
    replies = [odd_request(np.random.default_rng(seed), url) for seed in range(60)]
    assert [reply.wrong for reply in replies if reply.wrong] == []
    assert {400, 404, 405, 431} <= {reply.status for reply in replies}


def test_a_failure_of_the_server_itself_tells_nothing_of_its_inside(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def __call__(self, picture, mirror_left, mirrored) -> Answered:  # type: ignore[no-untyped-def]
            raise ZeroDivisionError("inside")

    client = start(Broken())
    response = client.post("/v1/identify", content=note_jpeg(), headers=JPEG)
    assert "log" in problem_of(response, 500)
    assert "inside" not in response.text
    assert "ZeroDivisionError" not in response.text
    assert client.get("/readyz").status_code == 200


def test_a_model_that_cannot_be_read_is_told_and_nothing_else_fails() -> None:
    def make() -> PictureReader:
        raise BundleError("The bundle is gone.")

    with serving(Settings(), make) as url, httpx.Client(base_url=url) as client:
        said = problem_of(client.get("/readyz"), 503)
        assert said == "The bundle is gone."
        refused = client.post("/v1/identify", content=note_jpeg(), headers=JPEG)
        assert problem_of(refused, 503) == said
        assert client.get("/healthz").status_code == 200
