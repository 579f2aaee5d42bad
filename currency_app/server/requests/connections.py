"""Bounds one connection's HTTP: clients that send no whole request head or read no answer are cut off.

uvicorn limits neither the time nor the size of a request's head, so idle or endless heads would use up memory and file
descriptors. A body is limited while it is read, in `body.py`; chunk lines and trailers are limited here.
Trailers are dropped: uvicorn would append them to the request's headers, and proxies do not look at them (RFC 9110,
section 6.5.1). uvicorn's answer to invalid HTTP becomes a problem, too.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from currency_app.server.problems import MEDIA_TYPE, problem
from currency_app.server.requests.upgrades import PlainConnection

_LINE_BYTES = 4
"""Bytes of a header line beside its name and value: a colon, a space, CR and LF."""
_CHUNK_BYTES = 5
"""The fewest bytes around a chunk's data: a digit, and CR and LF twice; RFC 9112, section 7.1."""
_HOST = re.compile(rb"(?:\[[\w.:%~-]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?", re.ASCII)
"""A Host header's value; RFC 3986, section 3.2.2."""


class BoundedConnection(PlainConnection):
    """uvicorn's protocol for one connection, with limits on time and on the size of a request's head."""

    head_timeout_s: ClassVar[float] = 10.0
    """Seconds in which a request's head must arrive, or the rest of a body that was refused unread.

    Also the seconds after which a client that reads nothing of its answer is cut off. Chosen by hand.
    """
    max_head_bytes: ClassVar[int] = 65_536
    """Limit of a head's bytes, chosen by hand.

    A single line whose end has not come yet may be larger by the piece in which it begins, up to 256 KiB.
    """
    max_headers: ClassVar[int] = 256
    """Limit of a head's lines, chosen by hand. Browsers and proxies send some dozens."""
    max_framing_bytes: ClassVar[int] = 16_384
    """Limit of chunk lines and trailers together, chosen by hand; larger bodies may have more."""
    body_bytes_per_framing_byte: ClassVar[int] = 8
    """How many bytes of a body allow one byte more of chunk lines and trailers.

    Chosen by hand: chunks of 100 bytes on average pass, and a flood of chunks of one byte does not.
    """
    max_pipelined: ClassVar[int] = 64
    """Limit of requests that wait for the answer to one sent before them, chosen by hand. Browsers do not pipeline."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._answering: RequestResponseCycle | None = None
        self._in_head = self._in_body = False
        self._boundaries = 0
        self._head = _Counted()
        self._framing = _Counted()
        self._body_bytes = 0
        self._hosts: list[bytes] = []

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
        """Count what came of a head, or beside a body, also if its line has not ended."""
        boundaries, in_head, body_bytes = self._boundaries, self._in_head, self._body_bytes
        super().data_received(data)
        if self._boundaries != boundaries:
            return  # a head began or ended in this piece: only its lines can be told apart
        if in_head:
            self._count_in_head(received=len(data))
        else:
            self._count_framing(received=len(data) - (self._body_bytes - body_bytes))

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        super().on_message_begin()
        self._in_head, self._head, self._hosts = True, _Counted(), []
        self._boundaries += 1

    def on_url(self, url: bytes) -> None:
        """Count the address as part of the head."""
        super().on_url(url)
        self._stop_if(self._count_in_head(parsed=len(url)))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a line of the head, or drop one of the trailers; count both."""
        size = len(name) + len(value) + _LINE_BYTES
        if not self._in_head:
            self._stop_if(self._count_framing(parsed=size))
            return
        super().on_header(name, value)
        if name.lower() == b"host":
            self._hosts.append(value)
        self._stop_if(self._count_in_head(parsed=size))
        if len(self.headers) > self.max_headers:
            self._stop_if(self._refuse(431, f"The request's head has more than {self.max_headers} lines."))

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head does not name one host or too many requests wait before this one."""
        self._in_head = False
        self._framing, self._body_bytes = _Counted(), 0
        self._boundaries += 1
        _cancel(self._head_timer)
        needed = self.parser.get_http_version() != "1.0"
        if len(self._hosts) > 1 or (needed and not self._hosts):
            self._stop_if(self._refuse(400, "A request of HTTP/1.1 has one Host header. Send it once."))
        if not all(_HOST.fullmatch(host) for host in self._hosts):
            self._stop_if(self._refuse(400, "The Host header must be a host's name or address, and perhaps a port."))
        if len(self.pipeline) >= self.max_pipelined:
            self._stop_if(self._refuse(400, "Too many requests wait on this connection. Await the answers first."))
        super().on_headers_complete()
        self._in_body = True

    def on_chunk_header(self) -> None:
        """Count the line that announces a chunk; its extensions are counted as they come."""
        self._stop_if(self._count_framing(parsed=_CHUNK_BYTES))

    def on_body(self, body: bytes) -> None:
        """Count the body's own bytes, also of one that is not read any more."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End the body and its trailers."""
        self._in_body = False
        super().on_message_complete()

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

    def _count_in_head(self, *, parsed: int = 0, received: int = 0) -> bool:
        """Count bytes of a head. Returns whether they are too many, and the connection was refused."""
        if self._head.add(parsed, received) <= self.max_head_bytes:
            return False
        return self._refuse(431, f"The request's head is larger than {self.max_head_bytes:,} bytes.")

    def _count_framing(self, *, parsed: int = 0, received: int = 0) -> bool:
        """Count bytes beside a body, as `_count_in_head` does."""
        most = self.max_framing_bytes + self._body_bytes // self.body_bytes_per_framing_byte
        if self._framing.add(parsed, received) <= most:
            return False
        return self._refuse(400, "The body comes with too much around it. Send larger chunks, and no trailers.")

    def _stop_if(self, refused: bool) -> None:
        """Raise _RefusedError, by which a callback makes the parser stop at once."""
        if refused:
            raise _RefusedError

    def _refuse(self, status: int, detail: str) -> bool:
        """Close the connection, with a problem if the request that caused it is the next to be answered.

        Returns True.
        """
        if self.transport.is_closing():
            return True
        before = self._answering
        if before is None or before.response_complete:
            answerable = not self._in_body
        else:
            answerable = self._in_body and before is self.cycle and not before.response_started
            before.disconnected = True  # what the application still sends must not follow
            before.message_event.set()
        if answerable:
            self._write_problem(status, detail)
        self.transport.close()
        return True

    def _write_problem(self, status: int, detail: str) -> None:
        body = json.dumps(problem(status, detail)).encode()
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)


@dataclass
class _Counted:
    """Bytes that were counted in two ways, neither of which finds all at once."""

    parsed: int = 0
    """Of whole lines, as the parser tells them apart."""
    received: int = 0
    """Of whole pieces, as the network delivered them, whose lines may not have ended."""

    def add(self, parsed: int, received: int) -> int:
        """Add to both. Returns the larger sum."""
        self.parsed += parsed
        self.received += received
        return max(self.parsed, self.received)


class _RefusedError(Exception):
    """Ends the parsing of what a refused connection sent."""


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
