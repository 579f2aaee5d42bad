"""The report on a data folder as one page: headings, a table, small pictures, and nothing beside the file itself."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from pathlib import Path

import cv2

from currency_app.errors import DataError, ImageError
from currency_app.images import read_image
from training.dataset.findings import Finding, Report, numbered
from training.dataset.manifest import LabelledImage

_WIDEST = 180
_MOST_GROUPS = 40
_MOST_IN_A_GROUP = 6

_STYLE = """
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 1rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } caption { text-align: left; font-weight: bold; }
th, td { padding: .2rem .8rem; border: 1px solid #767676; text-align: right; } th[scope=row] { text-align: left; }
ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .8rem; }
li { display: flex; gap: .4rem; border: 1px solid #767676; padding: .4rem; }
figure { margin: 0; width: 12rem; } figcaption { font-size: .9rem; overflow-wrap: anywhere; }
"""


def write_page(target: Path, report: Report) -> None:
    """Write the page, whole or not at all. Raises DataError where it cannot be written."""
    ready_to_write(target)
    page = "\n".join(_page(report))
    try:
        part = target.with_name(f".{target.name}.part")
        try:
            part.write_text(page, encoding="utf-8")
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{target} cannot be written: choose another place.") from error


def ready_to_write(target: Path) -> None:
    """Raise DataError where the page could not be put: known before thousands of images are read."""
    if not target.parent.is_dir():
        raise DataError(f"There is no folder {target.parent} for the page: make it first.")
    if target.is_dir() or target.suffix.lower() not in (".html", ".htm"):
        raise DataError(f"{target} is not the name of a page: give one that ends in .html.")


def _page(report: Report) -> Iterator[str]:
    title = f"Check of the {report.inspected.currency.upper()} images"
    yield f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>'
    yield f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>'
    yield f"<h1>{title}</h1>\n<p>{escape(report.summary())}.</p>"
    yield from _table(report)
    for heading, mend in (("To mend", True), ("Remarks", False)):
        findings = [finding for finding in report.findings if finding.mend == mend]
        yield f"<h2>{heading}</h2>"
        if not findings:
            yield "<p>None.</p>"
        for finding in findings:
            yield from _section(report, finding)
    yield "</main>\n</body>\n</html>\n"


def _table(report: Report) -> Iterator[str]:
    splits = list(next(iter(report.counts.values())))
    yield "<table>\n<caption>Labels by class and split</caption>"
    heads = "".join(f'<th scope="col">{split}</th>' for split in splits)
    yield f'<thead><tr><th scope="col">class</th>{heads}</tr></thead>\n<tbody>'
    for name, counts in report.counts.items():
        cells = "".join(f"<td>{counts[split]}</td>" for split in splits)
        yield f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'
    yield "</tbody>\n</table>"


def _section(report: Report, finding: Finding) -> Iterator[str]:
    if not finding.groups:
        yield f"<p>{escape(finding.text)}</p>"
        return
    yield f"<section>\n<h3>{escape(finding.text)}</h3>\n<ul>"
    for group in finding.groups[:_MOST_GROUPS]:
        figures = "".join(_figure(report, image) for image in group[:_MOST_IN_A_GROUP])
        more = f"<p>and {len(group) - _MOST_IN_A_GROUP} more</p>" if len(group) > _MOST_IN_A_GROUP else ""
        yield f"<li>{figures}{more}</li>"
    yield "</ul>"
    if len(finding.groups) > _MOST_GROUPS:
        more = numbered(len(finding.groups) - _MOST_GROUPS, "place")
        yield f"<p>The first {_MOST_GROUPS} are shown; {more} more: see --json.</p>"
    yield "</section>"


def _figure(report: Report, image: LabelledImage) -> str:
    where = escape(report.name(image), quote=True)
    what = escape(f"{image.class_name}, {image.split}", quote=True)
    try:
        picture = _thumbnail(image)
    except ImageError:
        return f"<figure><figcaption>Not readable: {what}, {where}</figcaption></figure>"
    return (
        f'<figure><img alt="{what}" src="data:image/jpeg;base64,{picture}">'
        f"<figcaption>{what}<br>{where}</figcaption></figure>"
    )


def _thumbnail(image: LabelledImage) -> str:
    """A small JPEG in base64, with the note's outline in it where it is known, its first corner marked."""
    pixels = read_image(image.path)
    scale = min(_WIDEST / pixels.shape[1], _WIDEST / pixels.shape[0], 1.0)
    size = (max(round(pixels.shape[1] * scale), 1), max(round(pixels.shape[0] * scale), 1))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if image.polygon is not None:
        points = (image.polygon * scale).round().astype("int32")
        cv2.polylines(small, [points], True, (0, 255, 0), 2)
        cv2.circle(small, (int(points[0, 0]), int(points[0, 1])), 4, (0, 0, 255), -1)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 75])
    return base64.b64encode(data.tobytes()).decode("ascii")
