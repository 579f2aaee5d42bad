"""Still images: what each shows, and whether the app would say it as sure."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from currency_app.events import Frame, HintKind, Observation
from currency_app.framing import Framing
from currency_app.images import read_image
from currency_app.phrases import Phrases
from currency_app.recognizer import Recognizer


@dataclass(frozen=True, eq=False)
class Identified:
    """The answer for one image. spoken: whether the app would say the value as sure from this one image."""

    observation: Observation
    spoken: bool
    hint: HintKind | None


def identify(recognizer: Recognizer, image: npt.NDArray[np.uint8]) -> Identified:
    """What one image, uint8 [h, w, 3] BGR, shows."""
    observation = recognizer.observe(Frame(image, t=0.0, index=0))
    spoken = observation.value is not None and observation.confidence >= recognizer.bundle.sure_for(observation.value)
    hint = None if spoken else Framing().assess(observation)
    return Identified(observation, spoken, hint)


def identify_file(recognizer: Recognizer, path: Path) -> Identified:
    """The same for a file. Raises ImageError where it cannot be read."""
    return identify(recognizer, read_image(path))


def as_json(path: Path, currency: str, found: Identified) -> dict[str, Any]:
    """One image's answer as `identify --json` writes it."""
    seen = found.observation
    corners = None if seen.corners is None else [[round(float(v), 4) for v in corner] for corner in seen.corners]
    return {
        "path": _readable(path),
        "currency": currency,
        "value": seen.value,
        "side": seen.side,
        "confidence": round(seen.confidence, 4),
        "spoken": found.spoken,
        "corners": corners,
        "hint": None if found.hint is None else found.hint.value,
    }


def as_text(path: Path, currency: str, phrases: Phrases, found: Identified) -> str:
    """One image's answer as a line to read or to hear."""
    seen = found.observation
    # A line break in a file's name must not look like another answer.
    name = "".join(letter if letter.isprintable() else "?" for letter in _readable(path))
    if seen.value is None:
        return f"{name}: no note"
    amount = phrases.value(seen.value, currency)
    said = f"{amount}, {seen.side}" if seen.side else amount
    sureness = "sure" if found.spoken else "not sure, the app would not say it"
    hint = f". {phrases.hint(found.hint)}" if found.hint else ""
    return f"{name}: {said} ({seen.confidence:.0%}, {sureness}){hint}"


def _readable(path: Path) -> str:
    """The path as text that every JSON parser takes: bytes of its name that are no UTF-8 become a replacement mark."""
    return os.fsencode(path).decode("utf-8", "replace")
