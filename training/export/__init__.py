"""Exports of a trained network: the bundle, and other formats that are proved equal to it."""

from __future__ import annotations

from training.export.bundle import add_numerals, describe, write_bundle
from training.export.bundle_models import range_pictures, tflite_models
from training.export.exports import export_formats, refused
from training.export.formats import PRECISIONS, need_packages
from training.export.onnx import OnnxNetwork, write_onnx
from training.export.quiet import load_tensorflow, quietly
from training.export.table import comparison_table
from training.export.tflite import numerals_to_tflite, to_tflite
from training.export.timing import interleaved_ms

__all__ = [
    "PRECISIONS",
    "OnnxNetwork",
    "add_numerals",
    "comparison_table",
    "describe",
    "export_formats",
    "interleaved_ms",
    "load_tensorflow",
    "need_packages",
    "numerals_to_tflite",
    "quietly",
    "range_pictures",
    "refused",
    "tflite_models",
    "to_tflite",
    "write_bundle",
    "write_onnx",
]
