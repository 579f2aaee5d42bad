"""What the app says, in one TOML file per language, so that a new language needs no code.

    phrases = Phrases("es-MX")
    phrases.value(20, "USD")    # "veinte dólares"
    phrases.hint(HintKind.MOVE_CLOSER)    # "Acerca el billete"

Each value of the currencies that the app comes with is written by hand in every language. For other currencies digits
and the unit's name in the model bundle are said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from currency_app.errors import CurrencyAppError
from currency_app.events import HintKind
from currency_app.recognition.bundle import Bundle
from currency_app.speech.phrases.language_file import ANSWERS, languages, load_language
from currency_app.speech.phrases.numbers import number_in_words

__all__ = ["Phrases", "languages", "phrases_for"]

_Names = Mapping[str, Mapping[str, str]]


class Phrases:
    """The texts of one language.

    Args:
        language: a code such as "es", or with a country, such as "es-MX" or "es_MX", which may choose another voice.
            CurrencyAppError if there are no phrases in that language.
        names: what units of a currency without words here are called, per language, as a model bundle stores it:
            {"en": {"one": "yen", "other": "yen"}}. If the language is missing, the English name is said, and without
            one the currency's ISO code: "20 JPY".
        names_by_currency: such names for several currencies, by ISO code; `names` is for currencies missing from it.
    """

    def __init__(
        self, language: str = "en", names: _Names | None = None, names_by_currency: Mapping[str, _Names] | None = None
    ) -> None:
        self.language, region = _known(language)
        self._file = load_language(self.language)
        self.tag = f"{self.language}-{region}" if region else self.language
        self.name = self._file.name
        self.in_digits = self._file.number_words is None
        self.espeak_voice: str = self._file.espeak_voices.get(region, self._file.espeak_voice)
        self._names = names or {}
        self._names_by_currency = names_by_currency or {}

    def value(self, value: int, currency: str) -> str:
        """Return an amount, such as "20 dollars"; currency: ISO code."""
        by_hand = self._file.values.get(currency, {}).get(value)
        return self._counted(value, currency, words=True) if by_hand is None else by_hand

    def shown_value(self, value: int, currency: str) -> str:
        """Return an amount in digits, for large letters, such as "20 dólares"; currency: ISO code."""
        return self._counted(value, currency, words=False)

    def in_language(self, language: str) -> Phrases:
        """Return the phrases of another language, for the same currencies."""
        return Phrases(language, self._names, self._names_by_currency)

    def has_words(self, currency: str) -> bool:
        """Return whether a currency's units have a name in this language, here or in its model bundle."""
        return currency in self._file.units or self.language in self._names_by_currency.get(currency, self._names)

    def maybe(self, value: int, currency: str) -> str:
        """Return a doubtful amount and what to do about it."""
        return self._texts["maybe"].format(amount=self.value(value, currency))

    def unknown(self) -> str:
        """Return what to say of a note that is held well and has no value."""
        return self._texts["unknown"]

    def shown_maybe(self, value: int, currency: str) -> str:
        """Return a doubtful amount in digits and what to do about it."""
        return self._texts["maybe"].format(amount=self.shown_value(value, currency))

    def demonstration(self, text: str) -> str:
        """Return a text marked as the demonstration's, so that nobody takes it for a value of their own note."""
        return self._texts["demonstration"].format(text=text)

    def hint(self, kind: HintKind) -> str:
        """Return the sentence for a hint: the one movement that helps."""
        return self._file.hints[kind.value]

    def ready(self) -> str:
        """Return what to say once, with the camera's first picture."""
        return self._texts["ready"]

    def demonstration_ready(self) -> str:
        """Return what to say once instead of `ready` when the demonstration starts, as no note need be held up."""
        return self._texts["demonstration_ready"]

    def disclaimer(self) -> str:
        """Return what to say at the first start, and to show in the help."""
        return self._texts["disclaimer"]

    def introduction(self, keys: Mapping[str, str] | None = None) -> list[str]:
        """Return what to say at the first start before `ready`, sentence by sentence; the second is the disclaimer.

        keys: the letters of the keys that repeat the last value, say the total and stop, by these three words; None if
        no key is read.
        """
        sentences = [self._texts["welcome"], self.disclaimer(), self._texts["hold"]]
        if keys is not None:
            sentences.append(self._texts["keys"].format(**keys))
        return sentences

    def settings_unusable(self) -> str:
        """Return what to say if something in the user's settings cannot be used."""
        return self._texts["settings_unusable"]

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

    def notes(self, count: int) -> str:
        """Return a count of notes, such as "3 notes"."""
        notes = self._file.notes
        return notes[self._file.plurals.category(count)].format(number=self._number(count, notes))

    def total_none(self) -> str:
        """Return the running total of no notes."""
        return self._texts["total_none"]

    def total(self, amount: int, count: int, currency: str) -> str:
        """Return the running total; amount: in units of the currency. count: how many notes."""
        return self._texts["total"].format(amount=self.value(amount, currency), notes=self.notes(count))

    def text(self, key: str, **filled: str) -> str:
        """Return a whole phrase by its key in `[texts]`; filled: what it has in braces."""
        return self._texts[key].format(**filled)

    def number(self, number: int, key: str) -> str:
        """Return a number as it stands in a phrase of `[texts]`, in words if the language needs that."""
        rule_set = self._file.text_number_words.get(key)
        return self._number(number, {} if rule_set is None else {"number_words": rule_set})

    def action(self, name: str) -> str:
        """Return what an action is called, by its name in `controls.ACTIONS`: a word or two, as for a button."""
        return self._file.actions[name]

    def key(self, key: str) -> str:
        """Return what a key is called."""
        return key.upper() if key.isalnum() else self._file.keys[key]

    def fixed_phrases(self, values: Iterable[int], currency: str, *, demonstration: bool = False) -> list[str]:
        """Return every text that can be said for these values except totals, each once, the soonest needed first."""
        values = list(values)
        sure = [self.value(value, currency) for value in values]
        doubtful = [*(self.maybe(value, currency) for value in values), self.unknown()]
        ready, total = self.ready(), self.total_none()
        if demonstration:
            sure, doubtful = ([self.demonstration(text) for text in texts] for texts in (sure, doubtful))
            ready, total = self.demonstration(self.demonstration_ready()), self.demonstration(total)
        hints = [self.hint(kind) for kind in HintKind]
        status = [self.camera_lost(), self.camera_back(), self.camera_covered(), self.camera_uncovered()]
        status += [self.nothing_said(), total, *(self.text(key) for key in ANSWERS)]
        return list(dict.fromkeys([ready, *sure, *hints, *doubtful, *status, self.disclaimer()]))

    def window(self, key: str) -> str:
        """Return a word of the window, by its key in the phrase files' `[window]`."""
        return self._file.window[key]

    def spoken(self, text: str) -> str:
        """Return a text as system speech must be spelled to say it right; mostly the text itself."""
        for written, spelled in self._file.spoken.items():
            text = re.sub(rf"\b{re.escape(written)}\b", spelled, text)
        return text

    @property
    def _texts(self) -> Mapping[str, str]:
        return self._file.texts

    def _counted(self, value: int, currency: str, *, words: bool) -> str:
        """Return an amount by the rules for numbers; words: where the language has its numbers in words."""
        units = self._file.units.get(currency)
        if units is not None:
            number = self._number(value, units) if words else str(value)
            return self._amount(number, units[self._file.plurals.category(value)])
        names = self._names_by_currency.get(currency, self._names)
        units = names.get(self.language)
        if units is not None:
            return self._amount(str(value), units.get(self._file.plurals.category(value), units.get("other", currency)))
        units = names.get("en", {})
        other = units.get("other", currency)
        return self._amount(str(value), units.get("one", other) if value == 1 else other)

    def _amount(self, number: str, unit: str) -> str:
        return self._texts["amount"].format(number=number, unit=unit)

    def _number(self, number: int, noun: Mapping[str, str]) -> str:
        """Return a number as it stands before a noun, whose gender may ask for other words."""
        rule_set = noun.get("number_words", self._file.number_words)
        return str(number) if rule_set is None else number_in_words(number, self.language, rule_set)


def _known(language: str) -> tuple[str, str]:
    """Return the code of a language's file, and the country if one is named, else "".

    Raises CurrencyAppError, which lists the languages, if there is no file.
    """
    known = languages()
    # A locale's encoding and variant follow: "es_ES.UTF-8", "es_ES@euro".
    code, *subtags = re.split(r"[.@]", language)[0].replace("_", "-").split("-")
    if code.lower() not in known:
        raise CurrencyAppError(
            f"There are no phrases for the language {language!r}. Choose one of: auto, {', '.join(known)}."
        )
    return code.lower(), next((tag.upper() for tag in subtags if len(tag) == 2 and tag.isalpha()), "")


def phrases_for(bundles: Sequence[Bundle], language: str = "en") -> Phrases:
    """Return the words of a language for values of these bundles, each in its own currency."""
    return Phrases(language, names_by_currency={bundle.currency: bundle.names for bundle in bundles})
