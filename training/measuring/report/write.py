"""The whole page about a bundle: measured first, then put together and saved at once."""

from __future__ import annotations

import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from currency_app.errors import DataError
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from training.dataset.designs import DesignList, read_design_list
from training.dataset.manifest import LabelledImage, measurable, one_row_per_image
from training.measuring.by_design import learnt_designs
from training.measuring.identified import IdentifiedImage, identify_all, read_readable
from training.measuring.photographs import Figures, figures
from training.measuring.play_money import play_money, shows_play_money
from training.measuring.report import designs, groups, mistakes, sections
from training.measuring.report.cases import Case, notes, without_unreadable
from training.measuring.report.compare import Measured, measure_bundles, must_be_comparable
from training.measuring.report.synthetic import COMPOSITES, composites
from training.measuring.report.tags import PAGE_STYLE, described, paragraph, table
from training.measuring.report.trust import trust
from training.progress import Progress
from training.web_page import PAGE_END, page_start
from training.writable import check_private_page, write_text


@dataclass(frozen=True)
class Summary:
    """What was written."""

    path: Path
    """The page."""
    figures: Figures
    """Its headline figures."""

    def as_text(self) -> str:
        """Return a line for each source, and the path of the page."""
        return f"{self.figures.as_text()}\nWrote {self.path}: it holds small copies of the images, do not publish it."


@dataclass(frozen=True, eq=False)
class _Evidence:
    """All that the page is made of. images: the data folder's rows. measured: the bundle, then those compared."""

    data: Path
    images: Sequence[LabelledImage]
    splits: Sequence[str]
    readable: frozenset[Path]
    measured: Sequence[Measured]
    made_up: Sequence[Case]
    toys: Sequence[IdentifiedImage]
    known_designs: DesignList
    command: str


def write_report(
    target: Path,
    bundle_folder: Path,
    data: Path,
    images: Sequence[LabelledImage],
    splits: Sequence[str],
    compared: Sequence[Path],
    progress: Progress,
    *,
    command: Sequence[str] | None = None,
    made_up: int = COMPOSITES,
) -> Summary:
    """Measure a bundle on the images of these splits and write one HTML page that stands alone.

    Args:
        target: where to write it.
        bundle_folder: folder of the bundle.
        data: the data folder.
        images: every row of the data folder.
        splits: splits of the images to measure on.
        compared: folders of other bundles of the currency to measure beside it.
        progress: wraps what is worked through, as tqdm does.
        command: what the page says it was made by; None for how this program was called.
        made_up: how many pictures of notes held by drawn hands to measure it on too.

    Raises DataError if the page must not be written there, or nothing can be measured; BundleError; ImageError.
    """
    check_private_page(target)
    known = read_design_list(data, load_bundle(bundle_folder).currency.lower())
    to_measure = [image for image in measurable(images, splits) if not shows_play_money(image)]
    if not to_measure:
        raise DataError(f"No image of split {' or '.join(splits)} shows one note or none: name another split.")
    must_be_comparable([bundle_folder, *compared])
    measured = measure_bundles([bundle_folder, *compared], to_measure, progress)
    bundle = measured[0].bundle
    evidence = _Evidence(
        data,
        images,
        splits,
        read_readable(data),
        measured,
        composites(Recognizer(bundle), images, splits, progress, made_up),
        identify_all(Recognizer(bundle), play_money(images), progress),
        known,
        shlex.join(command or [Path(sys.argv[0]).name, *sys.argv[1:]]),
    )
    write_text(target, "\n".join(_page(evidence)))
    identified = [*(case.identified for case in measured[0].cases), *evidence.toys]
    learnt = learnt_designs(bundle, data)
    return Summary(target, figures(identified, bundle.currency.lower(), evidence.readable, learnt))


def _page(evidence: _Evidence) -> Iterator[str]:
    measured = evidence.measured[0]
    bundle, cases = measured.bundle, measured.cases
    title = escape(f"Report on the {bundle.currency} bundle {measured.name}")
    yield page_start(title, PAGE_STYLE)
    yield f"<h1>{title}</h1>"
    yield (
        '<p class="warning"><strong>Do not publish this page.</strong> It holds small copies of the images that it was '
        "measured on: keep it where you would keep those.</p>"
    )
    yield from _origin(evidence)
    yield from sections.headline(cases, evidence.readable)
    if len(evidence.measured) > 1:
        yield from sections.comparison(evidence.measured, evidence.readable)
    kept = without_unreadable(cases, evidence.readable)
    yield from sections.confusions(kept, bundle.values)
    yield from _breakdowns(measured, kept, len(cases) - len(kept), evidence.known_designs)
    yield from designs.learnt(bundle, evidence.known_designs)
    yield from designs.taken_for_money(evidence.toys)
    yield from _made_up(evidence.made_up)
    yield from trust(kept)
    yield from _mistakes(kept, evidence.data)
    yield PAGE_END


