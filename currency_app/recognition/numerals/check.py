"""Whether a note's numerals stand against the value that was read.

In a still they are read once, in a film until it is clear what they say.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from currency_app.arrays import Corners, Image
from currency_app.events import Observation
from currency_app.recognition.corners import area_in_frame, iou, share_in_frame
from currency_app.recognition.numerals.crops import corner_crops
from currency_app.recognition.numerals.evidence import support_for_values
from currency_app.recognition.numerals.network import NumeralNetwork
from currency_app.recognition.numerals.rule import NumeralRule
from currency_app.recognition.quality import is_legible

_CLEAR_SUPPORT = 0.5
"""Support, 0..1, from which the numerals say what the value is, and need not be read again. Chosen by hand."""
_MIN_IN_VIEW, _MIN_COVER = 0.6, 1 / 6
"""Shares of a note inside the frame, and of the frame that it covers, 0..1. If neither is reached, its numerals must
clearly say the value: a person would not read it, and a small part of a note looks like parts of others. They are the
shares from which notes count as readable everywhere."""
_MIN_LIGHT, _MAX_LIGHT = 30.0, 240.0
"""Mean luma of a note, grey levels of 255, outside which the same holds: ten beyond those from which it counts as
readable everywhere, which is what measurement can tell apart."""
_MIN_FAR_COVER = 0.06
"""Share of the frame, 0..1, under which a note is so far away that the same holds. Of 174 right and sure readings of
`val` it refuses one, of 338 of `train` none."""
_MIN_SHARPNESS = 8.0
"""Sharpness of a legible note from which its numerals must clearly say the value: what else is taken for a note has
none. Of 280 notes of `val` and `train` as large and as much in view, sharp or not, none is refused by it."""
_MAX_DOUBT = 0.1
"""Doubt of a value, as a share of what a sure one may be, over which its numerals must clearly say it: of other
countries' notes whose numerals are out of sight, a network is hardly ever surer. Of 174 right and sure readings of
`val` it refuses none."""
_PART_IN_VIEW, _MAX_PART_DOUBT = 0.5, 0.001
"""The same of a note of which less than half is in view, however large: over it its numerals must be in sight, too. A
small part of a note looks like parts of others, and a network that has seen few so near is often sure of them."""
_MAX_UNCLEAR_CHECKS = 3
"""Frames of a note whose numerals neither say its value nor another, after which they are not read again: as many as
must be sure before a value is announced."""
MIN_SAME_IOU = 0.3
"""Intersection over union, 0..1, of a note's corners in two frames, from which it is the same note. Chosen by hand."""
_AGAIN_S, _LATER_AGAIN_S = 0.1, 0.3
"""Seconds of source time after which numerals are read again that stand against a value or should be clear, for a note
that has just come is soon held still; and after which they are once _MAX_EARLY_CHECKS have stood against it, for a
finger may have moved. With the former, 95 % of 356 simulated notes of `val` and `train` are announced within 0.40 s in
place of 0.47 s; with it for good, numerals of another value would be misread that much more often."""
_MAX_EARLY_CHECKS = 3
"""Frames of a note in which its numerals are read after _AGAIN_S, though they stand against its value. By hand."""


class NumeralCheck:
    """Reads the numerals of single pictures. rule, network: of one bundle."""

    def __init__(self, rule: NumeralRule, network: NumeralNetwork) -> None:
        self.rule = rule
        """Of the bundle."""
        self._network = network

    def support(self, image: Image, corners: Corners, value: int) -> float | None:
        """Return how likely a note's numerals are those of a value, 0..1; None if they cannot be seen.

        Args:
            image: the frame, uint8 [h, w, 3] BGR or [h, w, 4] BGRA.
            corners: of the note, float32 [4, 2], fractions of the frame.
            value: one that the bundle reads.
        """
        if value not in self.rule.values:
            return None
        crops = corner_crops(image, corners, self.rule)
        if crops is None:
            return None
        support = support_for_values(self._network(crops.pictures), self.rule.priors, crops.in_frame)
        return float(support[self.rule.values.index(value)])

    def min_support(self, image: Image, seen: Observation, doubt: float) -> float:
        """Return how much support a value needs, 0..1.

        It is more for a value in doubt, for a note that is hard to see, and for one whose numerals are easy to see.

        Args:
            image: the frame, uint8 [h, w, 3] BGR or [h, w, 4] BGRA.
            seen: what it shows, a note's corners among it.
            doubt: what the value is in doubt without its numerals, as a share of what a sure one may be, 0..1.
        """
        assert seen.corners is not None, "what is nowhere has no numerals"
        share, cover = share_in_frame(seen.corners), area_in_frame(seen.corners)
        cut_off = share < _MIN_IN_VIEW and cover < _MIN_COVER
        hard_to_see = cut_off or cover < _MIN_FAR_COVER or not _MIN_LIGHT <= seen.light <= _MAX_LIGHT
        legible = seen.sharpness >= _MIN_SHARPNESS and is_legible(image, seen.corners, seen.sharpness)
        doubtful = doubt > _MAX_DOUBT or is_doubtful_part(seen, doubt)
        return _CLEAR_SUPPORT if doubtful or hard_to_see or legible else self.rule.min_support

    def refuses(self, image: Image, seen: Observation, doubt: float) -> bool:
        """Whether the numerals of a still stand against its value; see `min_support`."""
        if seen.value is None or seen.corners is None:
            return False
        support = self.support(image, seen.corners, seen.value)
        if support is None:
            return is_doubtful_part(seen, doubt)
        return support < self.min_support(image, seen, doubt)


