"""The network beside its peers: what runs the comparison is a plug-in, for the app imports none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from itertools import islice
from typing import Any, Protocol

import numpy as np

from currency_app.arrays import Image
from currency_app.benchmarking.instructions import cpu_features, describe_features
from currency_app.camera.base import Source
from currency_app.errors import CurrencyAppError, SourceError
from currency_app.events import Frame
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.preprocessing import fit_picture
from currency_app.timing.processor import cpu_name

ENTRY_POINTS = "currency_app.comparison"
"""The group of entry points of which the first is a `Compare`. `training` offers one; see pyproject.toml."""
_PICTURES = 16
"""Pictures that every peer runs on: more than any cache holds. Chosen by hand."""
_FROM_FRAMES = 200
"""First frames of the source among which they are: 13 seconds of the drawn scene, in which two notes come and go."""


class Comparison(Protocol):
    """What was found."""

    @property
    def holds(self) -> bool:
        """Whether the network is as much faster than the usual way to run it as the app promises."""
        ...

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        ...

    def as_text(self) -> str:
        """Return it for a person."""
        ...


class Compare(Protocol):
    """Times a bundle's network beside its peers."""

    def __call__(self, bundle: Bundle, pictures: Sequence[Image], threads: int) -> Comparison:
        """Run the comparison.

        pictures: uint8 [height, width, 3] RGB, as the network takes them. threads: of each peer.
        """
        ...


@dataclass(frozen=True)
class ComparedPeers:
    """A comparison, and what it was made on."""

    cpu: str
    """The processor's name."""
    cpu_features: tuple[str, ...]
    """See `instructions.cpu_features`."""
    source: str
    """Where the pictures are from."""
    pictures: int
    """How many there were."""
    comparison: Comparison
    """What was found."""

    def as_json(self) -> dict[str, Any]:
        """Return what `benchmark --compare --json` writes."""
        return {
            "cpu": self.cpu,
            "cpu_features": list(self.cpu_features),
            "source": self.source,
            "pictures": self.pictures,
            **self.comparison.as_json(),
        }

    def as_text(self) -> str:
        """Return it for a person."""
        lines = [f"CPU: {self.cpu}", describe_features(self.cpu_features)]
        lines.append(f"{self.pictures} pictures of: {self.source}")
        return "\n".join([*lines, self.comparison.as_text()])


def compare_peers(bundle: Bundle, source: Source, threads: int, compare: Compare | None = None) -> ComparedPeers:
    """Run a comparison on frames of a source, spread over its first seconds; close the source.

    compare: runs it, in place of what is installed. Raises CurrencyAppError if nothing is installed that does, and
    SourceError if the source gives no picture.
    """
    try:
        run = compare or _installed()
        frames = list(islice(_frames(source), _FROM_FRAMES))
    finally:
        source.close()
    if not frames:
        raise SourceError(f"{source.name} gives no picture to be timed on. Give another source.")
    places = np.unique(np.linspace(0, len(frames) - 1, _PICTURES).astype(int))
    pictures = [fit_picture(frames[place].image, bundle)[0] for place in places]
    found = run(bundle, pictures, threads)
    return ComparedPeers(cpu_name(), cpu_features(), source.name, len(pictures), found)


def _installed() -> Compare:
    for point in entry_points(group=ENTRY_POINTS):
        compare: Compare = point.load()
        return compare
    raise CurrencyAppError("What compares is not installed: in the clone, pip install '.[bench]', then try again.")


def _frames(source: Source) -> Iterator[Frame]:
    return (event for event in source.events() if isinstance(event, Frame))
