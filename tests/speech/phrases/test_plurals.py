"""Plural rules as CLDR writes them, compared with Babel, which has all of CLDR."""

from __future__ import annotations

import pytest
from babel import Locale

from currency_app.speech.phrases import languages
from currency_app.speech.phrases.language_file import load_language
from currency_app.speech.phrases.plurals import PluralRules

COUNTS = [*range(230), 1000, 1001, 100_000, 1_000_000, 1_000_001, 2_000_000]
RUSSIAN = {
    "one": "v = 0 and i % 10 = 1 and i % 100 != 11 @integer 1, 21, 31, 41, 51, 61, 71, 81, 101, 1001, …",
    "few": "v = 0 and i % 10 = 2..4 and i % 100 != 12..14",
    "many": "v = 0 and i % 10 = 0 or v = 0 and i % 10 = 5..9 or v = 0 and i % 100 = 11..14",
}
ARABIC = {"zero": "n = 0", "one": "n = 1", "two": "n = 2", "few": "n % 100 = 3..10", "many": "n % 100 = 11..99"}


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_categories_of_cldr_and_uses_them_alike(language: str) -> None:
    rules, cldr = load_language(language).plurals, Locale(language).plural_form
    assert set(rules.categories) == {*cldr.tags, "other"}
    assert [rules.category(count) for count in COUNTS] == [cldr(count) for count in COUNTS]


@pytest.mark.parametrize(("language", "rules"), [("ru", RUSSIAN), ("ar", ARABIC), ("ja", {})])
def test_languages_that_may_come_need_no_code(language: str, rules: dict[str, str]) -> None:
    cldr = Locale(language).plural_form
    assert [PluralRules(rules).category(count) for count in COUNTS] == [cldr(count) for count in COUNTS]


@pytest.mark.parametrize("rule", ["", "n == 1", "n is 1", "one", "n = 1 and", "x = 1", "n = ..", "n % a = 1"])
def test_a_rule_in_another_notation_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match=r"plural rule|invalid literal"):
        PluralRules({"one": rule})
