"""Where the parts of a note lie: its numerals, portrait, and the words that name its value."""

from __future__ import annotations

from dataclasses import dataclass

from training.dataset.labels import parse_label
from training.dataset.notes import FlatNote

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, shares of a note's width and height, 0..1."""

DRAWN = "drawn"
"""Design of the notes that the demonstration draws."""


@dataclass(frozen=True)
class Layout:
    """Where the parts of one face lie, each a little larger than the part itself."""

    numerals: tuple[Box, ...]
    """Top left, top right, bottom left and bottom right."""
    portraits: tuple[Box, ...]
    """What is pictured: a portrait, or a building on a back. Empty if nothing can go without the value's word."""
    words: tuple[Box, ...]
    """What names the value in letters."""


# All boxes were read off the medians of straightened training notes, which are sharp to about a hundredth.
_SMALL_FRONT = Layout(
    ((0.0, 0.0, 0.145, 0.36), (0.855, 0.0, 1.0, 0.36), (0.0, 0.64, 0.135, 1.0), (0.865, 0.64, 1.0, 1.0)),
    ((0.375, 0.17, 0.635, 0.84),),
    ((0.24, 0.83, 0.76, 1.0), (0.65, 0.33, 0.85, 0.73)),
)
_LARGE_FRONT = Layout(
    ((0.0, 0.0, 0.165, 0.27), (0.83, 0.0, 1.0, 0.24), (0.0, 0.72, 0.2, 1.0), (0.785, 0.69, 1.0, 1.0)),
    ((0.27, 0.07, 0.59, 0.84),),
    ((0.2, 0.85, 0.785, 1.0), (0.66, 0.34, 0.84, 0.72)),
)
_SMALL_BACK = Layout(
    ((0.0, 0.0, 0.14, 0.34), (0.86, 0.0, 1.0, 0.34), (0.0, 0.66, 0.14, 1.0), (0.86, 0.66, 1.0, 1.0)),
    ((0.17, 0.22, 0.83, 0.8),),
    ((0.2, 0.82, 0.8, 1.0),),
)
_LARGE_BACK = Layout(
    ((0.0, 0.0, 0.15, 0.27), (0.84, 0.0, 1.0, 0.27), (0.0, 0.74, 0.16, 1.0), (0.8, 0.66, 1.0, 1.0)),
    ((0.16, 0.24, 0.8, 0.8),),
    ((0.22, 0.83, 0.79, 1.0),),
)
_ONE_BACK = Layout(
    ((0.0, 0.0, 0.13, 0.3), (0.87, 0.0, 1.0, 0.3), (0.0, 0.7, 0.13, 1.0), (0.87, 0.7, 1.0, 1.0)),
    ((0.1, 0.28, 0.33, 0.78), (0.7, 0.24, 0.91, 0.8)),
    ((0.23, 0.79, 0.77, 1.0), (0.33, 0.3, 0.68, 0.74)),
)
_BIG_FIVE_BACK = Layout((*_LARGE_BACK.numerals[:3], (0.8, 0.48, 1.0, 1.0)), _LARGE_BACK.portraits, _LARGE_BACK.words)
_TALL_HUNDRED_BACK = Layout(
    ((0.0, 0.0, 0.12, 0.27), (0.78, 0.0, 1.0, 1.0), (0.0, 0.74, 0.12, 1.0)),
    ((0.14, 0.2, 0.78, 0.78),),
    ((0.22, 0.82, 0.78, 1.0),),
)
_DRAWN_OLD_FRONT = Layout(
    ((0.02, 0.03, 0.145, 0.33), (0.855, 0.03, 0.98, 0.33), (0.02, 0.67, 0.145, 0.97), (0.855, 0.67, 0.98, 0.97)),
    ((0.38, 0.15, 0.62, 0.83),),
    ((0.34, 0.88, 0.66, 0.97), (0.63, 0.41, 0.84, 0.58)),
)
_DRAWN_NEW_FRONT = Layout(
    ((0.01, 0.02, 0.17, 0.31), (0.84, 0.02, 0.99, 0.3), (0.01, 0.73, 0.17, 0.97), (0.8, 0.67, 0.985, 0.95)),
    ((0.27, 0.09, 0.55, 0.91),),
    ((0.57, 0.86, 0.8, 0.94), (0.6, 0.58, 0.81, 0.68)),
)
_DRAWN_OLD_BACK = Layout(
    ((0.02, 0.04, 0.15, 0.35), (0.85, 0.04, 0.98, 0.35), (0.02, 0.65, 0.15, 0.96), (0.85, 0.65, 0.98, 0.96)),
    (),
    ((0.3, 0.86, 0.7, 0.97),),
)
_DRAWN_NEW_BACK = Layout(
    ((0.01, 0.02, 0.17, 0.3), (0.84, 0.02, 0.99, 0.3), (0.01, 0.73, 0.16, 0.97), (0.76, 0.53, 0.99, 0.97)),
    ((0.2, 0.19, 0.72, 0.82),),
    ((0.3, 0.87, 0.65, 0.96),),
)

_SMALL = {"current", "pre-1996 small head"}
_LARGE = {"1996 big head", "2004-2013 colour"}
_OWN: dict[tuple[int, str, str], Layout] = {
    (1, "back", "current"): _ONE_BACK,
    (5, "back", "1996 big head"): _BIG_FIVE_BACK,  # some of them are colour notes in truth
    (5, "back", "2004-2013 colour"): _BIG_FIVE_BACK,
    (100, "back", "2004-2013 colour"): _TALL_HUNDRED_BACK,
}
"""Faces that differ from the others of their design: value, side and design."""


def layout_of(note: FlatNote, currency: str) -> Layout | None:
    """Return where the parts of a note lie; None if its design is not known, or has no layout here.

    currency: ISO code in lower case; only usd has layouts.
    """
    label = parse_label(note.class_name, currency)
    if currency != "usd" or label.value is None or label.side is None:
        return None
    front = label.side == "front"
    if note.design == DRAWN:
        if label.value in (1, 2):
            return _DRAWN_OLD_FRONT if front else _DRAWN_OLD_BACK
        return _DRAWN_NEW_FRONT if front else _DRAWN_NEW_BACK
    own = _OWN.get((label.value, label.side, note.design))
    if own is not None:
        return own
    if note.design in _SMALL:
        return _SMALL_FRONT if front else _SMALL_BACK
    if note.design in _LARGE:
        return _LARGE_FRONT if front else _LARGE_BACK
    return None
