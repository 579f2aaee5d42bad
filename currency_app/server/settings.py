"""What a server was told: its limits and how many things it does at once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ServerSettings:
    """The same for every worker process, which gets a copy.

    currency: as `identify --currency`. threads: images decoded and read at once by a worker, each with a recognizer of
    its own. places: requests that a worker takes in at once; one more is answered 429.
    max_bytes: most of a request's body, also of a batch. max_pixels: most width times height of an image.
    max_images: most images of a batch. body_s: seconds in which a body must have arrived.
    answer_s: seconds in which a request must be answered once its body is there.
    api_key: what clients must send as bearer token, None for no check. root_path: the path under which a proxy shows
    the server. metrics_folder: where several workers keep the figures that they share, None for one worker.
    """

    currency: str = "usd"
    threads: int = 1
    max_requests: int = 32
    max_bytes: int = 10_000_000
    max_pixels: int = 25_000_000
    max_images: int = 16
    body_timeout_s: float = 10.0
    answer_timeout_s: float = 20.0
    api_key: str | None = field(default=None, repr=False)
    root_path: str = ""
    metrics_folder: str | None = None


def default_threads(workers: int) -> int:
    """Threads of each of so many workers that keep this machine's processors busy; 4 at most."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(4, available // workers))
