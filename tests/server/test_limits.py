"""Limits on bytes, pixels, time and requests at once, each with its own answer, and none of them for good."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest

from currency_app.testing import ANSWER, FakePictureReader
from tests.server.conftest import Start, problem_of, requests_in_progress
from tests.support.server.hostile_images import claim, many_scans
from tests.support.server.pictures import encoded, note_jpeg
from tests.support.waiting import wait_until

JPEG = {"Content-Type": "image/jpeg"}
HEAD = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


def identify(client: httpx.Client, data: bytes | Iterator[bytes]) -> httpx.Response:
    return client.post("/v1/identify", content=data, headers=JPEG)


def connected(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port), timeout=60)


def test_an_answer_within_all_limits(start: Start) -> None:
    reader = FakePictureReader()
    response = identify(start(reader), note_jpeg())
    assert response.status_code == 200
    assert {**response.json(), "milliseconds": None} == {**ANSWER, "milliseconds": None}
    assert reader.asked == [((480, 640, 3), True, False)]


def test_bytes_are_limited_as_declared_and_as_they_come(start: Start) -> None:
    client = start(FakePictureReader(), max_bytes=100_000)
    assert "100,000 bytes" in problem_of(identify(client, bytes(100_001)), 413)
    assert "100,000 bytes" in problem_of(identify(client, (bytes(1_000) for _ in range(200))), 413)
    assert identify(client, note_jpeg()).status_code == 200


def test_a_body_that_is_refused_by_its_size_is_not_waited_for(start: Start) -> None:
    client = start(FakePictureReader(), max_bytes=100_000)
    with connected(client) as connection:
        connection.sendall(HEAD % 10**9)
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("kind", ["image/jpeg", "image/png", "image/webp"])
def test_pixels_are_limited_by_what_the_header_claims(start: Start, kind: str) -> None:
    reader = FakePictureReader()
    client = start(reader, max_pixels=25_000_000)
    data = claim(np.random.default_rng(1), kind)
    response = client.post("/v1/identify", content=data, headers={"Content-Type": kind})
    assert "25 million pixels" in problem_of(response, 413)
    assert reader.asked == []


def test_an_image_that_takes_forever_to_decode_is_refused(start: Start) -> None:
    client, endless = start(FakePictureReader()), many_scans(4_000, 4_000, 20_000)
    began = time.monotonic()
    assert "scans" in problem_of(identify(client, endless), 400)
    assert time.monotonic() - began < 10, "decoding it takes two minutes"


def test_a_slow_body_is_timed_out(start: Start) -> None:
    client = start(FakePictureReader(), body_timeout_s=0.3)
    with connected(client) as connection:
        connection.sendall(HEAD % 5_000 + b"\xff\xd8")
        answer = connection.recv(10_000)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"0.3 seconds" in answer
        assert b"connection: close" in answer.lower()
        assert connection.recv(1) == b"", "the rest is not waited for"
    assert identify(client, note_jpeg()).status_code == 200


def test_a_client_that_goes_away_leaves_no_place_taken(start: Start) -> None:
    client = start(FakePictureReader(), max_requests=1)
    for _ in range(3):
        with connected(client) as connection:
            connection.sendall(HEAD % 5_000 + b"\xff\xd8")
            wait_until(lambda: requests_in_progress(str(client.base_url)) == 1)
        wait_until(lambda: requests_in_progress(str(client.base_url)) == 0)
    assert identify(client, note_jpeg()).status_code == 200


def test_one_request_too_many_is_asked_to_come_back(start: Start) -> None:
    reader = FakePictureReader()
    reader.gate.clear()
    client = start(reader, max_requests=2)
    with ThreadPoolExecutor(2) as others:
        waiting = [others.submit(identify, client, note_jpeg()) for _ in range(2)]
        assert reader.started.wait(60)
        wait_until(lambda: requests_in_progress(str(client.base_url)) == 2)
        refused = identify(client, note_jpeg())
        assert "Try again" in problem_of(refused, 429)
        assert refused.headers["retry-after"] == "1"
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").status_code == 200
        reader.gate.set()
        assert [one.result().status_code for one in waiting] == [200, 200]
    assert identify(client, note_jpeg()).status_code == 200


def test_an_answer_that_takes_too_long_keeps_its_place_until_its_thread_is_free(start: Start) -> None:
    reader = FakePictureReader()
    reader.gate.clear()
    client = start(reader, max_requests=1, answer_timeout_s=0.2)
    late = identify(client, note_jpeg())
    assert "too long" in problem_of(late, 503)
    assert late.headers["retry-after"] == "1"
    problem_of(identify(client, note_jpeg()), 429)
    reader.gate.set()
    wait_until(lambda: identify(client, note_jpeg()).status_code == 200)


def test_the_event_loop_is_free_while_pictures_are_read(start: Start) -> None:
    reader = FakePictureReader()
    reader.gate.clear()
    client = start(reader, threads=1)
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(identify, client, note_jpeg())
        assert reader.started.wait(60)
        began = time.monotonic()
        assert all(client.get("/healthz").status_code == 200 for _ in range(20))
        assert time.monotonic() - began < 10
        assert not waiting.done()
        reader.gate.set()
        assert waiting.result().status_code == 200


def test_so_many_pictures_are_read_at_once_as_there_are_threads(start: Start) -> None:
    both_in = threading.Barrier(2, timeout=60)

    class Meeting(FakePictureReader):
        def __call__(self, *arguments):  # type: ignore[no-untyped-def]
            both_in.wait()
            return super().__call__(*arguments)

    client = start(Meeting(), threads=2)
    with ThreadPoolExecutor(2) as clients:
        answers = list(clients.map(lambda _: identify(client, note_jpeg()).status_code, range(2)))
    assert answers == [200, 200]


def test_the_key_is_asked_for_before_the_body(start: Start) -> None:
    client = start(FakePictureReader(), api_key="secret")
    for wrong in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic secret"}, {"X-API-Key": "secret"}):
        refused = client.post("/v1/identify", content=b"x", headers={**JPEG, **wrong})
        assert "Bearer KEY" in problem_of(refused, 401)
        assert refused.headers["www-authenticate"] == "Bearer"
        problem_of(client.post("/v1/identify/batch", files={"images": b"x"}, headers=wrong), 401)
        problem_of(client.get("/metrics", headers=wrong), 401)
    client.headers["Authorization"] = "Bearer secret"
    assert identify(client, note_jpeg()).status_code == 200
    assert client.get("/metrics").status_code == 200
    del client.headers["Authorization"]
    for open_to_all in ("/healthz", "/readyz", "/openapi.json", "/docs"):
        assert client.get(open_to_all).status_code == 200


def test_large_pictures_are_read_within_the_limits(start: Start) -> None:
    reader = FakePictureReader()
    picture = np.zeros((2_500, 4_000, 3), np.uint8)
    assert identify(start(reader), encoded(picture)).status_code == 200
    assert reader.asked[0][0] == picture.shape
