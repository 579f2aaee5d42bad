"""Threads that read pictures, each with a reader of its own, and how many requests are let in to them.

The event loop only moves bytes: whatever takes time runs in these threads, so health checks are answered at once. A
place is free again when its request has been answered *and* its last job has ended: a decoder cannot be stopped, so a
request that ran out of time still uses a processor, and without its place such requests would pile up.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from currency_app.errors import CurrencyAppError
from currency_app.server.problems import ProblemError
from currency_app.server.reading.readers import PictureReader

Result = TypeVar("Result")

_SOON = {"Retry-After": "1"}


class Slot:
    """One request's right to be read and answered."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back = give_back
        self._holders = 0

    def hold(self) -> None:
        """Keep it until one more `leave`."""
        self._holders += 1

    def leave(self) -> None:
        """The request, or one of its jobs, is done."""
        self._holders -= 1
        if self._holders == 0:
            self._give_back()


class Pool:
    """threads: pictures read at once. places: requests let in at once, those that wait included."""

    def __init__(self, make_reader: Callable[[], PictureReader], threads: int, max_requests: int) -> None:
        self._make_reader = make_reader
        self._threads = threads
        self._free = max_requests
        self._executor = ThreadPoolExecutor(threads, "reader")
        self._readers: queue.SimpleQueue[PictureReader] = queue.SimpleQueue()
        self.not_ready_reason: str | None = "The server is starting and reads its model. Try again in a second."
        """Why nothing can be answered now, None when it can."""

    async def load(self) -> None:
        """Make the readers, which takes a moment; where that fails, `not_ready_reason` says why."""
        loop = asyncio.get_running_loop()
        try:
            for _ in range(self._threads):
                self._readers.put(await loop.run_in_executor(self._executor, self._make_reader))
        except CurrencyAppError as error:
            self.not_ready_reason = str(error)
        else:
            self.not_ready_reason = None

    def close(self) -> None:
        """Let nothing more in."""
        self.not_ready_reason = "The server is shutting down. Try again in a moment."
        self._executor.shutdown(wait=False, cancel_futures=True)

    @contextlib.contextmanager
    def slot(self) -> Iterator[Slot]:
        """A place for one request. Raises ProblemError: 503 while not ready, 429 where none is free."""
        if self.not_ready_reason is not None:
            raise ProblemError(503, self.not_ready_reason, _SOON)
        if self._free == 0:
            raise ProblemError(429, "The server has all the requests that it can take. Try again in a second.", _SOON)
        self._free -= 1
        slot = Slot(self._give_back)
        slot.hold()
        try:
            yield slot
        finally:
            slot.leave()

    async def run(self, slot: Slot, job: Callable[[PictureReader], Result], deadline: float) -> Result:
        """What a job gives that is run with a reader, in a thread. deadline: of the event loop's clock, seconds.

        Raises ProblemError 503 where it is not done by then.
        """
        loop = asyncio.get_running_loop()
        done = self._executor.submit(self._with_reader, job)
        slot.hold()
        done.add_done_callback(lambda _: _on(loop, slot.leave))
        try:
            async with asyncio.timeout_at(deadline):
                return await asyncio.wrap_future(done)
        except TimeoutError as error:
            detail = "The answer took too long. Send a smaller image, or try again when less is asked of the server."
            raise ProblemError(503, detail, _SOON) from error

    def _with_reader(self, job: Callable[[PictureReader], Result]) -> Result:
        reader = self._readers.get()  # there is one for every thread
        try:
            return job(reader)
        finally:
            self._readers.put(reader)

    def _give_back(self) -> None:
        self._free += 1


def _on(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended, and with it whatever counted places
        loop.call_soon_threadsafe(action)
