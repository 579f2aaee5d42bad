"""What the app hands to a comparison of its network with others, and what it does without one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.arrays import Image
from currency_app.benchmarking import peers
from currency_app.benchmarking.peers import compare_peers
from currency_app.errors import CurrencyAppError, SourceError
from currency_app.events import CameraLost, Frame
from currency_app.recognition.bundle import Bundle, load_bundle
from currency_app.testing import FakeSource


class FakeComparison:
    """Keeps what it was asked to compare."""

    holds = True

    def __init__(self) -> None:
        self.pictures: Sequence[Image] = ()
        self.threads = 0

    def __call__(self, bundle: Bundle, pictures: Sequence[Image], threads: int) -> FakeComparison:
        self.pictures, self.threads = pictures, threads
        return self

    def as_json(self) -> dict[str, Any]:
        return {"runtimes": []}

    def as_text(self) -> str:
        return "the table"


def levels(count: int) -> FakeSource:
    """A source whose pictures are each of one grey level, its number."""
    return FakeSource([CameraLost(0.0), *(Frame(np.full((48, 64, 3), n, np.uint8), n / 15, n) for n in range(count))])


def test_pictures_are_spread_over_the_beginning_of_the_source(tiny_bundle: Path) -> None:
    bundle, compare, source = load_bundle(tiny_bundle), FakeComparison(), levels(250)
    found = compare_peers(bundle, source, 2, compare)
    shown = [int(picture.mean()) for picture in compare.pictures]
    assert (len(shown), shown[0], shown[-1]) == (16, 0, 199)
    assert set(np.diff(shown)) <= {13, 14}
    assert {picture.shape for picture in compare.pictures} == {(bundle.height, bundle.width, 3)}
    assert compare.threads == 2
    assert source.closed
    assert found.as_json()["pictures"] == 16
    assert found.as_json()["source"] == "fake source"
    assert found.as_text().splitlines()[-2:] == ["16 pictures of: fake source", "the table"]


def test_a_source_of_few_pictures_gives_each_once(tiny_bundle: Path) -> None:
    compare = FakeComparison()
    compare_peers(load_bundle(tiny_bundle), levels(3), 1, compare)
    assert [int(picture.mean()) for picture in compare.pictures] == [0, 1, 2]


def test_a_source_without_pictures_is_told(tiny_bundle: Path) -> None:
    with pytest.raises(SourceError, match="fake source gives no picture"):
        compare_peers(load_bundle(tiny_bundle), levels(0), 1, FakeComparison())


def test_what_to_install_is_told_without_a_comparison(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "entry_points", lambda group: [])
    source = levels(3)
    with pytest.raises(CurrencyAppError, match=r"pip install '\.\[bench\]'"):
        compare_peers(load_bundle(tiny_bundle), source, 1)
    assert source.closed


def test_what_is_installed_compares(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compare = FakeComparison()

    class Point:
        def load(self) -> FakeComparison:
            return compare

    points = {"currency_app.comparison": [Point()]}
    monkeypatch.setattr(peers, "entry_points", lambda group: points[group])
    assert compare_peers(load_bundle(tiny_bundle), levels(3), 1).comparison is compare


def test_the_project_offers_one() -> None:
    import tomllib
    from importlib import import_module

    from tests.support.sources import CHECKOUT

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["entry-points"][peers.ENTRY_POINTS]["peers"].partition(":")
    assert callable(getattr(import_module(module), name))
