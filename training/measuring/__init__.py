"""Measures bundles on photographs and presentations, and writes a report about them."""

from __future__ import annotations

from training.measuring.by_design import learnt_designs
from training.measuring.identified import IdentifiedImage, identify_all, read_readable, unreadable, wilson
from training.measuring.multi_currency import measure_multi_currency
from training.measuring.other_numerals import measure_other_numerals
from training.measuring.photographs import Figures, figures, measure_photographs
from training.measuring.play_money import play_money_figures, shows_play_money
from training.measuring.several_notes import measure_several_notes
from training.measuring.unseen import UnseenAnswer, UnseenFigures, answers_of

__all__ = [
    "Figures",
    "IdentifiedImage",
    "UnseenAnswer",
    "UnseenFigures",
    "answers_of",
    "figures",
    "identify_all",
    "learnt_designs",
    "measure_multi_currency",
    "measure_other_numerals",
    "measure_photographs",
    "measure_several_notes",
    "play_money_figures",
    "read_readable",
    "shows_play_money",
    "unreadable",
    "wilson",
]
