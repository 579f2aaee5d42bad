"""What runs a bundle's network for numerals."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.errors import BundleError
from currency_app.recognition.numerals.crops import CROPS
from currency_app.recognition.numerals.rule import OUTPUTS_WITHOUT_VALUE, NumeralRule


class NumeralNetwork(Protocol):
    """The swap point between the check and what runs a bundle's network for numerals."""

    def __call__(self, crops: Image) -> Floats:
        """Return what each crop shows, float32 [CROPS, outputs]. crops: uint8 [CROPS, height, width] grey."""
        ...


class LiteRTNumerals:
    """A bundle's TFLite file for numerals. Not safe to share between threads. Raises BundleError if it cannot run."""

    def __init__(self, rule: NumeralRule, threads: int = 1) -> None:
        from currency_app.recognition.network import interpreter_of

        outputs = len(rule.values) + OUTPUTS_WITHOUT_VALUE
        self._run: Any = interpreter_of(rule.model, threads).get_signature_runner()
        try:
            shape = self(np.zeros((CROPS, rule.crop_height, rule.crop_width), np.uint8)).shape
        except (ValueError, KeyError, RuntimeError) as error:
            raise BundleError(f"{rule.model} cannot be run here: install the model bundle again.") from error
        if shape != (CROPS, outputs):
            raise BundleError(f"{rule.model} does not give the outputs of its bundle.json: install the bundle again.")

    def __call__(self, crops: Image) -> Floats:
        """Return what each crop shows; see `NumeralNetwork`."""
        return np.asarray(self._run(crops=crops[..., None])["numerals"], np.float32)
