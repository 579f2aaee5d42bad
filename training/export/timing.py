"""Measure how long networks take, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
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

    The networks take turns, a few runs each, in another order every round, so that whatever else the machine does
    affects all of them alike.
    picture: uint8 [height, width, 3] RGB. rounds: how often each has its turn. clock: seconds.
    """
    names = list(networks)
    recorders = {name: LatencyRecorder() for name in names}
    rng = np.random.default_rng(1)
    for network in networks.values():
        for _ in range(_WARM_UP):
            network(picture)
    for _ in range(rounds):
        for name in (names[index] for index in rng.permutation(len(names))):
            for _ in range(_RUNS):
                start = clock()
                networks[name](picture)
                recorders[name].add({"run": (clock() - start) * 1e3})
    return {name: recorder.percentiles()["run"] for name, recorder in recorders.items()}
