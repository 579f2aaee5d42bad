"""The page's parts about single notes: headline, comparison, confusions, breakdowns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from training.measuring.identified import wilson
from training.measuring.report.cases import Case, by_source, notes
from training.measuring.report.compare import Measured
from training.measuring.report.groups import Breakdown, Group
from training.measuring.report.measures import bootstrap, confusion
from training.measuring.report.plots import SpeedPoint, groups_plot, speed_plot
from training.measuring.report.tags import amount, figure, interval, paragraph, percent, share_of, table

_SOURCE_HEADS = (
    "source",
    "n",
    "right",
    "right, Wilson",
    "right, bootstrap",
    "given",
    "given, Wilson",
    "given, bootstrap",
    "wrong given",
    "wrong given, Wilson",
    "corners IoU",
    "IoU, bootstrap",
)
"""Column heads of the table of sources."""


def headline(cases: Sequence[Case], readable: frozenset[Path]) -> Iterator[str]:
    """Yield the part on each source by itself, with and without a note."""
    yield "<h2>Each source by itself</h2>"
    yield paragraph(
        "Right: the value is. Given: the app would say it from this one image. Intervals are of 95 %: by Wilson's "
        "score, and by the bootstrap over images, which sees no doubt where all images are alike. The images of one "
        "source show few notes and rooms, so what is to be expected of other notes and rooms is less certain than "
        "these intervals say."
    )
    sources = by_source(notes(cases), readable)
    rows = [_source_row(name, items) for name, items in sources.items()]
    yield table("Images with one note", _SOURCE_HEADS, rows) if rows else paragraph("No image shows a note.")
    empty = by_source([case for case in cases if case.true is None])
    rows = [
        [name, str(len(items)), str(spoken), interval(wilson(spoken, len(items)), len(items))]
        for name, items in empty.items()
        for spoken in [sum(case.spoken for case in items)]
    ]
    if rows:
        yield table("Images without a note, or of another currency's", ["source", "n", "value given", "Wilson"], rows)
    else:
        yield paragraph("No image is without a note.")


def _source_row(name: str, items: Sequence[Case]) -> list[str]:
    n = len(items)
    right, spoken, wrong = (sum(marks) for marks in zip(*((c.right, c.spoken, c.wrong) for c in items), strict=True))
    overlaps = [iou for case in items if (iou := case.identified.iou()) is not None]
    low, high = bootstrap(overlaps) if overlaps else (math.nan, math.nan)
    return [
        name,
        str(n),
        share_of(right, n),
        interval(wilson(right, n), n),
        interval(bootstrap([case.right for case in items]), n),
        share_of(spoken, n),
        interval(wilson(spoken, n), n),
        interval(bootstrap([case.spoken for case in items]), n),
        str(wrong),
        interval(wilson(wrong, n), n),
        f"{np.mean(overlaps):.2f} (n {len(overlaps)})" if overlaps else "-",
        f"{low:.2f} to {high:.2f}" if overlaps else "-",
    ]


def comparison(all_measured: Sequence[Measured], readable: frozenset[Path]) -> Iterator[str]:
    """Yield the part that compares several bundles on the same images, the reported one first."""
    yield "<h2>Beside other bundles</h2>"
    yield paragraph("On the same images, each in turn. Milliseconds were measured then, and depend on what else ran.")
    rows, points = [], []
    for number, measured in enumerate(all_measured):
        found = measured.readable(readable)
        ms = measured.milliseconds
        empty = [case for case in measured.cases if case.true is None]
        name = f"{measured.name}{' (this report)' if number == 0 else ''}"
        rows.append(
            [
                name,
                str(found.n),
                share_of(found.right, found.n),
                interval(found.interval, found.n),
                share_of(found.spoken, found.n),
                str(found.wrong),
                f"{sum(case.spoken for case in empty)} of {len(empty)}",
                f"{ms:.1f}",
            ]
        )
        if found.n:
            points.append(SpeedPoint(measured.name, ms, found.right / found.n, found.interval))
    heads = ["bundle", "n", "right", "Wilson", "given", "wrong given", "given without a note", "ms per frame"]
    caption = "Readable notes of all sources together"
    yield table(caption, heads, rows)
    if points:
        caption = "Share of the readable notes that is right against time per frame: " + "; ".join(
            f"{point.name} {percent(point.right)} in {point.milliseconds:.1f} ms" for point in points
        )
        numbers = [
            [point.name, f"{point.milliseconds:.1f}", percent(point.right), interval(point.interval, 1)]
            for point in points
        ]
        heads = ["bundle", "ms per frame", "right", "Wilson"]
        yield figure(speed_plot(points), f"{caption}.", table("Accuracy and speed", heads, numbers))
    sources = [by_source(notes(measured.cases), readable) for measured in all_measured]
    heads = ["source", "n", *(measured.name for measured in all_measured)]
    rows = [
        [name, str(len(items)), *(_right_given_wrong(one[name]) for one in sources)]
        for name, items in sources[0].items()
    ]
    if rows:
        yield table("Each source: right, given, wrong given", heads, rows)


def _right_given_wrong(items: Sequence[Case]) -> str:
    right, spoken = sum(case.right for case in items), sum(case.spoken for case in items)
    return f"{share_of(right, len(items))}, {share_of(spoken, len(items))}, {sum(case.wrong for case in items)}"


def confusions(cases: Sequence[Case], values: Sequence[int]) -> Iterator[str]:
    """Yield the part on what was taken for what. values: those of the bundle."""
    met = {value for case in cases for value in (case.true, case.seen.value) if value is not None}
    shown: list[int | None] = [*sorted({*values, *met}), None]
    counts = confusion(cases, shown)
    names = [amount(value) for value in shown]
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    yield "<h2>What was taken for what</h2>"
    yield paragraph(
        "Values as they were read, sure or not, of the readable images of all sources. A row is what is in the image, "
        "a column what was read; the more of its row, the stronger a cell's colour."
    )
    rows = [[name, *(str(count) for count in row)] for name, row in zip(names, counts, strict=True)]
    shades = [[0.6 * float(share) for share in row] for row in shares]
    yield table("Images by true value and value read", ["true", *names], rows, shades)


def breakdown(kind: Breakdown, cases: Sequence[Case], *, prefix: str, level: int, plotted: bool = False) -> str:
    """Return one breakdown under its heading.

    prefix: unique to it in the page. level: of its heading. plotted: with a plot, its table folded in.
    """
    groups = kind.groups(cases)
    heads = [kind.title, "n", "right", "Wilson", "side right too", "given", "wrong given", "remark"]
    numbers = table(f"Notes by {kind.title}", heads, [_group_row(group) for group in groups])
    parts = [f"<h{level}>By {kind.title}</h{level}>"]
    if kind.explanation:
        parts.append(paragraph(kind.explanation))
    if plotted and any(group.n for group in groups):
        parts.append(figure(groups_plot(groups, prefix), _in_words(kind, groups), numbers))
    else:
        parts.append(numbers)
    return "\n".join(parts)


def _group_row(group: Group) -> list[str]:
    return [
        group.name,
        str(group.n),
        share_of(group.right, group.n),
        interval(group.interval, group.n),
        share_of(group.side_right, group.n),
        share_of(group.spoken, group.n),
        str(group.wrong),
        group.remark,
    ]


def _in_words(kind: Breakdown, groups: Sequence[Group]) -> str:
    each = ", ".join(f"{group.name} {group.right} of {group.n}" for group in groups)
    weak = [group.name for group in groups if group.n and group.right < 0.9 * group.n]
    few = [group.name for group in groups if group.n < 10]
    below = f" Under 90 %: {', '.join(weak)}." if weak else " None is under 90 %."
    rare = f" Fewer than 10: {', '.join(few)}." if few else ""
    return f"Right by {kind.title}: {each}.{below}{rare}"
