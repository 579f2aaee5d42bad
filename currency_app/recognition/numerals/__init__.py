"""The numerals in a note's corners, read by a small network of their own before a value counts as sure.

The network that reads whole notes knows a note by all of its looks. A design that it has not learnt may look most like
another value, and then it is as sure of that as of any. What every design has is its value in figures in its corners.
"""

from __future__ import annotations

from currency_app.recognition.numerals.check import NumeralCheck, NumeralWatch
from currency_app.recognition.numerals.crops import CROPS
from currency_app.recognition.numerals.network import LiteRTNumerals, NumeralNetwork
from currency_app.recognition.numerals.rule import NumeralRule, read_numeral_rule
from currency_app.recognition.numerals.strip_watch import StripWatch
from currency_app.recognition.numerals.strips import StripCheck

__all__ = [
    "CROPS",
    "LiteRTNumerals",
    "NumeralCheck",
    "NumeralNetwork",
    "NumeralRule",
    "NumeralWatch",
    "StripCheck",
    "StripWatch",
    "read_numeral_rule",
]
