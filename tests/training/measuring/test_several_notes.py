"""Pictures of several notes: which are shown, and how answers to them are counted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.errors import DataError
from tests.support.drawn_data import write_data
from training.commands.cli import main
from training.dataset.manifest import LabelledImage, read_data
from training.dataset.notes import flat_note
from training.measuring import several_notes
from training.measuring.several_notes import SeveralNotesAnswer, SeveralNotesFigures, measure_several_notes
from training.synthesis import LAYOUTS


@dataclass(frozen=True)
class _Bundle:
    currency: str = "USD"
    note_aspect: float = 2.364


class _Recognizer:
    bundle = _Bundle()


@dataclass(frozen=True)
class _Seen:
    value: int | None


@dataclass(frozen=True)
class _Found:
    values: Sequence[int]

    @property
    def spoken(self) -> bool:
        return bool(self.values)

    @property
    def from_left(self) -> list[Any]:
        return [type("One", (), {"observation": _Seen(value)})() for value in self.values]


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    return read_data(write_data(tmp_path_factory.mktemp("data")))


def measured(
    monkeypatch: pytest.MonkeyPatch, images: Sequence[LabelledImage], spoken: Sequence[int]
) -> tuple[SeveralNotesFigures, list[Any]]:
    """The figures if the app says these values of every picture, and the pictures."""
    shown: list[Any] = []

    def identify(recognizer: Any, picture: Any) -> _Found:
        shown.append(picture)
        return _Found(spoken)

    notes = [flat_note(f"usd_{value}_front", np.full((150, 354, 3), value, np.uint8)) for value in (1, 5, 20, 20)]
    foreign = flat_note("eur_50_front", np.full((150, 354, 3), 200, np.uint8))
    small = flat_note("usd_100_front", np.full((60, 140, 3), 250, np.uint8))
    monkeypatch.setattr(several_notes, "cut_notes", lambda *_: [*notes, foreign, small])
    monkeypatch.setattr(several_notes, "identify", identify)
    figures = measure_several_notes(_Recognizer(), images, lambda tasks: tasks, pictures=3)  # type: ignore[arg-type]
    return figures, shown


def test_every_layout_shows_notes_of_different_values_that_can_be_read(
    monkeypatch: pytest.MonkeyPatch, images: list[LabelledImage]
) -> None:
    figures, shown = measured(monkeypatch, images, [])
    assert [answer.layout for answer in figures.answers] == [layout for layout in LAYOUTS for _ in range(3)]
    for answer in figures.answers:
        assert set(answer.values) <= {1, 5, 20}
        assert len(set(answer.values)) == len(answer.values) >= 2
    assert len(shown) == len(figures.answers)
    again, shown_again = measured(monkeypatch, images, [])
    assert again == figures
    np.testing.assert_array_equal(shown[-1], shown_again[-1])


def answer(spoken: Sequence[int], layout: str = "crossed") -> SeveralNotesAnswer:
    return SeveralNotesAnswer(layout, (5, 20), tuple(spoken))


@pytest.mark.parametrize(
    ("spoken", "outcome"),
    [((), "silent"), ((20, 5), "read"), ((5,), "as_alone"), ((50,), "wrong"), ((5, 50), "wrong")],
)
def test_what_an_answer_comes_to(spoken: tuple[int, ...], outcome: str) -> None:
    assert answer(spoken).outcome == outcome


def test_figures_are_counted_by_layout_and_together() -> None:
    figures = SeveralNotesFigures((answer([5]), answer([]), answer([5, 20], "side by side")))
    assert figures.as_json() == {
        "crossed": {"n": 2, "read": 0, "silent": 1, "as_alone": 1, "wrong": 0},
        "side by side": {"n": 1, "read": 1, "silent": 0, "as_alone": 0, "wrong": 0},
        "all of them": {"n": 3, "read": 1, "silent": 1, "as_alone": 1, "wrong": 0},
    }
    head, crossed, *_ = figures.as_text().splitlines()
    assert head.split() == [
        "several",
        "notes",
        "n",
        "all",
        "read",
        "silent",
        "one",
        "as",
        "if",
        "alone",
        "wrong",
        "value",
    ]
    assert crossed.split() == ["crossed", "2", "0", "1", "1", "0"]


def test_without_notes_of_three_values_or_rooms_it_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, images: list[LabelledImage]
) -> None:
    with pytest.raises(DataError, match=r"flat notes of three values .* name another --split\.$"):
        measure_several_notes(_Recognizer(), images, lambda tasks: tasks, 1)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="no image without a note"):
        measured(monkeypatch, [replace(images[0], kind="photo")], [])


def test_the_command_measures_one_bundle_on_the_splits_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_data(tmp_path / "data")
    splits: list[set[str]] = []

    def measure(recognizer: Any, images: Sequence[LabelledImage], progress: Any) -> SeveralNotesFigures:
        splits.append({image.split for image in images})
        return SeveralNotesFigures((answer([5, 20]),))

    monkeypatch.setattr(several_notes, "measure_several_notes", measure)
    assert main(["evaluate", "--several-notes", "--data", str(data), "--split", "val", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["all of them"]["read"] == 1
    assert splits == [{"val"}]
    assert main(["evaluate", "--several-notes", "--presentations", "--data", str(data)]) == 2
    assert "measures one bundle on composites: leave out --presentations" in capsys.readouterr().err
    assert main(["evaluate", "--several-notes", "--bundle", "usd,eur", "--data", str(data)]) == 2
