"""Whether the hint for a real photograph is the one that its labelled corners call for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from currency_app.events import Observation
from currency_app.guidance.hints import Framing, FramingSettings
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage
from training.measuring.presentations.hints import HintFigures, hint_figures
from training.simulation.scene.truth import Truth, apparent_aspect, light_inside


class StillsReader(Protocol):
    """A recognizer, or what stands for one."""

    bundle: Bundle
    """What it reads by."""

    def observe_still(self, image: npt.NDArray[np.uint8]) -> Observation:
        """Return what a still, uint8 [h, w, 3] BGR, shows."""
        ...


OF_UNKNOWN_SHAPE = frozenset({"bluebird"})
"""Sources whose photographs were stretched, so that a note's shape in them says nothing about tilt."""


def hints_on_photos(
    recognizer: StillsReader,
    images: Iterable[LabelledImage],
    progress: Callable[..., Any] = lambda items: items,
) -> dict[str, HintFigures]:
    """Return figures by "split source", of the photographs that show one note with labelled corners.

    Photographs that call for no hint count too. Light is measured inside the labelled corners. Nobody has labelled
    blur, what is covered, or what else lies beside a note: all of it is taken for none, and a hint about it for wrong.
    progress: wraps the images, as tqdm does.
    """
    pairs: dict[tuple[str, str], list[tuple[Observation, Truth]]] = {}
    for image in progress(list(images)):
        value = parse_label(image.class_name, recognizer.bundle.currency.lower()).value
        if image.polygon is None or image.notes_in_image != "single" or image.kind != "photo" or value is None:
            continue
        picture = read_image(image.path)
        truth = _truth(image, picture, recognizer.bundle.note_aspect)
        seen = recognizer.observe_still(picture)
        pairs.setdefault((image.split, image.source), []).append((seen, truth))
    return {
        f"{split} {source}": hint_figures(found, _framing(source, recognizer.bundle.note_aspect).assess, every=True)
        for (split, source), found in sorted(pairs.items())
    }


def _framing(source: str, note_aspect: float) -> Framing:
    settings = FramingSettings()
    if source in OF_UNKNOWN_SHAPE:
        settings = replace(settings, tilted=1e-9)
    return Framing(settings=settings, note_aspect=note_aspect)


def _truth(image: LabelledImage, picture: npt.NDArray[np.uint8], note_aspect: float) -> Truth:
    assert image.polygon is not None
    height, width = picture.shape[:2]
    light = light_inside(picture, image.polygon)
    corners = (image.polygon / np.array([width, height])).astype(np.float32)
    if image.source in OF_UNKNOWN_SHAPE:
        note_aspect = apparent_aspect(corners, width / height)
    return Truth(0.0, image.class_name, corners, width / height, note_aspect, light=light)
