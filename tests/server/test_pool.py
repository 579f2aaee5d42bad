"""Readers and threads: one reader for each thread at a time, and what happens before and after."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from currency_app.errors import BundleError
from currency_app.server.problems import ProblemError
from currency_app.server.reading.pool import Pool
from currency_app.testing import FakePictureReader


def later() -> float:
    return asyncio.get_running_loop().time() + 60


def test_every_thread_has_a_reader_of_its_own() -> None:
    readers: list[FakePictureReader] = []

    def make() -> FakePictureReader:
        readers.append(FakePictureReader())
        return readers[-1]

    async def play() -> list[Any]:
        pool = Pool(make, threads=3, max_requests=10)
        await pool.load()
        all_in = threading.Barrier(3, timeout=60)

        def job(reader: Any) -> Any:
            all_in.wait()
            return reader

        with pool.slot() as slot:
            used = await asyncio.gather(*[pool.run(slot, job, later()) for _ in range(3)])
        pool.close()
        return used

    used = asyncio.run(play())
    assert len(readers) == 3
    assert {id(reader) for reader in used} == {id(reader) for reader in readers}


def test_a_job_that_fails_gives_its_reader_and_its_slot_back() -> None:
    def job(reader: Any) -> None:
        raise ProblemError(400, "It is bad.")

    async def play() -> None:
        pool = Pool(FakePictureReader, threads=1, max_requests=1)
        await pool.load()
        for _ in range(3):
            with pool.slot() as slot, pytest.raises(ProblemError, match="bad"):
                await pool.run(slot, job, later())
        pool.close()

    asyncio.run(play())


def refusal(pool: Pool) -> tuple[int, str]:
    with pytest.raises(ProblemError) as refused, pool.slot():
        pass
    return refused.value.status, refused.value.detail


def test_not_before_it_is_loaded_and_not_after_it_is_closed() -> None:
    async def play() -> list[tuple[int, str]]:
        pool = Pool(FakePictureReader, threads=1, max_requests=1)
        before = refusal(pool)
        await pool.load()
        with pool.slot():
            pass
        pool.close()
        return [before, refusal(pool)]

    (before, because), (after, why) = asyncio.run(play())
    assert (before, after) == (503, 503)
    assert "starting" in because
    assert "shutting down" in why


def test_why_it_cannot_be_loaded() -> None:
    def make() -> FakePictureReader:
        raise BundleError("There is no bundle.")

    async def play() -> tuple[int, str]:
        pool = Pool(make, threads=2, max_requests=1)
        await pool.load()
        refused = refusal(pool)
        pool.close()
        return refused

    assert asyncio.run(play()) == (503, "There is no bundle.")
