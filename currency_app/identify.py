"""Still images: what each shows, and whether the app would say it as sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Corners, Image
from currency_app.events import HintKind, Observation
from currency_app.guidance import Framing, has_place
from currency_app.images import read_image
from currency_app.paths import printable, readable_name
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.multi_currency import hide_notes, is_elsewhere_note, visibility
from currency_app.recognition.recognizer import Recognizer
from currency_app.speech.phrases import Phrases

_HINTS = tuple(HintKind)
"""The order of the hints, of which the first that holds is given."""


@dataclass(frozen=True, eq=False)
class Identified:
    """What one image shows of one note, and whether the app would say it."""

    observation: Observation
    """What the recognizer sees; its corners are fractions of the image as it was given."""
    spoken: bool
    """Whether the app would say the value as sure from this one image. Of several notes, it says all or none."""
    hint: HintKind | None
    """The movement that would help by the note's place, light and sharpness, even if the value is sure without it."""
    unknown: bool = False
    """Whether the note is seen well, and yet has no value, not even a doubtful one."""
    others: tuple[Identified, ...] = ()
    """The other notes in view, from the user's left to the right."""
    mirror_left: bool = True
    """Whether the user's left is the right of the image as it was given."""
    currency: str | None = None
    """ISO code of one of the other notes, if it is not that of the answer."""

    @property
    def has_value(self) -> bool:
        """Whether any note in view has a value."""
        return any(one.observation.value is not None for one in (self, *self.others))

    @property
    def from_left(self) -> tuple[Identified, ...]:
        """All notes in view, from the user's left to the right."""
        return tuple(sorted((self, *self.others), key=lambda one: _place_from_left(one.observation, self.mirror_left)))


def identify(recognizer: Recognizer, image: Image, mirror_left: bool = True, mirrored: bool = False) -> Identified:
    """Read one image, uint8 [h, w, 3] BGR.

    mirror_left: whether the user's left is the picture's right, as for a camera that faces the user. mirrored: it is
    a mirror image, which is turned back before it is read; the corners are those in the image as given.
    """
    bundle = recognizer.bundle
    upright = np.asarray(cv2.flip(image, 1), np.uint8) if mirrored else image
    first = recognizer.observe_still(upright)
    spoken = all(not seen.refused and bundle.is_sure(seen.value, seen.confidence) for seen in (first, *first.others))
    framing = Framing(mirror_left, note_aspect=bundle.note_aspect)

    def identified(seen: Observation) -> Identified:
        hint = framing.assess(seen)
        valueless = seen.refused or seen.value is None or seen.confidence < bundle.maybe
        unknown = has_place(seen) and hint is None and valueless
        as_given = seen
        if mirrored and seen.corners is not None:
            as_given = replace(
                seen, corners=seen.corners * np.array([-1, 1], np.float32) + np.array([1, 0], np.float32)
            )
        return Identified(as_given, spoken, hint, unknown, mirror_left=mirror_left != mirrored)

    others = [identified(seen) for seen in first.others]
    others.sort(key=lambda one: _place_from_left(one.observation, one.mirror_left))
    return replace(identified(first), others=tuple(others))


def _place_from_left(seen: Observation, mirror_left: bool) -> float:
    """Return how far a note is from the user's left, in fractions of the image."""
    across = 0.0 if seen.corners is None else float(seen.corners[:, 0].mean())
    return -across if mirror_left else across


@dataclass(frozen=True, eq=False)
class StillAnswer:
    """What one image shows to the bundles of one currency or several."""

    found: Identified
    """The answer of the bundle that answers."""
    seen_by: Bundle
    """That bundle."""
    currency: str | None
    """ISO code of the answer; None if none of several currencies sees a value."""


def identify_among(
    recognizers: Sequence[Recognizer], image: Image, mirror_left: bool = True, mirrored: bool = False
) -> StillAnswer:
    """Read one image for one currency or several: see `identify` and `answer_among`.

    Before a value is spoken, the other bundles look once more with its notes hidden, for they do not always see a note
    beside these. Of 120 composites of scans, a dollar and a euro beside each other, 20 would be spoken as one note
    without that look, and none is with it.
    """
    answers = [identify(recognizer, image, mirror_left, mirrored) for recognizer in recognizers]
    bundles = [recognizer.bundle for recognizer in recognizers]
    bundle, found = answer_among(bundles, answers)
    seen_by = next(b for b, one in zip(bundles, answers, strict=True) if one.observation is found.observation)
    others = [recognizer for recognizer in recognizers if recognizer.bundle is not seen_by]
    if found.spoken and others:
        rest = hide_notes(image, _places(found))
        seen = [(recognizer.bundle, identify(recognizer, rest, mirror_left, mirrored)) for recognizer in others]
        found = _beside(found, _elsewhere(found, seen))
    return StillAnswer(found, seen_by, None if bundle is None else bundle.currency)


