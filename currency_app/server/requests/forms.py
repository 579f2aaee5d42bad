"""Parses multipart/form-data bodies, RFC 7578, in memory: nothing that was sent is written to disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from currency_app.server.problems import ProblemError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks


@dataclass
class Part:
    """One part of a multipart body."""

    form_field: str = ""
    """The name of its form field; empty if it has none."""
    filename: str = ""
    """The name of its file as the client wrote it; empty if it has none."""
    data: bytearray = field(default_factory=bytearray)
    """Its content."""


def parse_form(body: bytes, content_type: str, name: str, max_parts: int) -> list[Part]:
    """Return the parts of a body, all of which must be in form fields of one name.

    This takes time that grows with the body, so call it in a worker thread.

    Args:
        body: the request's body.
        content_type: the request's header of that name, with the boundary.
        name: what all form fields must be called.
        max_parts: how many parts are allowed.

    Raises:
        ProblemError: 400 if the body is no multipart/form-data; 422 for a field of another name, no or too many fields.
    """
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if not boundary:
        raise ProblemError(400, "The Content-Type header of a multipart body must have its boundary.")
    collector = _Collector(name, max_parts)
    try:
        parser = MultipartParser(boundary, collector.callbacks())
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise ProblemError(400, "The body is not multipart/form-data with the boundary of its header.") from error
    if not collector.ended:
        raise ProblemError(400, "The multipart body is cut short: its last boundary is missing.")
    if not collector.parts:
        raise ProblemError(422, missing_field(name))
    return collector.parts


def missing_field(name: str) -> str:
    """Return the sentence that refuses a form without any field."""
    return f"The form has no field {name!r}. Put the image into one."


class _Collector:
    """Collects the parts that the parser finds."""

    def __init__(self, name: str, max_parts: int) -> None:
        self.parts: list[Part] = []
        self.ended = False
        self._name = name
        self._most = max_parts
        self._header = self._value = b""

    def callbacks(self) -> MultipartCallbacks:
        """Return the parser's callbacks, by its names for them."""
        return {
            "on_part_begin": self._begin,
            "on_part_data": self._data,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        if len(self.parts) == self._most:
            raise ProblemError(422, f"The form has too many parts; {self._most} at most.")
        self.parts.append(Part())

    def _data(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1].data += memoryview(data)[start:end]

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self.parts[-1].form_field = options.get(b"name", b"").decode("utf-8", "replace")
            self.parts[-1].filename = options.get(b"filename", b"").decode("utf-8", "replace")
        self._header = self._value = b""

    def _headers_finished(self) -> None:
        if self.parts[-1].form_field != self._name:
            raise ProblemError(422, f"The form has a field other than {self._name!r}. Send images alone, so named.")

    def _end(self) -> None:
        self.ended = True
