"""What the recognizer saw of a presentation and the truth, kept on disk because it is slow to get."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.reading import read_value
from currency_app.recognition.recognizer import FrameReader
from training.simulation.scene.truth import Truth

_CODE = Path(__file__).resolve().parents[3]
"""The checkout."""
_FINGERPRINTED = (
    "training/simulation/**/*.py",
    "training/synthesis/*.py",
    "training/dataset/notes.py",
    "currency_app/demo/**/*.py",
    "currency_app/recognition/**/*.py",
)
"""Code that decides what the recognizer sees of a presentation."""


@dataclass(frozen=True, eq=False)
class Recording:
    """One presentation as the recognizer saw it."""

    name: str
    """What was played."""
    observations: Sequence[Observation]
    """What the recognizer saw of each frame."""
    truths: Sequence[Truth]
    """What each frame truly shows."""


def record(name: str, frames: Iterable[tuple[Frame, Truth]], reader: FrameReader) -> Recording:
    """Record what the recognizer sees of every frame."""
    observations, truths = [], []
    for frame, truth in frames:
        observations.append(reader.observe(frame))
        truths.append(truth)
    return Recording(name, observations, truths)


def fingerprint(bundle: Bundle, data: Path) -> str:
    """Return hexadecimal digits that change with whatever decides what the recognizer sees.

    That is the bundle, the code, and the manifest and the list of clips of the data folder.
    """
    digest = hashlib.sha256()
    # Numerals are read of what is sure, so then the thresholds decide it too.
    numerals = ("numerals", "thresholds") if "numerals" in bundle.raw else ()
    for key in ("model", "temperature", "second_look", "input", *numerals):
        digest.update(repr(bundle.raw.get(key)).encode())
    for pattern in _FINGERPRINTED:
        for path in sorted(_CODE.glob(pattern)):
            digest.update(path.read_bytes())
    manifest = data / "manifest.csv"
    digest.update(manifest.read_bytes() if manifest.is_file() else str(data.resolve()).encode(errors="surrogatepass"))
    clips = data / "clips" / "clips.json"
    if clips.is_file():
        digest.update(clips.read_bytes())
    return digest.hexdigest()[:16]


def save(recording: Recording, path: Path) -> None:
    """Write a recording, whole or not at all."""
    seen, truths = recording.observations, recording.truths
    arrays = {
        "t": np.array([o.t for o in seen]),
        "probabilities": np.array([o.probabilities for o in seen], np.float32),
        "corners": _corners([o.corners for o in seen]),
        **{name: np.array([getattr(o, name) for o in seen], np.float64) for name in _MEASURES},
        "true_class": np.array([truth.class_name or "" for truth in truths], np.str_),
        "true_corners": _corners([truth.corners for truth in truths]),
        **{f"true_{name}": np.array([getattr(truth, name) for truth in truths], np.float64) for name in _TRUE_MEASURES},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}.npz")
    np.savez_compressed(fresh, allow_pickle=False, **arrays)
    fresh.replace(path)


def load(name: str, path: Path, bundle: Bundle) -> Recording | None:
    """Return the recording of this name that `save` wrote; None if it is not there or damaged."""
    try:
        with path.open("rb") as stream:
            kept = np.load(stream, allow_pickle=False)
            a = {key: kept[key] for key in kept.files}
    except (OSError, ValueError, EOFError, AttributeError, BadZipFile, zlib.error):
        return None
    if set(a) != _KEPT:
        return None
    observations, truths = [], []
    for row, t in enumerate(a["t"]):
        reading = read_value(a["probabilities"][row], bundle.labels)
        measures: dict[str, Any] = {measure: float(a[measure][row]) for measure in _MEASURES}
        measures |= {flag: bool(measures[flag]) for flag in _FLAGS}
        observations.append(
            Observation(
                t=float(t),
                probabilities=a["probabilities"][row],
                value=reading.value,
                side=reading.side,
                confidence=reading.confidence,
                corners=_or_none(a["corners"][row]),
                other_notes=int(measures.pop("other_notes")),
                **measures,
            )
        )
        true_measures: dict[str, Any] = {measure: float(a[f"true_{measure}"][row]) for measure in _TRUE_MEASURES}
        truths.append(
            Truth(
                t=float(t),
                class_name=str(a["true_class"][row]) or None,
                corners=_or_none(a["true_corners"][row]),
                other_notes=int(true_measures.pop("other_notes")),
                **true_measures,
            )
        )
    return Recording(name, observations, truths)


_FLAGS = ("searched", "looked", "refused", "black")
"""What an `Observation` says with yes or no."""
_MEASURES = ("in_view", "light", "sharpness", "aspect", "covered", "other_notes", *_FLAGS)
"""Numbers of an `Observation` that are kept."""
_TRUE_MEASURES = ("aspect", "note_aspect", "hidden", "light", "blur", "other_notes")
"""Numbers of a `Truth` that are kept."""

_KEPT = {"t", "probabilities", "corners", "true_class", "true_corners", *_MEASURES} | {
    f"true_{name}" for name in _TRUE_MEASURES
}
"""Names of the arrays of a recording."""


def _corners(all_corners: Sequence[npt.NDArray[np.float32] | None]) -> npt.NDArray[np.float32]:
    nowhere = np.full((4, 2), np.nan, np.float32)
    return np.array([nowhere if corners is None else corners for corners in all_corners], np.float32).reshape(-1, 4, 2)


def _or_none(corners: Corners) -> npt.NDArray[np.float32] | None:
    return None if np.isnan(corners).any() else corners
