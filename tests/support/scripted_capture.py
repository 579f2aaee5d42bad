"""A camera that gives what a test puts into it, and fails and hangs when the test wants."""

from __future__ import annotations

import queue
import threading

import numpy as np
import numpy.typing as npt

from currency_app.testing import FakeClock

WAIT_S = 20.0


def picture(level: int) -> npt.NDArray[np.uint8]:
    return np.full((4, 6, 3), level, dtype=np.uint8)


class ScriptedCapture:
    """Gives what is put into it, and None (a failed read) once it is unplugged."""

    def __init__(self) -> None:
        self.pictures: queue.Queue[int | None] = queue.Queue()
        self.reads = threading.Semaphore(0)
        self.unplugged = False
        self.closed = threading.Event()

    def show(self, level: int) -> None:
        self.pictures.put(level)

    def unplug(self) -> None:
        self.unplugged = True
        self.pictures.put(None)

    def read(self) -> npt.NDArray[np.uint8] | None:
        self.reads.release()
        if self.unplugged and self.pictures.empty():
            return None
        level = self.pictures.get(timeout=WAIT_S)
        return None if level is None else picture(level)

    def close(self) -> None:
        self.closed.set()

    def wait_for_reads(self, count: int) -> None:
        """Wait until read was called that often since the last time, so that all pictures before were taken."""
        for _ in range(count):
            assert self.reads.acquire(timeout=WAIT_S)


class SlowCapture:
    """A camera whose first reads fail; the clock moves on by `read_s` with every read."""

    def __init__(self, clock: FakeClock, failures: int, read_s: float) -> None:
        self.clock = clock
        self.failures = failures
        self.read_s = read_s
        self.closed = threading.Event()

    def read(self) -> npt.NDArray[np.uint8] | None:
        self.clock.sleep(self.read_s)
        self.failures -= 1
        return None if self.failures >= 0 else picture(90 + self.failures % 2)

    def close(self) -> None:
        self.closed.set()


class HangingCapture:
    """A camera whose driver hangs until the test lets go. Meanwhile a minute passes."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.reading = threading.Event()
        self.let_go = threading.Event()
        self.closed = threading.Event()

    def read(self) -> npt.NDArray[np.uint8] | None:
        self.clock.sleep(60)
        self.reading.set()
        self.let_go.wait(WAIT_S)
        return None

    def close(self) -> None:
        self.closed.set()
