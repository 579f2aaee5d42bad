"""What presentations are made of: notes, rooms, and things that are no notes of the currency."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial

import cv2
import numpy as np

from currency_app.arrays import Drawing
from currency_app.errors import BundleError, DataError
from currency_app.images import read_image
from currency_app.recognition.bundle import find_bundle, load_bundle
from training.dataset.check.inspection import main_currency
from training.dataset.labels import BACKGROUND, parse_label
from training.dataset.manifest import LabelledImage, of_split, one_row_per_image
from training.dataset.notes import FlatNote, cut_note, flat_note
from training.simulation.scene.hold import DOLLAR_ASPECT

_MAX_PIXELS_ACROSS = 960
"""Pixels that rooms and look-alikes have at most on their longer side: one and a half times a frame's."""
_FLAT_SOURCES = {"receipts", "playing_cards"}
"""Sources whose images without a note show something flat, which can be held up."""
_KEPT = 96
"""How many notes, and how many rooms, stay in memory. Chosen by hand."""
_MIN_NOTE_PIXELS = 150
"""Pixels that the longest side of a photographed note must have for it to be cut out. Judged by eye."""

Maker = Callable[[], FlatNote | None]
"""Returns something flat; None if the picture turns out not to show enough of it."""


class Material:
    """Notes by class, rooms and look-alikes; pictures are read when they are first needed.

    currency: ISO code, lower case. note_aspect: width over height of the currency's notes, to two decimals.

    Args:
        currency: ISO code, lower case.
        notes: by class name, such as usd_20_front; each a function that returns the note flat.
        rooms: functions that return uint8 [h, w, 3] BGR.
        lookalikes: other flat things that are held up to cameras.
        note_aspect: width over height of the currency's notes lying flat; of all its values together.

    Raises DataError without any note or room.
    """

    def __init__(
        self,
        currency: str,
        notes: Mapping[str, Sequence[Maker]],
        rooms: Sequence[Callable[[], Drawing]],
        lookalikes: Sequence[Maker] = (),
        note_aspect: float = DOLLAR_ASPECT,
    ) -> None:
        if not any(notes.values()):
            raise DataError("There is no note to show: no scan, and no photograph whose note's corners are known.")
        if not rooms:
            raise DataError("There is no room to show notes in: no image of kind `background`.")
        self.currency = currency
        # Two decimals: presentations of the dollar stay the same ones, of notes 2.36 times as wide as high.
        self.note_aspect = round(note_aspect, 2)
        self._notes = {name: list(makers) for name, makers in sorted(notes.items()) if makers}
        self._rooms = list(rooms)
        self._lookalikes = list(lookalikes)
        self._note = lru_cache(maxsize=_KEPT)(lambda name, number: self._notes[name][number]())
        self._room = lru_cache(maxsize=_KEPT)(lambda number: self._rooms[number]())

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names of which there are notes, sorted."""
        return tuple(self._notes)

    @property
    def rooms(self) -> int:
        """How many rooms there are."""
        return len(self._rooms)

    @property
    def lookalikes(self) -> int:
        """How many things there are that are no note of the currency."""
        return len(self._lookalikes)

    def note(self, rng: np.random.Generator, class_name: str) -> FlatNote:
        """Return a random note of a class. Raises DataError if no picture of it shows enough."""
        for _ in range(20):
            found = self._note(class_name, int(rng.integers(len(self._notes[class_name]))))
            if found is not None:
                return found
        raise DataError(f"No photograph of {class_name} shows enough of the note to cut it out.")

    def other_side(self, class_name: str) -> str | None:
        """Return the class of the other side of this value; None if there are no notes of it."""
        label = parse_label(class_name, self.currency)
        names = (parse_label(name, self.currency) for name in self.classes)
        return next((other.name for other in names if other.value == label.value and other.name != class_name), None)

    def room(self, rng: np.random.Generator) -> Drawing:
        """Return a random room, uint8 [h, w, 3] BGR; not to be changed."""
        return self._room(int(rng.integers(len(self._rooms))))

    def lookalike(self, rng: np.random.Generator) -> FlatNote:
        """Return a random thing that is no note of this currency: another country's, a card, a receipt, drawn paper."""
        if self._lookalikes and rng.random() < 0.85:
            return self._lookalikes[int(rng.integers(len(self._lookalikes)))]() or drawn_paper(rng)
        return drawn_paper(rng)


