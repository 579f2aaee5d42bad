"""Waits for what another thread or process does, when there is nothing else to wait on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

_POLL_S = 0.01


def wait_until(condition: Callable[[], Any], timeout_s: float = 60.0) -> None:
    """Block until a condition holds; an AssertionError after timeout_s seconds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s:g} s in vain"
        time.sleep(_POLL_S)
