"""The server under eight clients for long, and what came of every request."""

from __future__ import annotations

from tests.support.server.load import CLIENTS, Load, measure
from tests.support.soak.figures import Row, Span, latency_row, none_row, resource_rows


def soak_server(seconds: float) -> Load:
    """Load a server for so long."""
    return measure(seconds)


def server_rows(load: Load) -> list[Row]:
    """The rows of its table."""
    span, sent = Span.of(load.seconds), len(load.milliseconds)
    return [
        Row("requests", f"{sent} of {CLIENTS} clients in {load.seconds:.0f} s: {sent / load.seconds:.0f} a second", ""),
        none_row("requests not answered with the value", len(load.errors), f"{sent}"),
        none_row("requests that the server's own count lacks", abs(load.counted - sent), f"{sent}"),
        *resource_rows(load.samples, span),
        latency_row("request to answer", load.answered_ms, span),
    ]
