"""From a trained network to a measured bundle: export, calibrate, measure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from currency_app.errors import BundleError, DataError
from currency_app.images import read_image
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from training.dataset.currency import has_locations
from training.dataset.labels import right_outputs
from training.dataset.manifest import LabelledImage, labels_to_learn, measurable, of_split
from training.export.bundle import describe, write_bundle
from training.export.bundle_models import range_pictures, tflite_models
from training.fitting.calibrate import Example, LookWeights, choose_thresholds, fit_weights, predictions
from training.fitting.folds import held_out, measurable_of
from training.fitting.run_state import hash_of_content
from training.measuring.identified import IdentifiedImage, identify_all, read_readable
from training.measuring.photographs import Figures, figures, measure_photographs
from training.network.keras_network import KerasNetwork, load_network, round_weights, save_network
from training.progress import Progress
from training.recipe import Recipe, fold_recipe
from training.writable import changing_folder

_LEARNT_FROM = "learnt_from"
"""Key of a fold's entry of bundle.json: the hash of what it learnt from. Folds from before November 2026 lack it."""
_MAX_LOST_SHARE = 0.01
"""Share of `val`, one image at least, that int8 may read worse than fp32: so few may be chance."""


def export_bundle(
    model: Any,
    recipe: Recipe,
    images: Sequence[LabelledImage],
    folder: Path,
    precision: str,
    progress: Progress,
    folds: Sequence[Fold] = (),
    *,
    finish: Callable[[Path], object] | None = None,
) -> str:
    """Write the network as a calibrated bundle into a folder and return its precision.

    The folder is changed once the bundle is calibrated and can be read; until then it stays as it was, and what else it
    holds stays in it.

    precision: fp32, int8, or auto. With auto it is int8, which is two to three times as fast, unless it reads more
    than one in a hundred images of `val` worse than fp32 does; one image is never too many.
    folds: see `calibrate_bundle`. finish: what else is to be done to the new bundle, by its folder, before it takes its
    place.
    """
    check_has_calibration_images(images)
    with changing_folder(folder) as fresh:
        chosen = _write_in_precision(model, recipe, images, fresh, precision, progress)
        describe(fresh, **save_network(model, fresh, load_bundle(fresh).model))
        calibrate_bundle(fresh, images, progress, folds)
        if finish is not None:
            finish(fresh)
        load_bundle(fresh)
    return chosen


def _write_in_precision(
    model: Any, recipe: Recipe, images: Sequence[LabelledImage], folder: Path, precision: str, progress: Progress
) -> str:
    """Write the network as a bundle that is not calibrated yet, and return its precision: see `export_bundle`.

    The model's weights are rounded for that precision.
    """
    labels, locates = labels_to_learn(images, recipe.currency), has_locations(images, recipe.currency)

    def write(models: tuple[bytes, bytes | None], precision: str) -> str:
        whole, closer = models
        write_bundle(folder, whole, precision, recipe, labels, images, locates=locates, closer=closer)
        return precision

    convert = partial(tflite_models, model, recipe, locates=locates)
    if precision == "fp32":
        round_weights(model, "fp32")
        return write(convert("fp32"), "fp32")
    learnt = model.get_weights()
    round_weights(model, "int8")
    int8 = convert("int8", range_pictures(recipe, images))
    write(int8, "int8")
    if precision == "int8":
        return "int8"
    int8_right = _right_on_val(folder, images, recipe.currency, progress)
    in_8_bits = model.get_weights()
    model.set_weights(learnt)
    round_weights(model, "fp32")
    write(convert("fp32"), "fp32")
    may_lose = math.ceil(_MAX_LOST_SHARE * len(_calibration_images(images)))
    if int8_right + may_lose < _right_on_val(folder, images, recipe.currency, progress):
        return "fp32"
    model.set_weights(in_8_bits)
    return write(int8, "int8")


@dataclass(frozen=True)
class Fold:
    """A network that was trained without some of the training images."""

    bundle: Path
    """Folder of its bundle."""
    unseen: Sequence[LabelledImage]
    """The photographs, of those it was trained without, that a camera could have taken."""


def train_folds(
    recipe: Recipe, images: Sequence[LabelledImage], weights: str | None, run: Path, progress: Progress
) -> list[Fold]:
    """Train the networks of the recipe's folds, and write a bundle of each.

    Their runs are in folders inside the run's; one that was stopped is gone on with.
    """
    from training.fitting.fit import fit

    labels, locates = labels_to_learn(images, recipe.currency), has_locations(images, recipe.currency)
    shorter, folds = fold_recipe(recipe), []
    for number, part in enumerate(held_out(images, recipe.folds, progress) if recipe.folds else [], start=1):
        folder = run / f"fold-{number}"
        print(f"Fold {number} of {recipe.folds}", flush=True)
        model = fit(shorter, images, weights, folder, left_out=part)
        whole, closer = tflite_models(model, shorter, "fp32", locates=locates)
        write_bundle(folder / "bundle", whole, "fp32", shorter, labels, images, locates=locates, closer=closer)
        describe(folder / "bundle", **{_LEARNT_FROM: _learnt_from(images, part)})
        folds.append(Fold(folder / "bundle", measurable_of(images, part)))
    return folds


