"""The processor that timings are of: its name, and how many of it the app may use."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def cpu_name(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's name, to print beside timings. cpuinfo: the file in which Linux names it."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    # x86 has "model name"; ARM boards have "Model" or "Hardware", if anything.
    for wanted in ("model name", "Model", "Hardware"):
        for line in lines:
            key, _, value = line.partition(":")
            if key.strip() == wanted and value.strip():
                return " ".join(value.split())
    return platform.processor() or platform.machine() or "unknown processor"


def usable_processors() -> int:
    """Return how many processors this program may use, 1 or more."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
