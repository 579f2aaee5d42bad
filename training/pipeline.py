"""From a trained network to a measured bundle: export, calibrate, measure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from currency_app.errors import DataError
from currency_app.images import read_image
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from training.dataset.currency import tells_where, untold
from training.dataset.labels import right_outputs
from training.dataset.manifest import LabelledImage, labels_to_learn, measurable, of_split
from training.export.bundle import describe, write_bundle
from training.export.tflite import to_tflite
from training.fitting.batches import encode, mixed_batch
from training.fitting.calibrate import Answered, Weights, choose_thresholds, fit_weights, said
from training.fitting.folds import held_out, measurable_of
from training.measuring.photographs import Figures, Judged, figures, judge, read_readable
from training.network.keras_network import KerasNetwork, load_network, round_weights, save_network
from training.progress import Progress
from training.recipe import Recipe, fold_recipe
from training.synthesis.drawn import drawn_notes
from training.synthesis.sampler import Sampler

_EXAMPLES_FOR_RANGES = 300
_MAY_LOSE = 0.01
"""Share of `val`, one image at least, that int8 may read fewer: fewer than that are chance."""


def export(
    model: Any,
    recipe: Recipe,
    images: Sequence[LabelledImage],
    folder: Path,
    precision: str,
    progress: Progress,
    folds: Sequence[Fold] = (),
) -> str:
    """Write the network as a calibrated bundle into a folder and return its precision.

    precision: fp32, int8, or auto: int8, which is two to three times as fast, unless it reads over one in a hundred
    images of `val` fewer right than fp32 does; one image is never too many.
    folds: see `calibrate`.
    """
    images_to_calibrate_on(images)
    labels, locates = labels_to_learn(images, recipe.currency), tells_where(images, recipe.currency)
    round_weights(model)
    chosen = precision
    if precision != "fp32":
        examples = _examples(recipe, images)
        write_bundle(folder, to_tflite(model, "int8", examples), "int8", recipe, labels, images, locates=locates)
        int8_right = _right_on_val(folder, images, recipe.currency, progress)
    if precision != "int8":
        write_bundle(folder, to_tflite(model, "fp32"), "fp32", recipe, labels, images, locates=locates)
        chosen = "fp32"
    may_lose = math.ceil(_MAY_LOSE * len(images_to_calibrate_on(images)))
    if precision == "auto" and int8_right + may_lose >= _right_on_val(folder, images, recipe.currency, progress):
        write_bundle(folder, to_tflite(model, "int8", examples), "int8", recipe, labels, images, locates=locates)
        chosen = "int8"
    save_network(model, folder)
    calibrate(folder, images, progress, folds)
    return chosen


@dataclass(frozen=True)
class Fold:
    """A network that was trained without some images, and those it has not seen. bundle: its folder."""

    bundle: Path
    unseen: Sequence[LabelledImage]


def train_folds(
    recipe: Recipe, images: Sequence[LabelledImage], weights: str | None, run: Path, progress: Progress
) -> list[Fold]:
    """Train the recipe's folds in folders inside the run's, each resumed where it was stopped, and bundle them."""
    from training.fitting.fit import fit

    labels, locates = labels_to_learn(images, recipe.currency), tells_where(images, recipe.currency)
    shorter, folds = fold_recipe(recipe), []
    for number, part in enumerate(held_out(images, recipe.folds, progress) if recipe.folds else [], start=1):
        folder = run / f"fold-{number}"
        print(f"Fold {number} of {recipe.folds}", flush=True)
        model = fit(shorter, images, weights, folder, left_out=part)
        tflite = to_tflite(model, "fp32")
        write_bundle(folder / "bundle", tflite, "fp32", shorter, labels, images, locates=locates)
        folds.append(Fold(folder / "bundle", measurable_of(images, part)))
    return folds


def finished_folds(recipe: Recipe, images: Sequence[LabelledImage], run: Path, progress: Progress) -> list[Fold]:
    """The folds that `train_folds` has finished."""
    parts = held_out(images, recipe.folds, progress) if recipe.folds else []
    folders = [run / f"fold-{number}" / "bundle" for number in range(1, len(parts) + 1)]
    missing = [folder for folder in folders if not (folder / "bundle.json").is_file()]
    if missing:
        raise DataError(f"{missing[0]} is missing: go on with `currency-train fit` first.")
    return [Fold(folder, measurable_of(images, part)) for folder, part in zip(folders, parts, strict=True)]


def calibrate(
    folder: Path, images: Sequence[LabelledImage], progress: Progress, folds: Sequence[Fold] = ()
) -> tuple[Weights, float, float]:
    """Fit a bundle's weights of its looks and its thresholds and write them into it: (weights, sure, maybe).

    Fitted on the answers of this bundle to `val` and of each fold's to the images that it has not seen, all together.
    """
    bundle = load_bundle(folder)
    answered = answers_of(Recognizer(bundle), images_to_calibrate_on(images), progress)
    for fold in folds:
        answered += answers_of(Recognizer(load_bundle(fold.bundle)), fold.unseen, progress)
    weights = fit_weights(answered)
    sure, maybe, by_value = choose_thresholds(said(answered, weights, bundle.labels), bundle.values)
    changes: dict[str, Any] = {
        "temperature": round(1 / weights.alone, 4),
        "thresholds": {"sure": sure, "maybe": maybe, "sure_by_value": {str(v): t for v, t in by_value.items()}},
    }
    if bundle.second_look is not None:
        changes["second_look"] = bundle.raw["second_look"] | {"first": weights.first, "second": weights.second}
    describe(folder, **changes)
    return weights, sure, maybe


def answers_of(recognizer: Recognizer, images: Sequence[LabelledImage], progress: Progress) -> list[Answered]:
    """What a network gives for photographs, before calibration."""
    labels = recognizer.bundle.labels
    found = []
    for image in progress(list(images)):
        truth, *also = right_outputs(image.class_name, labels)
        note = labels[truth].value is not None
        found.append(Answered(image.source, truth, note, recognizer.look(read_image(image.path)), tuple(also)))
    return found


def images_to_calibrate_on(images: Sequence[LabelledImage]) -> list[LabelledImage]:
    """The images of `val` with one note or none. Raises DataError where there are none."""
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
    """Figures of a bundle, by its shipped `model.tflite`, on these splits."""
    return _measure(Recognizer(load_bundle(folder)), data, images, splits, progress)


def measure_in_keras(
    folder: Path, data: Path, images: Sequence[LabelledImage], splits: Sequence[str], progress: Progress
) -> Figures:
    """The same by the Keras network that was exported. Raises DataError where the bundle does not have it."""
    bundle = load_bundle(folder)
    return _measure(Recognizer(bundle, network=KerasNetwork(load_network(bundle))), data, images, splits, progress)


def measure_folds(
    folder: Path, data: Path, images: Sequence[LabelledImage], folds: Sequence[Fold], progress: Progress
) -> Figures:
    """Figures of the networks of a bundle's folds on what each has not seen, calibrated as the bundle is.

    The thresholds were chosen on these same answers, so what is given and wrong here is what calibration allows.
    """
    bundle = load_bundle(folder)
    judged: list[Judged] = []
    for fold in folds:
        calibrated = replace(bundle, folder=fold.bundle, model=load_bundle(fold.bundle).model)
        judged += judge(Recognizer(calibrated), fold.unseen, progress)
    return figures(judged, bundle.currency.lower(), read_readable(data))


def _measure(
    recognizer: Recognizer, data: Path, images: Sequence[LabelledImage], splits: Sequence[str], progress: Progress
) -> Figures:
    judged = judge(recognizer, [*measurable(images, splits), *untold(images, splits)], progress)
    return figures(judged, recognizer.bundle.currency.lower(), read_readable(data))


def _right_on_val(folder: Path, images: Sequence[LabelledImage], currency: str, progress: Progress) -> int:
    judged = judge(Recognizer(load_bundle(folder)), measurable(images, ["val"]), progress)
    return sum(item.found.observation.value == item.true_value(currency) for item in judged)


def _examples(recipe: Recipe, images: Sequence[LabelledImage]) -> npt.NDArray[np.uint8]:
    """Pictures like those the network learnt from, uint8 [n, size, size, 3] RGB."""
    train = of_split(images, "train")
    labels = labels_to_learn(images, recipe.currency)
    drawn = drawn_notes(recipe.currency)
    sampler = Sampler(train, recipe.currency, recipe.mix, recipe.detail, drawn, recipe.note_aspect)
    rngs = (np.random.default_rng([recipe.seed, 10**6, row]) for row in range(_EXAMPLES_FOR_RANGES))
    return encode(mixed_batch(sampler, recipe, rngs), labels, recipe.size)[0]
