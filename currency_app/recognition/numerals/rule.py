"""What a bundle says about the small network that reads the numerals in a note's corners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OUTPUTS_WITHOUT_VALUE = 2
"""Outputs of the network that stand behind those of the values: another number, and nothing that can be read."""
_MAX_SIDE = 4096
"""Pixels of a straightened note, beyond which a bundle must be damaged. Chosen by hand."""


@dataclass(frozen=True)
class NumeralRule:
    """How a note's corners are cut out, what reads them, and how little support a value may have."""

    model: Path
    """Path of the TFLite file."""
    sha256: str
    """Hash of that file, hexadecimal."""
    values: tuple[int, ...]
    """The values that the network tells, in the order of its outputs."""
    priors: tuple[float, ...]
    """Shares of its outputs among what it was trained on, over 0."""
    margin: float
    """How much of the picture around the note is shown, on each side, as a share of the note's width and height."""
    width: int
    """Of the straightened note with that margin, pixels."""
    height: int
    """Of the straightened note with that margin, pixels."""
    crop_width: int
    """Of a corner, pixels of the straightened note."""
    crop_height: int
    """Of a corner, pixels of the straightened note."""
    min_support: float
    """Probability, 0..1, that the numerals must give a value for it to be sure. Where nothing can be read, all values
    have one over their number and one more."""


def read_numeral_rule(folder: Path, raw: Mapping[str, Any] | None) -> NumeralRule | None:
    """Return the rule that the entry `numerals` of bundle.json gives; None without one.

    folder: of the bundle. Raises KeyError, TypeError or ValueError if the entry is damaged.
    """
    if raw is None:
        return None
    rule = NumeralRule(
        model=folder / Path(str(raw["model"]["file"])).name,
        sha256=str(raw["model"]["sha256"]),
        values=tuple(int(value) for value in raw["values"]),
        priors=tuple(float(share) for share in raw["priors"]),
        margin=float(raw["margin"]),
        width=int(raw["width"]),
        height=int(raw["height"]),
        crop_width=int(raw["crop_width"]),
        crop_height=int(raw["crop_height"]),
        min_support=float(raw["least_support"]),
    )
    if len(rule.priors) != len(rule.values) + OUTPUTS_WITHOUT_VALUE or not all(0 < share < 1 for share in rule.priors):
        raise ValueError("numerals: priors")
    if not (0 < rule.crop_width <= rule.width <= _MAX_SIDE and 0 < rule.crop_height <= rule.height <= _MAX_SIDE):
        raise ValueError("numerals: sizes")
    if not (0 <= rule.margin <= 1 and 0 <= rule.min_support <= 1):
        raise ValueError("numerals: margin or least_support")
    return rule
