"""Closed loop: a virtual user makes frames for the app, and hears what it says of them."""

from __future__ import annotations

import math

import numpy as np

from currency_app.events import Frame, HintKind
from training.dataset.labels import parse_label
from training.simulation.scene.face import Face
from training.simulation.scene.grip import SIDES, Hand
from training.simulation.scene.material import Material
from training.simulation.scene.render import HeldObject, draw_frame
from training.simulation.scene.surroundings import Surroundings
from training.simulation.scene.truth import Truth
from training.simulation.starts import Start
from training.simulation.user import VirtualUser

_SEED = 414
"""Keeps the random numbers apart from those of the other simulations."""


class ClosedLoop:
    """One note shown by one virtual user, who hears the app.

    A loop, with times in seconds, is

        for index in count():
            frame, truth = loop.frame(index / fps)
            loop.hear(hint, value, frame.t)  # whatever the app said at this frame, both None most of the time
            if loop.done: break

    class_name: of the side that is shown first. value: what the note is worth. user: who shows it.

    Args:
        number: makes it differ from all others; guided or not, the note, the room and the first hold are the same.
        material: notes and rooms.
        guided: see `VirtualUser`.
        mirror_left: see `VirtualUser`.
        class_name: of the side that is shown first; None to choose by the number.
        start: see `VirtualUser`.
    """

    def __init__(
        self,
        number: int,
        material: Material,
        *,
        guided: bool = True,
        mirror_left: bool = True,
        class_name: str | None = None,
        start: Start | None = None,
    ) -> None:
        rng = np.random.default_rng([_SEED, number])
        name = class_name or material.classes[int(rng.integers(len(material.classes)))]
        other = material.other_side(name)
        self._surroundings = Surroundings(rng, material.room(rng))
        faces = [Face(rng, material.note(rng, one), one) for one in (name, other) if one]
        side = str(rng.choice(SIDES, p=[0.6, 0.2, 0.2]))
        self.class_name = name
        self.value = parse_label(name, material.currency).value
        self.user = VirtualUser(
            number,
            self.value,
            side,
            guided=guided,
            mirror_left=mirror_left,
            sides=len(faces),
            start=start,
            note_aspect=material.note_aspect,
        )
        roll = round(self.user.hold(1.0).roll / math.pi) * math.pi
        covering = self.user.start is Start.FINGERS or bool(rng.random() < 0.2)
        self._held = HeldObject(faces, Hand(rng, side, faces[0].aspect, covering, roll))
        self._number, self._index, self._t = number, 0, 0.0

    def frame(self, t: float) -> tuple[Frame, Truth]:
        """Return what the camera sees at t seconds, and its truth. To be called in the order of time."""
        self.user.act(t)
        rng = np.random.default_rng([_SEED, self._number, self._index])
        picture, truth = draw_frame(self._surroundings, self._held, self.user.hold, t, rng, self.user.side(t))
        self._t, self._index = t, self._index + 1
        return Frame(picture, t, self._index - 1), truth

    def hear(self, kind: HintKind | None, value: int | None, t: float) -> None:
        """Hear what the app said at t seconds: a hint, a value as sure, or neither."""
        self.user.hear(kind, value, t)

    @property
    def done(self) -> bool:
        """Whether the right value was heard, or the user gave up, at the last frame."""
        return self.user.done(self._t)
