"""The page's plots, as SVG inside it that takes on the page's text colour, light or dark."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from training.measuring.report.groups import Group
from training.measuring.report.measures import ConfidenceBin, OperatingPoint

_BLUE, _ORANGE, _GREY = "#0072b2", "#d55e00", "#767676"
"""People who see no red or green can distinguish them, on white as well as on black.

Wong, "Color blindness", Nature Methods 8, 2011.
"""
_TEXT = "#010203"
"""Stands for the page's own text colour, put in once the plot is drawn."""
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "report",
    "svg.fonttype": "none",
    "font.size": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 2,
    "text.color": _TEXT,
    "axes.labelcolor": _TEXT,
    "axes.edgecolor": _TEXT,
    "xtick.color": _TEXT,
    "ytick.color": _TEXT,
    "grid.color": _GREY,
    "grid.alpha": 0.35,
    "axes.grid": True,
    "axes.axisbelow": True,
}
"""Settings of matplotlib for all plots."""


def risk_coverage_plot(curves: Mapping[str, Sequence[OperatingPoint]], own: OperatingPoint) -> str:
    """Return the share of spoken values that are wrong against the share of notes with one, in per cent.

    curves: two at most, by the cases that they are of. own: the point at which the bundle works, which is marked.
    """
    with _drawing((7, 4.2)) as drawn:
        axes = drawn.axes
        styles = ((_BLUE, "-"), (_ORANGE, "--"))
        for (name, points), (colour, line) in zip(curves.items(), styles, strict=False):
            # Between two confidences nothing changes, so each point holds until the next.
            shares = [100 * point.coverage for point in points]
            risks = [100 * point.risk for point in points]
            axes.step(shares, risks, where="post", color=colour, linestyle=line, label=name)
        place = (100 * own.coverage, 100 * own.risk)
        axes.plot(
            *place,
            "D",
            color=_BLUE,
            markeredgecolor=_TEXT,
            markersize=9,
            label="this bundle's thresholds",
            clip_on=False,
        )
        axes.set(xlim=(0, 101), ylim=(0, None), xlabel="notes given a value, %", ylabel="wrong among the given, %")
        axes.legend(frameon=False, loc="upper left")
        return drawn.svg("risk")


def reliability_plot(bins: Sequence[ConfidenceBin]) -> str:
    """Return the share that is right against the confidence, and under it how many answers each bin holds."""
    with _drawing((7, 5), rows=(3, 1)) as drawn:
        above, below = drawn.all_axes
        filled = [one for one in bins if one.n]
        width = bins[0].high - bins[0].low
        middles = [(one.low + one.high) / 2 for one in filled]
        above.plot([0, 1], [0, 1], color=_GREY, linestyle="--", label="confidence = share right")
        above.bar(middles, [one.right for one in filled], width * 0.9, color=_BLUE, alpha=0.7, label="share right")
        above.plot(
            [one.confidence for one in filled],
            [one.right for one in filled],
            "o",
            color=_ORANGE,
            label="mean confidence",
        )
        above.set(xlim=(0, 1), ylim=(0, 1.03), ylabel="share right")
        above.legend(frameon=False, loc="upper left")
        below.bar([(one.low + one.high) / 2 for one in bins], [one.n for one in bins], width * 0.9, color=_BLUE)
        below.set(xlim=(0, 1), yscale="symlog", xlabel="confidence", ylabel="images")
        below.set_yticks([10**power for power in range(len(str(max(one.n for one in bins))))])
        below.yaxis.set_major_formatter("{x:.0f}")
        return drawn.svg("reliability")


def groups_plot(groups: Sequence[Group], prefix: str) -> str:
    """Return the share right of each group, in per cent, with its 95 % interval.

    prefix: unique to this plot in the page.
    """
    filled = [group for group in groups if group.n]
    with _drawing((7, 0.9 + 0.32 * len(filled))) as drawn:
        axes = drawn.axes
        for row, group in enumerate(filled):
            low, high = group.interval
            axes.plot([100 * low, 100 * high], [row, row], color=_BLUE, solid_capstyle="butt")
            axes.plot(100 * group.right / group.n, row, "o", color=_ORANGE, markersize=8, clip_on=False)
        axes.axvline(90, color=_GREY, linestyle="--", linewidth=1)
        axes.set_yticks(range(len(filled)), [f"{group.name} (n = {group.n})" for group in filled])
        axes.set(xlim=(0, 100), ylim=(len(filled) - 0.5, -0.5), xlabel="right, % (the dashed line is 90 %)")
        return drawn.svg(prefix)


