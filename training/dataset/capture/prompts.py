"""What to ask of whoever holds the note, read from `prompts_en.toml`, and when to ask the next thing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from itertools import cycle

from training.dataset.labels import BACKGROUND

_USUAL_S = 7.0
_ROUND = 50
_LAST_ROUND = (25, 10)


@dataclass(frozen=True)
class Prompt:
    """One thing to do. seconds: of source time, how long to do it."""

    text: str
    seconds: float


@dataclass(frozen=True)
class PromptPlan:
    """Everything that is said while pictures are taken. texts: by name, with {count} to be filled in."""

    prompts: tuple[Prompt, ...]
    texts: dict[str, str]

    def text(self, name: str, count: int = 0) -> str:
        """One of the texts beside the prompts."""
        return self.texts[name].format(count=count)

    def fixed_texts(self) -> list[str]:
        """What is sure to be said, the soonest first, for a voice to make ready."""
        return [prompt.text for prompt in self.prompts]


def read_plan(class_name: str) -> PromptPlan:
    """The plan for a note, or for pictures without one."""
    data = tomllib.loads((resources.files(__package__) / "prompts_en.toml").read_text(encoding="utf-8"))
    chosen = data["background" if class_name == BACKGROUND else "note"]
    return PromptPlan(tuple(Prompt(one["text"], float(one.get("seconds", _USUAL_S))) for one in chosen), data["texts"])


class Prompter:
    """Walks through a plan, again and again.

    A number of pictures left is told together with the next prompt, which then comes early: a voice says one thing at
    a time, and neither must cut the other off. begun: seconds of source time at which the prompt of now was given.
    """

    def __init__(self, plan: PromptPlan, count: int) -> None:
        self.begun = 0.0
        self._plan = plan
        self._prompts = cycle(plan.prompts)
        self._until: float | None = None
        self._untold = [number for number in _round_numbers(count) if number < count]
        self._count = count

    def update(self, t: float, left: int) -> str | None:
        """What to say at t seconds of source time with so many pictures left, None for nothing new."""
        said = []
        if self._until is None:
            said.append(self._plan.text("start", self._count))
        elif self._untold and left <= self._untold[0]:
            self._untold.pop(0)
            said.append(self._plan.text("left", left))
        elif t < self._until:
            return None
        prompt = next(self._prompts)
        self.begun, self._until = t, t + prompt.seconds
        return ". ".join([*said, prompt.text])


def _round_numbers(count: int) -> list[int]:
    return sorted({*range(_ROUND, count, _ROUND), *_LAST_ROUND}, reverse=True)
