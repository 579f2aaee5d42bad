"""Samples come in a recipe's proportions, from the same generator the same, and from the images given only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.errors import DataError
from currency_app.images import read_image
from tests.support.drawn_data import save, write_class_folders, write_data
from training.dataset import notes
from training.dataset.manifest import LabelledImage, of_split, read_data
from training.export import range_pictures
from training.fitting import batches, preview
from training.fitting import fit as fit_module
from training.recipe import Recipe, Stage
from training.synthesis import sampler
from training.synthesis.drawn import drawn_notes
from training.synthesis.parts import NoteParts
from training.synthesis.sampler import Mix, Sampler
from training.synthesis.scene import Sample

pytestmark = pytest.mark.slow

SIZE = 96


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    return read_data(write_data(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def train(images: list[LabelledImage]) -> list[LabelledImage]:
    return of_split(images, "train")


def draw(made: Sampler, count: int) -> list[Sample]:
    return [made.sample(np.random.default_rng([7, number])) for number in range(count)]


def test_the_same_generator_gives_the_same_sample_of_any_sampler(train: list[LabelledImage]) -> None:
    """So that a run which was stopped sees the same pictures when it goes on."""
    one, other = (Sampler(train, "usd", Mix(), SIZE, drawn_notes("usd", 1)) for _ in range(2))
    for number in (3, 0, 2, 1):
        first, second = (made.sample(np.random.default_rng([1, number])) for made in (one, other))
        np.testing.assert_array_equal(first.picture, second.picture)
        assert first.class_name == second.class_name
        assert (first.corners is None) == (second.corners is None)
        if first.corners is not None and second.corners is not None:
            np.testing.assert_array_equal(first.corners, second.corners)


def test_every_class_is_learnt_alike(train: list[LabelledImage]) -> None:
    few_twenties = [image for image in train if image.class_name != "usd_20_back" or image.kind == "scan"]
    found = Counter(sample.class_name for sample in draw(Sampler(few_twenties, "usd", Mix(), 32), 600))
    notes = [found[f"usd_{value}_{side}"] for value in (5, 20) for side in ("front", "back")]
    assert sum(notes) + found["background"] == 600
    assert sum(notes) / 600 == pytest.approx(0.75, abs=0.06)
    assert min(notes) > 0.6 * max(notes)


@pytest.mark.parametrize(
    ("mix", "made"),
    [
        (Mix(1.0, 0.0, 0.0), {"composite"}),
        (Mix(0.0, 1.0, 0.0), {"augmented_photo"}),
        (Mix(0.0, 0.0, 1.0), {"augmented_photo"}),
        (Mix(0.0, 0.0, 0.0), {"scene_without_note"}),
        (Mix(0.4, 0.2, 0.2), {"composite", "augmented_photo", "scene_without_note"}),
        (Mix(0.0, 0.8, 0.2, classic=True), {"classic_photo"}),
    ],
)
def test_the_mix_says_how_samples_are_made(
    train: list[LabelledImage], mix: Mix, made: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called = []

    def spied(name: str) -> Callable[..., Sample]:
        original: Callable[..., Sample] = getattr(sampler, name)

        def spy(*given: Any, **named: Any) -> Sample:
            called.append(name)
            return original(*given, **named)

        return spy

    for name in ("composite", "augmented_photo", "scene_without_note", "classic_photo"):
        monkeypatch.setattr(sampler, name, spied(name))
    samples = draw(Sampler(train, "usd", mix, 32), 40)
    assert set(called) == made
    if mix.negative_photos == 1:
        assert {sample.class_name for sample in samples} == {"background"}


def test_drawn_notes_stand_in_for_real_ones_as_often_as_told(
    train: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = drawn_notes("usd", 1)
    used: list[bool] = []

    def composite(rng: Any, note: Any, background: Any, distractors: Any, size: int, folded: bool) -> Sample:
        used.append(any(note is item for item in drawn))
        return Sample(np.zeros((size, size, 3), np.uint8), note.class_name)

    monkeypatch.setattr(sampler, "composite", composite)
    for share in (0.0, 0.3, 1.0):
        used.clear()
        draw(Sampler(train, "usd", Mix(1.0, 0.0, 0.0, drawn=share), 32, drawn), 300)
        assert np.mean(used) == pytest.approx(share, abs=0.08)


def test_notes_are_folded_as_often_as_told(train: list[LabelledImage], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[bool] = []

    def composite(rng: Any, note: Any, background: Any, distractors: Any, size: int, folded: bool) -> Sample:
        told.append(folded)
        return Sample(np.zeros((size, size, 3), np.uint8), note.class_name)

    monkeypatch.setattr(sampler, "composite", composite)
    for share in (0.0, 0.3, 1.0):
        told.clear()
        draw(Sampler(train, "usd", Mix(1.0, 0.0, 0.0, folded=share), 32), 300)
        assert np.mean(told) == pytest.approx(share, abs=0.08)


def test_altered_notes_are_made_as_often_as_told(images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch) -> None:
    """What disagrees or is made up has no value, but corners to look closer at; what agrees keeps both."""
    of_design = [replace(image, series="1996 big head") if image.kind == "scan" else image for image in images]
    drawn = drawn_notes("usd", 1)
    near: list[str] = []

    def spied(name: str) -> Callable[..., Any]:
        original: Callable[..., Any] = getattr(NoteParts, name)

        def spy(*given: Any) -> Any:
            near.append(name)
            return original(*given)

        return spy

    for name in ("disagreeing", "agreeing", "restyled", "with_other_portrait"):
        monkeypatch.setattr(NoteParts, name, spied(name))
    mix = Mix(0.6, 0.0, 0.0, disagreeing=0.2, made_up=0.2, agreeing=0.3, other_portrait=0.3)
    for rows in (of_design, images):  # where nobody says the design, the parts are those of drawn notes
        near.clear()
        samples = draw(Sampler(rows, "usd", mix, 48, drawn), 150)
        counts = Counter(near)
        assert counts["disagreeing"] / 150 == pytest.approx(0.2, abs=0.09)
        assert counts["agreeing"] / 150 == pytest.approx(0.18, abs=0.09)
        assert counts["with_other_portrait"] / 150 == pytest.approx(0.18, abs=0.09)
        refused = [sample for sample in samples if sample.class_name == "background"]
        assert len(refused) / 150 == pytest.approx(0.4, abs=0.1)
        assert sum(sample.corners is not None for sample in refused) > 0.9 * len(refused)


def test_where_no_parts_are_known_the_other_pictures_are_made(train: list[LabelledImage]) -> None:
    mix = Mix(0.5, 0.0, 0.0, disagreeing=0.5, agreeing=0.5, restyled=0.5)
    names = Counter(sample.class_name for sample in draw(Sampler(train, "usd", mix, 32), 40))
    assert 8 < names["background"] < 32


def test_scenes_without_a_note_know_the_shape_of_the_currencys_notes(
    train: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    aspects: list[float] = []

    def scene(rng: Any, background: Any, lookalikes: Any, size: int, note_aspect: float) -> Sample:
        aspects.append(note_aspect)
        return Sample(np.zeros((size, size, 3), np.uint8), "background")

    monkeypatch.setattr(sampler, "scene_without_note", scene)
    draw(Sampler(train, "usd", Mix(0.0, 0.0, 0.0), 32, note_aspect=1.87), 3)
    assert aspects == [1.87] * 3


def test_the_first_published_recipe_takes_scans_for_photographs(train: list[LabelledImage]) -> None:
    """Of a scan it has no corners; ours are made of it by composites only."""
    scans = [image for image in train if image.kind != "photo"]
    classic = draw(Sampler(scans, "usd", Mix(0.0, 1.0, 0.0, classic=True), 32), 60)
    assert {sample.class_name for sample in classic} == {
        f"usd_{value}_{side}" for value in (5, 20) for side in ("front", "back")
    }
    ours = draw(Sampler(scans, "usd", Mix(0.0, 1.0, 0.0), 32), 30)
    assert {sample.class_name for sample in ours} == {"background"}


def test_other_money_is_never_a_value(train: list[LabelledImage]) -> None:
    """Learning xyz, the dollars in the folder are look-alikes or nothing at all."""
    foreign = [replace(image, kind="scan") if image.class_name == "xyz_100_front" else image for image in train]
    names = {sample.class_name for sample in draw(Sampler(foreign, "xyz", Mix(), 32), 80)}
    assert names == {"xyz_100_front", "background"}
    assert drawn_notes("xyz") == []


def test_class_folders_without_corners_are_learnt_from_photographs(tmp_path: Path) -> None:
    made = Sampler(of_split(read_data(write_class_folders(tmp_path)), "train"), "usd", Mix(), 32, drawn_notes("usd", 1))
    samples = draw(made, 120)
    assert {sample.class_name for sample in samples} == {"usd_5_front", "usd_20_front", "background"}
    assert all(sample.corners is None for sample in samples)


def test_corners_of_a_photograph_with_two_notes_are_not_asked_for(images: list[LabelledImage]) -> None:
    """Which of the two would they be of?"""
    chosen = [
        image
        for image in images
        if image.kind == "background" or (image.path.name == "usd_5_front_train.png" and image.kind == "photo")
    ]
    multi = [replace(image, notes_in_image="multi") if image.kind == "photo" else image for image in chosen]
    only_photos = Mix(0.0, 1.0, 0.0)
    assert all(sample.corners is not None for sample in draw(Sampler(chosen, "usd", only_photos, 32), 10))
    assert all(sample.corners is None for sample in draw(Sampler(multi, "usd", only_photos, 32), 10))


def test_a_folder_without_notes_or_without_rooms_is_told(train: list[LabelledImage]) -> None:
    with pytest.raises(DataError, match="no note to learn from"):
        Sampler([image for image in train if image.kind == "background"], "usd", Mix(), SIZE)
    with pytest.raises(DataError, match="add a `background` class"):
        Sampler([image for image in train if image.kind != "background"], "usd", Mix(), SIZE)


RECIPE = Recipe(name="tiny", currency="usd", stages=(Stage(1, 1e-3),), size=96, alpha=0.35, images_per_epoch=4)


class _StopError(Exception):
    """Seen enough."""


WAYS = [pytest.param("fit", marks=pytest.mark.tensorflow), "preview", "ranges of int8"]


@pytest.mark.parametrize("way", WAYS)
def test_only_training_images_are_learnt_from(
    way: str, tmp_path: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    _check_only_train(way, tmp_path, images, monkeypatch)


@pytest.mark.parametrize("way", WAYS)
def test_no_real_test_image_is_learnt_from(
    way: str, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _check_only_train(way, tmp_path, read_data(data_dir), monkeypatch)


def _check_only_train(
    way: str, tmp_path: Path, images: Sequence[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever command makes samples: the sampler is given images of `train`, and no path of another split."""
    given: list[LabelledImage] = []

    def caught(rows: Sequence[LabelledImage], *rest: Any) -> None:
        given.extend(rows)
        raise _StopError

    monkeypatch.setattr(batches, "Sampler", caught)
    monkeypatch.setattr(fit_module, "build_model", lambda *rest: None)
    with pytest.raises(_StopError):
        if way == "fit":
            fit_module.fit(RECIPE, images, None, tmp_path)
        elif way == "preview":
            preview.write_preview(tmp_path / "sheet.png", RECIPE, images, 1)
        else:
            range_pictures(RECIPE, images)
    assert {image.split for image in given} == {"train"}
    assert {image.path for image in given}.isdisjoint({image.path for image in images if image.split != "train"})


def test_the_sampler_reads_no_other_file(train: list[LabelledImage], monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def spy(path: Path) -> Any:
        read.append(path)
        return read_image(path)

    for module in (sampler, notes):
        monkeypatch.setattr(module, "read_image", spy)
    draw(Sampler(train, "usd", Mix(), 32), 20)
    assert set(read) == {image.path for image in train}


def test_large_photographs_are_kept_small(tmp_path: Path) -> None:
    """All of a folder is kept in memory."""
    big = np.zeros((1500, 2000, 3), np.uint8)
    save(tmp_path / "usd_5_front" / "a.png", big)
    save(tmp_path / "background" / "a.png", big)
    made = Sampler(read_data(tmp_path), "usd", Mix(), 32)
    kept = [photo.image for photos in made._photos.values() for photo in photos] + made._backgrounds
    assert [picture.shape for picture in kept] == [(480, 640, 3)] * 2
