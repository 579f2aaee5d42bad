"""Data folders and a bundle for whole reports."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.report_page import ReportData
from training.export.bundle import describe


@pytest.fixture
def data(tmp_path: Path) -> ReportData:
    return ReportData(tmp_path / "data")


@pytest.fixture(scope="module")
def bundle(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny bundle, which looks once: in a closer look its notes would not have the size that it knows."""
    copy = shutil.copytree(tiny_bundle, tmp_path_factory.mktemp("report") / "usd")
    describe(copy, second_look=None)
    return copy


@pytest.fixture
def filled(data: ReportData) -> ReportData:
    """Right, wrong and missed answers, of two sources, one with a list of what is readable."""
    data.note(20, "usd_20_front", polygon="16,12 48,12 48,36 16,36", series="big <b>head</b>")
    data.note(5, "usd_20_front")
    data.note(5, "usd_5_front", source="webcam")
    data.note(None, "usd_5_front", source="webcam")
    data.note(None, "background")
    data.note(50, "eur_50_front", kind="other_currency")
    data.scene_parts()
    (data.folder / "webcam_readable.csv").write_text("path,readable\nphotos/2.png,1\nphotos/3.png,0\n")
    return data
