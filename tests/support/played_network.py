"""A recognizer whose network answers with what was played to it: softmax outputs, and corners with a share in view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners
from currency_app.events import Frame, Observation
from currency_app.recognition.recognizer import Recognizer
from currency_app.recognition.second_look import SecondLook
from currency_app.testing import FakeNetwork
from tests.support.observations import box, bundle_of

VALUES = (5, 20)
"""Of the currency: the outputs are 5 front, 5 back, 20 front, 20 back, background."""
TWICE = SecondLook(margin=0.1, min_note_probability=0.2, first_weight=0.5, closer_weight=1.5)
EVEN = box(1 / 12, 1 / 12, 11 / 12, 11 / 12)
"""Where the note lies in a closer look if the corners it went by were exact."""
BLANK = np.zeros((120, 160, 3), np.uint8)


def observe(recognizer: Recognizer, image: npt.NDArray[np.uint8]) -> Observation:
    """What a still shows."""
    return recognizer.observe_still(image)


def film(recognizer: Recognizer, *images: npt.NDArray[np.uint8], fps: float = 15.0) -> list[Observation]:
    """What the frames of a film show."""
    return [recognizer.observe(Frame(image, index / fps, index)) for index, image in enumerate(images)]


def place(corners: Corners, in_view: float = 0.9) -> list[float]:
    """The second output of a network."""
    return [*corners.ravel().tolist(), in_view]


def watched(
    *played: tuple[npt.ArrayLike, npt.ArrayLike], rule: SecondLook | None = TWICE, fit: str = "stretch"
) -> tuple[Recognizer, FakeNetwork]:
    """A recognizer that looks for no other notes and for no far ones, and its network."""
    network = FakeNetwork(played)
    bundle = replace(bundle_of(VALUES, fit=fit, size=(96, 96)), second_look=rule, temperature=2.0)
    return Recognizer(bundle, network=network, others=False, search=False), network


def corners_of(seen: Observation) -> Corners:
    assert seen.corners is not None
    return seen.corners
