"""What networks say of designs that each has not learnt, image by image and in a table."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from typing import Any

from currency_app.recognition.bundle import Bundle
from training.measuring.identified import IdentifiedImage, doubtful_value, wilson

OUTCOMES = ("right", "doubtful", "refused", "wrong")
"""What can be said of one note: its value as sure, a value as doubtful, none, or a wrong value as sure."""
ALL_UNSEEN = "all unseen designs"
"""Name of the line that sums up the designs that were left out."""
COVERAGES = (0.8, 0.9, 0.95, 0.98)
"""Shares of known notes, 0..1, that are given a value, at which networks are compared. The app should reach 0.95."""
KNOWN = "known designs"
"""How the names of the lines begin that are about notes of designs that the network has learnt."""


@dataclass(frozen=True)
class UnseenAnswer:
    """One image of a note and the answer of a network that has not learnt it."""

    round: int
    """Which of the trainings, from 1."""
    unseen: bool
    """Whether the design of its value was left out of the training."""
    path: str
    """Of the image, in the data folder."""
    split: str
    """Of the image."""
    source: str
    """Of the image."""
    kind: str
    """photo or scan."""
    class_name: str
    """Such as usd_20_front."""
    design: str
    """Its name; empty if the manifest names none."""
    readable: bool
    """False for blurred frames that no person could read."""
    true_value: int
    """The labelled value."""
    value: int | None
    """The value read, sure or not; None for no note."""
    confidence: float
    """Of that value, 0..1; without one, of the background."""
    outcome: str
    """One of OUTCOMES."""


@dataclass(frozen=True)
class UnseenLine:
    """The answers to a group of images, counted."""

    name: str
    """What they have in common, such as "20 1996 big head"."""
    n: int
    """How many images there are."""
    right: int
    """Of how many the right value would be spoken as sure."""
    doubtful: int
    """Of how many a value would be spoken as doubtful."""
    refused: int
    """Of how many no value would be spoken."""
    wrong: int
    """Of how many a wrong value would be spoken as sure."""
    wrong_as: Mapping[int, int] = field(default_factory=dict)
    """Of how many each wrong value would be spoken as sure."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share of which a wrong value would be spoken, 0..1."""
        return wilson(self.wrong, self.n)


@dataclass(frozen=True)
class UnseenAtCoverage:
    """What would be spoken of unseen designs if so many known notes were given a value."""

    coverage: float
    """Share of the known notes, of each network, that would be given a value, 0..1."""
    n: int
    """How many images of unseen designs there are."""
    right: int
    """Of how many the right value would be spoken."""
    wrong: int
    """Of how many a wrong value would be spoken."""


