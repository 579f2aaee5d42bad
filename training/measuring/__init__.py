"""Measures bundles on photographs and presentations, and writes a report about them."""

from __future__ import annotations

from training.measuring.identified import IdentifiedImage, identify_all, read_readable, unreadable, wilson
from training.measuring.multi_currency import measure_multi_currency
from training.measuring.photographs import Figures, figures, measure_photographs
from training.measuring.unseen import UnseenAnswer, UnseenFigures, answers_of

__all__ = [
    "Figures",
    "IdentifiedImage",
    "UnseenAnswer",
    "UnseenFigures",
    "answers_of",
    "figures",
    "identify_all",
    "measure_multi_currency",
    "measure_photographs",
    "read_readable",
    "unreadable",
    "wilson",
]
