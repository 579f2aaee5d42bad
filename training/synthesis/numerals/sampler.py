"""Training pictures of the network that reads numerals: corners of real notes, altered ones and drawn ones.

The network must read the number and not recognise the corner. So a third of the real corners have a number printed over
their own, of another value or of none, and others the numeral of another note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Floats, Image, Numbers
from training.synthesis.numerals.grounds import WINDOW, behind_finger, drawn_corner, fine_lines, inner_part
from training.synthesis.numerals.printing import print_numeral
from training.synthesis.numerals.windows import CROP, WindowedNote, corner_window

_KINDS = ("real", "exchanged", "printed over", "drawn", "nothing")
_SHARES = (0.26, 0.08, 0.34, 0.19, 0.13)
"""How often each of `_KINDS` is made; chosen by hand."""
_VALUE_SHARE, _LIKELY_SHARE, _THOUSANDS_SHARE = 0.60, 0.18, 0.12
"""How many of the numbers that are printed are values of the currency, are of `_LIKELY_OTHERS`, and go on with zeros
after one of those: the rest is any number."""
_SEPARATORS = ("", "", ".", ",", " ")
"""What stands before three zeros, each as often."""
_DIGITS_SEEN = 4.2
"""Digits that are seen at least of a number that is cut off on the right: three may be those of a value."""
_CUT_SHARE = 0.6
"""How many of the numbers that go on with zeros are cut off by the corner's edge, as most are on notes of 100,000."""
_LIKELY_OTHERS = (
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 21, 22, 25, 30, 40, 50, 51, 52, 55, 60, 70, 75, 80, 90, 100, 101,
    105, 110, 200, 250, 300, 500, 1000, 2000, 5000, 10000,
)  # fmt: skip
"""Numbers that notes have, and some that are easily taken for them; most others are up to 10,000."""
_BALANCE = -0.6
"""Power of the count of a face's images by which each is drawn: rare designs come more often. Chosen by hand."""
_MIN_SEEN = 0.75
"""Share of a corner that its photograph must show. Chosen by hand."""
_MIN_NOTE_WIDTH, _MAX_NOTE_WIDTH = 130, 700
"""Pixels of the notes whose corners these could be, across: from hardly to easily read."""
_OUT_OF_FOCUS_SHARE = 0.25
"""How many of the blurred corners can hardly be read, or not at all: the network must say so rather than guess."""
_FINGER_SHARE = 0.06
_TURNED_SHARE = 0.07
"""How many of the corners are behind a finger, or stand on their heads: neither can be read."""


@dataclass(frozen=True, eq=False)
class LabelledCrop:
    """One corner and what it shows."""

    crop: Image
    """uint8 [height, width] grey, of the size `CROP`."""
    output: int
    """Place among the network's outputs; see `outputs_of`."""
    kind: str
    """How it was made."""


def outputs_of(values: Sequence[int]) -> tuple[str, ...]:
    """Return the names of the network's outputs: each value, another number, nothing that can be read."""
    return (*(str(value) for value in values), "another", "nothing")


