"""Draw training samples from everything a data folder offers, in the proportions of a recipe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Drawing
from currency_app.errors import DataError
from currency_app.images import read_image
from training.dataset.labels import BACKGROUND, parse_label
from training.dataset.manifest import LabelledImage, one_row_per_image
from training.dataset.notes import NOTE_ASPECT, FlatNote, cut_notes, flat_note
from training.synthesis.classic import classic_photo
from training.synthesis.lookalike import recoloured
from training.synthesis.parts import NoteParts, made_up_note
from training.synthesis.scene import Sample, augmented_photo, composite, scene_without_note

_FLAT_SOURCES = ("receipts", "playing_cards")
"""Sources whose images without a note show one flat thing to its edges, which can be held like a note."""
_MAX_SIDE = 640
"""Pixels of the longer side of photographs that are kept in memory; chosen by hand."""


class _HasClass(Protocol):
    @property
    def class_name(self) -> str: ...


_T = TypeVar("_T")
_C = TypeVar("_C", bound=_HasClass)


@dataclass(frozen=True)
class Mix:
    """What share of the samples is made how; the rest are scenes without a note. Keys of a recipe's [mix]."""

    composites: float = 0.55
    """Share of the samples that are notes put into scenes, 0..1."""
    photos: float = 0.2
    """Share of the samples that are augmented photographs of notes, 0..1."""
    negative_photos: float = 0.1
    """Share of the samples that are augmented photographs without a note, other currencies among them, 0..1."""
    drawn: float = 0.05
    """Share of the composites whose note is drawn instead of real, 0..1."""
    folded: float = 0.04
    """Share of the composites whose note is folded in half, 0..1."""
    disagreeing: float = 0.0
    """Share of the samples that are notes whose numerals, words and portraits are of different values, 0..1.

    No value is right for them. They are made of notes whose design is named and has a layout, as `agreeing`,
    `restyled` and `other_portrait` are: see `training.synthesis.parts`.
    """
    made_up: float = 0.0
    """Share of the samples that are notes of designs that nobody prints, which have no value, 0..1."""
    agreeing: float = 0.0
    """Share of the composites whose note is altered as the disagreeing ones are, by parts of its own value, 0..1."""
    restyled: float = 0.0
    """Share of the composites whose numerals, words and portrait lie in the frame of another design, 0..1."""
    other_portrait: float = 0.0
    """Share of the composites whose portrait is hidden or nobody's, while numerals and words stay, 0..1."""
    classic: bool = False
    """Whether photographs and scans are augmented as in the first published recipe: see `classic_photo`."""


@dataclass(frozen=True, eq=False)
class _Photo:
    class_name: str
    image: Drawing
    polygon: npt.NDArray[np.float32] | None


