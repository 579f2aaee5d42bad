"""Measure how long networks take, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from currency_app.arrays import Image
from currency_app.recognition.network import Network
from currency_app.timing.latency import LatencyRecorder

_ROUNDS = 25
"""How often each network has its turn."""
_RUNS = 8
"""Runs of a network in a turn."""
_WARM_UP = 3
"""Runs of each network before any is timed."""
_Name = TypeVar("_Name", bound=Hashable)


def latencies(
    networks: Mapping[_Name, Network],
    picture: Image,
    rounds: int = _ROUNDS,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[_Name, dict[str, float]]:
    """Return percentiles of milliseconds of one run, by the networks' names: see `LatencyRecorder.percentiles`.

    picture: uint8 [height, width, 3] RGB. rounds, clock: see `interleaved_ms`.
    """
    found = {}
    for name, times in interleaved_ms(networks, [picture], rounds, clock=clock).items():
        recorder = LatencyRecorder(len(times))
        for ms in times:
            recorder.add({"run": ms})
        found[name] = recorder.percentiles()["run"]
    return found


def interleaved_ms(
    work: Mapping[_Name, Callable[[Image], object]],
    pictures: Sequence[Image],
    rounds: int = _ROUNDS,
    runs: int = _RUNS,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[_Name, list[float]]:
    """Return the milliseconds of each run of some pieces of work, by their names.

    They take turns, a few runs each, in another order every round, so that whatever else the machine does affects all
    of them alike.
    pictures: what the work is on, one after the other, the same for each. rounds: how often each has its turn. runs: of
    one in a turn. clock: seconds.
    """
    names = list(work)
    times: dict[_Name, list[float]] = {name: [] for name in names}
    rng = np.random.default_rng(1)
    for name in names:
        for number in range(_WARM_UP):
            work[name](pictures[number % len(pictures)])
    for turn in range(rounds):
        for name in (names[index] for index in rng.permutation(len(names))):
            for run in range(runs):
                picture = pictures[(turn * runs + run) % len(pictures)]
                start = clock()
                work[name](picture)
                times[name].append((clock() - start) * 1e3)
    return times
