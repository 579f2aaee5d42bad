"""The user's settings that stay, as the commands read them."""

from __future__ import annotations

from collections.abc import Mapping

from currency_app.errors import CurrencyAppError
from currency_app.settings import SettingCheck, StoredSettings, read_settings
from currency_app.streams import complain


def check_phrases(language: str) -> None:
    """Raise CurrencyAppError if nothing can be said in a language."""
    from currency_app.speech.language import spoken_language
    from currency_app.speech.phrases import Phrases

    Phrases(spoken_language(language))


def check_bundles(currency: str) -> None:
    """Raise CurrencyAppError if a bundle is not to be had or is named twice; none is read for that."""
    from currency_app.recognition.bundle import bundle_names, find_bundle

    names = bundle_names(currency)
    if len({find_bundle(name).resolve() for name in names}) < len(names):
        raise CurrencyAppError(f"{currency} names a currency twice: give each currency once, such as usd,eur.")


SETTING_CHECKS: Mapping[str, SettingCheck] = {"language": check_phrases, "currency": check_bundles}
"""What must hold on this computer for a setting to be used."""


def kept_settings(*, told: bool) -> StoredSettings:
    """Return the user's settings that stay. What cannot be used is passed over.

    told: print what no earlier start has told of that, and remember it.
    """
    stored = read_settings(SETTING_CHECKS, telling=told)
    for sentence in stored.news if told else ():
        complain(f"currency-app: {sentence}")
    return stored
