from __future__ import annotations

import pytest

from currency_app.settings import HINT_LEVELS, THEMES, VOICE_KINDS
from currency_app.speech.phrases import Phrases, languages
from currency_app.window.choices import choices_for


@pytest.mark.parametrize("language", languages())
def test_every_choice_has_a_name_of_its_own(language: str) -> None:
    phrases = Phrases(language)
    for name, values in (("hints", HINT_LEVELS), ("theme", THEMES), ("voice", VOICE_KINDS)):
        found = choices_for(name, values[0], phrases)
        assert tuple(found) == values
        assert len(set(found.values())) == len(values)
    assert list(choices_for("language", "auto", phrases)) == ["auto", *languages()]


def test_languages_are_called_as_they_call_themselves() -> None:
    found = choices_for("language", "es-MX", Phrases("en"))
    assert (found["de"], found["es-MX"]) == ("Deutsch", "es-MX")
