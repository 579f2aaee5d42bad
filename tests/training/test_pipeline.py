"""From a trained network to a calibrated bundle: whose answers are fitted on, and what is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from currency_app.errors import DataError
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.recognition.still import Looks
from currency_app.testing import FakeNetwork
from tests.support.drawn_data import photo, room, save, write_data
from tests.support.observations import BUNDLE, CENTRED
from tests.support.painted import SIZE
from tests.support.tiny import TINY
from tests.support.tiny_bundle import labels_of, tiny_model
from training import pipeline
from training.dataset.labels import ordered_labels
from training.dataset.manifest import LabelledImage, of_split, read_data
from training.export.bundle import describe, write_bundle
from training.fitting import fit as fit_module
from training.fitting.calibrate import Example, LookWeights
from training.fitting.folds import held_out, measurable_of
from training.pipeline import (
    Fold,
    calibrate_bundle,
    calibration_examples,
    finished_folds,
    measure_folds,
    train_folds,
)
from training.recipe import Recipe, Stage, fold_recipe

VALUES = (5, 20)
LABELS = labels_of(VALUES)
NAMES = [label.name for label in LABELS]
RECIPE = Recipe(
    name="tiny",
    currency="usd",
    stages=(Stage(1, 1e-3), Stage(9, 1e-3)),
    names={"en": {"one": "dollar", "other": "dollars"}},
    size=SIZE,
    folds=2,
)


def everything(items: Any) -> Any:
    """Progress that is not shown."""
    return items


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    """Every note by two people, so that each can be left out."""
    folder = tmp_path_factory.mktemp("data")
    rows = read_data(write_data(folder, VALUES))
    for number, image in enumerate(of_split(rows, "train")):
        if image.kind == "photo":
            _, value, side = image.class_name.split("_")
            picture, _ = photo(int(value), side, 30 + number)
            path = save(folder / f"more/{number}.png", picture)
            rows.append(replace(image, path=path, source="somebody else", polygon=None))
    for seed in range(2):
        path = save(folder / f"more/room{seed}.png", room(50 + seed))
        rows.append(LabelledImage(path, "background", "other rooms", "background", "train", None, ""))
    return rows


@pytest.fixture(scope="module")
def network(tensorflow: None) -> Any:
    return tiny_model(LABELS)


@pytest.fixture(scope="module")
def tflite(network: Any) -> bytes:
    from training.export.tflite import to_tflite

    return to_tflite(network, "fp32")


@pytest.fixture
def bundle(tmp_path: Path, tflite: bytes, images: list[LabelledImage]) -> Path:
    write_bundle(tmp_path / "bundle", tflite, "fp32", RECIPE, LABELS, images)
    return tmp_path / "bundle"


def test_answers_are_those_before_calibration(images: list[LabelledImage]) -> None:
    """One for each image, with whose it is and which label would have been right."""
    chosen = [next(image for image in images if image.class_name == name) for name in ("usd_20_back", "background")]
    first, corners = np.full(15, 1 / 15, np.float32), [*CENTRED.ravel(), 1.0]
    recognizer = Recognizer(replace(BUNDLE, temperature=9.0), network=FakeNetwork([(first, corners)] * 2))
    note, empty = calibration_examples(recognizer, chosen, everything)
    assert (note.source, note.has_note) == (chosen[0].source, True)
    assert BUNDLE.labels[note.label].name == "usd_20_back"
    assert (empty.source, empty.has_note) == (chosen[1].source, False)
    np.testing.assert_allclose(note.looks.first, first)


@pytest.mark.parametrize("name", ["xyz_100_front", "background", "chair", "usd_3_front"])
def test_what_the_bundle_does_not_know_counts_as_background(images: list[LabelledImage], name: str) -> None:
    recognizer = Recognizer(BUNDLE, network=FakeNetwork([(np.full(15, 1 / 15), [*CENTRED.ravel(), 1.0])]))
    (example,) = calibration_examples(recognizer, [replace(images[0], class_name=name)], everything)
    assert (example.label, example.has_note) == (14, False)


class Scripted:
    """In place of networks: what each bundle answers, and which images each was asked about."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **examples: Sequence[Example]) -> None:
        self.asked: dict[str, list[LabelledImage]] = {}
        self._examples = examples
        monkeypatch.setattr(pipeline, "calibration_examples", self._examples_of)

    def _examples_of(self, recognizer: Recognizer, images: Sequence[LabelledImage], progress: Any) -> list[Example]:
        name = recognizer.bundle.folder.name
        self.asked[name] = list(images)
        return list(self._examples[name])


