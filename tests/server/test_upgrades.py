"""Requests that ask for HTTP/2 beside, as Java's own client does with each: answered as if they did not."""

from __future__ import annotations

import socket

import httpx
import pytest

from currency_app.testing import FakePictureReader
from tests.server.conftest import Start
from tests.server.test_framing import END, GET, KEY, LAST, POST, chunk, connected, statuses
from tests.support.server.pictures import note_jpeg

pytestmark = pytest.mark.slow

UPGRADE = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAA\r\n"
CHUNKED = POST + KEY + UPGRADE + b"\r\n" + chunk(note_jpeg()) + LAST + b"\r\n"
SIZED = (
    POST.replace(b"Transfer-Encoding: chunked", b"Content-Length: %d" % len(note_jpeg()))
    + KEY
    + UPGRADE
    + b"\r\n"
    + note_jpeg()
)


@pytest.fixture(scope="module")
def client(start_once: Start) -> httpx.Client:
    return start_once(FakePictureReader(), api_key="k3y")


@pytest.mark.parametrize("request_", [CHUNKED, SIZED, GET + UPGRADE + b"\r\n"], ids=["chunked", "sized", "no body"])
def test_it_is_answered_and_so_are_those_behind_it(client: httpx.Client, request_: bytes) -> None:
    assert statuses(client, request_ + END) == [200, 200]
    assert statuses(client, request_ * 3 + END) == [200] * 4


def test_it_may_come_byte_by_byte(client: httpx.Client) -> None:
    with connected(client) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in SIZED[:-1000]:
            connection.sendall(bytes([byte]))
        connection.sendall(SIZED[-1000:])
        assert connection.recv(10_000).startswith(b"HTTP/1.1 200 ")


def test_a_websocket_is_not_opened(client: httpx.Client) -> None:
    asked = GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n"
    assert statuses(client, asked + b"\r\n" + END) == [200, 200]


def test_its_limits_hold_all_the_same(client: httpx.Client) -> None:
    assert statuses(client, GET.replace(b"Host: a\r\n", b"") + UPGRADE + b"\r\n") == [400]
    assert statuses(client, GET + UPGRADE + b"a:b\r\n" * 300 + b"\r\n") == [431]
    assert statuses(client, POST + UPGRADE + b"\r\n" + chunk(b"x") + LAST + b"\r\n" + END) == [401, 200]
    assert statuses(client, POST + KEY + UPGRADE + b"\r\n" + chunk(b"x") + LAST + b"a:b\r\n" * 11_000) == [400]
