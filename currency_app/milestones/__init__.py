"""When the app reached each stage of its start, for `currency-app benchmark --start`.

It costs a look into a dictionary, so it is noted in every run.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Literal

__all__ = ["Milestone", "reach", "reached"]

Milestone = Literal["command", "options", "window", "drawn", "model", "camera", "voice", "ready"]
"""The command line is called; its options are read; the window is open; it has been drawn once; the models are loaded;
the camera gives pictures; the voice can be used; "Ready" is handed to the voice."""

_REACHED: dict[Milestone, float] = {}


def reach(milestone: Milestone) -> None:
    """Note that the app is there now; only the first time counts."""
    if milestone not in _REACHED:
        _REACHED[milestone] = time.perf_counter()


def reached() -> Mapping[Milestone, float]:
    """Return when each milestone was first reached, seconds as time.perf_counter reads; what was not is missing."""
    return dict(_REACHED)
