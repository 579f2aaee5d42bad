"""Read a table of comma-separated values as spreadsheet programs save it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from currency_app.errors import DataError

_SEPARATORS = ",;\t"
"""What separates cells: Excel saves semicolons where the comma is the decimal sign, and tabs as Unicode text."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks at the beginning of Excel's Unicode text."""
_SAVE_ANEW = "in Excel, save it as the type CSV UTF-8"


def read_table(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a table as (line number, cells by column), without those that are empty.

    needed: the columns that it must have; others may be there too. Cells are separated by commas, semicolons or tabs,
    with or without a byte order mark. Raises DataError, in one sentence, if it cannot be read as such a table.
    """
    lines = _lines(path)
    header = next((cells for _, cells in lines), [])
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in needed if name not in names]
    if missing:
        raise DataError(f"{path} has no column {missing[0]!r}: it needs {', '.join(needed)}.")
    twice = [name for name in needed if names.count(name) > 1]
    if twice:
        raise DataError(f"{path} has the column {twice[0]!r} twice: remove one.")
    rows = []
    for number, cells in lines[1:]:
        if any(cell.strip() for cell in cells[len(names) :]):
            raise DataError(
                f"{path}, line {number} has more cells than there are columns: put quotation marks around a cell that "
                "holds the separator, such as the polygon."
            )
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * len(names)]
            rows.append((number, {name: cell.strip() for name, cell in zip(names, padded, strict=False)}))
    return rows


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return the cells of each line that is not empty, by its number, the header first."""
    try:
        text = _text(path)
        first = text[: len(text) - len(text.lstrip())].count("\n") + 1
        header, _, rest = text.lstrip().partition("\n")
        if header.strip().lower().startswith("sep="):  # Excel's own line about the separator
            separator, first, text = header.strip()[4:] or ",", first + 1, rest
        else:
            separator, text = max(_SEPARATORS, key=header.count), header + "\n" + rest
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator[:1], strict=True)
        return [(first + reader.line_num - 1, cells) for cells in reader if cells]
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}. Check its name and rights.") from error
    except csv.Error as error:
        raise DataError(
            f"{path} cannot be read as a CSV file in UTF-8: {error}. {_SAVE_ANEW[0].upper()}{_SAVE_ANEW[1:]}."
        ) from error


def _text(path: Path) -> str:
    """Return what a file says. Raises DataError if it is in another code than UTF-8 or UTF-16."""
    content = path.read_bytes()
    code = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        return content.decode(code)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(f"{path}, line {line} is not in UTF-8: {_SAVE_ANEW}.") from error