def identify_file(
    recognizers: Sequence[Recognizer], path: Path, mirror_left: bool = True, mirrored: bool = False
) -> StillAnswer:
    """Read one image file: see `identify_among`. Raises ImageError if it cannot be read."""
    return identify_among(recognizers, read_image(path), mirror_left, mirrored)


def answer_among(bundles: Sequence[Bundle], answers: Sequence[Identified]) -> tuple[Bundle | None, Identified]:
    """Return which of some bundles answers for one image, and its answer: the one that is sure of a value.

    If none is, or more than one, it is the one that sees a note best, whichever of several, and its value is not to be
    spoken. Nor is it if another bundle sees a note in another place, sure or not: that is one of the answer's other
    notes then. The bundle is None if there are several and none sees a value. answers: what `identify` gives with each
    bundle alone.
    """
    sure = [found.spoken for found in answers]
    best = (
        sure.index(True)
        if sum(sure) == 1
        else max(range(len(answers)), key=lambda i: max(visibility(one.observation) for one in answers[i].from_left))
    )
    found = answers[best]
    rest = [pair for number, pair in enumerate(zip(bundles, answers, strict=True)) if number != best]
    elsewhere = _elsewhere(found, rest)
    if sum(sure) != 1:
        silent = tuple(replace(other, spoken=False) for other in found.others)
        found = replace(found, spoken=False, others=silent)
    found = _beside(found, elsewhere)
    return (None if len(bundles) > 1 and not found.has_value else bundles[best]), found


def _places(found: Identified) -> list[Corners]:
    """Return the corners of all notes of an answer that have any."""
    return [one.observation.corners for one in found.from_left if one.observation.corners is not None]


def _elsewhere(found: Identified, rest: Sequence[tuple[Bundle, Identified]]) -> list[Identified]:
    """Return the notes that other bundles see in other places than an answer's. rest: these bundles, and theirs."""
    places = _places(found)
    elsewhere: list[Identified] = []
    for bundle, answer in rest if places else ():
        for one in answer.from_left:
            if is_elsewhere_note(bundle, one.observation, places):
                assert one.observation.corners is not None, "it has a place"
                places.append(one.observation.corners)
                elsewhere.append(replace(one, others=(), currency=bundle.currency))
    return elsewhere


def _beside(found: Identified, elsewhere: Sequence[Identified]) -> Identified:
    """Return an answer with notes of other currencies beside its own: of several, none is spoken."""
    if not elsewhere:
        return found

    def one_at_a_time(one: Identified) -> Identified:
        sooner = one.hint is not None and _HINTS.index(one.hint) < _HINTS.index(HintKind.SEVERAL_NOTES)
        return replace(one, spoken=False, hint=one.hint if sooner else HintKind.SEVERAL_NOTES, unknown=False)

    others = [one_at_a_time(one) for one in (*found.others, *elsewhere)]
    others.sort(key=lambda one: _place_from_left(one.observation, one.mirror_left))
    return replace(one_at_a_time(found), others=tuple(others))


def as_json(path: Path, currency: str | None, found: Identified) -> dict[str, Any]:
    """Return one image file's answer as `identify --json` writes it.

    currency: ISO code of the answer; None if none of several currencies sees a note.
    """
    return {"path": readable_name(path), **as_answer(currency, found)}


def as_answer(currency: str | None, found: Identified) -> dict[str, Any]:
    """Return the JSON answer for an image that has no path; of several notes, each has an entry in "notes"."""
    answer = _entry(currency, found)
    if found.others:
        answer["notes"] = [_entry(one.currency or currency, one) for one in (found, *found.others)]
    return answer


def _entry(currency: str | None, found: Identified) -> dict[str, Any]:
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
        "unknown": found.unknown,
    }


def as_text(path: Path, currency: str | None, phrases: Phrases, found: Identified) -> str:
    """Return one image file's answer as a line to read or to hear; several notes from the user's left on."""
    name = printable(str(path))
    if found.unknown and not found.others:
        return f"{name}: {phrases.unknown()}"
    if not (found.observation.shows_note or found.others):
        return f"{name}: no note"
    sureness = "sure" if found.spoken else "not sure, the app would not say it"
    notes = " and ".join(
        _note_in_words(one.observation, one.currency or currency, phrases, sureness) for one in found.from_left
    )
    hint = f". {phrases.hint(found.hint)}" if found.hint and not found.spoken else ""  # what was read needs no help
    return f"{name}: {notes}{hint}"


def _note_in_words(seen: Observation, currency: str | None, phrases: Phrases, sureness: str) -> str:
    if seen.value is None or currency is None:
        return "a note without a value"  # too far away to be read, for instance
    amount = phrases.value(seen.value, currency)
    note = f"{amount}, {seen.side}" if seen.side else amount
    return f"{note} ({seen.confidence:.0%}, {sureness})"
