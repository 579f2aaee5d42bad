"""Drawn notes with the numerals of another value: that they are shown, and how answers to them are counted."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.demo.notes import DRAWN_SIDES
from training.commands.cli import main
from training.measuring import other_numerals
from training.measuring.other_numerals import (
    OtherNumeralsAnswer,
    OtherNumeralsFigures,
    measure_other_numerals,
    pictures_of,
)


@dataclass(frozen=True)
class _Label:
    value: int | None


@dataclass(frozen=True)
class _Bundle:
    labels: tuple[_Label, ...] = (_Label(1), _Label(5), _Label(100), _Label(None))
    maybe: float = 0.5


@dataclass(frozen=True)
class _Seen:
    value: int | None
    confidence: float
    refused: bool = False


@dataclass(frozen=True)
class _Found:
    observation: _Seen
    spoken: bool


class _Recognizer:
    bundle = _Bundle()


def measured(monkeypatch: pytest.MonkeyPatch, *answers: _Found) -> OtherNumeralsFigures:
    """The figures if these are the answers, over and over."""
    asked: list[Any] = []

    def identify(recognizer: Any, picture: Any) -> _Found:
        asked.append(picture)
        return answers[(len(asked) - 1) % len(answers)]

    monkeypatch.setattr(other_numerals, "identify", identify)
    monkeypatch.setattr(other_numerals, "pictures_of", lambda *_: [None] * 4)
    return measure_other_numerals(_Recognizer(), lambda items: items)  # type: ignore[arg-type]


def test_all_pairs_that_the_bundle_knows_are_shown_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = measured(monkeypatch, _Found(_Seen(None, 0.9), False))
    pairs = {(a.value, a.numerals, a.side) for a in figures.disagreeing}
    assert pairs == {(a, b, side) for a in (1, 5, 100) for b in (1, 5, 100) if a != b for side in DRAWN_SIDES}
    assert {(a.value, a.side) for a in figures.own} == {(value, side) for value in (1, 5, 100) for side in DRAWN_SIDES}
    assert len(figures.answers) == 18 * 4


def test_answers_are_counted_by_what_would_be_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of each note four pictures: sure, doubtful, too unsure to be said, and no note."""
    answers = [(_Seen(5, 0.99), True), (_Seen(5, 0.7), False), (_Seen(5, 0.3), False), (_Seen(None, 0.9), False)]
    figures = measured(monkeypatch, *(_Found(*answer) for answer in answers))
    found = figures.as_json()
    assert found["disagreeing"] == {
        "n": 48, "as_note": 4, "as_numerals": 4, "as_another": 4, "doubtful": 12, "refused": 24,
    }  # fmt: skip
    assert found["own"] == {"n": 24, "as_note": 2, "as_numerals": 0, "as_another": 4, "doubtful": 6, "refused": 12}
    assert found["pairs"] == 12
    assert len(found["pairs_sure"]) == 12


def test_the_table_names_the_pairs_that_would_be_spoken() -> None:
    answers = [OtherNumeralsAnswer(5, 20, "front", view, 5 if view < 2 else None, None) for view in range(4)]
    answers += [OtherNumeralsAnswer(20, 5, "back", view, None, 20) for view in range(4)]
    text = OtherNumeralsFigures(tuple(answers)).as_text()
    assert "of 2 pairs 1 would be spoken as sure: 5 with 20 front (2)" in text
    assert "20 with 5" not in text
    assert "of 1 pairs 0 would be spoken as sure" in OtherNumeralsFigures(tuple(answers[4:])).as_text().splitlines()[-1]


def test_pictures_show_a_note_that_differs_in_its_numerals_only() -> None:
    own, other = (list(pictures_of(20, numerals, "front")) for numerals in (20, 5))
    assert len(own) == len(other) == 4
    for one, two in zip(own, other, strict=True):
        assert one.shape == (480, 640, 3)
        differs = np.abs(one.astype(int) - two).max(axis=2) > 40
        assert 0.005 < differs.mean() < 0.1
    straight = np.abs(own[0].astype(int) - other[0]).max(axis=2) > 40
    assert not straight[:, 240:400].any(), "the portrait stays"


def test_only_drawn_currencies_have_such_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--other-numerals", "--bundle", "eur"]) == 2
    assert "There are no drawn notes of EUR" in capsys.readouterr().err
    assert main(["evaluate", "--other-numerals", "--presentations"]) == 2
    assert "measures one bundle on drawn notes" in capsys.readouterr().err