class Sampler:
    """Makes one sample after another; everything it needs is decoded once and kept in memory.

    images: the rows to learn from. currency: ISO code in lower case; other currencies' notes are look-alikes. size:
    pixels of the pictures' sides. drawn: notes drawn in code, by class, that may stand in for real ones. note_aspect:
    width over height of the currency's notes.

    Raises DataError if there is no note to learn from, or no image without one.
    """

    def __init__(
        self,
        images: Sequence[LabelledImage],
        currency: str,
        mix: Mix,
        size: int,
        drawn: Sequence[FlatNote] = (),
        note_aspect: float = NOTE_ASPECT,
    ) -> None:
        self.mix = mix
        self.size = size
        self._note_aspect = note_aspect
        self._notes = _by_class(
            note for note in cut_notes(images, note_aspect) if parse_label(note.class_name, currency).value is not None
        )
        self._drawn = _by_class(drawn)
        self._parts = NoteParts((note for notes in self._notes.values() for note in notes), currency)
        self._drawn_parts = NoteParts(drawn, currency)
        kinds = ("photo", "scan") if mix.classic else ("photo",)
        self._photos = _by_class(_photos([image for image in images if image.kind in kinds], currency))
        self._classes = sorted(self._notes or self._photos)
        empty = [image for image in images if image.kind == "background"]
        self._backgrounds = [_read_small(image) for image in empty]
        foreign = one_row_per_image(
            image
            for image in images
            if image.kind == "other_currency" and parse_label(image.class_name, currency).value is None
        )
        self._foreign = [_read_small(image) for image in foreign]
        cards = [
            picture for image, picture in zip(empty, self._backgrounds, strict=True) if image.source in _FLAT_SOURCES
        ]
        self._lookalikes = [flat_note(BACKGROUND, picture) for picture in (*self._foreign, *cards)]
        if not self._classes:
            raise DataError("The data folder has no note to learn from: no scan, and no photograph of one value.")
        if not self._backgrounds:
            raise DataError("The data folder has no image without a note: add a `background` class.")

    def sample(self, rng: np.random.Generator) -> Sample:
        """Return one sample; the generator's state alone determines it."""
        kind = rng.random()
        background = self._backgrounds[int(rng.integers(len(self._backgrounds)))]
        if kind < self.mix.composites and self._notes:
            return self._composite(rng, background)
        kind -= self.mix.composites
        if kind < self.mix.photos and self._photos:
            photo = _one_of(rng, self._photos[_one_of(rng, sorted(self._photos))])
            return self._augmented(rng, photo.image, photo.class_name, photo.polygon, background)
        kind -= self.mix.photos
        if kind < self.mix.negative_photos:
            foreign = bool(self._foreign) and rng.random() < 0.6
            picture = _one_of(rng, self._foreign if foreign else self._backgrounds)
            sample = self._augmented(rng, picture, BACKGROUND, None, background)
            return sample if foreign else replace(sample, in_view=0.0)
        kind -= self.mix.negative_photos
        if kind < self.mix.disagreeing and (parts := self._some_parts(rng)).can_disagree:
            return composite(rng, parts.disagreeing(rng), background, [], self.size, near=True)
        kind -= self.mix.disagreeing
        if kind < self.mix.made_up:
            made_up = made_up_note(rng, self._any_picture(rng), self._note_aspect)
            return composite(rng, made_up, background, [], self.size, near=True)
        lookalikes = [self._lookalike(rng)] if self._lookalikes and rng.random() < 0.75 else []
        return scene_without_note(rng, background, lookalikes, self.size, self._note_aspect)

    def _lookalike(self, rng: np.random.Generator) -> FlatNote:
        lookalike = _one_of(rng, self._lookalikes)
        if not self._notes or rng.random() < 0.6:
            return lookalike
        return recoloured(lookalike, _one_of(rng, self._notes[_one_of(rng, sorted(self._notes))]))

    def _augmented(
        self,
        rng: np.random.Generator,
        picture: Drawing,
        class_name: str,
        polygon: npt.NDArray[np.float32] | None,
        background: Drawing,
    ) -> Sample:
        if self.mix.classic:
            return classic_photo(rng, picture, class_name, polygon, self.size)
        return augmented_photo(rng, picture, class_name, polygon, background, self.size)

    def _composite(self, rng: np.random.Generator, background: Drawing) -> Sample:
        altered = self._altered_note(rng)
        if altered is not None:
            return composite(rng, altered, background, [], self.size, near=True)
        class_name = _one_of(rng, self._classes)
        drawn = self._drawn.get(class_name)
        note = _one_of(rng, drawn if drawn and rng.random() < self.mix.drawn else self._notes[class_name])
        distractors = []
        if rng.random() < 0.12 and self._lookalikes:
            distractors.append(_one_of(rng, self._lookalikes))
        if rng.random() < 0.08:
            distractors.append(_one_of(rng, self._notes[class_name]))
        return composite(rng, note, background, distractors, self.size, folded=rng.random() < self.mix.folded)

    def _altered_note(self, rng: np.random.Generator) -> FlatNote | None:
        """Return a note that keeps its value though parts of it are not its own; None most of the time."""
        mix = self.mix
        if mix.agreeing + mix.restyled + mix.other_portrait == 0:
            return None  # and draw no number: recipes without such notes make the pictures that they always made
        kind, parts = rng.random(), self._some_parts(rng)
        if kind < mix.agreeing and parts.can_agree:
            return parts.agreeing(rng)
        kind -= mix.agreeing
        if kind < mix.restyled and parts.can_be_restyled:
            return parts.restyled(rng)
        kind -= mix.restyled
        if kind < mix.other_portrait and parts.can_agree:
            return parts.with_other_portrait(rng, self._any_picture(rng))
        return None

    def _some_parts(self, rng: np.random.Generator) -> NoteParts:
        """Return the parts of drawn notes as often as the mix has these, and if no real one has any."""
        drawn = rng.random() < self.mix.drawn or not self._parts.can_agree
        return self._drawn_parts if drawn and self._drawn_parts.can_agree else self._parts

    def _any_picture(self, rng: np.random.Generator) -> Drawing:
        """Return other money or a room, uint8 [h, w, 3] BGR."""
        foreign = bool(self._foreign) and rng.random() < 0.5
        return _one_of(rng, self._foreign if foreign else self._backgrounds)


def _one_of(rng: np.random.Generator, choices: Sequence[_T]) -> _T:
    return choices[int(rng.integers(len(choices)))]


def _by_class(items: Iterable[_C]) -> dict[str, list[_C]]:
    grouped: dict[str, list[_C]] = defaultdict(list)
    for item in items:
        grouped[item.class_name].append(item)
    return dict(grouped)


def _photos(images: Sequence[LabelledImage], currency: str) -> list[_Photo]:
    """Read photographs of one value of the currency; corners are dropped if several notes are seen."""
    rows_of: Mapping[object, list[LabelledImage]] = defaultdict(list)
    for image in images:
        if image.notes_in_image == "mixed":
            continue
        if parse_label(image.class_name, currency).value is not None:
            rows_of[image.path].append(image)
    found = []
    for rows in rows_of.values():
        if len({row.class_name for row in rows}) > 1:
            continue
        picture = read_image(rows[0].path)
        alone = len(rows) == 1 and rows[0].notes_in_image == "single"
        scale = min(1.0, _MAX_SIDE / max(picture.shape[:2]))
        polygon = rows[0].polygon * scale if alone and rows[0].polygon is not None else None
        found.append(_Photo(rows[0].class_name, _shrunk(picture, scale), polygon))
    return found


def _read_small(image: LabelledImage) -> Drawing:
    picture = read_image(image.path)
    return _shrunk(picture, min(1.0, _MAX_SIDE / max(picture.shape[:2])))


def _shrunk(picture: Drawing, scale: float) -> Drawing:
    return picture if scale == 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
