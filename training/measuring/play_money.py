"""What is said of play money: novelty notes, and notes printed for games and films."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from training.dataset.manifest import LabelledImage, one_row_per_image
from training.measuring.identified import IdentifiedImage

PLAY_MONEY = "play_money"
"""Class name of novelty and play notes. They count as images without a note, but are listed by themselves."""


@dataclass(frozen=True)
class PlayMoneyFigures:
    """Novelty and play notes of one split and source."""

    n: int
    """How many images there are."""
    spoken: Mapping[int, int]
    """Of how many each value would be spoken as sure."""

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --json` writes of them."""
        return {
            "n": self.n,
            "given": sum(self.spoken.values()),
            "given_as": {str(v): n for v, n in self.spoken.items()},
        }

    def in_words(self) -> str:
        """Return how many are spoken, and as what: "3, as 1 (2), 100 (1)"."""
        values = ", ".join(f"{value} ({n})" for value, n in self.spoken.items())
        return f"{sum(self.spoken.values())}{f', as {values}' if values else ''}"


def play_money(images: Sequence[LabelledImage]) -> list[LabelledImage]:
    """Return the images of play money, whatever their split: there are too few to keep some back."""
    return one_row_per_image(image for image in images if shows_play_money(image))


def shows_play_money(image: LabelledImage) -> bool:
    """Whether an image is labelled as a novelty or play note."""
    return image.class_name == PLAY_MONEY


def play_money_figures(items: Iterable[IdentifiedImage]) -> dict[str, PlayMoneyFigures]:
    """Return what is said of play money among some images, by "split source"."""
    groups: dict[str, list[IdentifiedImage]] = {}
    for item in items:
        if shows_play_money(item.image):
            groups.setdefault(f"{item.image.split} {item.image.source}", []).append(item)
    return {
        name: PlayMoneyFigures(
            len(group),
            dict(sorted(Counter(i.found.observation.value or 0 for i in group if i.found.spoken).items())),
        )
        for name, group in sorted(groups.items())
    }
