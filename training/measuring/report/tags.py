"""The pieces of the page: tables, figures with their text, numbers as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from training.web_page import STYLE

PAGE_STYLE = (
    STYLE
    + """
figure { width: auto; margin: 1rem 0; } figure svg { max-width: 100%; height: auto; }
ul.pictures figure { width: 17rem; margin: 0; } ul.pictures img { max-width: 100%; }
table { margin: 1rem 0; } td, th { font-variant-numeric: tabular-nums; } td.words { text-align: left; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; } .warning { border: 2px solid #d55e00; padding: .6rem 1rem; }
.wide { overflow-x: auto; } code { overflow-wrap: anywhere; }
"""
)
"""CSS of the page."""


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], shades: Sequence[Sequence[float]] = ()
) -> str:
    """Return a table of plain text. The first cell of a row is its heading.

    shades: for each row, for each cell except the first, how strongly it is coloured, 0..1; empty for no colour.
    """
    shaded = list(shades)
    lines = [f'<div class="wide"><table>\n<caption>{escape(caption)}</caption>']
    lines.append("<thead><tr>" + "".join(f'<th scope="col">{escape(head)}</th>' for head in heads) + "</tr></thead>")
    lines.append("<tbody>")
    for number, (first, *cells) in enumerate(rows):
        strengths = shaded[number] if shaded else [0.0] * len(cells)
        texts = "".join(_cell(cell, strength) for cell, strength in zip(cells, strengths, strict=True))
        lines.append(f'<tr><th scope="row">{escape(first)}</th>{texts}</tr>')
    lines.append("</tbody>\n</table></div>")
    return "\n".join(lines)


def described(entries: Iterable[tuple[str, str]]) -> str:
    """Return a list of names and what they stand for, both plain text."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in entries) + "</dl>"


def figure(svg: str, text: str, same_as_table: str) -> str:
    """Return a plot with a text that says what it shows, and its numbers to unfold."""
    return (
        f'<figure>\n<div role="img" aria-label="{escape(text, quote=True)}">{svg}</div>\n'
        f"<figcaption>{escape(text)}</figcaption>\n"
        f"<details><summary>The numbers of this plot</summary>\n{same_as_table}\n</details>\n</figure>"
    )


def paragraph(text: str) -> str:
    """Return a paragraph of plain text."""
    return f"<p>{escape(text)}</p>"


def percent(share: float) -> str:
    """Return a share, 0..1, in per cent."""
    return f"{share:.1%}"


def share_of(part: int, n: int) -> str:
    """Return a part of n in per cent; "-" if n is 0."""
    return percent(part / n) if n else "-"


def interval(bounds: tuple[float, float], n: int) -> str:
    """Return an interval of shares, 0..1, in per cent; "-" if n is 0."""
    return f"{bounds[0]:.1%} to {bounds[1]:.1%}" if n else "-"


def amount(value: int | None) -> str:
    """Return a value as text; "none" without a note."""
    return "none" if value is None else str(value)


def _cell(text: str, strength: float) -> str:
    shade = f' style="background:rgb(0 114 178 / {strength:.0%})"' if strength else ""
    return f"<td{shade}>{escape(text)}</td>"
