"""The report on several bundles beside each other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from currency_app.errors import DataError
from tests.support.report_page import Page, ReportData, headings, rows
from training.export.bundle import describe


def test_other_bundles_stand_beside_it(filled: ReportData, bundle: Path) -> None:
    _, text = filled.report(bundle, [bundle], made_up=0)
    assert "Beside other bundles" in headings(text, 2)
    beside = rows(text, "Readable notes of all sources together")
    assert list(beside) == ["tiny, mobilenet_v2 1.0, 32 px (this report)", "tiny, mobilenet_v2 1.0, 32 px"]
    first, second = beside.values()
    assert first[:6] == second[:6]
    assert first[0] == "4"
    assert float(first[-1]) > 0
    assert "tiny, mobilenet_v2 1.0, 32 px" in next(told for told in Page(text).drawings if "time per frame" in told)


def test_a_bundle_of_another_currency_is_refused(filled: ReportData, bundle: Path, tmp_path: Path) -> None:
    other = shutil.copytree(bundle, tmp_path / "eur")
    describe(other, currency="EUR")
    with pytest.raises(DataError, match="reads EUR, not USD"):
        filled.report(bundle, [other])
