"""What a data folder says of designs: names that nobody knows, and designs with too few images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.dataset.check.findings import Finding, numbered
from training.dataset.check.inspection import Inspected
from training.dataset.designs import (
    MIN_KNOWN,
    UNNAMED,
    DesignCount,
    DesignList,
    count_designs,
    missing_designs,
    missing_in_words,
    name_designs,
    read_design_list,
)
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage


@dataclass(frozen=True)
class CheckedDesigns:
    """The designs of a data folder."""

    known: DesignList
    """The currency's list."""
    counts: Sequence[DesignCount]
    """Images to train on by face and design; empty if no label names a design."""
    findings: Sequence[Finding]
    """What is worth a remark."""


def check_designs(inspected: Inspected) -> CheckedDesigns:
    """Return the designs of a data folder whose images have been opened. Raises DataError if its list is wrong."""
    known = read_design_list(inspected.folder, inspected.currency)
    named = name_designs(inspected.rows, inspected.currency, known)
    counts = count_designs(named, inspected.currency)
    if all(count.design == UNNAMED for count in counts):
        counts = []
    findings = [*_unknown_names(inspected, known), *_values_without(inspected, known), *_few(counts, known)]
    return CheckedDesigns(known, counts, findings)


def _unknown_names(inspected: Inspected, known: DesignList) -> Iterator[Finding]:
    of_currency = [row for row in inspected.rows if parse_label(row.class_name, inspected.currency).value is not None]
    for series in sorted({row.series for row in of_currency if not known.is_listed(row.series)}):
        rows = [row for row in of_currency if row.series == series]
        names = ", ".join(design.name for design in known.designs)
        text = (
            f"{series!r} is no design of {inspected.currency.upper()}, so {numbered(len(rows), 'label')} with it count "
            f"as of no named design. Known are {names}; another list can stand in the data folder, see docs/designs.md."
        )
        yield Finding("design_name", text, groups=tuple((row,) for row in rows))


def _values_without(inspected: Inspected, known: DesignList) -> Iterator[Finding]:
    values_of = {design.name: design.values for design in known.designs if design.values}
    found: dict[tuple[str, str], list[tuple[LabelledImage, ...]]] = {}
    for row in inspected.rows:
        value, design = parse_label(row.class_name, inspected.currency).value, known.design_of(row.series)
        if value is not None and value not in values_of.get(design, (value,)):
            found.setdefault((row.class_name, design), []).append((row,))
    for (name, design), groups in sorted(found.items()):
        labels = numbered(len(groups), "label")
        yield Finding(
            "design_value", f"{name} has {labels} of {design!r}, which has no such value.", groups=tuple(groups)
        )


def _few(counts: Sequence[DesignCount], known: DesignList) -> Iterator[Finding]:
    missing = missing_designs(counts, known, {count.value for count in counts})
    if missing:
        yield Finding(
            "few_of_design",
            f"Designs of under {MIN_KNOWN} images to train on will not be learnt, and may be taken for another value: "
            f"{missing_in_words(missing)}.",
        )
