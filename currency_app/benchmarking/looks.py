"""What a frame costs with one look, as films get it, beside all the looks of a still."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from currency_app.camera.base import Source
from currency_app.errors import CurrencyAppError, SourceError
from currency_app.events import Frame
from currency_app.recognition import Bundle, Recognizer

MAX_FRAMES = 900
"""Frames that are timed: a minute of the drawn scene."""
_WARM_UP_FRAMES = 10
"""Frames of the source that are read before, so that every buffer is filled. Chosen by hand."""
_ONE, _ALL, _LIMIT = "#0072b2", "#d55e00", "#767676"
"""People who see no red or green can distinguish the first two, on white as well as on black.

Wong, "Color blindness", Nature Methods 8, 2011.
"""


@dataclass(frozen=True)
class LookTimes:
    """Milliseconds that each frame took, timed in turns."""

    t: tuple[float, ...]
    """Seconds of source time."""
    one_look_ms: tuple[float, ...]
    """As a frame of a film."""
    all_looks_ms: tuple[float, ...]
    """As a still."""


def time_looks(
    bundle: Bundle, source: Source, threads: int = 1, clock: Callable[[], float] = time.perf_counter
) -> LookTimes:
    """Read each of the source's first frames both ways. Raises SourceError if it gives no picture."""
    film, stills = Recognizer(bundle, threads), Recognizer(bundle, threads)
    frames = [event for event in islice(source.events(), MAX_FRAMES) if isinstance(event, Frame)]
    if not frames:
        raise SourceError(f"{source.name} gives no picture to be timed on. Give another source.")
    for frame in frames[:_WARM_UP_FRAMES]:
        film.observe(frame)
        stills.observe_still(frame.image)
    one, every = [], []
    for frame in frames:
        start = clock()
        film.observe(frame)
        between = clock()
        stills.observe_still(frame.image)
        one.append((between - start) * 1e3)
        every.append((clock() - between) * 1e3)
    return LookTimes(tuple(frame.t for frame in frames), tuple(one), tuple(every))


def write_looks_plot(target: Path, times: LookTimes, budget_ms: float, processor: str) -> None:
    """Draw the times of each frame as SVG, with a line at the budget, milliseconds.

    processor: its name, for the title. Raises CurrencyAppError if matplotlib is missing or the file cannot be written.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise CurrencyAppError("--plot needs matplotlib: pip install '.[bench]' in the clone.") from error
    settings: dict[Any, Any] = {"svg.hashsalt": "looks", "svg.fonttype": "none", "font.size": 12}
    with rc_context(settings):
        figure = Figure((8, 4.2), layout="constrained")
        axes = figure.add_subplot()
        axes.plot(times.t, times.all_looks_ms, color=_ALL, linewidth=1.2, label=_label("all looks", times.all_looks_ms))
        axes.plot(times.t, times.one_look_ms, color=_ONE, linewidth=1.2, label=_label("one look", times.one_look_ms))
        axes.axhline(budget_ms, color=_LIMIT, linestyle="--", label=f"budget, {budget_ms:.0f} ms")
        axes.set(xlabel="seconds", ylabel="milliseconds a frame", title=f"Frame time on {processor}", ylim=(0, None))
        axes.legend(loc="upper right")
        try:
            figure.savefig(target, format="svg", metadata={"Date": None})
        except OSError as error:
            raise CurrencyAppError(f"{target} cannot be written: {error.strerror}. Name another file.") from error


def _label(name: str, times_ms: Sequence[float]) -> str:
    return f"{name}, median {sorted(times_ms)[len(times_ms) // 2]:.1f} ms"
