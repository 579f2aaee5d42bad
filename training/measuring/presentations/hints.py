"""Whether the hint that the framing finds in a frame is the one that its true geometry calls for."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from currency_app.events import OPPOSITE, HintKind, Observation
from currency_app.guidance.hints import Framing
from training.simulation.scene.truth import Truth, hint_called_for, hints_allowed

MIN_IN_VIEW = 0.25
"""Share of the note. If less is in the frame, nobody can say where the note is, and no hint is asked for."""


@dataclass(frozen=True)
class HintFigures:
    """How often the right hint was found."""

    frames: int
    """How many frames were counted: see `hint_figures`."""
    right: int
    """In how many the hint found is one of those allowed: see `hints_allowed`."""
    exactly: int
    """In how many it is the very one that the limits call for."""
    reversed: int
    """In how many it is the opposite of that."""
    confusions: tuple[tuple[str, str, int], ...]
    """Hint called for, hint found, and how often, of those not right; the most frequent first."""

    @property
    def share(self) -> float:
        """Share of the frames that are right, 0..1; 1 without any."""
        return self.right / self.frames if self.frames else 1.0

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --presentations --json` writes."""
        return {
            "frames": self.frames,
            "right": self.right,
            "right_share": round(self.share, 4),
            "exactly": self.exactly,
            "reversed": self.reversed,
            "confusions": [list(confusion) for confusion in self.confusions],
        }

    def as_text(self) -> str:
        """Return one line to read."""
        exactly = self.exactly / self.frames if self.frames else 1.0
        worst = ", ".join(f"{found} for {called} {n}" for called, found, n in self.confusions[:4])
        return f"{self.share:.1%} right of {self.frames} ({exactly:.1%} to the letter), {self.reversed} reversed" + (
            f"; most often {worst}" if worst else ""
        )


HintFinder = Callable[[Observation], HintKind | None]
"""Returns the hint that an observation calls for, if any."""


def hint_over_time(make: Callable[[], Framing]) -> HintFinder:
    """Return a finder for the frames of films, one after the other; each film gets a new framing from `make`."""
    framing, last_t = make(), -math.inf

    def found(observation: Observation) -> HintKind | None:
        nonlocal framing, last_t
        if observation.t <= last_t:
            framing = make()
        last_t = observation.t
        framing.update(observation)
        return framing.leading

    return found


def hint_figures(
    frames: Iterable[tuple[Observation, Truth]], find: HintFinder, *, settle_s: float = 0.0, every: bool = False
) -> HintFigures:
    """Return the figures of frames.

    Args:
        frames: in the order of their time; a film begins when the time goes back.
        find: finds the hint of a frame: `Framing.assess` for pictures, `hint_over_time` for films.
        settle_s: leave out the first seconds for which a hint is called for, because the app is no faster either.
        every: also count frames that call for no hint, in which none is right.
    """
    count = right = exactly = backwards = 0
    confusions: Counter[tuple[str, str]] = Counter()
    before: Truth | None = None
    since, last = 0.0, None
    for observation, truth in frames:
        called, found = hint_called_for(truth), find(observation)
        if before is None or truth.t <= before.t or called is not last:
            since, last = truth.t, called
        before = truth
        if truth.corners is None or truth.in_view < MIN_IN_VIEW or truth.t - since < settle_s - 1e-6:
            continue
        allowed = hints_allowed(truth)
        if None in allowed and not every:
            continue
        count += 1
        right += found in allowed
        exactly += found is called
        backwards += called is not None and found is not None and OPPOSITE.get(called) is found
        if found not in allowed:
            confusions[_name(called), _name(found)] += 1
    return HintFigures(count, right, exactly, backwards, tuple((*names, n) for names, n in confusions.most_common()))


def _name(kind: HintKind | None) -> str:
    return "none" if kind is None else kind.value