@dataclass(frozen=True)
class TradePoint:
    """Simulated presentations with the tracker's threshold moved."""

    caution: float
    """By how much it was moved, nats of log odds."""
    own: bool
    """Whether this is the threshold that the app works with."""
    wrong: int
    """How many values were said as sure that were not shown."""
    missed: int
    """How many notes were readable and their value not said."""
    presentations: int
    """How many presentations there were."""
    delay_median_s: float
    """Median of the seconds from readable to said."""
    delay_p95_s: float
    """95th percentile of the seconds from readable to said."""


@dataclass(frozen=True)
class SpeedPoint:
    """How fast and how good one bundle is."""

    name: str
    """What the point is labelled with."""
    milliseconds: float
    """Milliseconds for a frame."""
    right: float
    """Share of the readable notes that is right, 0..1."""
    interval: tuple[float, float]
    """95 % interval of that share."""


def speed_plot(points: Sequence[SpeedPoint]) -> str:
    """Return each bundle's share right, in per cent, against its milliseconds per frame.

    The first bundle stands out.
    """
    with _drawing((7, 4.2)) as drawn:
        axes = drawn.axes
        slowest = max(point.milliseconds for point in points)
        for number, point in enumerate(points):
            marker, colour = ("D", _ORANGE) if number == 0 else ("o", _BLUE)
            axes.plot([point.milliseconds] * 2, [100 * bound for bound in point.interval], color=_GREY, linewidth=1.5)
            axes.plot(point.milliseconds, 100 * point.right, marker, color=colour, markersize=9)
        for rank, point in enumerate(sorted(points, key=lambda point: point.right)):
            left = point.milliseconds > slowest * 0.5
            # Every other label above its point and below it, so that those of near points stay apart.
            axes.annotate(
                point.name,
                (point.milliseconds, 100 * point.right),
                (-7 if left else 7, 9 if rank % 2 else -16),
                textcoords="offset points",
                ha="right" if left else "left",
                fontsize=11,
            )
        axes.set(xlim=(0, slowest * 1.15), xlabel="milliseconds per frame (median)", ylabel="readable notes right, %")
        return drawn.svg("speed")


def trade_plot(points: Sequence[TradePoint]) -> str:
    """Return wrong and missed notes per 1,000 presentations against the median delay.

    points: one for each threshold of the tracker, in their order.
    """
    with _drawing((7, 4.2)) as drawn:
        axes = drawn.axes
        delays = [point.delay_median_s for point in points]
        for name, colour, line in (("wrong", _ORANGE, "-"), ("missed", _BLUE, "--")):
            shares = [1000 * getattr(point, name) / max(point.presentations, 1) for point in points]
            axes.plot(delays, shares, "o" + line, color=colour, label=name, clip_on=False)
            for point, delay, share in zip(points, delays, shares, strict=True):
                if point.own:
                    axes.plot(delay, share, "D", color=colour, markeredgecolor=_TEXT, markersize=10, clip_on=False)
        # From none to nearly all: on a straight scale those of usable thresholds would all lie on the axis.
        axes.set_yscale("symlog", linthresh=1)
        ticks = [0, 1, 10, 100, 1000]
        axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
        axes.set(ylim=(0, 1000), xlabel="median delay from readable to said, s", ylabel="of 1,000 presentations")
        axes.legend(frameon=False, loc="upper left", title="the diamonds: as shipped")
        return drawn.svg("trade")


class _Drawing:
    """One figure and its axes, one above the other."""

    def __init__(self, figure: Any, all_axes: Sequence[Any]) -> None:
        self._figure = figure
        self.all_axes = all_axes
        self.axes = all_axes[0]

    def svg(self, prefix: str) -> str:
        """Return what is drawn.

        prefix: goes before every id in it, since two plots in one page must not share any.
        """
        written = io.StringIO()
        self._figure.savefig(written, format="svg", transparent=True, metadata={"Date": None})
        text = written.getvalue()
        text = text[text.index("<svg") :].replace(_TEXT, "currentColor")
        text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
        return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", text)


@contextmanager
def _drawing(size: tuple[float, float], rows: Sequence[int] = (1,)) -> Iterator[_Drawing]:
    """Yield an empty figure of this size in inches. rows: proportions of its axes, from the top."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots(len(rows), height_ratios=rows, squeeze=False)
        yield _Drawing(figure, list(axes[:, 0]))
