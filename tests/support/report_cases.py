"""Cases of the report, made by hand: an image of 200x100 pixels and what a bundle answers to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from currency_app.events import Observation
from currency_app.identify import Identified
from tests.support.observations import CENTRED, seen
from training.dataset.manifest import LabelledImage
from training.measuring.identified import IdentifiedImage
from training.measuring.report.cases import Case

SIZE = (200, 100)


def case(
    name: str = "usd_20_front",
    observation: Observation | None = None,
    *,
    spoken: bool = False,
    path: str = "a.png",
    source: str = "me",
    split: str = "test",
    polygon: npt.NDArray[np.float32] | None = None,
    hidden: float | None = None,
    series: str = "",
) -> Case:
    kind = "photo" if name.startswith("usd") else "background"
    image = LabelledImage(Path(path), kind, source, name, split, polygon, "single", series)
    return Case(IdentifiedImage(image, Identified(observation or twenty(), spoken, None), SIZE), "usd", hidden)


def twenty(
    chance: float = 0.99,
    corners: npt.NDArray[np.float32] = CENTRED,
    light: float = 120.0,
    sharpness: float = 500.0,
) -> Observation:
    return seen(0, {20: chance}, corners=corners, light=light, sharpness=sharpness)
