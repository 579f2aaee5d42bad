"""Bare passes of the network between the frames, on the same pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from currency_app.benchmarking.passes import TimedPasses
from currency_app.events import CameraLost, Frame
from currency_app.recognition.bundle import load_bundle
from currency_app.testing import FakeClock, FakeSource

FRAMES = [Frame(np.full((48, 64, 3), level, np.uint8), level / 15, level) for level in range(5)]


class SlowNetwork:
    """Takes some milliseconds of a clock for each picture, and keeps the pictures."""

    def __init__(self, clock: FakeClock, ms: float) -> None:
        self.clock = clock
        self.ms = ms
        self.levels: list[int] = []

    def __call__(self, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        self.levels.append(int(picture.mean()))
        self.clock.sleep(self.ms / 1e3)
        return np.zeros(15, np.float32), np.zeros(9, np.float32)


def test_every_second_frame_is_followed_by_a_pass_on_it(tiny_bundle: Path) -> None:
    clock = FakeClock()
    network = SlowNetwork(clock, 3.0)
    source = FakeSource([*FRAMES[:2], CameraLost(0.2), *FRAMES[2:]], dropped=4)
    passes = TimedPasses(source, [load_bundle(tiny_bundle)], networks=[network], clock=clock)
    assert passes.percentiles() == {}
    assert list(passes.events()) == source.played
    assert network.levels == [0, 2, 4]
    assert passes.percentiles() == {"p50": 3.0, "p95": 3.0, "p99": 3.0}
    assert passes.dropped == 4
    passes.close()
    assert source.closed


def test_the_reader_has_its_frame_before_the_pass(tiny_bundle: Path) -> None:
    """Else a live frame would be older when it is read."""
    clock = FakeClock()
    network = SlowNetwork(clock, 3.0)
    events = TimedPasses(FakeSource(FRAMES), [load_bundle(tiny_bundle)], networks=[network], clock=clock).events()
    next(events)
    assert network.levels == []


def test_a_pass_of_several_currencies_is_one_of_each(tiny_bundle: Path) -> None:
    clock = FakeClock()
    networks = [SlowNetwork(clock, ms) for ms in (3.0, 4.0)]
    bundle = load_bundle(tiny_bundle)
    passes = TimedPasses(FakeSource(FRAMES), [bundle, bundle], networks=networks, clock=clock)
    list(passes.events())
    assert passes.percentiles()["p50"] == 7.0
