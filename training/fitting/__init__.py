"""Training a network by a recipe, from batches of made pictures to calibrated probabilities."""

from __future__ import annotations

from training.fitting.batches import encode, encode_batch, mixed_batch, recipe_sampler
from training.fitting.calibrate import Example, LookWeights, choose_thresholds, fit_weights, predictions
from training.fitting.fit import finished
from training.fitting.folds import held_out, measurable_of
from training.fitting.numerals import CropSet, fit_numerals, make_crops
from training.fitting.preview import write_preview
from training.fitting.run_state import hash_of_content

__all__ = [
    "CropSet",
    "Example",
    "LookWeights",
    "choose_thresholds",
    "encode",
    "encode_batch",
    "finished",
    "fit_numerals",
    "fit_weights",
    "hash_of_content",
    "held_out",
    "make_crops",
    "measurable_of",
    "mixed_batch",
    "predictions",
    "recipe_sampler",
    "write_preview",
]
