"""Minutes without a note, during which the app must stay silent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from currency_app.events import Frame
from training.simulation.scene.face import Face
from training.simulation.scene.grip import SIDES, Hand
from training.simulation.scene.hold import Hold
from training.simulation.scene.material import Material
from training.simulation.scene.motion import HandPath, Sway
from training.simulation.scene.render import HeldObject, draw_frame
from training.simulation.scene.surroundings import Surroundings
from training.simulation.scene.truth import Truth
from training.simulation.starts import good_hold, parked

_SEED = 412
"""Keeps the random numbers apart from those of the other simulations."""


def empty_scene(
    number: int, material: Material, fps: float = 15.0, seconds: float = 60.0
) -> Iterator[tuple[Frame, Truth]]:
    """Yield the frames of a scene without a note of the currency, and their truth.

    Every 4 to 10 seconds it changes to another moving room. In it is nothing, or an empty hand, or a hand with a
    receipt, a card, drawn paper or another country's note; or the view wanders over such a thing instead of a room.
    number: makes the scene differ from all others.
    """
    rng = np.random.default_rng([_SEED, number])
    index = 0
    while index < round(seconds * fps):
        first, act = index, _Act(rng, material)
        while index < round(seconds * fps) and index - first < act.seconds * fps:
            noise = np.random.default_rng([_SEED, number, index])
            picture, truth = draw_frame(act.surroundings, act.held, act.hold, (index - first) / fps, noise)
            yield Frame(picture, index / fps, index), replace(truth, t=index / fps)
            index += 1


class _Act:
    """Some seconds, as many as `seconds` says, in one room."""

    def __init__(self, rng: np.random.Generator, material: Material) -> None:
        self.seconds = float(rng.uniform(4, 10))
        kind = rng.random()
        view = material.lookalike(rng).levels[0][..., :3] if kind > 0.9 else material.room(rng)
        self.surroundings = Surroundings(rng, np.ascontiguousarray(view), liveliness=float(rng.uniform(1, 5)))
        self._sway = Sway(rng)
        faces = [Face(rng, material.lookalike(rng), None)] if kind < 0.5 else []
        side = str(rng.choice(SIDES))
        aspect = faces[0].aspect if faces else material.note_aspect
        hand = Hand(rng, side, aspect, bool(rng.random() < 0.3)) if kind < 0.7 else None
        self.held = HeldObject(faces, hand)
        self._path = HandPath(parked(_anywhere(rng), side, material.note_aspect))
        t = float(rng.uniform(0.2, 1.0))
        while hand and t < self.seconds - 1.5:
            duration = float(rng.uniform(0.3, 1.0))
            self._path.move(t, duration, _anywhere(rng))
            t += duration + float(rng.uniform(0.2, 2.5))
        self._path.move(max(t, self.seconds - 1.0), 0.5, parked(self._path.goal, side, material.note_aspect))

    def hold(self, t: float) -> Hold:
        return self._sway.swayed(self._path.at(t), t)


def _anywhere(rng: np.random.Generator) -> Hold:
    return replace(
        good_hold(rng),
        x=float(rng.normal(0.5, 0.13)),
        y=float(rng.normal(0.5, 0.13)),
        cover=float(np.exp(rng.uniform(np.log(0.08), np.log(0.8)))),
        roll=float(rng.normal(0, 0.35)),
        yaw=float(rng.normal(0, 0.35)),
        pitch=float(rng.normal(0, 0.35)),
        fingers=float(rng.uniform(0.0, 0.4)),
    )
