"""What one frame shows: the model bundle, its network, and the recognizer that reads the note's value and place."""

from __future__ import annotations

from currency_app.recognition.bundle import (
    SCHEMA,
    USUAL_ASPECT,
    Bundle,
    NoteLabel,
    bundle_names,
    find_bundle,
    load_bundle,
    load_bundles,
    load_folders,
    sha256_of,
)
from currency_app.recognition.corners import (
    UNIT_SQUARE,
    area_in_frame,
    between_pixel_centres,
    convex_iou,
    iou,
    note_area,
    polygon_in_frame,
    project,
    scaled,
    share_in_frame,
)
from currency_app.recognition.multi_currency import (
    MultiObservation,
    hide_notes,
    is_elsewhere_note,
    recognizer_for,
    visibility,
)
from currency_app.recognition.network import LiteRTNetwork, Network, interpreter_of
from currency_app.recognition.preprocessing import fit_picture
from currency_app.recognition.quality import frame_quality, is_legible
from currency_app.recognition.reading import calibrated_looks, pooled, pooled_looks, read_value
from currency_app.recognition.recognizer import FrameReader, Recognizer
from currency_app.recognition.second_look import CloserNetwork, note_homography, straighten
from currency_app.recognition.still import Looks

__all__ = [
    "SCHEMA",
    "UNIT_SQUARE",
    "USUAL_ASPECT",
    "Bundle",
    "CloserNetwork",
    "FrameReader",
    "LiteRTNetwork",
    "Looks",
    "MultiObservation",
    "Network",
    "NoteLabel",
    "Recognizer",
    "area_in_frame",
    "between_pixel_centres",
    "bundle_names",
    "calibrated_looks",
    "convex_iou",
    "find_bundle",
    "fit_picture",
    "frame_quality",
    "hide_notes",
    "interpreter_of",
    "iou",
    "is_elsewhere_note",
    "is_legible",
    "load_bundle",
    "load_bundles",
    "load_folders",
    "note_area",
    "note_homography",
    "polygon_in_frame",
    "pooled",
    "pooled_looks",
    "project",
    "read_value",
    "recognizer_for",
    "scaled",
    "sha256_of",
    "share_in_frame",
    "straighten",
    "visibility",
]
