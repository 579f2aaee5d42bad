"""What the app says, in one TOML file per language, so that a new language needs no code.

    phrases = Phrases("en", names={"en": {"one": "dollar", "other": "dollars"}})
    phrases.value(20, "USD")    # "20 dollars"
    phrases.hint(HintKind.MOVE_CLOSER)    # "Move the note closer"

Numbers stay digits here: the voice reads them out, and a braille display shows them short.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

from currency_app.errors import CurrencyAppError
from currency_app.events import HintKind
from currency_app.recognition.bundle import Bundle

__all__ = ["Phrases", "languages", "phrases_for"]


def languages() -> list[str]:
    """Return the codes of the languages that have a file, sorted, such as ["en"]."""
    files = (entry.name for entry in resources.files(__name__).iterdir())
    return sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))


class Phrases:
    """The texts of one language.

    Args:
        language: a code such as "en"; "en-US" and "en_US" find "en". CurrencyAppError if there is no such language.
        names: what units of the currency are called, per language, as a model bundle stores it:
            {"en": {"one": "dollar", "other": "dollars"}}. If the language is missing, the currency's ISO code is said
            instead: "20 EUR".
        names_by_currency: such names for several currencies, by ISO code; `names` is for currencies missing from it.
    """

    def __init__(
        self,
        language: str = "en",
        names: Mapping[str, Mapping[str, str]] | None = None,
        names_by_currency: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None,
    ) -> None:
        self.language = _known(language)
        data = _load(self.language)
        self.espeak_voice: str = data["espeak_voice"]
        self._texts: dict[str, str] = data["texts"]
        self._hints = {kind: str(data["hints"][kind.value]) for kind in HintKind}
        self._units: Mapping[str, str] = (names or {}).get(self.language, {})
        self._names_by_currency = {
            currency: theirs.get(self.language, {}) for currency, theirs in (names_by_currency or {}).items()
        }

    def value(self, value: int, currency: str) -> str:
        """Return an amount, such as "20 dollars"; currency: the ISO code, which is said if the unit has no name."""
        units = self._names_by_currency.get(currency, self._units)
        other = units.get("other", currency)
        unit = units.get("one", other) if value == 1 else other
        return self._texts["amount"].format(value=value, unit=unit)

    def maybe(self, value: int, currency: str) -> str:
        """Return a doubtful amount and what to do about it."""
        return self._texts["maybe"].format(amount=self.value(value, currency))

    def demonstration(self, text: str) -> str:
        """Return a text marked as the demonstration's, so that nobody takes it for a value of their own note."""
        return self._texts["demonstration"].format(text=text)

    def hint(self, kind: HintKind) -> str:
        """Return the sentence for a hint: the one movement that helps."""
        return self._hints[kind]

    def ready(self) -> str:
        """Return what to say once, with the camera's first picture."""
        return self._texts["ready"]

    def demonstration_ready(self) -> str:
        """Return what to say once instead of `ready` when the demonstration starts, as no note need be held up."""
        return self._texts["demonstration_ready"]

    def disclaimer(self) -> str:
        """Return what to say at the first start, and to show in the help."""
        return self._texts["disclaimer"]

    def camera_lost(self) -> str:
        """Return what to say when the source stops giving pictures."""
        return self._texts["camera_lost"]

    def camera_back(self) -> str:
        """Return what to say when the source gives pictures again."""
        return self._texts["camera_back"]

    def camera_covered(self) -> str:
        """Return what to say while all pictures are black."""
        return self._texts["camera_covered"]

    def camera_uncovered(self) -> str:
        """Return what to say when pictures show something again."""
        return self._texts["camera_uncovered"]

    def nothing_said(self) -> str:
        """Return the answer to "say it again" before any note was read."""
        return self._texts["nothing_said"]

    def total(self, amount: int, count: int, currency: str) -> str:
        """Return the running total; amount: in units of the currency. count: how many notes."""
        key = "total_none" if count == 0 else "total_one" if count == 1 else "total_other"
        return self._texts[key].format(amount=self.value(amount, currency), count=count)

    def fixed_phrases(self, values: Iterable[int], currency: str, *, demonstration: bool = False) -> list[str]:
        """Return every text that can be said for these values except totals, each once, the soonest needed first."""
        values = list(values)
        sure = [self.value(value, currency) for value in values]
        doubtful = [self.maybe(value, currency) for value in values]
        ready, total = self.ready(), self.total(0, 0, currency)
        if demonstration:
            sure, doubtful = ([self.demonstration(text) for text in texts] for texts in (sure, doubtful))
            ready, total = self.demonstration(self.demonstration_ready()), self.demonstration(total)
        hints = list(self._hints.values())
        status = [self.camera_lost(), self.camera_back(), self.camera_covered(), self.camera_uncovered()]
        status += [self.nothing_said(), total]
        return list(dict.fromkeys([ready, *sure, *hints, *doubtful, *status, self.disclaimer()]))


def _known(language: str) -> str:
    """Return the code of a language's file. Raises CurrencyAppError, which lists the languages, if there is none."""
    known = languages()
    exact = language.lower().replace("_", "-")
    for code in (exact, exact.split("-")[0]):
        if code in known:
            return code
    raise CurrencyAppError(f"There are no phrases for the language {language!r}. Choose one of: {', '.join(known)}.")


def _load(language: str) -> dict[str, Any]:
    return tomllib.loads((resources.files(__name__) / f"{language}.toml").read_text(encoding="utf-8"))


def phrases_for(bundles: Sequence[Bundle], language: str = "en") -> Phrases:
    """Return the words of a language for values of these bundles, each in its own currency."""
    return Phrases(language, names_by_currency={bundle.currency: bundle.names for bundle in bundles})