def drawn_material(currency: str = "usd") -> Material:
    """Return drawn notes in drawn rooms, which need no data folder.

    Raises DataError for a currency without drawn notes.
    """
    if not (drawn := _drawn(currency)):
        raise DataError(f"There are no drawn notes of {currency.upper()}, only of USD: leave out --drawn-only.")
    return Material(currency, drawn, [partial(drawn_room, seed) for seed in range(6)])


def read_material(
    images: Sequence[LabelledImage],
    currency: str,
    note_splits: Sequence[str],
    room_splits: Sequence[str],
    drawn: bool = False,
    note_aspect: float | None = None,
) -> Material:
    """Return what the rows of a data folder offer: notes of some splits, rooms and look-alikes of some.

    Each face is shown by its scans; one without scans by its notes cut out of photographs by their corners; one without
    these by drawn notes if `drawn`. note_aspect: width over height of the notes; None for that of the installed bundle
    of the currency, or the dollar's without one. Raises DataError if there is no note or no room.
    """
    ours = [image for image in of_split(images, *note_splits) if parse_label(image.class_name, currency).value]
    notes: dict[str, list[Maker]] = {}
    for offered in (
        [image for image in ours if image.kind == "scan"],
        [image for image in ours if image.kind == "photo" and _can_be_shown(image)],
    ):
        found: dict[str, list[Maker]] = {}
        for image in offered:
            found.setdefault(image.class_name, []).append(partial(_flat, image))
        notes = found | notes
    notes = (_drawn(currency) if drawn else {}) | notes
    empty = [image for image in of_split(images, *room_splits) if image.kind == "background"]
    foreign = [image for image in of_split(images, *room_splits) if image.kind == "other_currency"]
    foreign = [image for image in foreign if parse_label(image.class_name, currency).value is None]
    flat = one_row_per_image([*foreign, *(image for image in empty if image.source in _FLAT_SOURCES)])
    rooms = [image for image in one_row_per_image(empty) if image.source not in _FLAT_SOURCES] or empty
    return Material(
        currency,
        notes,
        [partial(_small, image) for image in rooms],
        [partial(_lookalike, image) for image in flat],
        _installed_aspect(currency) if note_aspect is None else note_aspect,
    )


def usual_splits(
    images: Sequence[LabelledImage], currency: str | None = None
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return the currency to show, and the splits to take its notes and the rooms from.

    The splits are those least like the training. Notes are of split test_web if it has scans, else of test and val if
    these have any, else of all; rooms of test, else of all. currency: ISO code in lower case; None for the one of most
    images, which is usd if no image shows a note.
    """
    currency = currency or main_currency(images)
    every = tuple(sorted({image.split for image in images}))
    ours = [image for image in images if parse_label(image.class_name, currency).value]
    if any(image.split == "test_web" and image.kind == "scan" for image in ours):
        notes: tuple[str, ...] = ("test_web",)
    else:
        held_out = [image for image in ours if image.split in ("test", "val")]
        notes = ("test", "val") if any(map(_can_be_shown, held_out)) else every
    rooms = any(image.kind == "background" and image.split == "test" for image in images)
    return currency, notes, ("test",) if rooms else every


def drawn_room(seed: int) -> Drawing:
    """Return the demonstration's room, uint8 [h, w, 3] BGR, in other colours and light for each seed."""
    from currency_app.demo.room import draw_room

    room = draw_room(800, 600)
    if seed == 0:
        return room
    rng = np.random.default_rng([77, seed])
    hsv = cv2.cvtColor(room, cv2.COLOR_BGR2HSV)
    hsv[..., 0] = (hsv[..., 0].astype(int) + int(rng.integers(0, 180))) % 180
    tinted = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR).astype(np.float32) * rng.uniform(0.55, 1.15)
    return np.ascontiguousarray(np.clip(tinted, 0, 255).astype(np.uint8)[:, :: 1 if seed % 2 else -1])


