"""Clients that send no whole head, or read no answer: none may hold a connection for ever."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time

import httpx
import pytest

from currency_app.server.requests.connections import BoundedConnection
from currency_app.testing import FakePictureReader
from tests.server.conftest import Start
from tests.support.server.pictures import note_jpeg

GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def client(start: Start, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    monkeypatch.setattr(BoundedConnection, "head_timeout_s", 0.4)
    return start(FakePictureReader(), max_bytes=100_000)


def connected(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port), timeout=30)


def all_of(connection: socket.socket) -> bytes:
    """Everything until the server closes, which is a reset if it has left something unread."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65_536):
            received += data
    return received


def test_a_head_that_does_not_come_to_its_end(client: httpx.Client) -> None:
    with connected(client) as connection:
        connection.sendall(GET[:-2])
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"application/problem+json" in answer
    assert b"0.4 seconds" in answer


def test_a_head_that_comes_byte_by_byte(client: httpx.Client) -> None:
    began = time.monotonic()
    with connected(client) as connection:
        try:
            for byte in GET * 100:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)  # the test is about a client that is this slow
        except OSError:
            pass
    assert time.monotonic() - began < 20, "it would take three minutes"


def test_a_connection_without_a_word_is_closed(client: httpx.Client) -> None:
    with connected(client) as connection:
        assert all_of(connection) == b""


def test_a_second_head_is_bounded_too(client: httpx.Client) -> None:
    with connected(client) as connection:
        connection.sendall(GET + GET[:20])
        answer = all_of(connection)
    assert answer.count(b"HTTP/1.1 200 ") == 1
    assert answer.count(b"HTTP/1.1 408 ") == 1


def test_a_head_without_end_takes_no_memory(client: httpx.Client) -> None:
    with connected(client) as connection:
        connection.sendall(GET[:-2] + b"X: ")
        sent = 0
        try:
            while sent < 50_000_000:
                connection.sendall(b"a" * 100_000)
                sent += 100_000
        except OSError:
            pass
    assert sent < 20_000_000


def test_a_long_head_is_refused(start: Start) -> None:
    with connected(start(FakePictureReader())) as connection:
        connection.sendall(GET[:-2] + b"X: ")
        began = time.monotonic()
        while not select.select([connection], [], [], 0.01)[0]:
            connection.sendall(b"a" * 10_000)
            assert time.monotonic() - began < 9
        assert connection.recv(10_000).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(("size", "status"), [(60_000, 200), (70_000, 431), (200_000, 431)])
def test_a_long_head_that_comes_at_once_is_refused_too(start: Start, size: int, status: int) -> None:
    with connected(start(FakePictureReader())) as connection:
        connection.sendall(GET[:-2] + b"X: " + b"a" * size + b"\r\nConnection: close\r\n\r\n")
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert answer.count(b"HTTP/1.1") == 1


class Received:
    """Counts the bytes that connections receive, so that a test can send pieces that do not melt into one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._count = 0
        self._changed = threading.Condition()
        received = BoundedConnection.data_received

        def counted(connection: BoundedConnection, data: bytes) -> None:
            received(connection, data)
            with self._changed:
                self._count += len(data)
                self._changed.notify_all()

        monkeypatch.setattr(BoundedConnection, "data_received", counted)

    def wait(self, count: int) -> None:
        """Block until so many bytes have come, counted from the beginning."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._count >= count, 30)


def test_only_a_heads_own_bytes_count(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a piece holds the end of one head, a body that is larger than any head, and the beginning of the next."""
    received = Received(monkeypatch)
    client = start(FakePictureReader())
    head = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\n"
    with connected(client) as connection:
        connection.sendall(head[:20])
        received.wait(20)
        connection.sendall(head[20:] + bytes(100_000) + GET[:20])
        received.wait(len(head) + 100_000 + 20)
        connection.sendall(GET[20:-2] + b"Connection: close\r\n\r\n")
        answer = all_of(connection)
    assert answer.startswith(b"HTTP/1.1 415 ")
    assert answer.count(b"HTTP/1.1 200 ") == 1


def test_who_sends_a_body_that_was_refused_still_gets_the_answer(client: httpx.Client) -> None:
    """Closing at once would reset the connection, and many clients would never see why."""
    head = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: 3000000\r\n\r\n"
    with connected(client) as connection:
        connection.sendall(head + bytes(3_000_000) + GET)
        answer = b""
        while answer.count(b"HTTP/1.1") < 2:
            answer += connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"HTTP/1.1 200 " in answer, "the connection goes on"


def test_the_rest_of_a_refused_body_is_not_waited_for_for_ever(client: httpx.Client) -> None:
    head = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: 3000000\r\n\r\n"
    with connected(client) as connection:
        connection.sendall(head)
        assert all_of(connection).startswith(b"HTTP/1.1 413 ")


def test_an_answer_that_nobody_reads_is_given_up(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    began, closed = time.monotonic(), False
    with connected(client) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        while not closed and time.monotonic() - began < 20:
            try:
                connection.sendall(b"GET /static-offline-docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n")
            except OSError:
                closed = True
            time.sleep(0.05)  # only what is sent after the server gave up shows that it did
    assert closed
    assert caplog.text == ""


def test_good_clients_notice_nothing(client: httpx.Client) -> None:
    for _ in range(3):
        answer = client.post("/v1/identify", content=note_jpeg(), headers={"Content-Type": "image/jpeg"})
        assert answer.status_code == 200
        time.sleep(0.2)  # the test is about a client that pauses, for less than `head_timeout_s`
