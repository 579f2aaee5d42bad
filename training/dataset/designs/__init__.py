"""The designs of a currency's notes: their names, how many images show each, and which to leave out."""

from __future__ import annotations

from training.dataset.designs.counts import (
    MIN_KNOWN,
    DesignCount,
    count_designs,
    counts_from_json,
    design_name,
    design_table,
    images_by_design,
    missing_designs,
    missing_in_words,
)
from training.dataset.designs.leave_out import ValueDesign, leave_out_rounds, shows, without_designs
from training.dataset.designs.names import UNNAMED, Design, DesignList, name_designs, read_design_list

__all__ = [
    "MIN_KNOWN",
    "UNNAMED",
    "Design",
    "DesignCount",
    "DesignList",
    "ValueDesign",
    "count_designs",
    "counts_from_json",
    "design_name",
    "design_table",
    "images_by_design",
    "leave_out_rounds",
    "missing_designs",
    "missing_in_words",
    "name_designs",
    "read_design_list",
    "shows",
    "without_designs",
]
