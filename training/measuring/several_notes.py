"""What is said of pictures of several notes of different values, of which none must be said as if alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from currency_app.errors import DataError
from currency_app.identify import identify
from currency_app.images import read_image
from currency_app.recognition.recognizer import Recognizer
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage
from training.dataset.notes import FlatNote, cut_notes
from training.progress import Progress
from training.synthesis import LAYOUTS, lay_notes

PICTURES_OF_EACH = 40
"""Pictures of each layout, unless told."""
_SEED = 5
"""Of the layouts and of which notes lie in them."""
_MIN_WIDTH = 300
"""Pixels across from which a flat note is laid: its numerals must be readable. Chosen by hand."""
_OUTCOMES = ("read", "silent", "as_alone", "wrong")
"""Each that an answer may have; see `SeveralNotesAnswer.outcome`."""


@dataclass(frozen=True)
class SeveralNotesAnswer:
    """One picture of several notes and what the app would say of it as sure."""

    layout: str
    """How they lie: a name of LAYOUTS."""
    values: tuple[int, ...]
    """Of the notes, all different."""
    spoken: tuple[int, ...]
    """The values that would be spoken; none if the app asks for one note at a time."""

    @property
    def outcome(self) -> str:
        """What that is: `read`, `silent`, `as_alone` or `wrong`, if a value is not there."""
        if not self.spoken:
            return "silent"
        if set(self.spoken) - set(self.values):
            return "wrong"
        return "read" if set(self.spoken) == set(self.values) else "as_alone"


@dataclass(frozen=True)
class SeveralNotesFigures:
    """All answers to pictures of several notes."""

    answers: tuple[SeveralNotesAnswer, ...]
    """One for each picture."""

    def by_layout(self) -> dict[str, Counter[str]]:
        """Return how many answers there are of each outcome, by layout, and for `all of them`."""
        groups: dict[str, Counter[str]] = defaultdict(Counter)
        for answer in self.answers:
            groups[answer.layout][answer.outcome] += 1
        return {**groups, "all of them": Counter(answer.outcome for answer in self.answers)}

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --several-notes --json` writes."""
        return {
            name: {"n": found.total(), **{outcome: found[outcome] for outcome in _OUTCOMES}}
            for name, found in self.by_layout().items()
        }

    def as_text(self) -> str:
        """Return a table to read."""
        lines = [f"{'several notes':20} {'n':>5}  all read  silent  one as if alone  wrong value"]
        for name, found in self.by_layout().items():
            read, silent, as_alone, wrong = (found[outcome] for outcome in _OUTCOMES)
            lines.append(f"{name:20} {found.total():5} {read:9} {silent:7} {as_alone:16} {wrong:12}")
        return "\n".join(lines)


def measure_several_notes(
    recognizer: Recognizer, images: Sequence[LabelledImage], progress: Progress, pictures: int = PICTURES_OF_EACH
) -> SeveralNotesFigures:
    """Read pictures of several notes of different values, laid out in every way of LAYOUTS.

    images: of the splits to measure; their flat notes are laid in front of their images without a note. progress: wraps
    what is worked through, as tqdm does. pictures: how many of each layout.

    Raises DataError if there are no flat notes of three values, or no image without a note.
    """
    bundle = recognizer.bundle
    notes: dict[int, list[FlatNote]] = defaultdict(list)
    for note in cut_notes(images, bundle.note_aspect):
        value = parse_label(note.class_name, bundle.currency.lower()).value
        if value is not None and note.levels[0].shape[1] >= _MIN_WIDTH:
            notes[value].append(note)
    rooms = [image.path for image in images if image.kind == "background"]
    if len(notes) < 3:
        raise DataError(
            "There are no flat notes of three values to lay beside each other: add scans, or corners of notes to the "
            "photographs, or name another --split."
        )
    if not rooms:
        raise DataError("There is no image without a note to lay notes in front of: name another --split.")
    tasks = [(number, layout, index) for number, layout in enumerate(LAYOUTS) for index in range(pictures)]
    answers = []
    for number, layout, index in progress(tasks):
        rng = np.random.default_rng([_SEED, number, index])

        def choose(count: int, rng: np.random.Generator = rng) -> list[FlatNote]:
            values = rng.choice(sorted(notes), count, replace=False)
            return [notes[value][int(rng.integers(len(notes[value])))] for value in values.tolist()]

        room = read_image(rooms[int(rng.integers(len(rooms)))])
        picture, laid = lay_notes(rng, layout, choose, room)
        found = identify(recognizer, picture)
        spoken = [one.observation.value for one in found.from_left] if found.spoken else []
        values = (parse_label(note.class_name, bundle.currency.lower()).value for note in laid)
        answers.append(
            SeveralNotesAnswer(
                layout,
                tuple(value for value in values if value is not None),
                tuple(value for value in spoken if value is not None),
            )
        )
    return SeveralNotesFigures(tuple(answers))