def is_doubtful_part(seen: Observation, doubt: float) -> bool:
    """Whether so little of a note is in view that the doubt of its value is too much without numerals.

    doubt: of the value without its numerals, as a share of what a sure one may be, 0..1.
    """
    return seen.in_view < _PART_IN_VIEW and doubt > _MAX_PART_DOUBT


@dataclass
class _Face:
    """What is known of one side of a note, read as one value."""

    refused: bool = False
    """Whether its numerals stand against the value."""
    support: float = 0.0
    """How much they supported it when they were read last, 0..1; once that is clear, they are not read again."""
    checks: int = 0
    """How often they were read."""
    checked_t: float = -math.inf
    """Seconds of source time when they were read last."""
    waited: bool = False
    """Whether the next reading has waited for a frame with more time to spare."""


class NumeralWatch:
    """Checks the notes of a film, each a few times and not in each frame."""

    def __init__(self, check: NumeralCheck) -> None:
        self.has_just_read = False
        """Whether numerals were read in the last frame."""
        self._check = check
        self._faces: dict[tuple[int, str | None], _Face] = {}
        self._last_t = -math.inf
        self._last_corners: Corners | None = None
        self._refused = False

    def refuses(self, seen: Observation, image: Image, *, doubt: float, may_wait: bool = False) -> bool:
        """Whether the numerals of the note in view stand against a value that was read as sure.

        What has been clearly read stays so until another note comes: one elsewhere, or after a frame without any. A
        refusal is lifted only by numerals that clearly say the value. No value is announced after one frame, so each
        reading may wait for the next.

        Args:
            seen: what the frame shows; of one that was not looked at, what the frame before it did holds.
            image: the frame, uint8 [h, w, 3] BGR.
            doubt: what the value is in doubt without its numerals, as a share of what a sure one may be; over 1 if it
                is not sure.
            may_wait: whether the next frame has more time to spare.
        """
        self.has_just_read = False
        if seen.t <= self._last_t:  # another film
            self._faces.clear()
        self._last_t = seen.t
        if seen.looked:
            before, self._last_corners = self._last_corners, seen.corners
            if seen.value is None or seen.corners is None or before is None or iou(seen.corners, before) < MIN_SAME_IOU:
                self._faces.clear()
            self._refused = doubt <= 1 and self._refuses_face(seen, image, doubt, may_wait=may_wait)
        return self._refused

    def _refuses_face(self, seen: Observation, image: Image, doubt: float, *, may_wait: bool) -> bool:
        if seen.value is None or seen.corners is None:
            return False
        face = self._faces.setdefault((seen.value, seen.side), _Face())
        if face.support >= _CLEAR_SUPPORT:
            return False
        min_support = self._check.min_support(image, seen, doubt)
        unclear = face.refused or face.support < min_support
        again_s = _LATER_AGAIN_S if face.refused and face.checks > _MAX_EARLY_CHECKS else _AGAIN_S
        if unclear and seen.t - face.checked_t < again_s:
            return True
        if not unclear and face.checks >= _MAX_UNCLEAR_CHECKS:
            return False
        if may_wait and not face.waited:
            face.waited = True
            return unclear and face.checks > 0
        self.has_just_read = True
        support = self._check.support(image, seen.corners, seen.value)
        if support is None:
            return face.refused or is_doubtful_part(seen, doubt)
        face.checked_t, face.waited, face.support = seen.t, False, support
        face.checks += 1
        face.refused = support < _CLEAR_SUPPORT and (face.refused or support < self._check.rule.min_support)
        return face.refused or support < min_support
