"""Accuracy by design, beside how many images of it the network has learnt from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from currency_app.recognition.bundle import Bundle
from training.dataset.designs import (
    DesignList,
    counts_from_json,
    design_name,
    images_by_design,
    missing_designs,
    missing_in_words,
    read_design_list,
)
from training.measuring.identified import IdentifiedImage, wilson


@dataclass(frozen=True)
class LearntDesigns:
    """Which designs a bundle has learnt."""

    listed: DesignList = field(default_factory=DesignList)
    """The designs of its currency."""
    images: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """Training images of each (value, design); empty for bundles from before November 2026, which do not say it."""
    missing: tuple[tuple[int, str, int], ...] = ()
    """(value, design, training images) of the designs in the list that the bundle has not learnt."""


NOT_RECORDED = LearntDesigns()
"""What a bundle that does not say which designs it has learnt is taken to say."""


@dataclass(frozen=True)
class DesignFigures:
    """Readable notes of one design of one value."""

    value: int
    """In units of the currency."""
    design: str
    """Its name; empty if nobody has said it."""
    n: int
    """How many notes there are."""
    right: int
    """How many were read as their value, spoken or not."""
    spoken: int
    """Of how many a value would be spoken as sure."""
    wrong: int
    """Of how many a wrong value would be spoken."""

    @property
    def name(self) -> str:
        """Value and design, as people read them."""
        return design_name(self.value, self.design)


@dataclass(frozen=True)
class AllDesignFigures:
    """Readable notes by design, and which designs the bundle has learnt."""

    measured: tuple[DesignFigures, ...] = ()
    """By value, then as the currency's list has the designs."""
    learnt: LearntDesigns = field(default_factory=LearntDesigns)
    """Which designs the bundle has learnt."""

    def as_json(self) -> dict[str, Any]:
        """Return entries of what `currency-train evaluate --json` writes; none if no design is named anywhere."""
        images = self.learnt.images
        if not any(item.design for item in self.measured) and not images:
            return {}
        designs = [
            {
                "value": item.value,
                "design": item.design or None,
                "n": item.n,
                "right": item.right,
                "given": item.spoken,
                "wrong_given": item.wrong,
                **({"learnt_from": images.get((item.value, item.design), 0)} if images else {}),
            }
            for item in self.measured
        ]
        missing = [
            {"value": value, "design": design, "learnt_from": count} for value, design, count in self.learnt.missing
        ]
        return {"designs": designs, **({"designs_not_learnt": missing} if images else {})}

    def as_lines(self) -> Iterator[str]:
        """Yield a table to read, one line a design; nothing if no design is named anywhere."""
        if not self.as_json():
            return
        head = "readable notes by design"
        wide = max(len(head), *(len(item.name) for item in self.measured))
        last = "  learnt from" if self.learnt.images else ""
        yield f"{head:{wide}}  n    right  95 % interval    value given  given wrong{last}"
        for item in self.measured:
            low, high = wilson(item.right, item.n)
            images = self.learnt.images.get((item.value, item.design), 0)
            learnt = f"  {images} image{'' if images == 1 else 's'}" if self.learnt.images else ""
            yield (
                f"{item.name:{wide}}  {item.n:<4} {item.right / item.n:6.1%} {low:6.1%} to {high:6.1%} "
                f"{item.spoken / item.n:12.1%} {item.wrong:12}{learnt}"
            )
        if self.learnt.missing:
            yield f"designs that were not learnt: {missing_in_words(self.learnt.missing)}"


def learnt_designs(bundle: Bundle, data: Path) -> LearntDesigns:
    """Return which designs a bundle says that it has learnt. data: the folder whose list of designs is taken."""
    listed = read_design_list(data, bundle.currency.lower())
    counts = counts_from_json(bundle.raw.get("designs"))
    return LearntDesigns(listed, images_by_design(counts), tuple(missing_designs(counts, listed, bundle.values)))


def figures_by_design(
    items: Iterable[IdentifiedImage], currency: str, learnt: LearntDesigns = NOT_RECORDED
) -> AllDesignFigures:
    """Return the notes among some images by value and design. currency: ISO code in lower case."""
    groups: dict[tuple[int, str], list[IdentifiedImage]] = {}
    for item in items:
        value = item.true_value(currency)
        if value is not None:
            groups.setdefault((value, item.image.series), []).append(item)
    order = {design: place for place, design in enumerate(learnt.listed.ordered(design for _, design in groups))}
    found = []
    for value, design in sorted(groups, key=lambda one: (one[0], order[one[1]])):
        group = groups[value, design]
        right = [item.found.observation.value == value for item in group]
        spoken = [item.found.spoken for item in group]
        wrong = sum(sure and not well for sure, well in zip(spoken, right, strict=True))
        found.append(DesignFigures(value, design, len(group), sum(right), sum(spoken), wrong))
    return AllDesignFigures(tuple(found), learnt)
