"""What is said of drawn notes that bear the numerals of another value, which must not be sure of any."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Corners, Image
from currency_app.demo import draw_room
from currency_app.demo.notes import DRAWN_SIDES, DRAWN_VALUES, draw_note
from currency_app.identify import identify
from currency_app.recognition.recognizer import Recognizer
from training.dataset.notes import NOTE_ASPECT, FlatNote
from training.measuring.identified import doubtful_value
from training.progress import Progress
from training.synthesis import lay_flat, turned_note

_FRAME = (640, 480)
"""Width and height of the pictures, pixels: those of the demonstration."""
_VIEWS = ((0.0, 0.0, 0.0), (0.12, 0.3, 0.0), (-0.2, -0.2, 0.25), (3.2, 0.0, -0.2))
"""Roll, yaw and pitch of the note in each picture, radians: straight, turned aside twice, upside down. By hand."""
_NOTE_WIDTH = 0.8
"""Share of the picture's width that a note takes up: its numerals can be read. Chosen by hand."""
_SEED = 11
"""Of the drawn notes' serial numbers: not one that a network learns from."""


@dataclass(frozen=True)
class OtherNumeralsAnswer:
    """One picture of a drawn note and what the app would say of it."""

    value: int
    """Of the note, by its words, portrait and colours."""
    numerals: int
    """The value that its numerals are of; the same for a note that agrees with itself."""
    side: str
    """front or back."""
    view: int
    """Which way it is held, from 0."""
    spoken: int | None
    """The value that would be spoken as sure; None if there is none."""
    doubtful: int | None
    """The value that would be spoken as doubtful; None if there is none."""


@dataclass(frozen=True)
class OtherNumeralsFigures:
    """All answers to drawn notes with the numerals of each other value, and with their own."""

    answers: tuple[OtherNumeralsAnswer, ...]
    """One for each picture."""

    @property
    def disagreeing(self) -> tuple[OtherNumeralsAnswer, ...]:
        """Those of which no value must be spoken as sure."""
        return tuple(answer for answer in self.answers if answer.value != answer.numerals)

    @property
    def own(self) -> tuple[OtherNumeralsAnswer, ...]:
        """Those of notes with their own numerals."""
        return tuple(answer for answer in self.answers if answer.value == answer.numerals)

    def pairs_sure(self) -> dict[tuple[int, int, str], int]:
        """Return in how many pictures each (value, numerals, side) would be spoken as sure, the worst first."""
        counts = Counter((a.value, a.numerals, a.side) for a in self.disagreeing if a.spoken is not None)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --other-numerals --json` writes."""
        return {
            "disagreeing": _counts(self.disagreeing),
            "own": _counts(self.own),
            "pairs": len({(a.value, a.numerals, a.side) for a in self.disagreeing}),
            "pairs_sure": [
                {"value": value, "numerals": numerals, "side": side, "n": n}
                for (value, numerals, side), n in self.pairs_sure().items()
            ],
        }

    def as_text(self) -> str:
        """Return a table to read, and the pairs of which a value would be spoken."""
        lines = [f"{'drawn notes':24} {'n':>5}  sure of: note  numerals  another  doubtful  refused"]
        for name, answers in (("another value's numerals", self.disagreeing), ("their own numerals", self.own)):
            c = _counts(answers)
            lines.append(
                f"{name:24} {c['n']:5} {c['as_note']:14} {c['as_numerals']:9} {c['as_another']:8} {c['doubtful']:9} "
                f"{c['refused']:8}"
            )
        sure = [f"{v} with {n} {side} ({count})" for (v, n, side), count in self.pairs_sure().items()]
        pairs = len({(a.value, a.numerals, a.side) for a in self.disagreeing})
        lines.append(f"of {pairs} pairs {len(sure)} would be spoken as sure{': ' if sure else ''}{', '.join(sure)}")
        return "\n".join(lines)


def measure_other_numerals(recognizer: Recognizer, progress: Progress) -> OtherNumeralsFigures:
    """Read drawn notes with the numerals of every value that the bundle knows, each side held in four ways.

    progress: wraps what is worked through, as tqdm does.
    """
    known = {label.value for label in recognizer.bundle.labels}
    values = [value for value in DRAWN_VALUES if value in known]
    faces = [(value, other, side) for side in DRAWN_SIDES for value in values for other in values]
    return OtherNumeralsFigures(
        tuple(
            _answer(recognizer, value, other, side, view, picture)
            for value, other, side in progress(faces)
            for view, picture in enumerate(pictures_of(value, other, side))
        )
    )


def pictures_of(value: int, numerals: int, side: str) -> Iterator[Image]:
    """Yield pictures, uint8 [h, w, 3] BGR, of a drawn note with these numerals, held in each of the ways."""
    drawn = draw_note(value, side, seed=_SEED, numerals=numerals)
    drawn = np.asarray(cv2.cvtColor(drawn, cv2.COLOR_BGR2BGRA), np.uint8)
    note = FlatNote(f"usd_{value}_{side}", (drawn,))
    for view in _VIEWS:
        yield lay_flat(_room(), note, _corners(*view))[0]


@functools.cache
def _room() -> Image:
    return draw_room(*_FRAME)


def _corners(roll: float, yaw: float, pitch: float) -> Corners:
    """Return where a note's corners lie in the picture, float32 [4, 2] pixels."""
    unit = turned_note(NOTE_ASPECT, roll, yaw, pitch, distance=6.0)
    width = float(np.ptp(unit[:, 0]))
    middle = np.array(_FRAME) / 2 - unit.mean(axis=0)
    return np.asarray(unit * (_FRAME[0] * _NOTE_WIDTH / width) + middle, np.float32)


def _answer(
    recognizer: Recognizer, value: int, numerals: int, side: str, view: int, picture: Image
) -> OtherNumeralsAnswer:
    found = identify(recognizer, picture)
    spoken = found.observation.value if found.spoken else None
    return OtherNumeralsAnswer(value, numerals, side, view, spoken, doubtful_value(found, recognizer.bundle))


def _counts(answers: Sequence[OtherNumeralsAnswer]) -> dict[str, int]:
    """Return how many answers there are of each kind."""
    sure = [answer for answer in answers if answer.spoken is not None]
    as_note = sum(answer.spoken == answer.value for answer in sure)
    as_numerals = sum(answer.spoken == answer.numerals != answer.value for answer in sure)
    doubtful = sum(answer.doubtful is not None for answer in answers)
    return {
        "n": len(answers),
        "as_note": as_note,
        "as_numerals": as_numerals,
        "as_another": len(sure) - as_note - as_numerals,
        "doubtful": doubtful,
        "refused": len(answers) - len(sure) - doubtful,
    }
