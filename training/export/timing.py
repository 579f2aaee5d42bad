"""How long networks take, side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from currency_app.latency import LatencyRecorder
from currency_app.recognition.network import Network

_ROUNDS, _RUNS, _WARM_UP = 25, 8, 3
_Name = TypeVar("_Name", bound=Hashable)


def latencies(
    networks: Mapping[_Name, Network],
    picture: npt.NDArray[np.uint8],
    rounds: int = _ROUNDS,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[_Name, dict[str, float]]:
    """Percentiles of milliseconds of one run, by the networks' names: see `LatencyRecorder.percentiles`.

    picture: uint8 [height, width, 3] RGB. The networks take turns, a few runs each, in another order every round, so
    that whatever else the machine does meets all of them alike.
    """
    names = list(networks)
    recorders = {name: LatencyRecorder() for name in names}
    rng = np.random.default_rng(1)
    for network in networks.values():
        for _ in range(_WARM_UP):
            network(picture)
    for _ in range(rounds):
        for name in (names[place] for place in rng.permutation(len(names))):
            for _ in range(_RUNS):
                start = clock()
                networks[name](picture)
                recorders[name].add({"run": (clock() - start) * 1e3})
    return {name: recorder.percentiles()["run"] for name, recorder in recorders.items()}
