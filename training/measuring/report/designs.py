"""The page's parts on designs that the bundle has learnt, and on play money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from currency_app.recognition.bundle import Bundle
from training.dataset.designs import (
    MIN_KNOWN,
    DesignList,
    counts_from_json,
    design_name,
    design_table,
    missing_designs,
    missing_in_words,
)
from training.measuring.identified import IdentifiedImage
from training.measuring.play_money import play_money_figures
from training.measuring.report.cases import Case, notes
from training.measuring.report.groups import Breakdown
from training.measuring.report.tags import paragraph, table


def learnt(bundle: Bundle, known: DesignList) -> Iterator[str]:
    """Yield the part on what the bundle says that it has learnt. known: the currency's list of designs."""
    yield "<h2>Designs that it has learnt</h2>"
    counts = counts_from_json(bundle.raw.get("designs"))
    if not counts:
        yield paragraph("The bundle does not say it: it is from before November 2026.")
        return
    missing = missing_designs(counts, known, bundle.values)
    without = (
        f" Not learnt: {missing_in_words(missing)}. Such a note may be taken for another value." if missing else ""
    )
    yield paragraph(
        f"A design counts as learnt from {MIN_KNOWN} training images on, both sides of a note together.{without}"
    )
    yield table("Training images by face and design, and after a slash their sources", *design_table(counts, known))


def by_design(cases: Sequence[Case], known: DesignList) -> Breakdown:
    """Divide by value and design. cases: those that will be divided."""
    designs = known.ordered(case.identified.image.series for case in cases)
    found = {(case.true or 0, case.identified.image.series) for case in notes(cases)}
    names = [design_name(*one) for one in sorted(found, key=lambda one: (one[0], designs.index(one[1])))]
    return Breakdown("design", "", tuple(names), lambda case: design_name(case.true or 0, case.identified.image.series))


def taken_for_money(toys: Sequence[IdentifiedImage]) -> Iterator[str]:
    """Yield the part on play money, whatever its split; nothing without any."""
    found = play_money_figures(toys)
    if not found:
        return
    yield "<h2>Play money</h2>"
    yield paragraph(
        "Novelty notes, and notes for games and films, of every split: a bundle may have learnt to refuse those of "
        "train. It is not promised that play money is told from money."
    )
    rows = [[name, str(figures.n), figures.in_words()] for name, figures in found.items()]
    yield table("Play money by split and source", ["source", "n", "value given"], rows)
