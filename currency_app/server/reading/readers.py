"""Reads one picture: the answer of `currency-app identify --json`, with the probability of every label."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from currency_app.identify import as_json, identify_among
from currency_app.recognition.bundle import load_bundles
from currency_app.recognition.recognizer import Recognizer


@dataclass(frozen=True)
class PictureAnswer:
    """What a reader found in one picture, and what the metrics count of it."""

    members: dict[str, Any]
    """The members of the JSON answer as they are sent, except `milliseconds`."""
    seconds: float
    """How long recognising took."""
    outcome: str
    """One of "spoken" (the app would say it as sure), "not_sure" and "no_note"."""


class PictureReader(Protocol):
    """The interface between the server and what reads a picture; used by one thread at a time."""

    def __call__(self, picture: npt.NDArray[np.uint8], mirror_left: bool, mirrored: bool) -> PictureAnswer:
        """Read a picture, uint8 [h, w, 3] BGR; mirror_left, mirrored: as for `identify.identify`."""
        ...


class BundleReader:
    """Reads with the bundles of one currency or several; `identify.identify_among` picks one of their answers.

    currency: as for `identify --currency`. Raises BundleError if a bundle is missing or cannot be run.
    """

    def __init__(self, currency: str) -> None:
        self._recognizers = [Recognizer(bundle) for bundle in load_bundles(currency)]
        # Run once now: the first run takes much longer than later ones.
        self(np.zeros((480, 640, 3), np.uint8), mirror_left=True, mirrored=False)

    def __call__(self, picture: npt.NDArray[np.uint8], mirror_left: bool, mirrored: bool) -> PictureAnswer:
        """Read a picture, as `PictureReader` says."""
        start = time.perf_counter()
        answer = identify_among(self._recognizers, picture, mirror_left, mirrored)
        found, seen_by = answer.found, answer.seen_by
        seconds = time.perf_counter() - start
        members = as_json(Path(), answer.currency, found)
        del members["path"]
        shares = zip(seen_by.labels, found.observation.probabilities, strict=True)
        members["probabilities"] = {label.name: round(float(share), 6) for label, share in shares}
        members["model_version"] = str(seen_by.raw["model"]["sha256"])[:12]
        if not found.has_value and not found.unknown:
            return PictureAnswer(members, seconds, "no_note")
        return PictureAnswer(members, seconds, "spoken" if found.spoken else "not_sure")
