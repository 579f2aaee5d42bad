"""Open loop: a note is shown along a fixed path, whatever the app says."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from currency_app.events import Frame
from training.simulation.empty import empty_scene
from training.simulation.moved import moved_photo
from training.simulation.scene.face import Face
from training.simulation.scene.grip import SIDES, Hand
from training.simulation.scene.hold import Hold
from training.simulation.scene.material import Material
from training.simulation.scene.motion import HandPath, Sway
from training.simulation.scene.render import HeldObject, draw_frame
from training.simulation.scene.surroundings import Surroundings
from training.simulation.scene.truth import Truth
from training.simulation.starts import READABLE_STARTS, Start, good_hold, parked, wrong_hold

__all__ = ["LENGTH_S", "Presentation", "empty_scene", "moved_photo", "play", "presentations"]

LENGTH_S = 4.0
"""Seconds that a presentation lasts, rooms and all."""

_SEED = 411
"""Keeps the random numbers apart from those of the other simulations."""


@dataclass(frozen=True)
class Presentation:
    """One note shown once."""

    number: int
    """Makes it differ from all others; with the same material it always gives the same frames."""
    class_name: str | None
    """Class of the side that is shown first; None = something that is no note of the currency."""
    start: Start
    """How it is held at first."""
    corrected: bool = True
    """Whether it is ever held better."""


def presentations(count: int, material: Material, seed: int = 0) -> list[Presentation]:
    """Return so many presentations, every class and every start equally often; some never become readable."""
    rng = np.random.default_rng([_SEED, seed, 0])
    order = rng.permutation(len(material.classes))
    classes = [material.classes[int(index)] for index in order]
    starts = [Start(name) for name in rng.permutation([start.value for start in Start])]
    made = []
    for index in range(count):
        # After each round of the classes the starts are shifted, or some pairs would never meet.
        start = starts[(index + index // len(classes)) % len(starts)]
        corrected = start in READABLE_STARTS or bool(rng.random() > 0.12)
        made.append(Presentation(seed * 100_000 + index, classes[index % len(classes)], start, corrected))
    return made


def play(presentation: Presentation, material: Material, fps: float = 15.0) -> Iterator[tuple[Frame, Truth]]:
    """Yield the frames of a presentation and their truth.

    A room; the note comes in, is held better and still, and goes; the room.
    """
    rng = np.random.default_rng([_SEED, 1, presentation.number])
    surroundings = Surroundings(rng, material.room(rng))
    held = _held(rng, presentation, material)
    script = _Script(rng, presentation, held, material.note_aspect)
    for index in range(round(LENGTH_S * fps)):
        t = index / fps
        noise = np.random.default_rng([_SEED, 2, presentation.number, index])
        picture, truth = draw_frame(surroundings, held, script.hold, t, noise, script.side(t))
        yield Frame(picture, t, index), truth


def _held(rng: np.random.Generator, presentation: Presentation, material: Material) -> HeldObject:
    name = presentation.class_name
    if name is None:
        faces = [Face(rng, material.lookalike(rng), None)]
    else:
        other = material.other_side(name)
        shown = [name, other] if other and rng.random() < 0.25 else [name]
        faces = [Face(rng, material.note(rng, one), one) for one in shown]
    return HeldObject(faces, hand_for(rng, faces, presentation.start))


def hand_for(rng: np.random.Generator, faces: Sequence[Face], start: Start) -> Hand:
    """Return a hand for a thing of one face or two, that can do what a start asks of it."""
    roll = math.pi if start is Start.UPSIDE_DOWN else 0.0
    covering = start is Start.FINGERS or bool(rng.random() < 0.2)
    side = str(rng.choice(SIDES, p=[0.6, 0.2, 0.2]))
    return Hand(rng, side, faces[0].aspect, covering, roll)


class _Script:
    """The path of one presentation. Times are seconds."""

    def __init__(
        self, rng: np.random.Generator, presentation: Presentation, held: HeldObject, note_aspect: float
    ) -> None:
        self._sway = Sway(rng)
        start, hand = presentation.start, held.hand
        good = good_hold(rng)
        if start is Start.UPSIDE_DOWN:
            good = wrong_hold(rng, start, good, note_aspect)
        wrong = good if start in READABLE_STARTS else wrong_hold(rng, start, good, note_aspect)
        side = hand.side if hand else "below"
        self._path = HandPath(parked(wrong, side, note_aspect))
        t = float(rng.uniform(0.3, 0.8))
        duration = float(rng.uniform(0.3, 0.5))
        self._path.move(t, duration, wrong)
        t += duration
        if wrong is not good and presentation.corrected:
            t += float(rng.uniform(0.0, 0.4))
            duration = float(rng.uniform(0.5, 1.1))
            self._path.move(t, duration, good)
            t += duration
        leaves = LENGTH_S - float(rng.uniform(0.55, 0.75))
        self._turned = math.inf
        if len(held.faces) > 1 and (presentation.corrected or wrong is good):
            self._turn_over(rng, t + 0.5 * (leaves - t), good)
        self._path.move(leaves, float(rng.uniform(0.3, 0.4)), parked(self._path.goal, side, note_aspect))

    def _turn_over(self, rng: np.random.Generator, t: float, good: Hold) -> None:
        sign, quarter = float(rng.choice([-1.0, 1.0])), float(rng.uniform(0.18, 0.28))
        self._turned = t + quarter
        self._path.move(t, quarter, replace(good, yaw=sign * math.pi / 2))
        self._path.move(self._turned, 0.0, replace(good, yaw=-sign * math.pi / 2))
        self._path.move(self._turned, quarter, replace(good, yaw=float(rng.normal(0, 0.15))))

    def hold(self, t: float) -> Hold:
        return self._sway.swayed(self._path.at(t), t)

    def side(self, t: float) -> int:
        return int(t >= self._turned)
