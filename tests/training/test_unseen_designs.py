"""Networks that each lack some designs: what they learn from, what they are measured on, what is kept.

No network is trained here: in their place stands the tiny one, which reads the colour of a painted note.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from currency_app.errors import DataError
from tests.support.painted import colour_of, paint, write_picture
from tests.support.tiny import USD_VALUES
from training import unseen_designs
from training.dataset.designs import ValueDesign
from training.dataset.manifest import LabelledImage
from training.fitting import fit as fit_module
from training.measuring.unseen import UnseenFigures
from training.recipe import Recipe, Stage
from training.unseen_designs import images_not_learnt, in_words, measure_unseen_designs

RECIPE = Recipe("tiny", "usd", (Stage(1, 1e-3),), {"en": {"one": "dollar", "other": "dollars"}})
FIVE_A, FIVE_B = ValueDesign(5, "a"), ValueDesign(5, "b")


def note(
    folder: Path, value: int, design: str, number: int, *, split: str = "train", painted_as: int | None = None
) -> LabelledImage:
    path = folder / f"{value} {design} {split} {number}.png"
    write_picture(path, paint(colour_of(USD_VALUES, painted_as or value, "front")))
    return LabelledImage(path, "photo", "me", f"usd_{value}_front", split, None, "single", design)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def images(data: Path) -> list[LabelledImage]:
    """A five of two designs, one of which looks like a ten, and a twenty of one design."""
    return [
        *(note(data, 5, "a", number) for number in range(8)),
        *(note(data, 5, "b", number, painted_as=10) for number in range(8)),
        note(data, 5, "", 0),
        *(note(data, value, design, 0, split="val") for value, design in ((5, "a"), (5, ""), (20, "c"))),
        note(data, 5, "b", 0, split="val", painted_as=10),
        *(note(data, 20, "c", number) for number in range(9)),
        note(data, 20, "c", 0, split="test"),
    ]


class Trainings:
    """In place of training: which images each network, and that for numerals, learn from, and where they are kept."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, bundle: Path) -> None:
        self.learnt: dict[str, list[LabelledImage]] = {}
        self.calibrated: dict[str, list[LabelledImage]] = {}
        self.read_numerals: dict[str, list[LabelledImage]] = {}
        self.weights: set[Any] = set()
        self._bundle = bundle
        monkeypatch.setattr(fit_module, "fit", self._fit)
        monkeypatch.setattr(unseen_designs, "train_folds", lambda recipe, kept, weights, folder, progress: ["folds"])
        monkeypatch.setattr(unseen_designs, "export_bundle", self._export)
        monkeypatch.setattr(unseen_designs, "fit_numerals_by_recipe", self._fit_numerals)

    def _fit(self, recipe: Recipe, images: list[LabelledImage], weights: Any, folder: Path) -> str:
        self.learnt[folder.name] = images
        self.weights.add(weights)
        return folder.name

    def _export(
        self, model: str, recipe: Recipe, images: list[LabelledImage], folder: Path, precision: str, progress: Any,
        folds: list[str], *, finish: Callable[[Path], object],
    ) -> None:  # fmt: skip
        assert folds == ["folds"]
        self.calibrated[model] = images
        shutil.copytree(self._bundle, folder, dirs_exist_ok=True)
        finish(folder)

    def _fit_numerals(self, folder: Path, recipe: Recipe, images: list[LabelledImage], progress: Any) -> None:
        assert (folder / "bundle.json").is_file(), "they belong to a finished bundle"
        self.read_numerals[folder.parent.name] = images


@pytest.fixture
def trainings(monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path) -> Trainings:
    return Trainings(monkeypatch, tiny_bundle)


def measure(data: Path, images: list[LabelledImage], run: Path, *splits: str) -> UnseenFigures:
    return measure_unseen_designs(RECIPE, data, images, "w.h5", run, splits or ("val",), lambda items: items)


def test_each_network_lacks_what_it_is_measured_on(
    data: Path, images: list[LabelledImage], trainings: Trainings, tmp_path: Path
) -> None:
    figures = measure(data, images, tmp_path / "run")
    assert figures.rounds == ("5 a", "5 b")
    assert trainings.weights == {"w.h5"}
    for learnt in (trainings.learnt, trainings.calibrated, trainings.read_numerals):
        assert {image.series for image in learnt["network-1"]} == {"b", "c"}
        assert {image.series for image in learnt["network-2"]} == {"a", "c"}
    paths = {name: {image.path.name for image in learnt} for name, learnt in trainings.learnt.items()}
    for answer in figures.answers:
        assert answer.split == "val" or answer.path not in paths[f"network-{answer.round}"]


