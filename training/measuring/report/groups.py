"""Accuracy by what the notes are and by how they were held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from training.measuring.identified import wilson
from training.measuring.report.cases import Case

NOT_KNOWN = "not known"
"""Name of the group of notes that lack what others are grouped by."""
_LOW = 0.9
"""Share right below which a group gets a remark. Chosen by hand."""
_FEW = 10
"""Notes below which a group gets a remark that it says little. Chosen by hand."""


@dataclass(frozen=True)
class Group:
    """Notes that have something in common."""

    name: str
    """What they have in common."""
    n: int
    """How many there are."""
    right: int
    """How many were read as their value, spoken or not."""
    side_right: int
    """How many of these were read with the right side too."""
    spoken: int
    """Of how many a value would be spoken as sure."""
    wrong: int
    """Of how many a wrong value would be spoken."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share that is right, 0..1."""
        return wilson(self.right, self.n)

    @property
    def remark(self) -> str:
        """What to be careful about: too few notes to judge by, or under 90 % right; else nothing."""
        if self.n < _FEW:
            return f"fewer than {_FEW}"
        return "under 90 %" if self.right < _LOW * self.n else ""


@dataclass(frozen=True)
class Breakdown:
    """One way to divide the notes into groups."""

    title: str
    """What they are divided by, such as "side"."""
    explanation: str
    """What the groups' names mean; empty if that is plain."""
    names: tuple[str, ...]
    """The groups in their order."""
    name_of: Callable[[Case], str]
    """Returns the group that a note belongs to."""

    def groups(self, cases: Iterable[Case]) -> list[Group]:
        """Return the groups: all that have a name, even empty ones, then those that nobody foresaw."""
        grouped: dict[str, list[Case]] = {name: [] for name in self.names}
        others: dict[str, list[Case]] = {}
        for case in cases:
            name = self.name_of(case)
            (grouped if name in grouped else others).setdefault(name, []).append(case)
        return [_group(name, inside) for name, inside in (*grouped.items(), *sorted(others.items()))]


def by_class(faces: Sequence[str]) -> Breakdown:
    """Divide by face. faces: names of the bundle's labels, such as usd_20_front, in their order."""
    return Breakdown("face", "", tuple(faces), lambda case: case.label.name)


def by_side() -> Breakdown:
    """Divide into front and back, as labelled."""
    return Breakdown("side", "", ("front", "back"), lambda case: case.label.side or NOT_KNOWN)


def by_size() -> Breakdown:
    """Divide by the share of the frame that the note covers."""
    edges = (1 / 12, 1 / 6, 1 / 3)
    names = ("under 1/12", "1/12 to 1/6", "1/6 to 1/3", "over 1/3")
    explanation = (
        "Share of the frame inside the note's labelled corners, or where it has none, inside the corners found."
    )
    return _binned("size", explanation, edges, names, lambda case: case.share)


def by_light() -> Breakdown:
    """Divide by mean luma; the app asks for more light below 40 and for less above 230."""
    return _binned(
        "light",
        "Mean luma of the note, 0 to 255. The app hints at too little light below 40 and at too much above 230.",
        (40, 80, 120, 160, 230),
        ("under 40", "40 to 80", "80 to 120", "120 to 160", "160 to 230", "over 230"),
        lambda case: case.seen.light,
    )


def by_blur() -> Breakdown:
    """Divide by fine detail over coarse; the app asks to hold still below 1.65.

    The measure is that of `currency_app.recognition.quality`.
    """
    return _binned(
        "sharpness",
        "Fine detail of the note over its coarse detail: the lower, the more blurred. "
        "The app hints at holding still below 1.65.",
        (0.5, 1.65, 3, 5),
        ("under 0.5", "0.5 to 1.65", "1.65 to 3", "3 to 5", "over 5"),
        lambda case: case.seen.sharpness,
    )


def by_rotation() -> Breakdown:
    """Divide by the direction of the note's top edge, in eight sectors of 45 degrees, the first around upright."""
    names = tuple(
        f"{middle}°{' (upright)' if not middle else ' (upside down)' if middle == 180 else ''}"
        for middle in range(0, 360, 45)
    )

    def name_of(case: Case) -> str:
        angle = case.angle
        return NOT_KNOWN if angle is None else names[round((angle % 360) / 45) % 8]

    explanation = (
        "How far the note's top edge is turned clockwise, give or take 22.5 degrees, "
        "by its labelled corners, or where it has none, by the corners found."
    )
    return Breakdown("rotation", explanation, names, name_of)


def by_cover() -> Breakdown:
    """Divide by the share of the note that a hand hides."""
    names = ("nothing", "up to 10 %", "10 to 25 %", "25 to 40 %")

    def name_of(case: Case) -> str:
        if case.hidden is None:
            return NOT_KNOWN
        return names[0] if case.hidden == 0 else names[1 + _bin((0.1, 0.25), case.hidden)]

    return Breakdown("cover", "Share of the note's visible area that the hand hides.", names, name_of)


def _binned(
    title: str,
    explanation: str,
    edges: Sequence[float],
    names: tuple[str, ...],
    measured: Callable[[Case], float | None],
) -> Breakdown:
    def name_of(case: Case) -> str:
        found = measured(case)
        return NOT_KNOWN if found is None else names[_bin(edges, found)]

    return Breakdown(title, explanation, names, name_of)


def _bin(edges: Sequence[float], measured: float) -> int:
    """Return the number of the bin that a measure lies in; each bin holds its lower edge."""
    return sum(measured >= edge for edge in edges)


def _group(name: str, cases: Sequence[Case]) -> Group:
    return Group(
        name,
        n=len(cases),
        right=sum(case.right for case in cases),
        side_right=sum(case.side_right for case in cases),
        spoken=sum(case.spoken for case in cases),
        wrong=sum(case.wrong for case in cases),
    )
