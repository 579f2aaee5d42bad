"""Every note whose parts are known, to draw altered ones from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from currency_app.arrays import Drawing
from training.dataset.labels import parse_label
from training.dataset.notes import FlatNote
from training.synthesis.parts.altered import agreeing_note, disagreeing_note, restyled_note
from training.synthesis.parts.layout import DRAWN, Layout, layout_of
from training.synthesis.parts.portrait import with_other_portrait

_MIN_OPACITY = 250
"""Mean alpha, 0..255, of a note that its photograph shows whole: of half a note the parts are not there. By hand."""

_T = TypeVar("_T")


@dataclass(frozen=True, eq=False)
class _Face:
    """One side of the notes of one value and design."""

    value: int
    side: str
    design: str
    layout: Layout
    notes: tuple[FlatNote, ...]


class NoteParts:
    """Makes altered notes of those whose design is named and has a layout, each face and design as often.

    notes: real or drawn, those that cannot be used among them. currency: ISO code in lower case.
    """

    def __init__(self, notes: Iterable[FlatNote], currency: str) -> None:
        layouts: dict[tuple[int, str, str], Layout] = {}
        grouped: dict[tuple[int, str, str], list[FlatNote]] = defaultdict(list)
        for note in notes:
            layout, label = layout_of(note, currency), parse_label(note.class_name, currency)
            if layout is None or label.value is None or label.side is None:
                continue
            if note.levels[-1][..., 3].mean() < _MIN_OPACITY:
                continue
            grouped[label.value, label.side, note.design].append(note)
            layouts[label.value, label.side, note.design] = layout
        self._faces = [_Face(*key, layouts[key], tuple(grouped[key])) for key in sorted(grouped)]
        self._pictured = [face for face in self._faces if face.layout.portraits]
        self._with_others = [face for face in self._faces if self._of_other_values(face)]
        self._in_other_frames = [face for face in self._faces if self._other_frames(face)]

    @property
    def can_agree(self) -> bool:
        """Whether there is a note to alter at all."""
        return bool(self._pictured)

    @property
    def can_disagree(self) -> bool:
        """Whether two notes differ in value but not in side."""
        return bool(self._with_others)

    @property
    def can_be_restyled(self) -> bool:
        """Whether there is a frame of another design for any note."""
        return bool(self._in_other_frames)

    def disagreeing(self, rng: np.random.Generator) -> FlatNote:
        """Return a note with parts of another value, of class `background`."""
        face = _any(rng, self._with_others)
        other = _any(rng, self._of_other_values(face))
        there = (_any(rng, other.notes), other.value, other.layout)
        return disagreeing_note(rng, _any(rng, face.notes), face.value, face.layout, there, face.design == DRAWN)

    def agreeing(self, rng: np.random.Generator) -> FlatNote:
        """Return a note with parts of another of the same face and design."""
        face = _any(rng, self._faces)
        note, twin = _any(rng, face.notes), _any(rng, face.notes)
        return agreeing_note(rng, note, face.value, face.layout, twin, face.design == DRAWN)

    def restyled(self, rng: np.random.Generator) -> FlatNote:
        """Return a note in the frame of another value's design."""
        face = _any(rng, self._in_other_frames)
        frame = _any(rng, self._other_frames(face))
        return restyled_note(rng, _any(rng, face.notes), face.layout, _any(rng, frame.notes), frame.layout)

    def with_other_portrait(self, rng: np.random.Generator, picture: Drawing) -> FlatNote:
        """Return a note with its portrait hidden or exchanged. picture: see the function of that name."""
        face = _any(rng, self._pictured)
        return with_other_portrait(rng, _any(rng, face.notes), face.layout, picture)

    def _of_other_values(self, face: _Face) -> list[_Face]:
        return [
            other
            for other in self._faces
            if other.value != face.value
            and other.side == face.side
            and (other.design == DRAWN) == (face.design == DRAWN)
        ]

    def _other_frames(self, face: _Face) -> list[_Face]:
        """Return fronts of another value and design, which show nothing but the parts that a layout knows.

        Backs have more on them that names their value, and what they picture is as large as they are.
        """
        if face.side != "front" or face.design == DRAWN:
            return []
        return [other for other in self._of_other_values(face) if other.design != face.design]


def _any(rng: np.random.Generator, choices: Sequence[_T]) -> _T:
    return choices[int(rng.integers(len(choices)))]