class CropSampler:
    """Makes training pictures. notes: real ones. rooms: pictures without notes, uint8 [h, w] grey."""

    def __init__(
        self, values: Sequence[int], notes: Sequence[WindowedNote], rooms: Sequence[Image], aspect: float
    ) -> None:
        self._values = tuple(values)
        self._notes = tuple(notes)
        self._rooms = tuple(rooms)
        self._aspect = aspect
        counts = Counter(note.face for note in notes)
        weights = np.array([counts[note.face] ** _BALANCE for note in notes])
        self._weights = weights / weights.sum()

    def sample(self, rng: np.random.Generator) -> LabelledCrop:
        """Return the next corner."""
        kind = str(rng.choice(_KINDS, p=_SHARES))
        window, output = {
            "real": self._real,
            "exchanged": self._exchanged,
            "printed over": self._printed_over,
            "drawn": self._drawn,
            "nothing": self._nothing,
        }[kind](rng)
        nothing = len(self._values) + 1
        if output != nothing and rng.random() < _FINGER_SHARE:
            window, output = behind_finger(rng, window), nothing
        crop = _through_camera(rng, window, plain=kind == "real" and rng.random() < 0.5)
        if rng.random() < _TURNED_SHARE:
            crop, output = np.ascontiguousarray(crop[::-1, ::-1]), nothing
        return LabelledCrop(crop, output, kind)

    def _note(self, rng: np.random.Generator) -> WindowedNote:
        return self._notes[int(rng.choice(len(self._notes), p=self._weights))]

    def _shown_corner(self, rng: np.random.Generator, place: int) -> tuple[Floats, WindowedNote]:
        """Return a corner that its photograph shows, of some note; the best of a few if none does."""
        tried = []
        for _ in range(8):
            note = self._note(rng)
            window, seen = corner_window(rng, note, place, self._aspect)
            tried.append((seen, window, note))
            if seen >= _MIN_SEEN:
                break
        _, window, note = max(tried, key=lambda one: one[0])
        return window, note

    def _real(self, rng: np.random.Generator) -> tuple[Floats, int]:
        window, note = self._shown_corner(rng, int(rng.integers(4)))
        return window, self._values.index(note.value)

    def _exchanged(self, rng: np.random.Generator) -> tuple[Floats, int]:
        """Return a real numeral in the corner of another real note."""
        place = int(rng.integers(4))
        window, note = self._shown_corner(rng, place)
        other, _ = corner_window(rng, self._note(rng), place, self._aspect)
        inside = inner_part(rng, place in (1, 2), place in (2, 3))
        return np.asarray(other + (window - other) * inside, np.float32), self._values.index(note.value)

    def _printed_over(self, rng: np.random.Generator) -> tuple[Floats, int]:
        place = int(rng.integers(4))
        right, lower = place in (1, 2), place in (2, 3)
        window, _ = corner_window(rng, self._note(rng), place, self._aspect)
        few = cv2.resize(
            cv2.resize(window, (4, 3), interpolation=cv2.INTER_AREA), WINDOW, interpolation=cv2.INTER_CUBIC
        )
        keep = np.float32(rng.uniform(0.3, 0.9))
        level = float(np.percentile(window, 8 if rng.random() < 0.5 else 92))
        ground = few * keep + level * (1 - keep) + fine_lines(rng) * np.float32(rng.uniform(0, 20))
        if rng.random() < 0.4:  # a part of a note without numerals in place of paper
            beside = (-0.25 if right else 0.25, 0.0)
            part, _ = corner_window(rng, self._note(rng), place, self._aspect, beside)
            ground = ground * np.float32(0.4) + part * np.float32(0.6)
        window = np.asarray(window + (ground - window) * inner_part(rng, right, lower), np.float32)
        text, output = self._number(rng)
        middle = (66 if right else 62) + rng.normal(0, 5), (55 if lower else 41) + rng.normal(0, 4)
        print_numeral(rng, window, text, middle, float(rng.uniform(0.6, 1)), _beyond(rng, text, right=right))
        return window, output

    def _drawn(self, rng: np.random.Generator) -> tuple[Floats, int]:
        window, (text, output) = drawn_corner(rng), self._number(rng)
        middle = WINDOW[0] / 2 + rng.normal(0, 7), WINDOW[1] / 2 + rng.normal(0, 6)
        beyond = _beyond(rng, text, right=rng.random() < 0.5)
        print_numeral(rng, window, text, middle, float(rng.uniform(0.5, 1)), beyond)
        return window, output

    def _nothing(self, rng: np.random.Generator) -> tuple[Floats, int]:
        nothing, kind = len(self._values) + 1, rng.random()
        if kind < 0.3 and self._rooms:
            room = self._rooms[int(rng.integers(len(self._rooms)))]
            widest = min(room.shape[1], room.shape[0] * 4 // 3)
            wide = int(rng.integers(min(40, widest), widest + 1))
            high = max(wide * 3 // 4, 1)
            x, y = int(rng.integers(room.shape[1] - wide + 1)), int(rng.integers(room.shape[0] - high + 1))
            part = cv2.resize(room[y : y + high, x : x + wide], WINDOW, interpolation=cv2.INTER_AREA)
            return np.asarray(part, np.float32), nothing
        if kind < 0.4:
            return drawn_corner(rng), nothing
        place = int(rng.integers(4))
        beside, below = float(rng.uniform(0.27, 0.5)), float(rng.uniform(0, 0.5))
        away = -beside if place in (1, 2) else beside, -below if place in (2, 3) else below
        return corner_window(rng, self._note(rng), place, self._aspect, away)[0], nothing

    def _number(self, rng: np.random.Generator) -> tuple[str, int]:
        """Return a number to print, and its output."""
        kind = rng.random()
        if kind < _VALUE_SHARE:
            place = int(rng.integers(len(self._values)))
            return str(self._values[place]), place
        kind -= _VALUE_SHARE
        if kind < _THOUSANDS_SHARE:
            first = self._values if rng.random() < 0.7 else _LIKELY_OTHERS
            zeros = "000" if rng.random() < 0.85 else "00"
            return f"{rng.choice(first)}{rng.choice(_SEPARATORS) if zeros == '000' else ''}{zeros}", len(self._values)
        if kind < _THOUSANDS_SHARE + _LIKELY_SHARE:
            number = int(rng.choice(_LIKELY_OTHERS))
        else:
            number = int(rng.integers(1, 100 if rng.random() < 0.6 else 10_000))
        return str(number), self._values.index(number) if number in self._values else len(self._values)


def _beyond(rng: np.random.Generator, text: str, *, right: bool) -> float:
    """Return how much of a number lies beyond a corner's edge; see `print_numeral`.

    Of one that goes on with zeros, so many digits are seen that they are no value.
    """
    if not text.endswith("00") or len(text) < 4 or rng.random() >= _CUT_SHARE:  # 100 itself is a value
        return 0.0
    if right:
        return -float(rng.uniform(0, 0.6))
    seen = _DIGITS_SEEN + sum(not mark.isdigit() for mark in text)
    return float(rng.uniform(0, max(1 - seen / len(text), 0)))


def _through_camera(rng: np.random.Generator, window: Floats, *, plain: bool) -> Image:
    """Return a corner as a camera gives it: small, blurred, unevenly lit, noisy. plain: not of a note far away."""
    low, high = np.log(260 if plain else _MIN_NOTE_WIDTH), np.log(_MAX_NOTE_WIDTH)
    wide = max(int(np.exp(rng.uniform(low, high)) * 0.24), 16)
    seen: Numbers = window
    if wide < window.shape[1]:
        seen = cv2.resize(seen, (wide, max(wide * 3 // 4, 12)), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.55:
        out_of_focus = not plain and rng.random() < _OUT_OF_FOCUS_SHARE
        blur = rng.uniform(1.1, 2.8) if out_of_focus else rng.uniform(0.3, 1.1)
        seen = cv2.GaussianBlur(seen, (0, 0), float(blur) * max(seen.shape[1] / 80, 0.5))
    elif rng.random() < 0.3:
        length = int(rng.integers(2, max(3, seen.shape[1] // 10)))
        seen = cv2.blur(seen, (length, 1) if rng.random() < 0.5 else (1, length))
    if rng.random() < 0.3:
        light = rng.uniform(0.6, 1.3, (2, 2)).astype(np.float32)
        seen = seen * cv2.resize(light, seen.shape[::-1], interpolation=cv2.INTER_LINEAR)
    seen = (seen - 128) * np.float32(rng.uniform(0.45, 1.2)) + np.float32(128 + rng.uniform(-40, 40))
    if rng.random() < 0.7:
        seen = seen + rng.normal(0, rng.uniform(0.1, 10), seen.shape).astype(np.float32)
    crop = np.clip(seen, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        _, packed = cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])
        crop = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))
    way = cv2.INTER_AREA if crop.shape[1] > CROP[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(crop, CROP, interpolation=way), np.uint8)
