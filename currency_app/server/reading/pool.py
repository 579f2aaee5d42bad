"""Threads that read pictures, each with a reader of its own, and a limit on the requests that use them.

The event loop only moves bytes: whatever takes time runs in these threads, so health checks are answered at once. A
request's slot is free again when the request has been answered *and* its last job has ended. A decoder cannot be
stopped, so a request that ran out of time still uses a processor; if its slot were free, such requests would pile up.
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
"""What a job returns."""

_SOON = {"Retry-After": "1"}
"""Header of a refusal: try again after a second, chosen by hand. Reading one image takes far less."""


class Slot:
    """One of the limited number of requests that may be read and answered at once.

    release: called once, when the request and all its jobs have left.
    """

    def __init__(self, release: Callable[[], None]) -> None:
        self._release = release
        self._holders = 0

    def hold(self) -> None:
        """Keep the slot until one more `leave`."""
        self._holders += 1

    def leave(self) -> None:
        """Note that the request, or one of its jobs, is done."""
        self._holders -= 1
        if self._holders == 0:
            self._release()


class Pool:
    """Threads that read pictures, and slots for the requests that use them.

    Args:
        make_reader: makes a reader; called once for each thread.
        threads: how many pictures are read at once.
        max_requests: how many requests are let in at once, including those that wait.
    """

    def __init__(self, make_reader: Callable[[], PictureReader], threads: int, max_requests: int) -> None:
        self._make_reader = make_reader
        self._threads = threads
        self._free = max_requests
        self._executor = ThreadPoolExecutor(threads, "reader")
        self._readers: queue.SimpleQueue[PictureReader] = queue.SimpleQueue()
        self.not_ready_reason: str | None = "The server is starting and reads its model. Try again in a second."
        """A sentence that says why nothing can be answered now; None if it can."""

    async def load(self) -> None:
        """Make the readers, which takes a moment; if that fails, `not_ready_reason` says why."""
        loop = asyncio.get_running_loop()
        try:
            for _ in range(self._threads):
                self._readers.put(await loop.run_in_executor(self._executor, self._make_reader))
        except CurrencyAppError as error:
            self.not_ready_reason = str(error)
        else:
            self.not_ready_reason = None

    def close(self) -> None:
        """Refuse all further requests."""
        self.not_ready_reason = "The server is shutting down. Try again in a moment."
        self._executor.shutdown(wait=False, cancel_futures=True)

    @contextlib.contextmanager
    def slot(self) -> Iterator[Slot]:
        """Take a slot for one request while the `with` block lasts.

        Raises ProblemError: 503 while not ready, 429 if no slot is free.
        """
        if self.not_ready_reason is not None:
            raise ProblemError(503, self.not_ready_reason, _SOON)
        if self._free == 0:
            raise ProblemError(429, "The server has all the requests that it can take. Try again in a second.", _SOON)
        self._free -= 1
        slot = Slot(self._release)
        slot.hold()
        try:
            yield slot
        finally:
            slot.leave()

    async def run(self, slot: Slot, job: Callable[[PictureReader], Result], deadline: float) -> Result:
        """Run a job with a reader in a thread, and return its result.

        slot: the request's; the job holds it until it ends. deadline: seconds on the event loop's clock.
        Raises ProblemError 503 if the job is not done by then, and whatever the job raises.
        """
        loop = asyncio.get_running_loop()
        done = self._executor.submit(self._with_reader, job)
        slot.hold()
        done.add_done_callback(lambda _: _call_in(loop, slot.leave))
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

    def _release(self) -> None:
        self._free += 1


def _call_in(loop: asyncio.AbstractEventLoop, action: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended, and with it the server that counts slots
        loop.call_soon_threadsafe(action)
