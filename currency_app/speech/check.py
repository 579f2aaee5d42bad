"""Check the language and whether system speech works on this machine, for `currency-app doctor`."""

from __future__ import annotations

from collections.abc import Sequence

from currency_app.errors import VoiceError
from currency_app.recognition.bundle import Bundle
from currency_app.speech.engines.platforms import open_speaker
from currency_app.speech.language import AUTO, spoken_language, system_language
from currency_app.speech.phrases import Phrases, phrases_for

_ADD = "docs/translating.md says how to add"
"""Where users find how to mend what is missing."""


def check_language(bundles: Sequence[Bundle], language: str = AUTO) -> tuple[bool, str]:
    """Return True, and one line that names the language, what chose it, and what it has no words for.

    Raises CurrencyAppError if there are no phrases in the language that was asked for, or its file is not whole.
    """
    phrases = phrases_for(bundles, spoken_language(language))
    phrases.notes(21)  # finds number words that do not exist
    found = f"{phrases.name} ({phrases.tag})"
    if language.lower() == AUTO:
        wanted, origin = system_language()
        found += f", by {origin}"
        if wanted.split("-")[0] != phrases.language:
            found += f"; there are no phrases in {wanted}. {_ADD} a language"
    for bundle in bundles:
        if not phrases.has_words(bundle.currency):
            example = phrases.value(bundle.values[-1], bundle.currency)
            found += f"; no words for {bundle.currency}, so {example!r} is said. {_ADD} them"
    return True, f"{found}."


def check_speech(language: str = "en", sentence: str | None = None) -> tuple[bool, str]:
    """Return whether system speech works, and one line about it, which says how to fix what does not.

    Says the sentence and waits for its end. Without one it makes a phrase and plays a moment of silence, which takes
    half a second and cannot be heard. Raises CurrencyAppError if there are no phrases in that language.
    """
    phrases = Phrases(spoken_language(language))
    warnings: list[str] = []
    speaker = open_speaker(phrases.tag, None, warnings.append)
    try:
        if sentence is None:
            speaker.probe(phrases.ready())
        else:
            speaker.start(sentence).wait()
    except VoiceError as error:
        return False, str(error)
    finally:
        speaker.close()
    return True, " ".join([f"System speech works in {phrases.name}.", *warnings])
