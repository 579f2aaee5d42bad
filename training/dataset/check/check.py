"""What is wrong, or could be better, with a data folder: findings in plain words, the worst first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from training.dataset.check.designs import check_designs
from training.dataset.check.findings import Finding, Report, numbered, path_in
from training.dataset.check.inspection import Inspected
from training.dataset.check.pictures import picture_findings
from training.dataset.labels import BACKGROUND, name_like, parse_label
from training.dataset.manifest import KINDS, NOTES_IN_IMAGE, SPLITS

IMAGES_PER_CLASS = 250
"""How many images of a class are advised; chosen by hand."""
BACKGROUND_PER_CLASS = 5
"""How many images without a note are advised for each image of an average class; chosen by hand."""

_MAX_IMBALANCE = 3
"""How many times as many images as the rarest the commonest class may have without a remark; chosen by hand."""
_WORST_FIRST = (
    "unreadable",
    "no_images",
    "class_name",
    "unknown_split",
    "unknown_word",
    "no_background",
    "same_across_splits",
    "same_in_two_classes",
    "no_validation",
    "torn_takes",
    "folded_corners",
    "mirrored_corners",
    "design_name",
    "design_value",
    "few_images",
    "few_of_design",
    "few_background",
    "imbalance",
    "small_notes",
    "same_in_one_split",
    "ignored",
)
"""The kinds of findings in the order in which they are reported; those that must be fixed precede all remarks."""


@dataclass(frozen=True)
class _Counted:
    """Usable labels of a data folder, counted.

    classes: by class and split; the background is the last.
    """

    inspected: Inspected
    classes: dict[str, dict[str, int]]

    @property
    def notes(self) -> dict[str, dict[str, int]]:
        """The counts of the classes of notes, without the background."""
        return {name: counts for name, counts in self.classes.items() if name != BACKGROUND}

    @property
    def to_learn_from(self) -> dict[str, int]:
        """How many labels of each class of notes make the model: all except the tests."""
        return {name: counts["train"] + counts["val"] for name, counts in self.notes.items()}


def check(inspected: Inspected) -> Report:
    """Return everything that is worth reporting about a data folder whose images have been opened."""
    counted = _Counted(inspected, _count(inspected))
    designs = check_designs(inspected)
    found = [
        *_unreadable(counted),
        *_missing(counted),
        *_names(counted),
        *picture_findings(inspected),
        *_few(counted),
        *_background(counted),
        *_ignored(counted),
        *designs.findings,
    ]
    return Report(inspected, counted.classes, tuple(sorted(found, key=_report_order)), designs.known, designs.counts)


def _report_order(finding: Finding) -> tuple[bool, int]:
    return not finding.must_fix, _WORST_FIRST.index(finding.kind)


def _count(inspected: Inspected) -> dict[str, dict[str, int]]:
    names = {row.class_name for row in [*inspected.rows, *(row for row, _ in inspected.unreadable)]} | set(
        inspected.empty_folders
    )
    labels = {parse_label(name, inspected.currency) for name in names}
    notes = sorted((label for label in labels if label.value), key=lambda label: (label.value, label.side != "front"))
    counts = {name: dict.fromkeys(SPLITS, 0) for name in [*(label.name for label in notes), BACKGROUND]}
    for row in inspected.rows:
        if row.split in SPLITS:
            counts[parse_label(row.class_name, inspected.currency).name][row.split] += 1
    return counts


def _unreadable(counted: _Counted) -> Iterator[Finding]:
    for row, what in counted.inspected.unreadable:
        yield Finding("unreadable", what, must_fix=True, groups=((row,),))


def _missing(counted: _Counted) -> Iterator[Finding]:
    for name, counts in counted.notes.items():
        if counts["train"] == 0:
            text = f"{name} has no image to train on: take some with `currency-train capture --class {name}`."
            yield Finding("no_images", text, must_fix=True)
    if all(counts["val"] == 0 for counts in counted.notes.values()):
        text = (
            "No image of a note is kept for validation: in folders every fifth take is, "
            "so take each class in at least five takes."
        )
        yield Finding("no_validation", text, must_fix=True)
    else:
        for name, counts in counted.notes.items():
            if counts["train"] and not counts["val"]:
                yield Finding(
                    "no_validation", f"{name} has no image for validation: nothing tells how well it is read."
                )


def _names(counted: _Counted) -> Iterator[Finding]:
    inspected = counted.inspected
    unknown = sorted({row.split for row in inspected.rows} - set(SPLITS))
    for split in unknown:
        rows = [row for row in inspected.rows if row.split == split]
        text = f"{numbered(len(rows), 'label')} of split {split!r} will not be used: a split is {', '.join(SPLITS)}."
        yield Finding("unknown_split", text, must_fix=True)
    for column, words, known in (
        ("kind", {row.kind for row in inspected.rows}, KINDS),
        ("notes_in_image", {row.notes_in_image for row in inspected.rows}, NOTES_IN_IMAGE),
    ):
        for word in sorted(words - set(known)):
            rows = [row for row in inspected.rows if getattr(row, column) == word]
            allowed = ", ".join(name or "empty" for name in known)
            text = f"{numbered(len(rows), 'label')} of {column} {word!r} will not be used: it is {allowed}."
            yield Finding("unknown_word", text, must_fix=True, groups=tuple((row,) for row in rows))
    others = {row.class_name for row in inspected.rows if row.kind in ("photo", "scan")} | set(inspected.empty_folders)
    for name in sorted(others - {BACKGROUND}):
        if parse_label(name, inspected.currency).value:
            continue
        rows = [row for row in inspected.rows if row.class_name == name]
        if name.lower().startswith(inspected.currency):
            text = (
                f"{name} is not a class name, so its {numbered(len(rows), 'image')} would not be learnt from: "
                f"{name_like(name, inspected.currency)}."
            )
            yield Finding("class_name", text, must_fix=True, groups=tuple((row,) for row in rows))
        elif rows:
            images = numbered(len(rows), "image")
            text = f"{name} is no value of {inspected.currency.upper()}: {images} of it count as without a note."
            yield Finding("class_name", text, groups=tuple((row,) for row in rows))


def _few(counted: _Counted) -> Iterator[Finding]:
    numbers = {name: number for name, number in counted.to_learn_from.items() if number}
    for name, number in sorted(numbers.items(), key=lambda item: item[1]):
        if number < IMAGES_PER_CLASS:
            text = f"{name} has {numbered(number, 'image')} to learn from; about {IMAGES_PER_CLASS} are advised."
            yield Finding("few_images", text)
    if numbers and max(numbers.values()) > _MAX_IMBALANCE * min(numbers.values()):
        most, least = max(numbers, key=numbers.__getitem__), min(numbers, key=numbers.__getitem__)
        ratio = numbers[most] / numbers[least]
        text = f"{most} has {ratio:.0f} times as many images as {least}: the rare class will be read less well."
        yield Finding("imbalance", text)


def _background(counted: _Counted) -> Iterator[Finding]:
    rooms = [row for row in counted.inspected.rows if row.kind == "background" and row.split == "train"]
    if not rooms:
        text = (
            "There is no image without a note to train on: put rooms, hands, paper and cards into a class "
            f"named {BACKGROUND}, or take some with `currency-train capture --class {BACKGROUND}`."
        )
        yield Finding("no_background", text, must_fix=True)
        return
    numbers = counted.to_learn_from.values()
    advised = round(BACKGROUND_PER_CLASS * sum(numbers) / max(len(numbers), 1))
    background = counted.classes[BACKGROUND]
    there = background["train"] + background["val"]
    if there < advised:
        text = (
            f"There are {numbered(there, 'image')} without a note to learn from; "
            f"{advised} are advised, {BACKGROUND_PER_CLASS} times an average class."
        )
        yield Finding("few_background", text)


def _ignored(counted: _Counted) -> Iterator[Finding]:
    ignored = counted.inspected.ignored
    if ignored:
        names = ", ".join(path_in(counted.inspected, path) for path in ignored)
        text = (
            f"{numbered(len(ignored), 'file')} will not be read: {names}. "
            "Images lie in a folder per class and are JPEG, PNG, WebP or the like; save others, such as HEIC, as JPEG."
        )
        yield Finding("ignored", text)