def examples(count: int, name: str, truth: str, probability: float, *, twice: bool = False) -> list[Example]:
    """Outputs that give one label this probability and share the rest."""
    probabilities = np.full(len(LABELS), (1 - probability) / (len(LABELS) - 1), np.float32)
    probabilities[NAMES.index(name)] = probability
    looks = Looks(probabilities, (probabilities,) if twice else (), CENTRED, 1.0)
    return [Example("me", NAMES.index(truth), truth != "background", looks)] * count


RIGHT = examples(40, "usd_20_front", "usd_20_front", 0.9)
FIVE_FOR_TWENTY = examples(10, "usd_5_front", "usd_20_front", 0.9)


def test_only_val_decides_without_folds(
    bundle: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted = Scripted(monkeypatch, bundle=RIGHT)
    weights, sure, maybe = calibrate_bundle(bundle, images, everything)
    assert {image.split for image in scripted.asked["bundle"]} == {"val"}
    assert len(scripted.asked["bundle"]) == 6
    found = load_bundle(bundle)
    assert found.temperature == pytest.approx(1 / weights.alone, abs=1e-4)
    assert (found.sure, found.maybe) == (sure, maybe)
    assert found.second_look is not None
    assert (found.second_look.first_weight, found.second_look.closer_weight) == (weights.first, weights.closer)
    assert set(found.sure_by_value) == set(VALUES)


def folds_of(folder: Path, tflite: bytes, images: Sequence[LabelledImage]) -> list[Fold]:
    train = of_split(images, "train")
    folds = []
    for name, unseen in (("one", train[:3]), ("two", train[3:5])):
        write_bundle(folder / name, tflite, "fp32", RECIPE, LABELS, images)
        folds.append(Fold(folder / name, unseen))
    return folds


def test_each_fold_answers_to_the_images_that_it_has_not_seen(
    bundle: Path, tmp_path: Path, tflite: bytes, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    folds = folds_of(tmp_path, tflite, images)
    scripted = Scripted(monkeypatch, bundle=RIGHT, one=RIGHT, two=RIGHT)
    calibrate_bundle(bundle, images, everything, folds)
    assert scripted.asked["one"] == list(folds[0].unseen)
    assert scripted.asked["two"] == list(folds[1].unseen)
    assert {image.split for image in scripted.asked["bundle"]} == {"val"}


def test_mistakes_of_a_fold_raise_the_thresholds_and_soften_the_probabilities(
    bundle: Path, tmp_path: Path, tflite: bytes, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    folds = folds_of(tmp_path, tflite, images)
    Scripted(monkeypatch, bundle=RIGHT * 5, one=RIGHT, two=RIGHT)
    weights, sure, _ = calibrate_bundle(bundle, images, everything, folds)
    Scripted(monkeypatch, bundle=RIGHT * 5, one=RIGHT + FIVE_FOR_TWENTY, two=RIGHT)
    with_mistakes, higher, _ = calibrate_bundle(bundle, images, everything, folds)
    assert with_mistakes.alone < weights.alone
    # The same probabilities were right in some cases and wrong in others: above what they say, none is given.
    assert higher > sure
    assert sure == pytest.approx(0.9)


def test_a_fold_without_a_photograph_says_nothing(
    bundle: Path, tmp_path: Path, tflite: bytes, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of flat scans only, for example."""
    folds = folds_of(tmp_path, tflite, images)
    Scripted(monkeypatch, bundle=RIGHT, one=RIGHT, two=[])
    some = calibrate_bundle(bundle, images, everything, folds)
    assert calibrate_bundle(bundle, images, everything, folds[:1]) == some


def test_a_bundle_that_looks_once_gets_no_second_look(
    tmp_path: Path, tflite: bytes, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(tmp_path / "once", tflite, "fp32", replace(RECIPE, closer_share=0.0), LABELS, images)
    Scripted(monkeypatch, once=RIGHT)
    calibrate_bundle(tmp_path / "once", images, everything)
    assert load_bundle(tmp_path / "once").second_look is None


class FakeFit:
    """In place of training: keeps what was asked for."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.calls: list[tuple[Recipe, str | None, Path, frozenset[Path]]] = []

    def __call__(
        self,
        recipe: Recipe,
        images: Sequence[LabelledImage],
        weights: str | None,
        folder: Path,
        left_out: frozenset[Path] = frozenset(),
    ) -> Any:
        self.calls.append((recipe, weights, folder, left_out))
        return self.network


def test_folds_are_trained_without_their_part_and_found_again(
    tmp_path: Path, images: list[LabelledImage], network: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = FakeFit(network)
    monkeypatch.setattr(fit_module, "fit", fake)
    folds = train_folds(RECIPE, images, "some.h5", tmp_path, everything)
    parts = held_out(images, 2)
    assert fake.calls == [
        (fold_recipe(RECIPE), "some.h5", tmp_path / f"fold-{number}", part) for number, part in enumerate(parts, 1)
    ]
    for fold, part in zip(folds, parts, strict=True):
        assert fold.unseen == measurable_of(images, part)
        labels = ordered_labels([image.class_name for image in of_split(images, "train")], "usd")
        assert [label.name for label in load_bundle(fold.bundle).labels] == [label.name for label in labels]
    assert {image.split for fold in folds for image in fold.unseen} == {"train"}

    fake.calls.clear()
    assert finished_folds(RECIPE, images, tmp_path, everything) == folds
    assert fake.calls == [], "nothing is trained again"

    (folds[1].bundle / "bundle.json").unlink()
    with pytest.raises(DataError, match=r"fold-2/bundle is missing: go on with `currency-train fit` first\.$"):
        finished_folds(RECIPE, images, tmp_path, everything)


def test_a_recipe_without_folds_has_none(tmp_path: Path, images: list[LabelledImage]) -> None:
    once = replace(RECIPE, folds=0)
    assert train_folds(once, images, None, tmp_path, everything) == []
    assert finished_folds(once, images, tmp_path, everything) == []


def test_weights_are_those_that_were_fitted(
    bundle: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two looks that say the same thing twice count as one."""
    twice = examples(40, "usd_20_front", "usd_20_front", 0.9, twice=True)
    Scripted(monkeypatch, bundle=[*twice, *examples(5, "usd_5_front", "usd_20_front", 0.9, twice=True)])
    weights, _, _ = calibrate_bundle(bundle, images, everything)
    assert isinstance(weights, LookWeights)
    assert weights.first + weights.closer == pytest.approx(weights.alone, abs=0.08)


def test_of_a_note_whose_side_nobody_has_told_either_is_right(images: list[LabelledImage]) -> None:
    recognizer = Recognizer(BUNDLE, network=FakeNetwork([(np.full(15, 1 / 15), [*CENTRED.ravel(), 1.0])]))
    (example,) = calibration_examples(recognizer, [replace(images[0], class_name="usd_20")], everything)
    assert {BUNDLE.labels[place].name for place in (example.label, *example.other_valid_labels)} == {
        "usd_20_front",
        "usd_20_back",
    }
    assert example.has_note


def test_each_fold_is_measured_on_what_it_has_not_seen_as_the_bundle_is_calibrated(
    bundle: Path, tmp_path: Path, tflite: bytes, images: list[LabelledImage]
) -> None:
    folds = folds_of(tmp_path, tflite, images)
    notes = sum(image.class_name.startswith("usd") for fold in folds for image in fold.unseen)
    describe(bundle, thresholds={"sure": 1.0, "maybe": 1.0})
    found = measure_folds(bundle, tmp_path, images, folds, everything)
    assert sum(f.n for f in found.notes.values()) == notes
    describe(bundle, thresholds={"sure": 1e-6, "maybe": 1e-6})
    easily = measure_folds(bundle, tmp_path, images, folds, everything)
    strictly_spoken, easily_spoken = (sum(f.spoken for f in made.notes.values()) for made in (found, easily))
    assert strictly_spoken < easily_spoken == notes, "by the bundle's thresholds, not the folds' own"
    assert {name: f.right for name, f in easily.notes.items()} == {name: f.right for name, f in found.notes.items()}


def test_folds_are_measured_without_numerals_that_have_learnt_their_images(
    tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    own = load_bundle(TINY / "usd")
    bundles = {"bundle": replace(own, numerals=cast(Any, "learnt from all images")), "fold": own}
    monkeypatch.setattr(pipeline, "load_bundle", lambda folder: bundles[folder.name])
    monkeypatch.setattr(pipeline, "Recognizer", lambda bundle: asked.append(bundle.numerals))
    monkeypatch.setattr(pipeline, "identify_all", lambda *_: [])
    measure_folds(tmp_path / "bundle", tmp_path, images, [Fold(tmp_path / "fold", [])], everything)
    assert asked == [None]
