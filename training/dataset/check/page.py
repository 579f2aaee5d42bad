"""The report on a data folder as one page: headings, a table and small pictures, in a single file."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

from currency_app.errors import ImageError
from currency_app.images import read_image
from training.dataset.check.findings import DESIGNS_CAPTION, Finding, Report, numbered
from training.dataset.designs import design_table
from training.dataset.manifest import LabelledImage
from training.web_page import PAGE_END, page_start, small_jpeg
from training.writable import check_page, write_text

_MAX_PICTURE_SIDE = 180
"""Pixels across and down that a picture on the page has at most. Judged by eye."""
_MAX_GROUPS = 40
"""How many groups of images a finding shows, to keep the page small; chosen by hand."""
_MAX_IN_A_GROUP = 6
"""How many images of a group are shown; chosen by hand."""


def write_page(target: Path, report: Report) -> None:
    """Write the page, whole or not at all. Raises DataError if it cannot be written."""
    check_page(target)
    write_text(target, "\n".join(_page(report)))


def _page(report: Report) -> Iterator[str]:
    title = f"Check of the {report.inspected.currency.upper()} images"
    yield page_start(title)
    yield f"<h1>{title}</h1>\n<p>{escape(report.summary())}.</p>"
    yield from _table(report)
    yield from _designs(report)
    for heading, must_fix in (("To mend", True), ("Remarks", False)):
        findings = [finding for finding in report.findings if finding.must_fix == must_fix]
        yield f"<h2>{heading}</h2>"
        if not findings:
            yield "<p>None.</p>"
        for finding in findings:
            yield from _section(report, finding)
    yield PAGE_END


def _table(report: Report) -> Iterator[str]:
    splits = list(next(iter(report.counts.values())))
    yield "<table>\n<caption>Labels by class and split</caption>"
    heads = "".join(f'<th scope="col">{split}</th>' for split in splits)
    yield f'<thead><tr><th scope="col">class</th>{heads}</tr></thead>\n<tbody>'
    for name, counts in report.counts.items():
        cells = "".join(f"<td>{counts[split]}</td>" for split in splits)
        yield f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'
    yield "</tbody>\n</table>"


def _designs(report: Report) -> Iterator[str]:
    if not report.designs:
        return
    heads, rows = design_table(report.designs, report.known_designs)
    yield f"<table>\n<caption>{DESIGNS_CAPTION}</caption>"
    yield "<thead><tr>" + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads) + "</tr></thead>\n<tbody>"
    for first, *cells in rows:
        yield f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
    yield "</tbody>\n</table>"


def _section(report: Report, finding: Finding) -> Iterator[str]:
    if not finding.groups:
        yield f"<p>{escape(finding.text)}</p>"
        return
    yield f"<section>\n<h3>{escape(finding.text)}</h3>\n<ul>"
    for group in finding.groups[:_MAX_GROUPS]:
        figures = "".join(_figure(report, image) for image in group[:_MAX_IN_A_GROUP])
        more = f"<p>and {len(group) - _MAX_IN_A_GROUP} more</p>" if len(group) > _MAX_IN_A_GROUP else ""
        yield f"<li>{figures}{more}</li>"
    yield "</ul>"
    if len(finding.groups) > _MAX_GROUPS:
        more = numbered(len(finding.groups) - _MAX_GROUPS, "place")
        yield f"<p>The first {_MAX_GROUPS} are shown; {more} more: see --json.</p>"
    yield "</section>"


def _figure(report: Report, image: LabelledImage) -> str:
    where = escape(report.name(image), quote=True)
    what = escape(f"{image.class_name}, {image.split}", quote=True)
    try:
        picture = small_jpeg(read_image(image.path), image.polygon, _MAX_PICTURE_SIDE)
    except ImageError:
        return f"<figure><figcaption>Not readable: {what}, {where}</figcaption></figure>"
    return (
        f'<figure><img alt="{what}" src="data:image/jpeg;base64,{picture}">'
        f"<figcaption>{what}<br>{where}</figcaption></figure>"
    )
