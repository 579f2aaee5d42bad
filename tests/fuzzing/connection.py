"""One connection to the server without a network: bytes in, answers out."""

from __future__ import annotations

import asyncio
import logging
from functools import cache
from typing import Any

import httptools
from uvicorn.server import ServerState

from currency_app.server.app import create_app
from currency_app.server.requests.connections import BoundedConnection
from currency_app.server.serving import server_config
from currency_app.server.settings import ServerSettings
from currency_app.testing import FakePictureReader

_PIECES = 5
"""Pieces in which bytes come, at most."""
_ANSWER_S = 20.0
"""Seconds within which everything is answered once the client has gone."""

Answer = tuple[int, str, bytes]
"""A status, a media type and a body."""


def talk(data: bytes) -> list[Answer]:
    """Send bytes over one connection, then close it; return the answers that came, the last of which may be cut off.

    Raises AssertionError if what came is no HTTP, or the server logs an error of its own.
    """
    return _server().talk(data)


class _Server:
    """The server's application and protocol, on an event loop that runs while bytes are sent."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        settings = ServerSettings(max_bytes=100_000, max_pixels=200_000, body_timeout_s=5.0)
        app = create_app(settings, FakePictureReader)
        self._config = server_config(settings, lambda: app)
        self._config.load()
        self._errors = _Errors()
        for name in ("uvicorn.error", "asyncio"):
            logging.getLogger(name).addHandler(self._errors)
            logging.getLogger(name).propagate = False
        self._lifespan = app.router.lifespan_context(app)
        self._loop.run_until_complete(self._lifespan.__aenter__())

    def talk(self, data: bytes) -> list[Answer]:
        self._errors.found.clear()
        received = self._loop.run_until_complete(self._talk(data))
        assert not self._errors.found, self._errors.found[:2]
        # An answer to HEAD has the length of a body that does not follow, which a parser of answers alone waits for.
        return [] if b"HEAD" in data else _answers(received)

    async def _talk(self, data: bytes) -> bytes:
        state = ServerState()
        connection = BoundedConnection(self._config, state, {}, self._loop)
        transport = _Transport()
        connection.connection_made(transport)
        size = max(len(data) // _PIECES, 1) if len(data) % 2 else max(len(data), 1)
        for start in range(0, len(data), size):
            if transport.closed:
                break
            connection.data_received(data[start : start + size])
            await asyncio.sleep(0)
        for _ in range(20):  # time to answer, if all came
            if transport.closed or not state.tasks:
                break
            await asyncio.sleep(0.001)
        connection.connection_lost(None)
        if state.tasks:
            async with asyncio.timeout(_ANSWER_S):
                await asyncio.gather(*state.tasks)
        return bytes(transport.received)


class _Transport(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 9), "sockname": ("127.0.0.1", 8000)})
        self.received = bytearray()
        self.closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.received += data

    def close(self) -> None:
        self.closed = True

    abort = close

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        pass


class _Errors(logging.Handler):
    """Keeps what the server logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(logging.Formatter().format(record))


class _Reader:
    """Collects the answers that a parser of HTTP finds."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._media_type = ""
        self._body = b""
        self.parser: Any = None

    def on_message_begin(self) -> None:
        self._media_type, self._body = "", b""

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self._media_type = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        self.answers.append((self.parser.get_status_code(), self._media_type, self._body))


def _answers(received: bytes) -> list[Answer]:
    reader = _Reader()
    reader.parser = httptools.HttpResponseParser(reader)
    try:
        reader.parser.feed_data(received)
    except httptools.HttpParserError as error:
        raise AssertionError(f"no HTTP: {received[:300]!r}") from error
    return reader.answers


@cache
def _server() -> _Server:
    return _Server()
