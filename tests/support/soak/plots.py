"""Draws a soak: latency and memory over the run, as small SVG files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.server.live import percentile
from tests.support.soak.figures import INTERVALS, WARM_UP_S
from tests.support.soak.sampling import Sample

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#767676"
"""People who see no red or green can distinguish the first two (Wong, "Color blindness", Nature Methods 8, 2011)."""
Times = Sequence[tuple[float, float]]
"""Pairs of the second of the run, and milliseconds."""
Panel = tuple[str, list[tuple[str, str, list[tuple[float, float]]]]]
"""A title, and curves: name, colour, points."""


def curve(times: Times, share: float) -> list[tuple[float, float]]:
    """Return a percentile of each of INTERVALS stretches of a run, at its middle, in minutes. share: 0..1."""
    if not times:
        return []
    step_s = max(at_s for at_s, _ in times) / INTERVALS or 1.0
    stretches: dict[int, list[float]] = {}
    for at_s, ms in times:
        stretches.setdefault(min(int(at_s / step_s), INTERVALS - 1), []).append(ms)
    return [((n + 0.5) * step_s / 60, percentile(found, share)) for n, found in sorted(stretches.items())]


def draw_latency(target: Path, app_ms: Times, server_ms: Times) -> None:
    """Draw the medians and 95th percentiles of the app above those of the server."""
    titles = ("App: picture drawn to decision", "Server: request to answer, eight clients")
    panels: list[Panel] = [
        (title, [("median", BLUE, curve(times, 0.5)), ("95th percentile", ORANGE, curve(times, 0.95))])
        for title, times in zip(titles, (app_ms, server_ms), strict=True)
        if times
    ]
    _draw(target, panels, "milliseconds")


def draw_memory(target: Path, app: Sequence[Sample], server: Sequence[Sample]) -> None:
    """Draw the memory that the app holds above that of the server."""
    panels: list[Panel] = [
        (title, [("memory held", BLUE, curve([(sample.s, sample.resident_mb) for sample in samples], 0.5))])
        for title, samples in (("App, with window and speech", app), ("Server, eight clients", server))
        if samples
    ]
    _draw(target, panels, "megabytes")


def _draw(target: Path, panels: Sequence[Panel], unit: str) -> None:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {"svg.hashsalt": "soak", "svg.fonttype": "none", "font.size": 11}
    with rc_context(settings):
        figure = Figure((8, 2.4 * len(panels)), layout="constrained")
        axes = figure.subplots(len(panels), squeeze=False)[:, 0]
        for place, (title, curves) in zip(axes, panels, strict=True):
            for name, colour, points in curves:
                place.plot(*zip(*points, strict=True), color=colour, linewidth=1.2, label=name)
            place.axvline(WARM_UP_S / 60, color=GREY, linestyle=":", label="warm")
            place.set(ylabel=unit, title=title, ylim=(0, None), xlim=(0, None))
            place.legend(loc="lower right", ncols=3, fontsize=9)
        axes[-1].set_xlabel("minutes")
        figure.savefig(target, format="svg", metadata={"Date": None})
