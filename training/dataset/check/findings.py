"""A finding about a data folder, and the report that holds all of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from training.dataset.check.inspection import Inspected
from training.dataset.manifest import LabelledImage

_MAX_LINES_OF_A_KIND = 20


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    kind: a word for programs, such as "few_images". text: one line for people. mend: whether it must be mended before
    the data can be used. groups: images that show it, those that belong together in one group.
    """

    kind: str
    text: str
    must_fix: bool = False
    groups: tuple[tuple[LabelledImage, ...], ...] = ()


@dataclass(frozen=True)
class Report:
    """All findings, the worst first.

    counts: labels by class and split, by value as in the bundle; the background, which holds also other currencies'
    notes, is last.
    """

    inspected: Inspected
    counts: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """Whether nothing must be mended."""
        return not any(finding.must_fix for finding in self.findings)

    def summary(self) -> str:
        """The whole in one line."""
        inspected = self.inspected
        must_fix = sum(finding.must_fix for finding in self.findings)
        remarks = len(self.findings) - must_fix
        images = len(inspected.summaries) + len(inspected.unreadable)
        classes = len(self.counts) - 1  # all but the background
        verdict = f"{must_fix} to mend" if must_fix else "Usable"
        return (
            f"{verdict}, {numbered(remarks, 'remark')}: {numbered(images, 'image')}, "
            f"{classes} {'class' if classes == 1 else 'classes'} of {inspected.currency.upper()}"
        )

    def as_text(self) -> str:
        """One line a finding."""
        lines = [self.summary()]
        kinds: Counter[str] = Counter()
        for finding in self.findings:
            kinds[finding.kind] += 1
            if kinds[finding.kind] <= _MAX_LINES_OF_A_KIND:
                lines.append(f"{'Mend' if finding.must_fix else 'Remark'}: {finding.text}")
        left_out = sum(max(0, number - _MAX_LINES_OF_A_KIND) for number in kinds.values())
        if left_out:
            lines.append(f"And {left_out} more of the same kind: --json lists all")
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """For programs; paths are relative to the data folder."""
        return {
            "currency": self.inspected.currency.upper(),
            "usable": self.usable,
            "images": len(self.inspected.summaries),
            "classes": self.counts,
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
        """An image's path in its data folder."""
        return name_in(self.inspected, image)


def name_in(inspected: Inspected, image: LabelledImage) -> str:
    """An image's path in its data folder."""
    path = image.path
    return (path.relative_to(inspected.folder) if path.is_relative_to(inspected.folder) else path).as_posix()


def numbered(number: int, noun: str) -> str:
    """A number and its noun, such as "1 image" or "2 images"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
