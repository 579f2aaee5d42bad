"""The parts that the page is put together from: tables, figures with their text, numbers as they are written."""

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


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], shades: Sequence[Sequence[float]] = ()
) -> str:
    """A table of plain text. The first cell of a row is its heading.

    shades: for each row, for each cell but the first, how strongly it is coloured, 0..1; none are where there are none.
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
    """Names beside what they stand for, plain text both."""
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(what)}</dd>" for name, what in entries) + "</dl>"


def figure(svg: str, text: str, same_as_table: str) -> str:
    """A plot, what is to be seen in it in one or two sentences, and its numbers to unfold."""
    return (
        f'<figure>\n<div role="img" aria-label="{escape(text, quote=True)}">{svg}</div>\n'
        f"<figcaption>{escape(text)}</figcaption>\n"
        f"<details><summary>The numbers of this plot</summary>\n{same_as_table}\n</details>\n</figure>"
    )


def paragraph(text: str) -> str:
    """Plain text."""
    return f"<p>{escape(text)}</p>"


def percent(share: float) -> str:
    """A share, 0..1, as it is written."""
    return f"{share:.1%}"


def share_of(part: int, n: int) -> str:
    """A share of n, none of nothing."""
    return percent(part / n) if n else "-"


def interval(bounds: tuple[float, float], n: int) -> str:
    """An interval of shares, 0..1; none of nothing."""
    return f"{bounds[0]:.1%} to {bounds[1]:.1%}" if n else "-"


def amount(value: int | None) -> str:
    """A value as it is written, none where there is no note."""
    return "none" if value is None else str(value)


def _cell(text: str, strength: float) -> str:
    shade = f' style="background:rgb(0 114 178 / {strength:.0%})"' if strength else ""
    return f"<td{shade}>{escape(text)}</td>"
