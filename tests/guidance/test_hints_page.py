"""The page on hints tells every hint in its order, with the words that are said."""

from __future__ import annotations

import re

from currency_app.events import HintKind
from currency_app.guidance.hints import FramingSettings
from currency_app.speech.phrases import Phrases
from tests.support.sources import CHECKOUT

PAGE = (CHECKOUT / "docs" / "hints.md").read_text(encoding="utf-8")


def test_the_table_has_every_hint_in_order_and_its_words() -> None:
    rows = re.findall(r'^\| `(\w+)` \| .* \| "(.*)" \|$', PAGE, re.MULTILINE)
    assert rows == [(kind.value, Phrases("en").hint(kind)) for kind in HintKind]


def test_its_times_are_those_of_the_settings() -> None:
    settings, text = FramingSettings(), " ".join(PAGE.split())
    assert f"two thirds of the last {settings.steady_s} s (`steady_s`)" in text
    assert f"does not come within {settings.contradict_s} s (`contradict_s`)" in text
    assert f"comes {settings.unsure_s:.0f} s (`unsure_s`)" in text
    assert f"comes {settings.nothing_s:.0f} s (`nothing_s`)" in text
    assert f"inside by {settings.enter} of these (`enter`)" in text
    assert f"outside by {settings.leave} (`leave`)" in text