def _origin(evidence: _Evidence) -> Iterator[str]:
    bundle = evidence.measured[0].bundle
    training, model = bundle.raw.get("training", {}), bundle.raw.get("model", {})
    thresholds = ", ".join(f"{name} {value}" for name, value in bundle.raw.get("thresholds", {}).items())
    yield "<h2>What was measured</h2>"
    yield described(
        [
            ("Bundle", str(bundle.folder)),
            ("Model's SHA-256", str(model.get("sha256", "not told"))),
            ("Precision", str(model.get("precision", "not told"))),
            ("Recipe", str(training.get("recipe", {}).get("name", "not told"))),
            ("Made on", f"{training.get('date', 'not told')}, code {training.get('code_revision', 'not told')}"),
            ("Thresholds", thresholds),
            ("Images", f"{evidence.data}, splits {', '.join(evidence.splits)}"),
            ("Measured on", datetime.now(UTC).date().isoformat()),
            ("Command", evidence.command),
        ]
    )
    rows = one_row_per_image(evidence.images)
    counts = Counter((image.split, image.kind) for image in rows)
    kinds = sorted({image.kind for image in rows})
    table_rows = [
        [split, *(str(counts[split, kind]) for kind in kinds)] for split in sorted({image.split for image in rows})
    ]
    yield table("Images in the data folder", ["split", *kinds], table_rows)


def _breakdowns(measured: Measured, kept: Sequence[Case], left_out: int, known: DesignList) -> Iterator[str]:
    faces = [label.name for label in measured.bundle.labels if label.value is not None]
    kinds = [
        groups.by_side(),
        groups.by_size(),
        groups.by_light(),
        groups.by_blur(),
        groups.by_rotation(),
        designs.by_design(kept, known),
    ]
    frames = (
        "1 frame that no person could read is" if left_out == 1 else f"{left_out} frames that no person could read are"
    )
    without = f" {frames} left out." if left_out else ""
    with_note = notes(kept)
    yield "<h2>Where it is right and where not</h2>"
    yield paragraph(f"Over {len(with_note)} readable notes of all sources, photographs and scans.{without}")
    yield sections.breakdown(groups.by_class(faces), with_note, prefix="face", level=3, plotted=True)
    for kind in kinds:
        yield sections.breakdown(kind, with_note, prefix=kind.title, level=3)


def _made_up(cases: Sequence[Case]) -> Iterator[str]:
    yield "<h2>Made-up pictures: how much fingers cover</h2>"
    if not cases:
        yield paragraph(
            "Left out: this takes scans of notes in split test_web and backgrounds in split test, and both splits "
            "measured."
        )
        return
    faces = sorted({case.label.name for case in cases})
    yield paragraph(
        f"These are no photographs. {len(cases)} pictures were put together of scans of split test_web, by faces in "
        f"equal shares ({', '.join(faces)}), backgrounds of split test and drawn hands, and seen through a made-up "
        "webcam that can spoil them more than a person could read. So compare their groups with each other, not with "
        "the photographs' figures."
    )
    yield sections.breakdown(groups.by_cover(), cases, prefix="cover", level=3, plotted=True)
    yield sections.breakdown(groups.by_size(), cases, prefix="made-up-size", level=3)
    yield sections.breakdown(groups.by_rotation(), cases, prefix="made-up-rotation", level=3)


def _mistakes(kept: Sequence[Case], data: Path) -> Iterator[str]:
    shown = mistakes.worst(kept)
    yield f"<h2>The worst {len(shown)} answers</h2>" if shown else "<h2>The worst answers</h2>"
    if not shown:
        yield paragraph("Everything was right, and every note would be said.")
        return
    yield paragraph(
        "Wrong values first, then notes taken for none, the surest first; after these right values that would not be "
        "said, the least sure first. Green is where the note was found, with a red dot at its top left corner."
    )
    yield mistakes.pictures(shown, data)
