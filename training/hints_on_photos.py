"""Whether the hint for a real photograph is the one that its labelled corners call for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.bundle import Bundle
from currency_app.events import Frame, HintKind
from currency_app.framing import Framing, FramingSettings
from currency_app.images import read_image
from currency_app.recognizer import FrameReader
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage
from training.simulation.truth import Truth, hint_called_for, hints_allowed

OF_UNKNOWN_SHAPE = frozenset({"bluebird"})
"""Sources whose photographs were stretched, so that a note's shape in them tells nothing."""
_OPPOSITES = (
    frozenset({HintKind.MOVE_LEFT, HintKind.MOVE_RIGHT}),
    frozenset({HintKind.MOVE_UP, HintKind.MOVE_DOWN}),
)


class BundleReader(FrameReader, Protocol):
    """What reads frames by a bundle: a `Recognizer`, or a fake of one."""

    @property
    def bundle(self) -> Bundle:
        """By which it reads."""
        ...


@dataclass(frozen=True)
class HintFigures:
    """Photographs of one source whose note has labelled corners.

    n: how many. right: with the very hint that their corners call for. allowed: with it, or one that is right where
    what is within measurement of its limit may be called either way. not_seen: where no note was seen.
    called_for, right_of_those: those for which some hint is called for, and with the very one.
    reversed: with a direction opposite to the one called for. given: how often which hint, by (called for, given).
    """

    n: int
    right: int
    allowed: int
    not_seen: int
    called_for: int
    right_of_those: int
    reversed: int
    given: Mapping[tuple[str, str], int]


def hints_on_photos(
    recognizer: BundleReader,
    images: Iterable[LabelledImage],
    progress: Callable[..., Any] = lambda items: items,
) -> dict[str, HintFigures]:
    """Figures by "split source", of the images that show one note with labelled corners. progress: as tqdm does.

    Light is measured inside the labelled corners. Nobody has labelled blur, what is covered, or what else lies beside
    a note: all of it is taken for none, and a hint about it for wrong.
    """
    pairs: dict[str, list[tuple[HintKind | None, HintKind | None, bool, bool]]] = {}
    for image in progress(list(images)):
        currency = recognizer.bundle.currency.lower()
        if image.polygon is None or image.notes_in_image != "single" or image.kind != "photo":
            continue
        if parse_label(image.class_name, currency).value is None:
            continue
        picture, aspect = read_image(image.path), recognizer.bundle.note_aspect
        stretched = image.source in OF_UNKNOWN_SHAPE
        framing = Framing(settings=replace(FramingSettings(), tilted=1e-9 if stretched else FramingSettings.tilted),
                          note_aspect=aspect)  # fmt: skip
        seen = recognizer.observe(Frame(picture, 0.0, 0))
        given, truth = framing.assess(seen), _truth(image, picture, aspect)
        wanted = hint_called_for(truth)
        if stretched and wanted is HintKind.TILTED:  # the last of those that can be called for here
            wanted = None
        fine = given == wanted or given in hints_allowed(truth)
        pairs.setdefault(f"{image.split} {image.source}", []).append((wanted, given, fine, seen.corners is None))
    return {name: _figures(found) for name, found in sorted(pairs.items())}


def _truth(image: LabelledImage, picture: npt.NDArray[np.uint8], note_aspect: float) -> Truth:
    assert image.polygon is not None
    height, width = picture.shape[:2]
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [np.round(np.clip(image.polygon, -30000, 30000)).astype(np.int32)], 1)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    light = cv2.mean(grey, inside)[0] if inside.any() else float(grey.mean())
    corners = (image.polygon / np.array([width, height])).astype(np.float32)
    return Truth(0.0, image.class_name, corners, width / height, note_aspect, light=light)


def _figures(found: list[tuple[HintKind | None, HintKind | None, bool, bool]]) -> HintFigures:
    called = [(wanted, given) for wanted, given, _, _ in found if wanted is not None]
    return HintFigures(
        n=len(found),
        right=sum(wanted == given for wanted, given, _, _ in found),
        allowed=sum(fine for _, _, fine, _ in found),
        not_seen=sum(missing for _, _, _, missing in found),
        called_for=len(called),
        right_of_those=sum(wanted == given for wanted, given in called),
        reversed=sum(wanted != given and frozenset({wanted, given}) in _OPPOSITES for wanted, given in called),
        given=Counter((_name(wanted), _name(given)) for wanted, given, _, _ in found),
    )


def _name(kind: HintKind | None) -> str:
    return "none" if kind is None else kind.value