def test_right_and_wrong_are_told_by_design(
    data: Path, images: list[LabelledImage], trainings: Trainings, tmp_path: Path
) -> None:
    """Nine of each design, the one in `val` too; the second is taken for another value."""
    lines = {line.name: line for line in measure(data, images, tmp_path / "run").unseen_lines()}
    assert (lines["5 a"].n, lines["5 a"].right, lines["5 a"].wrong) == (9, 9, 0)
    assert (lines["5 b"].n, lines["5 b"].right, lines["5 b"].wrong) == (9, 0, 9)
    assert (lines["all unseen designs"].n, lines["all unseen designs"].wrong) == (18, 9)


def test_every_answer_is_kept_with_the_run(
    data: Path, images: list[LabelledImage], trainings: Trainings, tmp_path: Path
) -> None:
    figures = measure(data, images, tmp_path / "run", "val", "test")
    with (tmp_path / "run" / "unseen-designs.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(figures.answers)
    assert {row["path"] for row in rows} <= {image.path.name for image in images}
    assert (tmp_path / "run" / "unseen-designs.txt").read_text(encoding="utf-8").rstrip("\n") == figures.as_text()
    assert {line.name for line in figures.known_lines()} == {"known designs, test", "known designs, val"}


def test_what_is_measured_is_kept_though_the_next_network_is_interrupted(
    data: Path, images: list[LabelledImage], trainings: Trainings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(recipe: Recipe, images: list[LabelledImage], weights: Any, folder: Path) -> str:
        if folder.name == "network-2":
            raise KeyboardInterrupt
        return folder.name

    monkeypatch.setattr(fit_module, "fit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        measure(data, images, tmp_path / "run")
    text = (tmp_path / "run" / "unseen-designs.txt").read_text(encoding="utf-8")
    assert "network 1 has not learnt: 5 a\n" in text
    assert "network 2" not in text
    assert "\n5 a " in text


@pytest.mark.parametrize(
    ("splits", "expected"),
    [
        (("val",), {("train", "a"): 8, ("val", "a"): 1, ("val", "b"): 1, ("val", "c"): 1}),
        (("test",), {("train", "a"): 8, ("test", "c"): 1}),
        (("train",), {("train", "a"): 8, ("train", "b"): 8, ("train", "c"): 9}),
    ],
)
def test_what_is_measured_by_split(
    images: list[LabelledImage], splits: tuple[str, ...], expected: dict[tuple[str, str], int]
) -> None:
    """What may be of the design that is left out is not measured: nobody knows which it is."""
    found = images_not_learnt(images, frozenset({FIVE_A}), "usd", splits)
    counts = {one: [(image.split, image.series) for image in found].count(one) for one in expected}
    assert counts == expected
    assert len(found) == sum(expected.values())


def test_images_without_a_note_are_not_measured(images: list[LabelledImage]) -> None:
    room = LabelledImage(Path("room.png"), "background", "me", "background", "val", None, "")
    assert room not in images_not_learnt([*images, room], frozenset({FIVE_A}), "usd", ("val",))


def test_a_currency_of_one_design_cannot_be_measured(
    data: Path, images: list[LabelledImage], trainings: Trainings, tmp_path: Path
) -> None:
    unnamed = [replace(image, series="") for image in images]
    with pytest.raises(DataError, match=r"No value has two designs.*docs/designs\.md"):
        measure(data, unnamed, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_network_that_may_have_learnt_the_designs_is_no_start(
    data: Path, images: list[LabelledImage], trainings: Trainings, tiny_bundle: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match="may have learnt the very designs"):
        measure_unseen_designs(RECIPE, data, images, str(tiny_bundle), tmp_path / "run", ("val",), iter)
    assert trainings.learnt == {}


def test_designs_in_words() -> None:
    assert in_words({ValueDesign(20, "b"), FIVE_B, FIVE_A}) == "5 a, 5 b, 20 b"
