"""Numbers in words, for languages whose digits a speech engine reads wrongly before a noun."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from currency_app.errors import CurrencyAppError

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

_SOFT_HYPHEN = "\u00ad"
"""CLDR marks with it where a long word may be divided; a voice or a braille display has no use for it."""


def number_in_words(number: int, language: str, rule_set: str) -> str:
    """Return a whole number in words, such as "veintiún" for 21 in Spanish before a masculine noun.

    rule_set: CLDR's name for how the number is used, such as "spellout-cardinal-masculine". Raises
    CurrencyAppError if CLDR has no such rules for the language.
    """
    from unicode_rbnf.engine import RbnfError  # 50 ms that only totals need

    try:
        found = _rules(language).format_number(number, ruleset_names=[rule_set])
    except (ValueError, RbnfError) as error:
        raise CurrencyAppError(
            f"There is no {rule_set!r} for the language {language!r}: choose other number_words in {language}.toml."
        ) from error
    return found.text.replace(_SOFT_HYPHEN, "")


@cache
def _rules(language: str) -> RbnfEngine:
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language(language)
