"""What comes beside a body: chunk lines and trailers. It is bounded in every phase, and never becomes a header."""

from __future__ import annotations

import contextlib
import re
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from currency_app.server.requests.connections import BoundedConnection
from currency_app.testing import FakePictureReader
from tests.server.conftest import Start
from tests.support.server.pictures import note_jpeg

pytestmark = pytest.mark.slow

KEY = b"Authorization: Bearer k3y\r\n"
GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
POST = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n"
LAST = b"0\r\n"
END = GET + b"Connection: close\r\n\r\n"
"""What lets the server close a connection that it would keep, so that nobody waits for its silence."""
MOST_SENT = 8_000_000
"""Bytes that a system's own buffers may take before the server's refusal is noticed."""


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


def connected(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port), timeout=30)


def statuses(client: httpx.Client, sent: bytes) -> list[int]:
    """Of the answers to what is sent over one connection, until the server closes it or is silent."""
    with connected(client) as connection:
        connection.sendall(sent)
        connection.settimeout(1)
        received = b""
        with contextlib.suppress(OSError):
            while data := connection.recv(65_536):
                received += data
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", received)]


def flooded(client: httpx.Client, before: bytes, part: bytes) -> int:
    """How many bytes the server takes of parts that do not end."""
    block, sent = part * (60_000 // len(part) + 1), 0
    with connected(client) as connection:
        connection.sendall(before)
        with contextlib.suppress(OSError):
            while sent < 4 * MOST_SENT:
                connection.sendall(block)
                sent += len(block)
    return sent


@pytest.fixture(scope="module")
def client(start_once: Start) -> httpx.Client:
    return start_once(FakePictureReader(), api_key="k3y")


TRAILERS = (b"a:b\r\n", b"a:" + b"b" * 60_000 + b"\r\n", b"b" * 1000, b"a" * 1000 + b":\r\n")


@pytest.mark.parametrize("part", TRAILERS, ids=["short", "long", "without end", "long names"])
@pytest.mark.parametrize(
    "before",
    [
        POST + KEY + b"\r\n" + chunk(b"x") + LAST,
        POST + b"\r\n" + chunk(b"x") + LAST,
        POST.replace(b"identify", b"nothing") + b"\r\n" + LAST,
        POST.replace(b"jpeg", b"gif") + KEY + b"\r\n" + LAST,
        GET + b"Transfer-Encoding: chunked\r\n\r\n" + LAST,
        GET + b"\r\n" + GET + b"Transfer-Encoding: chunked\r\n\r\n" + LAST,
    ],
    ids=["key", "no key", "no address", "no type", "probe", "second request"],
)
def test_trailers_are_bounded_in_every_phase(client: httpx.Client, before: bytes, part: bytes) -> None:
    assert flooded(client, before, part) < MOST_SENT


@pytest.mark.parametrize("head", [POST + KEY, POST, POST.replace(b"identify", b"nothing")], ids=["key", "none", "404"])
@pytest.mark.parametrize("part", [b"1\r\nx\r\n", b"1;aaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n"], ids=["bare", "extended"])
def test_chunks_of_one_byte_are_bounded(client: httpx.Client, head: bytes, part: bytes) -> None:
    assert flooded(client, head + b"\r\n", part) < MOST_SENT


def test_a_chunk_extension_is_bounded(client: httpx.Client) -> None:
    assert flooded(client, POST + KEY + b"\r\n1;", b"a" * 1000) < MOST_SENT
    assert flooded(client, POST + b'\r\n1;a="', b"a" * 1000) < MOST_SENT


def test_lines_between_requests_are_bounded(client: httpx.Client) -> None:
    assert flooded(client, GET + b"\r\n", b"\r\n") < MOST_SENT


def test_a_flood_is_refused_in_words(client: httpx.Client) -> None:
    with connected(client) as connection:
        connection.sendall(POST + KEY + b"\r\n" + chunk(b"x") + LAST + b"a:b\r\n" * 11_000)
        answer = connection.recv(10_000)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in answer
    assert b"no trailers" in answer


def test_who_was_answered_gets_no_second_answer(client: httpx.Client) -> None:
    """A proxy would take it for the answer to its next request."""
    with connected(client) as connection:
        connection.sendall(POST + b"\r\n" + chunk(b"x"))
        assert connection.recv(10_000).startswith(b"HTTP/1.1 401 ")
        with contextlib.suppress(OSError):
            connection.sendall(LAST + b"a:b\r\n" * 50_000)
            assert connection.recv(10_000) == b""


def test_a_flood_behind_an_unanswered_request_is_not_taken_for_its_answer(start: Start) -> None:
    reader = FakePictureReader()
    reader.gate.clear()
    first = POST + b"\r\n" + chunk(note_jpeg()) + LAST + b"\r\n"
    try:
        sent = first + POST + b"\r\n" + LAST + b"a:b\r\n" * 50_000
        assert statuses(start(reader), sent) == []
    finally:
        reader.gate.set()


@pytest.mark.parametrize("again", [b"", POST + KEY + b"\r\n" + chunk(note_jpeg()) + LAST + b"\r\n"])
def test_a_trailer_is_no_header(client: httpx.Client, again: bytes) -> None:
    """Neither of its own request nor of the next on the connection."""
    sent, body = again + POST, b"\r\n" + chunk(note_jpeg()) + LAST
    assert statuses(client, sent + body + KEY + b"\r\n" + END)[-2:] == [401, 200]
    following = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
    assert statuses(client, sent + KEY + body + KEY + b"\r\n" + following + END)[-3:] == [200, 401, 200]
    assert statuses(client, sent + KEY + body + b"Content-Encoding: gzip\r\n\r\n" + END)[-2:] == [200, 200]
    assert statuses(client, sent + KEY + body + b"Host: b\r\nHost: c\r\n\r\n" + END)[-2:] == [200, 200]


def test_a_trailer_that_comes_byte_by_byte_is_no_header(client: httpx.Client) -> None:
    with connected(client) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in POST + b"\r\n" + chunk(b"x") + LAST + KEY + b"\r\n":
            connection.sendall(bytes([byte]))
        assert connection.recv(10_000).startswith(b"HTTP/1.1 401 ")


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    for at in range(0, len(data), size):
        yield data[at : at + size]


@pytest.mark.parametrize("size", [100, 1000, 50_000])
def test_ordinary_chunks_pass(client: httpx.Client, size: int) -> None:
    """Of an image in megabytes, as of a client that sends while it reads a file."""
    data = note_jpeg() + bytes(3_000_000)
    headers = {"Content-Type": "image/jpeg", "Authorization": "Bearer k3y"}
    assert client.post("/v1/identify", content=pieces(data, size), headers=headers).status_code == 200


def test_few_trailers_pass(client: httpx.Client) -> None:
    sent = POST + KEY + b"\r\n" + chunk(note_jpeg(), b";a=b") + LAST + b"Checksum: 1\r\n" * 20 + b"\r\n"
    assert statuses(client, sent + END) == [200, 200]


@pytest.mark.parametrize(
    "hosts", [b"", b"Host: a\r\nHost: a\r\n", b"Host: a\r\nhost: b\r\n", b"Host: a b\r\n", b"Host: a/b\r\n"]
)
def test_one_host_is_asked_for(client: httpx.Client, hosts: bytes) -> None:
    for path in (b"/healthz", b"/v1/identify", b"/nothing"):
        with connected(client) as connection:
            connection.sendall(b"GET " + path + b" HTTP/1.1\r\n" + hosts + b"\r\n")
            answer = connection.recv(10_000)
        assert answer.startswith(b"HTTP/1.1 400 ")
        assert b"application/problem+json" in answer
        assert b"Host header" in answer


@pytest.mark.parametrize(
    "host", [b"a", b"a.example:80", b"127.0.0.1:8000", b"[::1]:8000", b"[::1]", b"a_b", b"a.", b""]
)
def test_hosts_of_all_kinds_pass(client: httpx.Client, host: bytes) -> None:
    assert statuses(client, b"GET /healthz HTTP/1.1\r\nConnection: close\r\nHost: " + host + b"\r\n\r\n") == [200]


def test_http_1_0_needs_none(client: httpx.Client) -> None:
    assert statuses(client, b"GET /healthz HTTP/1.0\r\n\r\n") == [200]
    assert statuses(client, b"GET /healthz HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n") == [400]


def test_many_lines_in_a_head_are_refused(client: httpx.Client) -> None:
    most = BoundedConnection.max_headers
    assert statuses(client, GET + b"a:b\r\n" * (most - 2) + b"Connection: close\r\n\r\n") == [200]
    assert statuses(client, GET + b"a:b\r\n" * most + b"\r\n") == [431]


def test_requests_that_wait_for_others_are_bounded(start: Start) -> None:
    client, gets = start(FakePictureReader()), GET + b"\r\n"
    assert statuses(client, gets * 49 + END) == [200] * 50
    assert len(statuses(client, gets * 9_000)) < 200


def test_healthz_answers_while_trailers_are_sent(client: httpx.Client) -> None:
    """One connection made it wait for two seconds."""
    until = time.monotonic() + 1
    slowest = 0.0
    while time.monotonic() < until:
        flooded(client, POST + b"\r\n" + chunk(b"x") + LAST, b"a:b\r\n")
        asked = time.perf_counter()
        assert client.get("/healthz").status_code == 200
        slowest = max(slowest, time.perf_counter() - asked)
    assert slowest < 1
