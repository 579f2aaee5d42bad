"""What all exports use: converters are silenced, networks timed side by side."""

from __future__ import annotations

import os
import sys
import warnings

import numpy as np
import pytest

from training.export.quiet import quietly
from training.export.timing import latencies


def test_nothing_is_heard_of_a_converter(capfd: pytest.CaptureFixture[str]) -> None:
    with quietly():
        print("from Python")
        print("from Python", file=sys.stderr)
        os.write(1, b"from native code")
        os.write(2, b"from native code")
        warnings.warn("careful", UserWarning, stacklevel=1)
    assert capfd.readouterr() == ("", "")
    print("after it")
    os.write(2, b"after it")
    assert capfd.readouterr() == ("after it\n", "after it")


def test_what_a_converter_raises_is_raised(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="no such layer"), quietly():
        raise ValueError("no such layer")
    print("after it")
    assert capfd.readouterr().out == "after it\n"


def test_networks_take_turns_and_each_gets_its_own_times() -> None:
    now, order = [0.0], []

    def network(name: str, seconds: float) -> object:
        def run(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            order.append(name)
            now[0] += seconds
            return np.zeros(3, np.float32), np.zeros(9, np.float32)

        return run

    networks = {"slow": network("slow", 0.02), "quick": network("quick", 0.005)}
    times = latencies(networks, np.zeros((4, 4, 3), np.uint8), rounds=10, clock=lambda: now[0])  # type: ignore[arg-type]
    assert times["slow"]["p50"] == pytest.approx(20)
    assert times["quick"]["p95"] == pytest.approx(5)
    turns = [name for name, before in zip(order, [None, *order], strict=False) if name != before]
    assert len(turns) >= 10
    assert order.count("slow") == order.count("quick")
