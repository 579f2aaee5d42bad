"""From a trained network to a measured bundle: export, calibrate, measure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.bundle import load_bundle
from currency_app.errors import DataError
from currency_app.recognizer import Recognizer
from training.calibrate import choose_thresholds, fit_temperature
from training.dataset.labels import ordered_labels
from training.dataset.manifest import LabelledImage, of_split
from training.evaluate import Figures, figures, judge, measurable, read_readable
from training.export.bundle import describe, write_bundle
from training.export.tflite import to_tflite
from training.recipe import Recipe
from training.synthesis.drawn import drawn_notes
from training.synthesis.sampler import Sampler

_EXAMPLES_FOR_RANGES = 300

Progress = Callable[[Iterable[Any]], Iterable[Any]]


def export(
    model: Any, recipe: Recipe, images: Sequence[LabelledImage], folder: Path, precision: str, progress: Progress
) -> str:
    """Write the network as a calibrated bundle into a folder and return its precision.

    precision: fp32, int8, or auto: int8 where it reads as many images of `val` right as fp32 does.
    """
    images_to_calibrate_on(images)
    labels = ordered_labels([image.class_name for image in of_split(images, "train")], recipe.currency)
    chosen = precision
    if precision != "fp32":
        examples = _examples(recipe, images)
        write_bundle(folder, to_tflite(model, "int8", examples), "int8", recipe, labels, images)
        int8_right = _right_on_val(folder, images, recipe.currency, progress)
    if precision != "int8":
        write_bundle(folder, to_tflite(model, "fp32"), "fp32", recipe, labels, images)
        chosen = "fp32"
    if precision == "auto" and int8_right >= _right_on_val(folder, images, recipe.currency, progress):
        write_bundle(folder, to_tflite(model, "int8", examples), "int8", recipe, labels, images)
        chosen = "int8"
    calibrate(folder, images, progress)
    return chosen


def calibrate(folder: Path, images: Sequence[LabelledImage], progress: Progress) -> tuple[float, float, float]:
    """Fit temperature and thresholds of a bundle on `val`, write them into it and return (temperature, sure, maybe)."""
    bundle = load_bundle(folder)
    val = images_to_calibrate_on(images)
    judged = judge(Recognizer(bundle), val, progress)
    temperature = fit_temperature(judged, [label.name for label in bundle.labels], bundle.temperature)
    describe(folder, temperature=temperature)
    again = judge(Recognizer(load_bundle(folder)), val, progress)
    sure, maybe = choose_thresholds(again, bundle.currency.lower())
    describe(folder, thresholds={"sure": sure, "maybe": maybe})
    return temperature, sure, maybe


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
    """Figures of a bundle on these splits."""
    bundle = load_bundle(folder)
    judged = judge(Recognizer(bundle), measurable(images, splits), progress)
    return figures(judged, bundle.currency.lower(), read_readable(data))


def _right_on_val(folder: Path, images: Sequence[LabelledImage], currency: str, progress: Progress) -> int:
    judged = judge(Recognizer(load_bundle(folder)), measurable(images, ["val"]), progress)
    return sum(item.found.observation.value == item.true_value(currency) for item in judged)


def _examples(recipe: Recipe, images: Sequence[LabelledImage]) -> list[npt.NDArray[np.uint8]]:
    """Pictures like those the network learnt from, uint8 [size, size, 3] RGB."""
    sampler = Sampler(of_split(images, "train"), recipe.currency, recipe.mix, recipe.size, drawn_notes(recipe.currency))
    samples = (sampler.sample(np.random.default_rng([recipe.seed, 10**6, row])) for row in range(_EXAMPLES_FOR_RANGES))
    return [np.asarray(cv2.cvtColor(sample.picture, cv2.COLOR_BGR2RGB), np.uint8) for sample in samples]
