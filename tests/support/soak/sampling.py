"""What a process holds, a second apart."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Self

import psutil

EVERY_S = 1.0
"""Seconds from one sample to the next."""


@dataclass(frozen=True)
class Sample:
    """What a process holds at one moment, alone or with those that it has started."""

    s: float
    """Seconds since the sampling began."""
    resident_mb: float
    """Memory, in megabytes."""
    handles: int
    """Files, sockets and pipes that are open."""
    threads: int
    """Threads."""
    helpers: int
    """Processes that it has started, such as the speech engine."""
    core_s: float
    """Processor time that has been used, in seconds."""


class Sampler:
    """Samples a process in the background while the `with` block lasts, or until the process ends.

    whole: add up what the process and those that it started hold, such as a server's workers; else it alone.
    """

    def __init__(self, pid: int, *, whole: bool = False, every_s: float = EVERY_S) -> None:
        self.samples: list[Sample] = []
        self._process = psutil.Process(pid)
        self._whole = whole
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="sampler", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _sample(self) -> None:
        began = time.monotonic()
        while not self._stop.is_set():
            try:
                self.samples.append(self._take(time.monotonic() - began))
            except psutil.Error:  # it has ended
                return
            self._stop.wait(self._every_s)

    def _take(self, s: float) -> Sample:
        """What is held now. psutil.Error if the process has ended."""
        helpers = self._process.children(recursive=True)
        resident_mb, handles, threads, core_s = 0.0, 0, 0, 0.0
        for process in [self._process, *(helpers if self._whole else ())]:
            with process.oneshot():
                times = process.cpu_times()
                resident_mb += process.memory_info().rss / 1e6
                threads += process.num_threads()
                core_s += times.user + times.system
            handles += process.num_fds()
        return Sample(s, resident_mb, handles, threads, len(helpers), core_s)