def drawn_paper(rng: np.random.Generator) -> FlatNote:
    """Return paper with lines of print, as receipts and tickets have, of about a note's shape or longer."""
    width, height = 420, int(420 / rng.uniform(1.5, 3.2))
    paper = np.full((height, width, 3), rng.uniform(170, 250, 3), np.uint8)
    ink = tuple(float(v) for v in rng.uniform(10, 120, 3))
    y = int(rng.integers(12, 24))
    while y < height - 10:
        x, size = int(rng.integers(12, 60)), float(rng.choice([0.35, 0.45, 0.7]))
        words = "".join(chr(int(code)) for code in rng.choice([*range(65, 91), *range(48, 58), 32, 32], 34))
        cv2.putText(paper, words[: int(rng.integers(8, 34))], (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, ink, 1, 16)
        y += int(rng.integers(14, 32))
    return flat_note(BACKGROUND, paper)


def _installed_aspect(currency: str) -> float:
    """Return width over height of a currency's notes by its installed bundle; of the dollar's without one."""
    try:
        return load_bundle(find_bundle(currency)).note_aspect
    except BundleError:
        return DOLLAR_ASPECT


def _drawn(currency: str) -> dict[str, list[Maker]]:
    """Return two variants of each face of the drawn notes; none for a currency that has none."""
    from currency_app.demo.notes import DRAWN_SIDES, DRAWN_VALUES

    if currency != "usd":
        return {}
    faces = [(f"usd_{value}_{side}", value, side) for value in DRAWN_VALUES for side in DRAWN_SIDES]
    # Not `drawn_notes`, which draws them all at once: a few clips need a few.
    return {name: [partial(_draw, name, value, side, seed) for seed in range(2)] for name, value, side in faces}


def _draw(name: str, value: int, side: str, seed: int) -> FlatNote:
    from currency_app.demo.notes import draw_note

    return flat_note(name, draw_note(value, side, seed=seed))


def _can_be_shown(image: LabelledImage) -> bool:
    """Return whether a note can be had flat from an image, as far as its row shows."""
    polygon = image.polygon
    if image.kind == "scan" or polygon is None:
        return image.kind == "scan"
    wide = float(np.linalg.norm(polygon - np.roll(polygon, -1, axis=0), axis=1).max()) >= _MIN_NOTE_PIXELS
    return image.kind == "photo" and image.notes_in_image != "mixed" and wide and cv2.isContourConvex(polygon)


def _flat(image: LabelledImage, min_shown: float = 0.95) -> FlatNote | None:
    """Return a note; None if the photograph shows less of it than the share min_shown, 0..1."""
    picture = read_image(image.path)
    if image.kind == "scan" or image.polygon is None:
        return flat_note(image.class_name, picture)
    cut = cut_note(picture, image.polygon)
    return None if cut is None or cut[..., 3].mean() < min_shown * 255 else flat_note(image.class_name, cut)


def _lookalike(image: LabelledImage) -> FlatNote | None:
    if image.kind == "other_currency" and image.polygon is not None:
        return _flat(image, 0.0)
    return flat_note(BACKGROUND, _small(image))


def _small(image: LabelledImage) -> Drawing:
    picture = read_image(image.path)
    scale = min(1.0, _MAX_PIXELS_ACROSS / max(picture.shape[:2]))
    return picture if scale == 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
