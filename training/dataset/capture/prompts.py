"""What to ask of whoever holds the note, read from `prompts_en.toml`, and when to ask the next thing."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from itertools import cycle

from training.dataset.labels import BACKGROUND

_DEFAULT_S = 7.0
"""Seconds that a prompt lasts if its file does not say; chosen by hand."""
_COUNTDOWN_STEP = 50
"""The pictures left are announced at every multiple of this; chosen by hand."""
_LAST_COUNTS = (25, 10)
"""Numbers of pictures left that are announced near the end; chosen by hand."""


@dataclass(frozen=True)
class Prompt:
    """One thing to do."""

    text: str
    """What is spoken."""
    seconds: float
    """How long to do it, seconds of source time."""


@dataclass(frozen=True)
class PromptPlan:
    """Everything that is spoken while pictures are taken."""

    prompts: tuple[Prompt, ...]
    """In the order in which they are asked."""
    texts: dict[str, str]
    """The other texts by name, with {count} to be filled in."""

    def text(self, name: str, count: int = 0) -> str:
        """Return one of the texts beside the prompts, with its count filled in."""
        return self.texts[name].format(count=count)

    def fixed_texts(self) -> list[str]:
        """Return what is sure to be spoken, the soonest first, for a voice to prepare."""
        return [prompt.text for prompt in self.prompts]


def read_plan(class_name: str) -> PromptPlan:
    """Return the plan for a note, or for pictures without one if the class is the background."""
    data = tomllib.loads((resources.files(__package__) / "prompts_en.toml").read_text(encoding="utf-8"))
    chosen = data["background" if class_name == BACKGROUND else "note"]
    return PromptPlan(
        tuple(Prompt(one["text"], float(one.get("seconds", _DEFAULT_S))) for one in chosen), data["texts"]
    )


class Prompter:
    """Walk through a plan, again and again.

    A number of pictures left is announced together with the next prompt, which then comes early: a voice speaks one
    text at a time, and neither must cut the other off. prompt_started: when the current prompt was given, seconds of
    source time.
    """

    def __init__(self, plan: PromptPlan, count: int) -> None:
        self.prompt_started = 0.0
        self._plan = plan
        self._prompts = cycle(plan.prompts)
        self._ends: float | None = None
        self._countdown = [number for number in _counts_to_announce(count) if number < count]
        self._count = count

    def update(self, t: float, left: int) -> str | None:
        """Return what to speak now, None for nothing new.

        t: seconds of source time. left: how many pictures are still to be taken.
        """
        texts = []
        if self._ends is None:
            texts.append(self._plan.text("start", self._count))
        elif self._countdown and left <= self._countdown[0]:
            self._countdown.pop(0)
            texts.append(self._plan.text("left", left))
        elif t < self._ends:
            return None
        prompt = next(self._prompts)
        self.prompt_started, self._ends = t, t + prompt.seconds
        return ". ".join([*texts, prompt.text])


def _counts_to_announce(count: int) -> list[int]:
    return sorted({*range(_COUNTDOWN_STEP, count, _COUNTDOWN_STEP), *_LAST_COUNTS}, reverse=True)
