"""Which form of a noun a count needs, by the plural rules of Unicode's CLDR, written as CLDR writes them.

    rules = PluralRules({"one": "i = 1 and v = 0"})
    rules.category(1)    # "one"
    rules.category(3)    # "other", which needs no rule

Whole numbers only, because notes and their values are whole: of CLDR's operands `n` and `i` are the number, and those
that describe decimals or exponents are 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

OTHER = "other"
"""The category of every count that no rule takes; each language has it."""

_RELATION = re.compile(r"([nivwftce])(?: *% *(\d+))? *(!?=) *([\d., ]+)")

_Relation = tuple[str, int | None, bool, tuple[range, ...]]
"""Operand, modulus or None, whether it must be equal, and the numbers that it is compared with."""


class PluralRules:
    """The plural categories of one language.

    rules: by category, such as {"one": "n = 1"}, in the notation of CLDR's page "Language Plural Rules"; its examples,
    which begin with @, may stay. Raises ValueError for a rule in another notation.
    """

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules = {category: _parsed(rule) for category, rule in rules.items() if category != OTHER}

    @property
    def categories(self) -> list[str]:
        """The categories that this language tells apart, such as ["one", "other"]."""
        return [*self._rules, OTHER]

    def category(self, count: int) -> str:
        """Return the category of a whole number from 0 on."""
        for category, alternatives in self._rules.items():
            if any(all(_holds(relation, count) for relation in relations) for relations in alternatives):
                return category
        return OTHER


def _parsed(rule: str) -> list[list[_Relation]]:
    """Return the alternatives of a rule, each with the relations that must all hold."""
    condition = rule.split("@", maxsplit=1)[0]
    return [[_relation(text.strip()) for text in part.split(" and ")] for part in condition.split(" or ")]


def _relation(text: str) -> _Relation:
    found = _RELATION.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is no plural rule as CLDR writes them")
    operand, modulus, sign, numbers = found.groups()
    ranges = []
    for part in numbers.split(","):
        first, _, last = part.strip().partition("..")
        ranges.append(range(int(first), int(last or first) + 1))
    return operand, int(modulus) if modulus else None, sign == "=", tuple(ranges)


def _holds(relation: _Relation, count: int) -> bool:
    operand, modulus, equal, ranges = relation
    number = count if operand in "ni" else 0
    if modulus is not None:
        number %= modulus
    return any(number in numbers for numbers in ranges) == equal
