"""What answers for one picture: the same as `currency-app identify --json`, and how sure of every label it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from currency_app.identify import as_json, identify
from currency_app.recognition.bundle import load_bundles
from currency_app.recognition.multi_currency import answer_among
from currency_app.recognition.recognizer import Recognizer


@dataclass(frozen=True)
class PictureAnswer:
    """An answer's members as they are sent, but for the time that it took, and what is counted of it.

    seconds: that recognising took. outcome: "spoken", "not_sure" or "no_note".
    """

    members: dict[str, Any]
    seconds: float
    outcome: str


class PictureReader(Protocol):
    """The swap point between the server and what reads a picture. Used by one thread at a time."""

    def __call__(self, picture: npt.NDArray[np.uint8], mirror_left: bool, mirrored: bool) -> PictureAnswer:
        """For uint8 [h, w, 3] BGR; mirror_left, mirrored: as `identify` takes them."""
        ...


class BundleReader:
    """Reads with the bundles of one currency or several, each of which answers alone; see `several.answer_among`.

    currency: as `identify --currency`. Raises BundleError where a bundle is missing or cannot be run.
    """

    def __init__(self, currency: str) -> None:
        self._bundles = load_bundles(currency)
        self._recognizers = [Recognizer(bundle) for bundle in self._bundles]
        # The first run of everything takes much longer than those after it.
        self(np.zeros((480, 640, 3), np.uint8), mirror_left=True, mirrored=False)

    def __call__(self, picture: npt.NDArray[np.uint8], mirror_left: bool, mirrored: bool) -> PictureAnswer:
        """See `PictureReader`."""
        start = time.perf_counter()
        alone = [identify(recognizer, picture, mirror_left, mirrored) for recognizer in self._recognizers]
        bundle, found = answer_among(self._bundles, alone)
        seconds = time.perf_counter() - start
        members = as_json(Path(), None if bundle is None else bundle.currency, found)
        del members["path"]
        seen_by = next(b for b, one in zip(self._bundles, alone, strict=True) if one.observation is found.observation)
        shares = zip(seen_by.labels, found.observation.probabilities, strict=True)
        members["probabilities"] = {label.name: round(float(share), 6) for label, share in shares}
        members["model_version"] = str(seen_by.raw["model"]["sha256"])[:12]
        if members["value"] is None:
            return PictureAnswer(members, seconds, "no_note")
        return PictureAnswer(members, seconds, "spoken" if found.spoken else "not_sure")
