"""What the server's tests share: servers in threads of this process, with any reader."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from currency_app.server.app import create_app
from currency_app.server.reading.readers import PictureReader
from currency_app.server.serving import server_config
from currency_app.server.settings import ServerSettings
from tests.support.server.live import LOOPBACK_TLS

Start = Callable[..., httpx.Client]


class StartedServer(uvicorn.Server):
    """A server that tells when it has started, or cannot."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.start_ended = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell."""
        try:
            await super().startup(sockets)
        finally:
            self.start_ended.set()

    async def main_loop(self) -> None:
        """As uvicorn's, but it looks more often whether it shall end: hundreds of tests would wait 0.1 s each."""
        while not await self.on_tick(0):
            await asyncio.sleep(0.005)


@contextmanager
def serving(settings: ServerSettings, make_reader: Callable[[], PictureReader] | None) -> Iterator[str]:
    """A server's address. It runs in a thread with uvicorn, as `serve` runs it in a process."""
    server = StartedServer(server_config(settings, lambda: create_app(settings, make_reader)))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            assert server.start_ended.wait(60) and server.started
            yield f"http://127.0.0.1:{port}"
        finally:
            server.should_exit = True
            thread.join(60)
            assert not thread.is_alive()


@contextmanager
def starting() -> Iterator[Start]:
    """Start servers, which end with the `with` block."""
    with ExitStack() as stack:

        def started(reader: PictureReader | None = None, **settings: Any) -> httpx.Client:
            make = None if reader is None else lambda: reader
            url = stack.enter_context(serving(ServerSettings(**settings), make))
            return stack.enter_context(httpx.Client(base_url=url, timeout=60, verify=LOOPBACK_TLS))

        yield started


@pytest.fixture
def start() -> Iterator[Start]:
    """Start servers: `start(reader, max_requests=1)` gives a client of one with those settings."""
    with starting() as started:
        yield started


@pytest.fixture(scope="module")
def start_once() -> Iterator[Start]:
    """As `start`, for servers that the tests of a file share: none may leave anything behind in its server."""
    with starting() as started:
        yield started


def problem_of(response: httpx.Response, status: int) -> str:
    """The sentence of a problem, after a check that it is one of this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["title"]
    assert isinstance(problem["detail"], str) and problem["detail"].endswith(".")
    return str(problem["detail"])


def requests_in_progress(url: str) -> int:
    """How many requests a server has not answered yet, by its own count; this one excepted."""
    found = re.search(
        r"^currency_app_requests_in_progress (\d+)", httpx.get(f"{url}/metrics", verify=LOOPBACK_TLS).text, re.MULTILINE
    )
    assert found is not None
    return int(found[1]) - 1
