"""What a frame costs with one look and with all, as a picture."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from currency_app.benchmarking.looks import LookTimes, time_looks, write_looks_plot
from currency_app.errors import CurrencyAppError, SourceError
from currency_app.events import Frame
from currency_app.recognition import load_bundle
from currency_app.testing import FakeClock, FakeSource

TIMES = LookTimes((0.0, 0.1, 0.2), (3.0, 3.2, 2.9), (14.0, 15.0, 13.0))


def test_each_frame_is_timed_both_ways(tiny_bundle: Path) -> None:
    clock = FakeClock()

    def ticking() -> float:
        clock.now += 0.004
        return clock.now

    frames = [Frame(np.zeros((48, 64, 3), np.uint8), index / 15, index) for index in range(30)]
    times = time_looks(load_bundle(tiny_bundle), FakeSource(frames), clock=ticking)
    assert times.t == tuple(frame.t for frame in frames)
    assert times.one_look_ms == pytest.approx([4.0] * 30)
    assert times.all_looks_ms == pytest.approx([4.0] * 30)


def test_a_source_without_pictures_is_refused(tiny_bundle: Path) -> None:
    with pytest.raises(SourceError, match="no picture"):
        time_looks(load_bundle(tiny_bundle), FakeSource([]))


def test_the_plot_names_both_ways_their_medians_and_the_budget(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    write_looks_plot(tmp_path / "plot.svg", TIMES, 25.0, "a processor")
    drawn = " ".join(ElementTree.parse(tmp_path / "plot.svg").getroot().itertext())
    for words in ("one look, median 3.0 ms", "all looks, median 14.0 ms", "budget, 25 ms", "a processor"):
        assert words in drawn


def test_a_plot_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(CurrencyAppError, match="cannot be written"):
        write_looks_plot(tmp_path / "none" / "plot.svg", TIMES, 25.0, "a processor")
