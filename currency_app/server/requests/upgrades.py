"""Answers in HTTP/1.1 who asks for another protocol beside a request, such as HTTP/2 by "Upgrade: h2c".

Java's own client and curl --http2 ask so with every request, and a server that knows no other protocol may ignore it
(RFC 9110, section 7.8). uvicorn does, but its parser has left the body out by then.
"""

from __future__ import annotations

from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PlainConnection(HttpToolsProtocol):
    """uvicorn's protocol for one connection, which parses a request with an Upgrade header once more without it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ignores_upgrade = False

    def data_received(self, data: bytes) -> None:
        """Parse a piece of what comes."""
        self._unset_keepalive_if_required()
        while data:
            try:
                self.parser.feed_data(data)
                return
            except httptools.HttpParserError:
                self.send_400_response("")
                return
            except httptools.HttpParserUpgrade as upgrade:
                if not self._ignores_upgrade:  # CONNECT, by which nothing of HTTP follows
                    return
                data = self._head_without_upgrade() + data[upgrade.args[0] :]
                self._begin_anew()

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head is parsed once more."""
        self._ignores_upgrade = self.parser.should_upgrade() and any(name == b"upgrade" for name, _ in self.headers)
        if not self._ignores_upgrade:
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End the body, unless it was left out."""
        if not self._ignores_upgrade:
            super().on_message_complete()

    def _begin_anew(self) -> None:
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it

    def _head_without_upgrade(self) -> bytes:
        request = b"%b %b HTTP/%b" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
        lines = [b"%b: %b" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join([request, *lines, b"", b""])