@dataclass(frozen=True)
class UnseenFigures:
    """All answers of the networks that were each trained without some designs."""

    answers: tuple[UnseenAnswer, ...]
    """In the order in which they were given."""
    rounds: tuple[str, ...]
    """What was left out of each training, in words."""

    def unseen_lines(self) -> list[UnseenLine]:
        """Return a line for each design that was left out, by value, then one for all."""
        unseen = [answer for answer in self.answers if answer.unseen]
        groups: dict[tuple[int, str], list[UnseenAnswer]] = {}
        for answer in unseen:
            groups.setdefault((answer.true_value, answer.design), []).append(answer)
        lines = [_line(f"{value} {design}", groups[value, design]) for value, design in sorted(groups)]
        return [*lines, _line(ALL_UNSEEN, unseen)]

    def known_lines(self) -> list[UnseenLine]:
        """Return a line for each split of the readable notes whose designs were not left out, all rounds together."""
        known = [answer for answer in self.answers if not answer.unseen and answer.readable]
        splits = sorted({answer.split for answer in known})
        return [_line(f"{KNOWN}, {split}", [a for a in known if a.split == split]) for split in splits]

    def at_coverage(self, coverage: float) -> UnseenAtCoverage | None:
        """Return what would be spoken with one threshold, at which so many known notes are given a value.

        Each network has its own. So networks that are unsure of everything can be compared with those that are sure.
        None if one cannot give so many a value at any threshold, or nothing was measured.
        """
        n = right = wrong = 0
        for number in sorted({answer.round for answer in self.answers}):
            of_round = [answer for answer in self.answers if answer.round == number]
            threshold = _threshold_for(coverage, [a for a in of_round if not a.unseen and a.readable])
            if threshold is None:
                return None
            unseen = [answer for answer in of_round if answer.unseen]
            spoken = [answer for answer in unseen if answer.value is not None and answer.confidence >= threshold]
            n += len(unseen)
            right += sum(answer.value == answer.true_value for answer in spoken)
            wrong += sum(answer.value != answer.true_value for answer in spoken)
        return UnseenAtCoverage(coverage, n, right, wrong) if n else None

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --unseen-designs --json` writes; shares 0..1."""
        return {
            "rounds": list(self.rounds),
            "unseen": {line.name: _line_as_json(line) for line in self.unseen_lines()},
            "known": {line.name: _line_as_json(line) for line in self.known_lines()},
            "at_coverage": [
                {"known_given": point.coverage, "n": point.n, "right": point.right, "wrong": point.wrong}
                for point in self._points()
            ],
        }

    def as_text(self) -> str:
        """Return a table to read, one line a design."""
        return "\n".join(self._text())

    def as_csv(self) -> str:
        """Return the answers as a table, one line an image."""
        table = io.StringIO(newline="")
        writer = csv.writer(table)
        writer.writerow(column.name for column in fields(UnseenAnswer))
        writer.writerows(astuple(answer) for answer in self.answers)
        return table.getvalue()

    def _text(self) -> Iterator[str]:
        for number, left_out in enumerate(self.rounds, start=1):
            yield f"network {number} has not learnt: {left_out}"
        lines = [*self.unseen_lines(), *self.known_lines()]
        points = {f"  {point.coverage:.0%} of known given": point for point in self._points()}
        wide = max(map(len, (*(line.name for line in lines), *points)))
        yield f"{'images by design':{wide}}  n     right  doubtful  refused  wrong and sure  share  95 % interval"
        for line in lines:
            yield (
                f"{line.name:{wide}}  {line.n:<4} {line.right:6} {line.doubtful:9} {line.refused:8} "
                f"{_share(line.wrong, line.n)}{_as_what(line.wrong_as)}"
            )
        if points:
            yield "unseen designs, if one threshold gave a value to so many known notes:"
        for name, point in points.items():
            yield f"{name:{wide}}  {point.n:<4} {point.right:6} {'':18} {_share(point.wrong, point.n)}"

    def _points(self) -> list[UnseenAtCoverage]:
        return [point for coverage in COVERAGES if (point := self.at_coverage(coverage)) is not None]


def _threshold_for(coverage: float, known: Sequence[UnseenAnswer]) -> float | None:
    """Return the highest confidence at which this share of known notes is given a value; None if there is none."""
    confidences = sorted((answer.confidence for answer in known if answer.value is not None), reverse=True)
    needed = math.ceil(coverage * len(known))
    return confidences[needed - 1] if 0 < needed <= len(confidences) else None


def outcome_of(item: IdentifiedImage, bundle: Bundle) -> str:
    """Return which of OUTCOMES the app would come to for one image of a note."""
    seen = item.found.observation
    if item.found.spoken:
        return "right" if seen.value == item.true_value(bundle.currency.lower()) else "wrong"
    return "refused" if doubtful_value(item.found, bundle) is None else "doubtful"


def _line(name: str, answers: Sequence[UnseenAnswer]) -> UnseenLine:
    counts = Counter(answer.outcome for answer in answers)
    wrong_as = Counter(answer.value or 0 for answer in answers if answer.outcome == "wrong")
    return UnseenLine(
        name, len(answers), counts["right"], counts["doubtful"], counts["refused"], counts["wrong"],
        dict(sorted(wrong_as.items())),
    )  # fmt: skip


def _as_what(wrong_as: Mapping[int, int]) -> str:
    """Return which wrong values would be spoken, and how often: "  as 5 (3), 100 (1)"."""
    return f"  as {', '.join(f'{value} ({n})' for value, n in wrong_as.items())}" if wrong_as else ""


def _share(wrong: int, n: int) -> str:
    """Return how many are wrong as the last columns of the table have it."""
    low, high = wilson(wrong, n)
    return f"{wrong:15} {wrong / n if n else 0.0:6.1%} {low:6.1%} to {high:6.1%}"


def _line_as_json(line: UnseenLine) -> dict[str, Any]:
    return {
        "n": line.n,
        **{outcome: getattr(line, outcome) for outcome in OUTCOMES},
        "wrong_share": round(line.wrong / line.n, 4) if line.n else 0.0,
        "wrong_interval": [round(bound, 4) for bound in line.interval],
        "wrong_as": {str(value): n for value, n in line.wrong_as.items()},
    }


def answers_of(
    number: int, items: Iterable[tuple[IdentifiedImage, str, bool, bool]], bundle: Bundle
) -> list[UnseenAnswer]:
    """Return the answers of one round. items: image, its path in the data folder, whether unseen, whether readable."""
    found = []
    for item, path, unseen, readable in items:
        image, seen, value = item.image, item.found.observation, item.true_value(bundle.currency.lower())
        if value is None:
            continue
        found.append(
            UnseenAnswer(
                number, unseen, path, image.split, image.source, image.kind, image.class_name, image.series, readable,
                value, seen.value, round(seen.confidence, 4), outcome_of(item, bundle),
            )
        )  # fmt: skip
    return found
