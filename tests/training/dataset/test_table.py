"""A manifest as spreadsheet programs save it: read, or one sentence says what is wrong."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from currency_app.errors import DataError
from training.commands.cli import main
from training.dataset.manifest import LabelledImage, read_data, write_manifest

HEADER = ["path", "kind", "source", "class", "split", "polygon", "notes_in_image"]
ROWS = [
    ["photos/a.png", "photo", "me", "usd_5_front", "train", "10,20 110.5,22 108,60 9,61", "single"],
    ["photos/b.png", "background", "me", "background", "val", "", ""],
]


def table(rows: list[list[str]], separator: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


PLAIN = table([HEADER, *ROWS])
AS_SAVED = {
    "plain": PLAIN.encode(),
    "byte order mark": PLAIN.encode("utf-8-sig"),
    "semicolons": table([HEADER, *ROWS], ";").encode("utf-8-sig"),
    "tabs in UTF-16": table([HEADER, *ROWS], "\t").encode("utf-16"),
    "tabs in UTF-16, big-endian": b"\xfe\xff" + table([HEADER, *ROWS], "\t").encode("utf-16-be"),
    "everything quoted": table([HEADER, *ROWS], ";", csv.QUOTE_ALL).encode(),
    "blank lines": ("\r\n" + PLAIN.replace("\r\n", "\r\n\r\n")).encode(),
    "rows of empty cells": table([HEADER, [""] * 7, *ROWS, [""] * 7]).encode(),
    "columns after the last": table([[*row, "", ""] for row in (HEADER, *ROWS)]).encode(),
    "empty cells left out at the end": PLAIN.replace("val,,", "val").encode(),
    "a remark as another column": table([[*HEADER, "remark"], *([*row, "blurred"] for row in ROWS)]).encode(),
    "spaces around cells": PLAIN.replace("kind", " kind ").replace(",me,", ", me ,").encode(),
    "a line about the separator": b"sep=;\r\n" + table([HEADER, *ROWS], ";").encode(),
    "line ends of an old Mac": PLAIN.replace("\r\n", "\r").encode(),
}


def facts(image: LabelledImage, folder: Path) -> tuple[object, ...]:
    polygon = None if image.polygon is None else image.polygon.tolist()
    path = image.path.relative_to(folder).as_posix()
    return path, image.kind, image.source, image.class_name, image.split, polygon, image.notes_in_image


@pytest.mark.parametrize("saved", AS_SAVED)
def test_a_manifest_is_read_as_it_is_saved(tmp_path: Path, saved: str) -> None:
    (tmp_path / "manifest.csv").write_bytes(AS_SAVED[saved])
    assert [facts(image, tmp_path) for image in read_data(tmp_path)] == [
        ("photos/a.png", "photo", "me", "usd_5_front", "train", [[10, 20], [110.5, 22], [108, 60], [9, 61]], "single"),
        ("photos/b.png", "background", "me", "background", "val", None, ""),
    ]


def test_backslashes_are_folders_unless_a_file_is_named_so(tmp_path: Path) -> None:
    rows = [[row[0].replace("/", "\\"), *row[1:]] for row in ROWS]
    (tmp_path / "manifest.csv").write_text(table([HEADER, *rows]))
    (tmp_path / "photos\\b.png").touch()
    first, second = read_data(tmp_path)
    assert first.path == tmp_path / "photos" / "a.png"
    assert second.path == tmp_path / "photos\\b.png"


REFUSED = {
    "code page 1252": (PLAIN.replace("a.png", "caf\u00e9.png").encode("cp1252"), "line 2 is not in UTF-8: in Excel"),
    "half a letter of UTF-16": (PLAIN.encode("utf-16")[:-1], "is not in UTF-8"),
    "no quotation marks": (PLAIN.replace('"', "").encode(), "line 2 has more cells than there are columns"),
    "a column twice": (table([[*HEADER, "split"], *([*row, "val"] for row in ROWS)]).encode(), "'split' twice"),
    "an open quotation mark": (PLAIN.replace('61"', "61").encode(), "In Excel, save it as the type CSV UTF-8."),
    "a workbook": (b"PK\x03\x04\x14\x00\x06\x00\x08\x00\xe9", "is not in UTF-8: in Excel, save it"),
    "one column": (b"a\nb\n", "has no column 'path': it needs path, kind"),
    "only the separator": (b"sep=;\n", "has no column 'path'"),
    "a zero byte": (PLAIN.replace("a.png", "a\0.png").encode(), "line 2"),
}


@pytest.mark.parametrize("saved", REFUSED)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str], saved: str) -> None:
    content, said = REFUSED[saved]
    (tmp_path / "manifest.csv").write_bytes(content)
    assert main(["check", "--data", str(tmp_path)]) == 2
    captured = capfd.readouterr()
    (line,) = captured.err.splitlines()
    assert said in line
    assert captured.out == ""


def test_lines_are_counted_as_in_the_file(tmp_path: Path) -> None:
    wrong = ["photos/c.png", "photo", "me", "", "train", "", ""]
    for above in ("", "\r\n", "sep=,\r\n"):
        lines = above.count("\n") + 3
        (tmp_path / "manifest.csv").write_text(above + table([HEADER, *ROWS[:1], wrong]), newline="")
        with pytest.raises(DataError, match=rf"line {lines}: there is no class\.$"):
            read_data(tmp_path)


def test_labels_that_cannot_be_written_leave_the_old_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "manifest.csv").write_text(PLAIN)
    images = read_data(tmp_path)

    def killed(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_manifest(tmp_path / "manifest.csv", tmp_path, images[:1])
    assert (tmp_path / "manifest.csv").read_text() == PLAIN.replace("\r\n", "\n")
    assert [file.name for file in tmp_path.iterdir()] == ["manifest.csv"]
