"""Notes whose numerals, words or portraits come from another note, of another value or of the same."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from currency_app.arrays import Drawing
from training.dataset.labels import BACKGROUND
from training.dataset.notes import FlatNote, flat_note
from training.synthesis.parts.layout import Box, Layout
from training.synthesis.parts.numerals import FACES, NO_VALUES, paint_numeral
from training.synthesis.parts.paste import canvas_of, coloured_like, jittered, part_of, paste

_WAYS = ("numerals", "some numerals", "portrait and words", "halves", "painted")
_SHARES = (0.3, 0.15, 0.1, 0.15, 0.3)
"""How often each way of `_WAYS` is taken; chosen by hand."""
_PAINTED_SHARES = (0.0, 0.0, 0.0, 0.2, 0.8)
"""The same for drawn notes. Their numerals are not exchanged: such notes are what a network is measured on."""
_NO_VALUE_SHARE = 0.25
"""How many of the painted numerals are no value of the currency."""


def disagreeing_note(
    rng: np.random.Generator,
    note: FlatNote,
    value: int,
    layout: Layout,
    other: tuple[FlatNote, int, Layout],
    only_painted: bool = False,
) -> FlatNote:
    """Return a note with numerals or words of another value: no value is right for it.

    value, layout: the note's. other: a note of another value, the same side, with its value and layout. only_painted:
    paint its numerals or join halves, but take no numerals from the other note.
    """
    from_note, from_value, from_layout = other
    if value == from_value:
        raise ValueError(f"both notes are of {value}: nothing would disagree")
    way = str(rng.choice(_WAYS, p=_PAINTED_SHARES if only_painted else _SHARES))
    text = str(from_value)
    if rng.random() < _NO_VALUE_SHARE:
        text = str(rng.choice(NO_VALUES))
    return _altered(rng, note, layout, (from_note, from_layout), way, text, BACKGROUND)


def agreeing_note(
    rng: np.random.Generator, note: FlatNote, value: int, layout: Layout, twin: FlatNote, only_painted: bool = False
) -> FlatNote:
    """Return a note altered in the same ways by parts of its own value, which it keeps.

    Without these, a network could learn to refuse what has been pasted instead of what disagrees. twin: a note of the
    same face and design, or the same note.
    """
    way = str(rng.choice(_WAYS, p=_PAINTED_SHARES if only_painted else _SHARES))
    return _altered(rng, note, layout, (twin, layout), way, str(value), note.class_name)


def restyled_note(
    rng: np.random.Generator, note: FlatNote, layout: Layout, frame: FlatNote, in_frame: Layout
) -> FlatNote:
    """Return a note in the frame of another design: all that names its value or is pictured is its own.

    So a network sees that a frame, and how large a portrait is, do not make a value. note, layout: whose value it has.
    frame, in_frame: the note of the other design, and its layout.
    """
    canvas, source = canvas_of(frame), canvas_of(note)
    for boxes, from_boxes in ((in_frame.portraits, layout.portraits), (in_frame.words, layout.words)):
        _exchange(rng, canvas, boxes, source, from_boxes)
    numerals = [_nearest(box, layout.numerals) for box in in_frame.numerals]
    _exchange(rng, canvas, in_frame.numerals, source, numerals)
    return flat_note(note.class_name, canvas)


def _altered(
    rng: np.random.Generator,
    note: FlatNote,
    layout: Layout,
    other: tuple[FlatNote, Layout],
    way: str,
    text: str,
    class_name: str,
) -> FlatNote:
    canvas, (donor, donor_layout) = canvas_of(note), other
    if way == "painted":
        face = int(rng.integers(FACES))
        for box in layout.numerals:
            # As on notes, where not all numerals are in one face.
            own = face if rng.random() < 0.7 else int(rng.integers(FACES))
            paint_numeral(rng, canvas, jittered(rng, box), text, own)
        return flat_note(class_name, canvas)
    source = canvas_of(donor)
    if way == "halves":
        _join_halves(rng, canvas, source)
    elif way == "portrait and words":
        oval = rng.random() < 0.5
        for index, box in enumerate(layout.portraits):
            if donor_layout.portraits:
                from_box = donor_layout.portraits[index % len(donor_layout.portraits)]
                paste(rng, canvas, jittered(rng, box), part_of(source, from_box), oval)
        _exchange(rng, canvas, layout.words, source, donor_layout.words)
    else:
        count = len(layout.numerals)
        chosen = range(count) if way == "numerals" else rng.permutation(count)[: int(rng.integers(2, count))]
        numerals = [layout.numerals[int(index)] for index in chosen]
        _exchange(rng, canvas, numerals, source, [_nearest(box, donor_layout.numerals) for box in numerals])
    return flat_note(class_name, canvas)


def _exchange(
    rng: np.random.Generator, canvas: Drawing, boxes: Sequence[Box], source: Drawing, from_boxes: Sequence[Box]
) -> None:
    """Paste parts of another note over those of a note, in place, as many as it has."""
    for index, box in enumerate(boxes):
        paste(rng, canvas, jittered(rng, box), part_of(source, from_boxes[index % len(from_boxes)]))


def _nearest(box: Box, boxes: Sequence[Box]) -> Box:
    """Return the one of some boxes whose middle is nearest to that of a box."""
    return min(boxes, key=lambda b: abs(b[0] + b[2] - box[0] - box[2]) + abs(b[1] + b[3] - box[1] - box[3]))


def _join_halves(rng: np.random.Generator, canvas: Drawing, source: Drawing) -> None:
    """Put the left or the right of another note over a note's, in place, up to about the middle."""
    height, width = canvas.shape[:2]
    other = cv2.resize(source[..., :3], (width, height), interpolation=cv2.INTER_AREA).astype(np.float32)
    own = canvas[..., :3].astype(np.float32)
    other = coloured_like(other, own, min_spread=1.0)
    soft = float(rng.uniform(0.004, 0.04)) * width
    ramp = np.clip((np.arange(width) - rng.uniform(0.4, 0.6) * width) / soft + 0.5, 0, 1).astype(np.float32)
    share = (ramp if rng.random() < 0.5 else 1 - ramp)[None, :, None]
    canvas[..., :3] = np.clip(own + (other - own) * share, 0, 255).astype(np.uint8)
