"""Train networks that each lack some designs, and measure what they say of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from currency_app.errors import DataError
from currency_app.paths import readable_name
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from training.dataset.designs import ValueDesign, leave_out_rounds, shows, without_designs
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage, measurable
from training.measuring.identified import identify_all, read_readable, unreadable
from training.measuring.unseen import UnseenAnswer, UnseenFigures, answers_of
from training.numerals import fit_numerals_by_recipe
from training.pipeline import check_has_calibration_images, export_bundle, train_folds
from training.progress import Progress
from training.recipe import Recipe
from training.writable import write_text

TABLE = "unseen-designs"
"""Name of the files in the run's folder that keep the figures (.txt) and every answer (.csv)."""


def measure_unseen_designs(
    recipe: Recipe,
    data: Path,
    images: Sequence[LabelledImage],
    weights: str | None,
    run: Path,
    splits: Sequence[str],
    progress: Progress,
) -> UnseenFigures:
    """Train a network for each of `leave_out_rounds`, and measure it on what it has not learnt.

    Each is trained, calibrated and exported as `fit` does it, on images without the designs that are left out. A run
    that was stopped is gone on with; networks that are finished are calibrated and measured again, which takes a minute
    or two each, so that a change of the recognizer is measured without training anew.

    Args:
        recipe: how the networks are made.
        data: the data folder.
        images: its rows, with their designs named as the currency's list has them.
        weights: a file of ImageNet weights that the networks start from, or "imagenet"; None for random ones.
        run: the folder that keeps the networks, and after each the table of all answers until then.
        splits: the images of these splits are measured; of designs that are left out also those of `train`.
        progress: wraps what is worked through, as tqdm does.

    Raises DataError if no value has two designs of enough images, the run's folder is of another recipe, or the weights
    are those of a bundle.
    """
    if weights is not None and Path(weights).is_dir():
        raise DataError(
            f"The network in {weights} may have learnt the very designs that are to be left out: give --weights a file "
            "of ImageNet weights."
        )
    rounds = leave_out_rounds(images, recipe.currency)
    if not rounds:
        raise DataError(
            "No value has two designs of eight images or more each, of which one could be left out: name the designs "
            "in the manifest's column `series`, see docs/designs.md."
        )
    answers: list[UnseenAnswer] = []
    for number, left_out in enumerate(rounds, start=1):
        print(f"Network {number} of {len(rounds)}, without {in_words(left_out)}", flush=True)
        bundle = _trained(recipe, images, left_out, weights, run / f"network-{number}", progress)
        to_measure = images_not_learnt(images, left_out, recipe.currency, splits)
        answers += _measured(bundle, number, data, to_measure, left_out, progress)
        figures = UnseenFigures(tuple(answers), tuple(map(in_words, rounds[:number])))
        write_text(run / f"{TABLE}.csv", figures.as_csv())  # after each network, for the next takes long
        write_text(run / f"{TABLE}.txt", figures.as_text() + "\n")
    return figures


def images_not_learnt(
    images: Sequence[LabelledImage], left_out: frozenset[ValueDesign], currency: str, splits: Sequence[str]
) -> list[LabelledImage]:
    """Return the images of single notes to measure: of these splits, and of `train` those of the left out designs.

    A note of a value with a left out design is in neither if nobody says of which design it is.
    """
    hidden = {image.path for image in images} - {image.path for image in without_designs(images, left_out, currency)}
    return [
        image
        for image in measurable(images, sorted({*splits, "train"}))
        if parse_label(image.class_name, currency).value is not None
        and (shows(image, left_out, currency) or (image.split in splits and image.path not in hidden))
    ]


def in_words(left_out: Iterable[ValueDesign]) -> str:
    """Return designs as people read them: "5 1996 big head, 20 2004-2013 colour"."""
    return ", ".join(f"{one.value} {one.design}" for one in sorted(left_out))


def _trained(
    recipe: Recipe,
    images: Sequence[LabelledImage],
    left_out: frozenset[ValueDesign],
    weights: str | None,
    folder: Path,
    progress: Progress,
) -> Path:
    """Return the folder of the calibrated bundle of a network that has not met these designs."""
    from training.fitting.fit import fit

    kept = without_designs(images, left_out, recipe.currency)
    check_has_calibration_images(kept)
    model = fit(recipe, kept, weights, folder)
    folds = train_folds(recipe, kept, weights, folder, progress)
    # In floats: the ranges for int8 would cost a minute, and the slow kind of processor gains nothing by it.
    numerals = partial(fit_numerals_by_recipe, recipe=recipe, images=kept, progress=progress)
    export_bundle(model, recipe, kept, folder / "bundle", "fp32", progress, folds, finish=numerals)
    return folder / "bundle"


def _measured(
    bundle: Path,
    number: int,
    data: Path,
    images: Sequence[LabelledImage],
    left_out: frozenset[ValueDesign],
    progress: Progress,
) -> list[UnseenAnswer]:
    recognizer = Recognizer(load_bundle(bundle))
    currency = recognizer.bundle.currency.lower()
    no_person_could = unreadable(images, read_readable(data))
    items = [
        (
            item,
            readable_name((path.relative_to(data) if path.is_relative_to(data) else path).as_posix()),
            shows(item.image, left_out, currency),
            path not in no_person_could,
        )
        for item in identify_all(recognizer, images, progress)
        for path in [item.image.path]
    ]
    return answers_of(number, items, recognizer.bundle)
