"""What is asked of whoever holds the note, and when."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.capturing import NOTE, Taken, moving, still
from training.dataset.capture.prompts import Prompt, Prompter, PromptPlan, read_plan


def test_what_is_left_is_told_with_the_next_prompt(tmp_path: Path) -> None:
    said = Taken(tmp_path, moving(120), count=60).said
    told = [text for text in said if " left. " in text and text[0].isdecimal()]
    assert [text.split(". ")[0] for text in told] == ["50 left", "25 left", "10 left"]
    assert all(text.split(". ")[1] for text in told)


def test_a_prompt_that_tells_what_is_left_has_its_full_time() -> None:
    plan = PromptPlan((Prompt("a", 5), Prompt("b", 5)), {"start": "{count} to take", "left": "{count} left"})
    prompter = Prompter(plan, 20)
    assert prompter.update(0, 20) == "20 to take. a"
    assert prompter.update(4.9, 15) is None
    assert prompter.update(4.9, 10) == "10 left. b"
    assert prompter.prompt_started == 4.9
    assert prompter.update(9.8, 9) is None
    assert prompter.update(10.0, 9) == "a"


@pytest.mark.parametrize("class_name", ["usd_20_front", "background"])
def test_every_plan_can_be_said(class_name: str) -> None:
    plan = read_plan(class_name)
    assert len(plan.prompts) >= 10
    assert len(set(plan.fixed_texts())) == len(plan.prompts)
    assert all(prompt.seconds >= 5 for prompt in plan.prompts)
    assert all("{" not in text for text in plan.fixed_texts())
    for name in ("start", "left", "done", "blurred", "same", "dark"):
        assert "{" not in plan.text(name, 3)


def test_the_plan_of_a_note_covers_what_notes_are_seen_in() -> None:
    said = " ".join(read_plan("usd_20_front").fixed_texts()).lower()
    for word in (
        "closer",
        "farther",
        "left",
        "right",
        "up",
        "down",
        "tilt",
        "upside down",
        "fingers",
        "dimmer",
        "place",
    ):
        assert word in said
    assert "note" not in read_plan("background").prompts[0].text


def test_all_prompts_come_in_turn_and_last_their_time(tmp_path: Path) -> None:
    plan = read_plan("usd_20_front")
    whole = sum(prompt.seconds for prompt in plan.prompts)
    taken = Taken(tmp_path, still(NOTE, whole + 1))
    prompts = [text for text in taken.said if text != plan.texts["same"]]
    first = f"250 pictures to take. {plan.prompts[0].text}"
    expected = [first, *(prompt.text for prompt in plan.prompts[1:]), plan.prompts[0].text, "Done. 1 pictures taken"]
    assert prompts[:-1] == expected[:-1]
