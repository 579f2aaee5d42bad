"""Bounds one connection's HTTP: clients that send no whole request head or read no answer are cut off.

uvicorn limits neither the time nor the size of a request's head, so idle or endless heads would use up memory and file
descriptors. A body is limited while it is read, in `body.py`. uvicorn's answer to invalid HTTP becomes a problem, too.
"""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from currency_app.server.problems import MEDIA_TYPE, problem


class BoundedConnection(HttpToolsProtocol):
    """uvicorn's protocol for one connection, with limits on time and on the size of a request's head."""

    head_timeout_s: ClassVar[float] = 10.0
    """Seconds in which a request's head must arrive, or the rest of a body that was refused unread.

    Also the seconds after which a client that reads nothing of its answer is cut off. Chosen by hand.
    """
    max_head_bytes: ClassVar[int] = 65_536
    """Limit of a head's bytes, chosen by hand.

    A head whose end has not come yet may be larger by the piece in which it begins, up to 256 KiB.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._answering: RequestResponseCycle | None = None
        self._in_head = False
        self._begins = False
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a head, for a limited time."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers; nobody is left to write to."""
        _cancel(self._head_timer)
        _cancel(self._unread_timer)
        if self._answering is not None and not self._answering.response_complete:
            # uvicorn marks only the newest of several pipelined requests, and fails when it writes to an older one.
            self._answering.disconnected = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count the bytes of a head that has not ended."""
        self._begins = False
        super().data_received(data)
        if self._in_head and not self._begins:
            self._received += len(data)
            if self._received > self.max_head_bytes:
                self._refuse_head()

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        super().on_message_begin()
        self._in_head, self._begins, self._received = True, True, 0

    def on_headers_complete(self) -> None:
        """Measure the head, which is now complete, and refuse it if it is too large."""
        self._in_head = False
        _cancel(self._head_timer)
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > self.max_head_bytes:
            self._refuse_head()
            raise _HeadTooLargeError  # so that the parser stops
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Wait for the next head, or for the rest of a body that was refused unread.

        Closing at once would reset the connection, and the client would not see the answer.
        """
        super().on_response_complete()
        if not self.transport.is_closing() and self.cycle.response_complete:
            self._await_head()

    def pause_writing(self) -> None:
        """Give a client that does not read a limited time."""
        super().pause_writing()
        self._unread_timer = self.loop.call_later(self.head_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop that time: the client reads again."""
        _cancel(self._unread_timer)
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Send a problem, unless the connection is closing; msg: uvicorn's sentence, which is not used."""
        self._refuse(400, "This is no valid request of HTTP/1.1. Send plain HTTP here; for https put a proxy in front.")

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _await_head(self) -> None:
        _cancel(self._head_timer)
        self._head_timer = self.loop.call_later(self.head_timeout_s, self._too_late)

    def _too_late(self) -> None:
        if self._in_head:
            self._refuse(408, f"The request's head has not arrived within {self.head_timeout_s:g} seconds.")
        else:
            self.transport.close()

    def _refuse_head(self) -> None:
        self._refuse(431, f"The request's head is larger than {self.max_head_bytes:,} bytes.")

    def _refuse(self, status: int, detail: str) -> None:
        if self.transport.is_closing():
            return
        body = json.dumps(problem(status, detail)).encode()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()


class _HeadTooLargeError(Exception):
    """Ends the parsing of a head that was refused."""


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
