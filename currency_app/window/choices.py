"""The choices of the settings dialog, in the words of a language, without Qt."""

from __future__ import annotations

from currency_app.settings import AUTO_VALUE, HINT_LEVELS, THEMES, VOICE_KINDS
from currency_app.speech.phrases import Phrases, languages

_OFFERED = {"voice": VOICE_KINDS, "hints": HINT_LEVELS, "theme": THEMES}
"""The values that the dialog offers."""
_OWN_NAMES = {"en": "English", "es": "Español", "fr": "Français", "de": "Deutsch"}
"""What languages call themselves, for whoever does not know the one that is shown; others are called in English."""


def choices_for(name: str, now: str, phrases: Phrases) -> dict[str, str]:
    """Return what a setting may be, and what each choice is called.

    now: its value, which is one of them in any case.
    """
    if name == "language":
        found = {AUTO_VALUE: phrases.window("language_auto")}
        found |= {code: _OWN_NAMES.get(code, Phrases(code).name) for code in languages()}
    else:
        found = {value: phrases.window(f"{name}_{value}") for value in _OFFERED[name]}
    return {**found, now: found.get(now, now)}
