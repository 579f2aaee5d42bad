"""Every error is a problem, RFC 9457: also those of the framework, and those that nobody has thought of."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest

from currency_app.errors import BundleError
from currency_app.server.reading.readers import PictureAnswer, PictureReader
from currency_app.server.settings import ServerSettings
from currency_app.testing import FakePictureReader
from tests.server.conftest import Start, problem_of, serving
from tests.support.server.hostile_requests import odd_request
from tests.support.server.pictures import encoded, held_note, note_jpeg

JPEG = {"Content-Type": "image/jpeg"}


@pytest.fixture(scope="module")
def client(start_once: Start) -> httpx.Client:
    return start_once(FakePictureReader())


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "empty"),
        (b"hello", "JPEG, PNG and WebP only"),
        (b"GIF89a" + bytes(100), "JPEG, PNG and WebP only"),
        (encoded(held_note(), "BMP"), "JPEG, PNG and WebP only"),
        (note_jpeg()[:2_000], "damaged or cut short"),
        (note_jpeg()[:100], "damaged or cut short"),
    ],
)
def test_what_is_no_image(client: httpx.Client, body: bytes, sentence: str) -> None:
    assert sentence in problem_of(client.post("/v1/identify", content=body, headers=JPEG), 400)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "image/tiff", "image", "ä"]
)
def test_another_type(client: httpx.Client, content_type: str) -> None:
    headers = {"Content-Type": content_type.encode("latin-1")}
    response = client.post("/v1/identify", content=note_jpeg(), headers=headers)  # type: ignore[arg-type]
    assert "image/jpeg" in problem_of(response, 415)
    assert "image/jpeg" in response.headers["accept"]


def test_a_batch_is_a_form(client: httpx.Client) -> None:
    response = client.post("/v1/identify/batch", content=note_jpeg(), headers=JPEG)
    assert "multipart/form-data" in problem_of(response, 415)


def test_a_compressed_body(client: httpx.Client) -> None:
    headers = {**JPEG, "Content-Encoding": "gzip"}
    assert "Content-Encoding" in problem_of(client.post("/v1/identify", content=note_jpeg(), headers=headers), 415)


@pytest.mark.parametrize(
    "query", ["camera_faces=me", "mirrored=perhaps", "camera-faces=note", "mirrored=true&mirrored=false"]
)
def test_a_wrong_parameter_is_named_and_none_is_passed_over(client: httpx.Client, query: str) -> None:
    response = client.post(f"/v1/identify?{query}", content=note_jpeg(), headers=JPEG)
    name = query.partition("=")[0]
    assert name in problem_of(response, 422)
    assert [entry["name"] for entry in response.json()["errors"]] == [name]


def test_another_address_or_method(client: httpx.Client) -> None:
    assert "/v1/identify" in problem_of(client.get("/"), 404)
    problem_of(client.get("/v1/identify/"), 404)
    problem_of(client.get("/static-offline-docs/%00"), 404)
    for refused, known in (
        (client.get("/v1/identify"), "POST"),
        (client.post("/healthz"), "GET, HEAD"),
        (client.delete("/docs"), "GET, HEAD"),
        (client.delete("/openapi.json"), "GET, HEAD"),
        (client.delete("/static-offline-docs/swagger-ui.css"), "GET, HEAD"),
    ):
        assert "Allow" in problem_of(refused, 405)
        assert refused.headers["allow"] == known


@pytest.mark.parametrize(
    "address",
    ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/static-offline-docs/swagger-ui.css", "/x"],
)
def test_head_is_get_without_the_body(client: httpx.Client, address: str) -> None:
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert head.headers["content-type"] == get.headers["content-type"]
    assert int(head.headers["content-length"]) > 0


def test_head_of_what_takes_images_alone(client: httpx.Client) -> None:
    refused = client.head("/v1/identify")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")


def test_ranges_are_ignored(client: httpx.Client) -> None:
    address = "/static-offline-docs/swagger-ui.css"
    whole = client.get(address)
    for requested in ("bytes=0-9", "bytes=9-1", "bytes=999999999-", "nonsense"):
        response = client.get(address, headers={"Range": requested})
        assert (response.status_code, response.content) == (200, whole.content)


@pytest.mark.parametrize(
    "sent",
    [
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Length: abc\r\n\r\n",
    ],
)
def test_what_is_no_http_gets_a_problem(client: httpx.Client, sent: bytes) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=60) as connection:
        connection.sendall(sent)
        head, _, body = b"".join(iter(lambda: connection.recv(10_000), b"")).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert "plain HTTP" in json.loads(body)["detail"]


def test_bad_forms_are_not_logged(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for body in (b"\xff" * 50, b"--x\r\n: a\r\n\r\n", b"--xy"):
        problem_of(client.post("/v1/identify", content=body, headers=headers), 400)
    assert caplog.text == ""


@pytest.mark.slow
def test_requests_that_are_odd(client: httpx.Client) -> None:
    url = str(client.base_url).rstrip("/")
    with ThreadPoolExecutor(8) as clients:  # the server waits a while before it closes some of the connections
        replies = list(clients.map(lambda seed: odd_request(np.random.default_rng(seed), url), range(60)))
    assert [reply.wrong for reply in replies if reply.wrong] == []
    assert {400, 404, 405, 431} <= {reply.status for reply in replies}


def test_a_failure_of_the_server_itself_tells_nothing_of_its_inside(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def __call__(self, picture, mirror_left, mirrored) -> PictureAnswer:  # type: ignore[no-untyped-def]
            raise ZeroDivisionError("inside")

    client = start(Broken())
    response = client.post("/v1/identify", content=note_jpeg(), headers=JPEG)
    assert "log" in problem_of(response, 500)
    assert "inside" not in response.text
    assert "ZeroDivisionError" not in response.text
    assert client.get("/readyz").status_code == 200


def test_a_model_that_cannot_be_read_is_reported_and_nothing_else_fails() -> None:
    def make() -> PictureReader:
        raise BundleError("The bundle is gone.")

    with serving(ServerSettings(), make) as url, httpx.Client(base_url=url) as client:
        detail = problem_of(client.get("/readyz"), 503)
        assert detail == "The bundle is gone."
        refused = client.post("/v1/identify", content=note_jpeg(), headers=JPEG)
        assert problem_of(refused, 503) == detail
        assert client.get("/healthz").status_code == 200
