"""One connection's HTTP: what uvicorn does, and an end to clients that send no whole request head or read no answer.

uvicorn bounds neither the time nor the size of a request's head, so idle or endless ones would use up memory and file
descriptors; a body is bounded where it is read, in `body.py`. Also its answer to what is no HTTP becomes a problem.
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
    """head_s: seconds in which a request's head must arrive, the rest of a body that was refused unread, and in which
    a client must go on reading.

    head_bytes: most of a head. One that has no end yet may be larger by the piece in which it begins, up to 256 KiB.
    """

    head_timeout_s: ClassVar[float] = 10.0
    max_head_bytes: ClassVar[int] = 65_536

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_alarm: asyncio.TimerHandle | None = None
        self._unread_alarm: asyncio.TimerHandle | None = None
        self._answering: RequestResponseCycle | None = None
        self._in_head = False
        self._begins = False
        self._received = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a head, but not for ever."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for, and nobody to write to."""
        _cancel(self._head_alarm)
        _cancel(self._unread_alarm)
        if self._answering is not None and not self._answering.response_complete:
            # uvicorn tells only the newest of several pipelined requests, and fails at writing the answer of another.
            self._answering.disconnected = True
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count a head's bytes while it goes on."""
        self._begins = False
        super().data_received(data)
        if self._in_head and not self._begins:
            self._received += len(data)
            if self._received > self.max_head_bytes:
                self._refuse_head()

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._begins, self._received = True, True, 0

    def on_headers_complete(self) -> None:
        """It is there, all of it, and can be measured."""
        self._in_head = False
        _cancel(self._head_alarm)
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > self.max_head_bytes:
            self._refuse_head()
            raise _HeadTooLargeError  # which ends the parsing of what came with it
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Wait for the next head; or for the rest of a body that nobody reads, so that its client sees the answer."""
        super().on_response_complete()
        if not self.transport.is_closing() and self.cycle.response_complete:
            self._await_head()

    def pause_writing(self) -> None:
        """The client does not read, but not for ever."""
        super().pause_writing()
        self._unread_alarm = self.loop.call_later(self.head_timeout_s, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads."""
        _cancel(self._unread_alarm)
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """As a problem, where it has not had its answer yet."""
        self._refuse(400, "This is no valid request of HTTP/1.1. Send plain HTTP here; for https put a proxy in front.")

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._answering = cycle
        super()._start_asgi_task(cycle, app)

    def _await_head(self) -> None:
        _cancel(self._head_alarm)
        self._head_alarm = self.loop.call_later(self.head_timeout_s, self._too_late)

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
    """A head that has been refused already."""


def _cancel(alarm: asyncio.TimerHandle | None) -> None:
    if alarm is not None:
        alarm.cancel()
