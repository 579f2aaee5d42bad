"""The numerals of a second note behind another, of which only a strip shows.

A network that looks at whole notes takes such a strip for a part of the first note, or sees nothing in it. But the
strip bears numerals, two of them in a line along one of the first note's edges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.corners import UNIT_SQUARE, project, scaled, share_in_frame
from currency_app.recognition.numerals.crops import CROPS, MIN_IN_FRAME, straighten_grey
from currency_app.recognition.numerals.network import NumeralNetwork
from currency_app.recognition.numerals.rule import NumeralRule
from currency_app.recognition.second_look import note_homography

_MIN_READ = 0.7
"""Probability, 0..1, from which a numeral is read; both of a strip must be."""
_AT_ENDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35)
"""How far the second note may stick out at an end, as shares of the first one's width. More shows enough of it to be
found as a note. Chosen on composites."""
_ABOVE = (0.0, 0.08, 0.16, 0.24)
"""The same above or below, as shares of the height, beyond the corners that were found. Chosen on composites."""
_FLATTENED = 0.8
"""Height of a note as a share of what was found, if a strip above or below was taken for a part of it, as most are."""
_SIZES = (1.0, 0.93, 1.07)
"""Sizes of the first note against its corners, about its centre, that are tried in a still: what sticks out also draws
all corners outwards or inwards. Of 26 strips of composites that are said as alone with the first, six are found with
the others; of 955 photographs of single notes one is taken for two with them."""
_MIN_CONTRAST, _MIN_DETAIL = 0.17, 0.08
"""Standard deviation of a crop, and how far neighbouring pixels differ on average, across and down added up, as shares
of its mean level, under which it bears no numeral that can be read. Of 42 strips of composites that were read 41 have
more; of strips beside single notes, most of them plain walls, one in six."""
_DARK = 8.0
"""Grey levels that are added to that mean level: what is nearly black has no contrast. Chosen by hand."""
_ALL = 0.999
"""Share in the frame from which all of something is in it."""
_AT_ONCE = CROPS // 2
"""Strips of which one numeral each is read in one call of the network, both ways up."""


@dataclass(frozen=True, eq=False)
class Strip:
    """Where a second note may stick out behind the first."""

    corners: Corners
    """Of the second note, float32 [4, 2], fractions of the frame, if it lies as the first does or the other way up."""
    numerals: tuple[Image, Image]
    """Where its two numerals would be, uint8 [height, width] grey each."""


class StripCheck:
    """Looks for strips of notes of other values. rule, network: of one bundle."""

    def __init__(self, rule: NumeralRule, network: NumeralNetwork) -> None:
        self._rule = rule
        self._network = network

    def search(self, image: Image, note: Corners, known: frozenset[int]) -> Iterator[Corners | None]:
        """Return a search beside one note, which calls the network once at a time, until a second note is found.

        It gives None before each further call, and at last the corners of a note of another value, float32 [4, 2],
        fractions of the frame, if there is one. A strip of a known value is passed over: it cannot be told from the
        first note's own numerals.

        Args:
            image: the frame, uint8 [h, w, 3] BGR or [h, w, 4] BGRA; the search does not need it any more.
            note: corners of the first note, float32 [4, 2], fractions of the frame.
            known: values of the notes that have been read.
        """
        others = [number for number, value in enumerate(self._rule.values) if value not in known]
        return self._calls(strips_beside(image, note, self._rule), others)

    def other_note(self, image: Image, note: Corners, known: frozenset[int]) -> Corners | None:
        """Return where a strip of a note of another value shows in a still; None if none does: see `search`."""
        searches = (self.search(image, scaled(note, size), known) for size in _SIZES)
        return next((found for search in searches for found in search if found is not None), None)

    def _calls(self, strips: Sequence[Strip], others: Sequence[int]) -> Iterator[Corners | None]:
        """Read the strips; see `search`. others: places of the values that are not known among the outputs."""
        for start in range(0, len(strips), _AT_ONCE):
            if start:
                yield None
            some = strips[start : start + _AT_ONCE]
            firsts = self._read([strip.numerals[0] for strip in some])
            likely = [number for number, read in enumerate(firsts) if read[:, others].max(initial=0) >= _MIN_READ]
            if not likely:
                continue
            yield None
            seconds = self._read([some[number].numerals[1] for number in likely])
            both = np.minimum(firsts[likely], seconds)[:, :, others].max(axis=(1, 2))
            if both.max() >= _MIN_READ:
                yield some[likely[int(both.argmax())]].corners
                return

    def _read(self, numerals: Sequence[Image]) -> Floats:
        """Return what up to _AT_ONCE crops show, as they are and turned by half a turn: float32 [crops, 2, outputs]."""
        blank = np.zeros_like(numerals[0])
        padded = [*numerals, *[blank] * (_AT_ONCE - len(numerals))]
        read = self._network(np.stack([*padded, *(crop[::-1, ::-1] for crop in padded)]))
        return np.stack([read[:_AT_ONCE], read[_AT_ONCE:]], axis=1)[: len(numerals)]


def strips_beside(image: Image, note: Corners, rule: NumeralRule) -> list[Strip]:
    """Return where a second note may stick out, as far as that is in the frame.

    Args:
        image: the frame, uint8 [h, w, 3] BGR or [h, w, 4] BGRA.
        note: corners of the first note, float32 [4, 2], fractions of the frame.
        rule: how large the straightened note is, and a crop of it.
    """
    to_frame = note_homography(_parallelogram(note), 0.0)
    if to_frame is None:
        return []
    strips = *_at_ends(image, to_frame, rule), *_above_and_below(image, to_frame, rule)
    return [strip for strip in strips if all(map(_may_bear_numeral, strip.numerals))]


def _may_bear_numeral(crop: Image) -> bool:
    """Whether a crop, uint8 [height, width], has as much contrast and detail as a numeral."""
    mean, deviation = (float(figure[0, 0]) for figure in cv2.meanStdDev(crop))
    if deviation < _MIN_CONTRAST * (mean + _DARK):
        return False
    detail = cv2.mean(cv2.absdiff(crop[1:], crop[:-1]))[0] + cv2.mean(cv2.absdiff(crop[:, 1:], crop[:, :-1]))[0]
    return detail >= _MIN_DETAIL * (mean + _DARK)


def _parallelogram(note: Corners) -> Corners:
    """Return a note's corners, float32 [4, 2], with opposite sides made equal.

    What sticks out behind a note draws single corners to it. Of 55 strips of composites that were said as alone, 49 are
    found beside these corners, 43 beside those that were found.
    """
    across, down = (note[1] + note[2] - note[0] - note[3]) / 4, (note[2] + note[3] - note[0] - note[1]) / 4
    centre = note.mean(axis=0)
    return np.stack([centre - across - down, centre + across - down, centre + across + down, centre - across + down])


def _at_ends(image: Image, to_frame: Floats, rule: NumeralRule) -> Iterator[Strip]:
    """Yield strips at the left and right end, whose numerals are at its top and bottom."""
    margin, reach = rule.margin, max(_AT_ENDS)
    pixels = rule.width / (1 + 2 * margin)
    box = (-reach - margin, -margin, 1 + reach + margin, 1 + margin)
    wide, high = round(pixels * (box[2] - box[0])), rule.height
    picture = straighten_grey(image, to_frame @ _part(*box), wide, high)
    all_in_frame = share_in_frame(_quad(to_frame, *box)) > _ALL
    for out in _AT_ENDS:
        start = round((reach - out) * pixels)
        for left, moved in ((start, -out), (wide - start - rule.crop_width, out)):
            columns = slice(left, left + rule.crop_width)
            crops = picture[: rule.crop_height, columns], picture[-rule.crop_height :, columns]
            left_x, right_x = box[0] + left / pixels, box[0] + (left + rule.crop_width) / pixels
            deep = rule.crop_height / rule.height * (1 + 2 * margin)
            places = (
                (left_x, -margin, right_x, deep - margin),
                (left_x, 1 + margin - deep, right_x, 1 + margin),
            )
            if all_in_frame or _are_in_frame(to_frame, places):
                yield Strip(_quad(to_frame, moved, 0.0, 1 + moved, 1.0), crops)


def _above_and_below(image: Image, to_frame: Floats, rule: NumeralRule) -> Iterator[Strip]:
    """Yield strips along the upper and the lower edge, whose numerals are at its left and right."""
    margin, reach = rule.margin, max(_ABOVE)
    pixels = rule.height / (1 + 2 * margin) / _FLATTENED
    box = (-margin, -reach - margin * _FLATTENED, 1 + margin, 1 + reach + margin * _FLATTENED)
    wide, high = rule.width, round(pixels * (box[3] - box[1]))
    picture = straighten_grey(image, to_frame @ _part(*box), wide, high)
    all_in_frame = share_in_frame(_quad(to_frame, *box)) > _ALL
    for out in _ABOVE:
        start = round((reach - out) * pixels)
        for top, upper in ((start, -out), (high - start - rule.crop_height, 1 + out - _FLATTENED)):
            rows = slice(top, top + rule.crop_height)
            crops = picture[rows, : rule.crop_width], picture[rows, -rule.crop_width :]
            down = box[1] + top / pixels, box[1] + (top + rule.crop_height) / pixels
            far = rule.crop_width / rule.width * (1 + 2 * margin)
            places = (-margin, down[0], far - margin, down[1]), (1 + margin - far, down[0], 1 + margin, down[1])
            if all_in_frame or _are_in_frame(to_frame, places):
                yield Strip(_quad(to_frame, 0.0, upper, 1.0, upper + _FLATTENED), crops)


def _part(left: float, top: float, right: float, bottom: float) -> Floats:
    """Return the map from fractions of a part of the note's plane to fractions of the note, float32 [3, 3]."""
    return np.array([[right - left, 0, left], [0, bottom - top, top], [0, 0, 1]], np.float32)


def _quad(to_frame: Floats, left: float, top: float, right: float, bottom: float) -> Corners:
    """Return the corners of a part of the note's plane, float32 [4, 2], fractions of the frame."""
    return project(to_frame @ _part(left, top, right, bottom), UNIT_SQUARE)


def _are_in_frame(to_frame: Floats, places: Sequence[tuple[float, float, float, float]]) -> bool:
    return all(share_in_frame(_quad(to_frame, *place)) >= MIN_IN_FRAME for place in places)