def finished_folds(recipe: Recipe, images: Sequence[LabelledImage], run: Path, progress: Progress) -> list[Fold]:
    """Return the folds that `train_folds` has finished.

    Raises DataError if one is missing or damaged, or if it has learnt from the images on which it is to be asked.
    """
    parts = held_out(images, recipe.folds, progress) if recipe.folds else []
    folders = [run / f"fold-{number}" / "bundle" for number in range(1, len(parts) + 1)]
    for folder, part in zip(folders, parts, strict=True):
        if not (folder / "bundle.json").is_file():
            raise DataError(f"{folder} is missing: go on with `currency-train fit` first.")
        try:
            learnt_from = load_bundle(folder).raw.get(_LEARNT_FROM)
        except BundleError as error:
            raise DataError(f"{folder} is damaged: `currency-train fit` writes it again from its run.") from error
        if learnt_from not in (None, _learnt_from(images, part)):
            raise DataError(
                f"{folder} has not learnt from the images that it should have: the images have changed since, or it is "
                "another fold's. `currency-train fit` tells which, or writes it again."
            )
    return [Fold(folder, measurable_of(images, part)) for folder, part in zip(folders, parts, strict=True)]


def _learnt_from(images: Sequence[LabelledImage], part: frozenset[Path]) -> str:
    """Return a hash of the training images, labels and content, without a part of them."""
    return hash_of_content(image for image in of_split(images, "train") if image.path not in part)


def calibrate_bundle(
    folder: Path, images: Sequence[LabelledImage], progress: Progress, folds: Sequence[Fold] = ()
) -> tuple[LookWeights, float, float]:
    """Fit a bundle's look weights and thresholds, write them into it, and return (weights, sure, maybe).

    They are fitted on the predictions of this bundle for `val` together with those of each fold for the images that it
    was trained without. Raises DataError if `val` has none.
    """
    bundle = load_bundle(folder)
    examples = calibration_examples(Recognizer(bundle), _calibration_images(images), progress)
    for fold in folds:
        examples += calibration_examples(Recognizer(load_bundle(fold.bundle)), fold.unseen, progress)
    weights = fit_weights(examples)
    sure, maybe, by_value = choose_thresholds(predictions(examples, weights, bundle.labels), bundle.values)
    changes: dict[str, Any] = {
        "temperature": round(1 / weights.alone, 4),
        "thresholds": {"sure": sure, "maybe": maybe, "sure_by_value": {str(v): t for v, t in by_value.items()}},
    }
    if bundle.second_look is not None:
        changes["second_look"] = bundle.raw["second_look"] | {"first": weights.first, "second": weights.closer}
    describe(folder, **changes)
    return weights, sure, maybe


def calibration_examples(recognizer: Recognizer, images: Sequence[LabelledImage], progress: Progress) -> list[Example]:
    """Return what a network predicts for photographs, before any calibration."""
    labels = recognizer.bundle.labels
    found = []
    for image in progress(list(images)):
        label, *others = right_outputs(image.class_name, labels)
        has_note = labels[label].value is not None
        found.append(Example(image.source, label, has_note, recognizer.look(read_image(image.path)), tuple(others)))
    return found


def check_has_calibration_images(images: Sequence[LabelledImage]) -> None:
    """Raise DataError if there are no images to calibrate on, before the work on a network begins."""
    _calibration_images(images)


def _calibration_images(images: Sequence[LabelledImage]) -> list[LabelledImage]:
    """Return the images of `val` with one note or none. Raises DataError if there are none."""
    found = measurable(images, ["val"])
    if not found:
        raise DataError(
            "The data folder has no image of split val to calibrate on: name some in its manifest, "
            "or take five pictures or more of each class, each with a name of its own."
        )
    return found


def measure(
    folder: Path, data: Path, images: Sequence[LabelledImage], splits: Sequence[str], progress: Progress
) -> Figures:
    """Return the figures of a bundle on these splits, with its shipped `model.tflite`."""
    return measure_photographs(Recognizer(load_bundle(folder)), data, images, splits, progress)


def measure_in_keras(
    folder: Path, data: Path, images: Sequence[LabelledImage], splits: Sequence[str], progress: Progress
) -> Figures:
    """Return the figures of a bundle with the Keras network that was exported.

    Raises DataError if the bundle does not have it.
    """
    bundle = load_bundle(folder)
    return measure_photographs(
        Recognizer(bundle, network=KerasNetwork(load_network(bundle))), data, images, splits, progress
    )


def measure_folds(
    folder: Path, data: Path, images: Sequence[LabelledImage], folds: Sequence[Fold], progress: Progress
) -> Figures:
    """Return the figures of the folds of a bundle on what each has not seen, calibrated as the bundle is.

    The thresholds were chosen on these very predictions, so the wrong values spoken here are what calibration allows.
    """
    bundle = load_bundle(folder)
    identified: list[IdentifiedImage] = []
    for fold in folds:
        own = load_bundle(fold.bundle)
        # The bundle's numerals have learnt from the very images that are asked about.
        calibrated = replace(bundle, folder=own.folder, model=own.model, closer=own.closer, numerals=own.numerals)
        identified += identify_all(Recognizer(calibrated), fold.unseen, progress)
    return figures(identified, bundle.currency.lower(), read_readable(data))


def _right_on_val(folder: Path, images: Sequence[LabelledImage], currency: str, progress: Progress) -> int:
    """Return how many images of `val` a bundle reads right."""
    identified = identify_all(Recognizer(load_bundle(folder)), measurable(images, ["val"]), progress)
    return sum(item.found.observation.value == item.true_value(currency) for item in identified)
