"""Work on many items at once: in threads, or in a process for each core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from training.progress import Progress

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


def in_threads(work: Callable[[_Item], _Done], items: Iterable[_Item], progress: Progress) -> list[_Done]:
    """Return the results of a function for each item, in their order.

    Threads are enough for images: decoders and OpenCV run beside Python. progress: shows how many are done.
    """
    with ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 8)) as pool:
        futures: list[Future[_Done]] = [pool.submit(work, item) for item in items]
        try:
            return [future.result() for future in progress(futures)]
        except BaseException:
            pool.shutdown(cancel_futures=True)  # Ctrl+C must not wait for thousands of images
            raise


def on_every_core(
    work: Callable[[_Item], _Done], items: Sequence[_Item], progress: Progress, chunksize: int = 1
) -> list[_Done]:
    """Return the results of a function for each item, in their order, made in one process for each core.

    work and items must be picklable. chunksize: how many items a process takes at a time. progress: shows how many are
    done.
    """
    # Forking a process whose libraries have started threads can hang the child.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        return list(progress(pool.map(work, items, chunksize=chunksize), total=len(items)))
