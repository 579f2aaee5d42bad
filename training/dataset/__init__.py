"""Labelled images: where they are, what they show, and the notes that can be cut out of them."""

from __future__ import annotations

from training.dataset.currency import has_locations, relabel_for, value_unknown
from training.dataset.duplicates import difference, duplicate_pairs, groups, thumbnail
from training.dataset.labels import BACKGROUND, Label, name_like, parse_label, right_outputs
from training.dataset.manifest import (
    KINDS,
    MANIFEST,
    NOTES_IN_IMAGE,
    SPLITS,
    VALUE_UNKNOWN,
    LabelledImage,
    check_names,
    find_data,
    image_path,
    labels_to_learn,
    measurable,
    of_split,
    one_row_per_image,
    read_data,
    take_of,
    write_manifest,
)
from training.dataset.notes import NOTE_ASPECT, FlatNote, check_readable, cut_note, cut_notes, flat_note
from training.dataset.table import read_table

__all__ = [
    "BACKGROUND",
    "KINDS",
    "MANIFEST",
    "NOTES_IN_IMAGE",
    "NOTE_ASPECT",
    "SPLITS",
    "VALUE_UNKNOWN",
    "FlatNote",
    "Label",
    "LabelledImage",
    "check_names",
    "check_readable",
    "cut_note",
    "cut_notes",
    "difference",
    "duplicate_pairs",
    "find_data",
    "flat_note",
    "groups",
    "has_locations",
    "image_path",
    "labels_to_learn",
    "measurable",
    "name_like",
    "of_split",
    "one_row_per_image",
    "parse_label",
    "read_data",
    "read_table",
    "relabel_for",
    "right_outputs",
    "take_of",
    "thumbnail",
    "value_unknown",
    "write_manifest",
]
