"""Still images: what each shows, and whether the app would say it as sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Image
from currency_app.events import HintKind, Observation
from currency_app.guidance.hints import Framing
from currency_app.images import read_image
from currency_app.paths import printable, readable_name
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.multi_currency import visibility
from currency_app.recognition.recognizer import Recognizer
from currency_app.speech.phrases import Phrases


@dataclass(frozen=True, eq=False)
class Identified:
    """What one image shows, and whether the app would say it."""

    observation: Observation
    """What the recognizer sees; its corners are fractions of the image as it was given."""
    spoken: bool
    """Whether the app would say the value as sure from this one image."""
    hint: HintKind | None
    """The movement that would help by the note's place, light and sharpness, even if the value is sure without it."""


def identify(recognizer: Recognizer, image: Image, mirror_left: bool = True, mirrored: bool = False) -> Identified:
    """Read one image, uint8 [h, w, 3] BGR.

    mirror_left: whether the user's left is the picture's right, as for a camera that faces the user. mirrored: it is
    a mirror image, which is turned back before it is read; the corners are those in the image as given.
    """
    upright = np.asarray(cv2.flip(image, 1), np.uint8) if mirrored else image
    observation = recognizer.observe_still(upright)
    sure = recognizer.bundle.is_sure(observation.value, observation.confidence)
    spoken = sure and not observation.refused
    hint = Framing(mirror_left, note_aspect=recognizer.bundle.note_aspect).assess(observation)
    if mirrored and observation.corners is not None:
        as_given = observation.corners * np.array([-1, 1], np.float32) + np.array([1, 0], np.float32)
        observation = replace(observation, corners=as_given)
    return Identified(observation, spoken, hint)


def identify_file(recognizer: Recognizer, path: Path, mirror_left: bool = True, mirrored: bool = False) -> Identified:
    """Read one image file: see `identify`. Raises ImageError if it cannot be read."""
    return identify(recognizer, read_image(path), mirror_left, mirrored)


def answer_among(bundles: Sequence[Bundle], answers: Sequence[Identified]) -> tuple[Bundle | None, Identified]:
    """Return which of some bundles answers for one image, and its answer: the one that is sure of a value.

    If none is, or more than one, it is the one that sees a note best, and its value is not to be spoken. The bundle is
    None if there are several and none sees a value. answers: what `identify` gives with each bundle alone.
    """
    sure = [found.spoken for found in answers]
    best = (
        sure.index(True)
        if sum(sure) == 1
        else max(range(len(answers)), key=lambda i: visibility(answers[i].observation))
    )
    found = replace(answers[best], spoken=sum(sure) == 1)
    return (None if len(bundles) > 1 and found.observation.value is None else bundles[best]), found


def as_json(path: Path, currency: str | None, found: Identified) -> dict[str, Any]:
    """Return one image file's answer as `identify --json` writes it.

    currency: ISO code of the answer; None if none of several currencies sees a note.
    """
    return {"path": readable_name(path), **as_answer(currency, found)}


def as_answer(currency: str | None, found: Identified) -> dict[str, Any]:
    """Return the JSON answer for an image that has no path."""
    seen = found.observation
    corners = None if seen.corners is None else [[round(float(v), 4) for v in corner] for corner in seen.corners]
    return {
        "currency": currency,
        "value": seen.value,
        "side": seen.side,
        "confidence": round(seen.confidence, 4),
        "spoken": found.spoken,
        "corners": corners,
        "hint": None if found.hint is None else found.hint.value,
    }


def as_text(path: Path, currency: str | None, phrases: Phrases, found: Identified) -> str:
    """Return one image file's answer as a line to read or to hear."""
    seen = found.observation
    name = printable(str(path))
    if seen.value is None or currency is None:
        return f"{name}: no note"
    amount = phrases.value(seen.value, currency)
    note = f"{amount}, {seen.side}" if seen.side else amount
    sureness = "sure" if found.spoken else "not sure, the app would not say it"
    hint = f". {phrases.hint(found.hint)}" if found.hint and not found.spoken else ""  # what was read needs no help
    return f"{name}: {note} ({seen.confidence:.0%}, {sureness}){hint}"
