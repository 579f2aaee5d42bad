"""What the frames so far say about the note in view: a forward filter over values and sides.

The states are those of a hidden Markov model: "no note", and every side of every value. Each frame moves the belief in
them in three steps.

1. Time passes: a note may have come, gone, or been turned over (the model's transitions). Another value in place of the
   first is not among them: hands need time for that, and during it there is no note.
2. The past fades: the belief is flattened towards "anything is possible" with a time constant of `memory_s`.
3. The frame counts: the belief is multiplied by the network's calibrated probabilities, raised to a power.

Frames of one note are alike: thirty blurred ones are not thirty witnesses. So the power is such that an endless row of
equal frames is worth `gain` of them and no more, however many there were. What a single frame cannot tell does not
become sure by repeating it. A frame in which the note is blurred or half hidden counts less.

The forward recursion is that of Rabiner, "A Tutorial on Hidden Markov Models", Proc. IEEE 77, 1989. A classifier's
probabilities take the place of likelihoods as in Bourlard and Morgan, "Connectionist Speech Recognition", 1994.
Flattening the past is exponential forgetting: Kulhavy and Zarrop, "On a general concept of forgetting", Int. J. Control
58, 1993.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from currency_app.recognition.bundle import NoteLabel

_INITIAL_BELIEF = 1e-3
"""Belief in each side of each value before the first frame, against 1 for no note. Chosen by hand."""


@dataclass(frozen=True)
class BeliefSettings:
    """How frames add up."""

    memory_s: float = 0.2
    """Seconds after which a frame counts for 1/e of what it did."""
    gain: float = 1.2
    """How many independent frames an endless row of equal ones is worth."""
    misread: float = 0.005
    """Probability, 0..1, that a frame says nothing about the note."""
    come_per_s: float = 0.1
    """How often a note comes, per second."""
    go_per_s: float = 0.1
    """How often a note goes, per second."""
    turn_per_s: float = 0.1
    """How often a note is turned over, per second."""
    longest_step_s: float = 0.2
    """Seconds: a longer time without frames counts as this long, so that one frame after a pause is not enough
    alone."""


class Belief:
    """The filter. Feed it frames in the order of their time.

    labels: the network's outputs, the background last.
    """

    def __init__(self, labels: Sequence[NoteLabel], settings: BeliefSettings | None = None) -> None:
        self.settings = settings or BeliefSettings()
        self.values = tuple(sorted({label.value for label in labels if label.value is not None}))
        """The values in the order of `by_value`, ascending."""
        rows = [len(self.values) if label.value is None else self.values.index(label.value) for label in labels]
        self._sums = np.zeros((len(self.values) + 1, len(labels)))
        self._sums[rows, range(len(labels))] = 1.0
        self._is_note = np.array([label.value is not None for label in labels])
        self._rates = self._transitions()
        self._state = np.where(self._is_note, _INITIAL_BELIEF, 1.0)
        self._state /= self._state.sum()

    @property
    def by_value(self) -> npt.NDArray[np.float64]:
        """The belief in each value, both sides summed up, and last in no note.

        float64 [values + 1], sums to 1.
        """
        return np.asarray(self._sums @ self._state)

    def update(self, probabilities: npt.NDArray[np.float32], weight: float, seconds: float) -> None:
        """Take one more frame.

        Args:
            probabilities: float32 [labels], calibrated.
            weight: 0..1, how well the note could be seen.
            seconds: since the frame before.
        """
        settings = self.settings
        step = min(max(seconds, 0.0), settings.longest_step_s)
        decay = math.exp(-step / settings.memory_s)
        likelihood = (1 - settings.misread) * probabilities.astype(np.float64) + settings.misread / len(probabilities)
        predicted = self._state + step * (self._rates @ self._state)
        logs = decay * np.log(predicted) + settings.gain * (1 - decay) * weight * np.log(likelihood)
        powers = np.exp(logs - logs.max())
        self._state = powers / powers.sum()

    def _transitions(self) -> npt.NDArray[np.float64]:
        """Return the rates per second, float64 [labels, labels], to and from: each column sums to 0."""
        settings = self.settings
        same_value = self._sums.T @ self._sums
        turns = settings.turn_per_s * (same_value - np.eye(len(self._is_note))) * self._is_note
        comes = settings.come_per_s * np.outer(self._is_note, ~self._is_note) / self._is_note.sum()
        goes = settings.go_per_s * np.outer(~self._is_note, self._is_note) / (~self._is_note).sum()
        rates = turns + comes + goes
        return np.asarray(rates - np.diag(rates.sum(axis=0)))
