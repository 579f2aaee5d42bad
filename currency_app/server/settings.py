"""A server's settings: its limits, and how much it does at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from currency_app.timing.processor import usable_processors


@dataclass(frozen=True)
class ServerSettings:
    """The settings of a server, of which every worker process gets a copy."""

    currency: str = "usd"
    """One currency or several, as for `identify --currency`."""
    threads: int = 1
    """How many images a worker decodes and reads at once, each with a recognizer of its own."""
    max_requests: int = 32
    """How many requests a worker takes in at once; one more is answered 429."""
    max_bytes: int = 10_000_000
    """Limit of a request's body, also of a batch's."""
    max_pixels: int = 25_000_000
    """Limit of an image's width times height."""
    max_images: int = 16
    """Limit of images in a batch."""
    body_timeout_s: float = 10.0
    """Seconds in which a body must have arrived."""
    answer_timeout_s: float = 20.0
    """Seconds in which a request must be answered once its body has arrived."""
    api_key: str | None = field(default=None, repr=False)
    """The bearer token that clients must send; None for no check."""
    root_path: str = ""
    """The path under which a proxy shows the server."""
    hosts: frozenset[str] | None = None
    """Names by which the server may be asked, beside those of this machine; None for any name."""
    metrics_folder: str | None = None
    """The folder in which several workers share their metrics; None for one worker."""


def default_threads(workers: int) -> int:
    """Return how many threads each of `workers` processes needs to keep this machine's processors busy; at most 4."""
    return max(1, min(4, usable_processors() // workers))
