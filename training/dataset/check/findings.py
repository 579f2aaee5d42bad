"""A finding about a data folder, and the report that holds all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from currency_app.paths import readable_name
from training.dataset.check.inspection import Inspected
from training.dataset.designs import DesignCount, DesignList, design_table
from training.dataset.manifest import LabelledImage

DESIGNS_CAPTION = "Images to train on by face and design, and after a slash their sources"
"""Above the table of designs."""
_MAX_LINES_OF_A_KIND = 20
"""How many findings of a kind the text lists; the rest is counted. Chosen by hand."""


@dataclass(frozen=True)
class Finding:
    """One thing that was found in a data folder."""

    kind: str
    """A word for programs, such as few_images."""
    text: str
    """One line for people."""
    must_fix: bool = False
    """Whether it must be fixed before the data can be used; otherwise it is a remark."""
    groups: tuple[tuple[LabelledImage, ...], ...] = ()
    """Images that show it; those that belong to one case are in one group."""


@dataclass(frozen=True)
class Report:
    """All findings about a data folder, the worst first."""

    inspected: Inspected
    """The data folder."""
    counts: dict[str, dict[str, int]]
    """Labels by class and split. Classes are in the order of the bundle's outputs; the last is the background, which
    also counts other currencies' notes.
    """
    findings: tuple[Finding, ...]
    """Those that must be fixed first, then the remarks."""
    known_designs: DesignList = field(default_factory=DesignList)
    """The currency's list of designs."""
    designs: Sequence[DesignCount] = ()
    """Images to train on by face and design; empty if no label names a design."""

    @property
    def usable(self) -> bool:
        """Whether nothing must be fixed."""
        return not any(finding.must_fix for finding in self.findings)

    def summary(self) -> str:
        """Return the verdict and the numbers of findings, images and classes, in one line."""
        inspected = self.inspected
        to_fix = sum(finding.must_fix for finding in self.findings)
        remarks = len(self.findings) - to_fix
        images = len(inspected.summaries) + len(inspected.unreadable)
        classes = len(self.counts) - 1  # all but the background
        verdict = f"{to_fix} to mend" if to_fix else "Usable"
        return (
            f"{verdict}, {numbered(remarks, 'remark')}: {numbered(images, 'image')}, "
            f"{classes} {'class' if classes == 1 else 'classes'} of {inspected.currency.upper()}"
        )

    def as_text(self) -> str:
        """Return the summary and one line for each finding."""
        lines = [self.summary()]
        kinds: Counter[str] = Counter()
        for finding in self.findings:
            kinds[finding.kind] += 1
            if kinds[finding.kind] <= _MAX_LINES_OF_A_KIND:
                lines.append(f"{'Mend' if finding.must_fix else 'Remark'}: {finding.text}")
        left_out = sum(max(0, number - _MAX_LINES_OF_A_KIND) for number in kinds.values())
        if left_out:
            lines.append(f"And {left_out} more of the same kind: --json lists all")
        if self.designs:
            lines.append(f"{DESIGNS_CAPTION}:")
            lines += aligned(*design_table(self.designs, self.known_designs))
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """Return the report for programs; paths are relative to the data folder."""
        return {
            "currency": self.inspected.currency.upper(),
            "usable": self.usable,
            "images": len(self.inspected.summaries),
            "classes": self.counts,
            "designs": [count.as_json() for count in self.designs],
            "findings": [
                {
                    "kind": finding.kind,
                    "mend": finding.must_fix,
                    "text": finding.text,
                    "images": [[self.name(image) for image in group] for group in finding.groups],
                }
                for finding in self.findings
            ],
        }

    def name(self, image: LabelledImage) -> str:
        """Return an image's path in its data folder."""
        return name_in(self.inspected, image)


def name_in(inspected: Inspected, image: LabelledImage) -> str:
    """Return an image's path in its data folder, as POSIX writes it."""
    return path_in(inspected, image.path)


def path_in(inspected: Inspected, path: Path) -> str:
    """Return a file's path in the data folder, as POSIX writes it, as text that every page and program takes."""
    below = path.relative_to(inspected.folder) if path.is_relative_to(inspected.folder) else path
    return readable_name(below.as_posix())


def aligned(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table as lines whose columns stand below each other."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return ["  ".join(f"{cell:{wide}}" for cell, wide in zip(line, widths, strict=True)).rstrip() for line in lines]


def numbered(number: int, noun: str) -> str:
    """Return a number and its noun, such as "1 image" or "2 images"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
