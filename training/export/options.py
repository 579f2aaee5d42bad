"""`currency-train export` to other formats than the bundle's own: its options, and what it does."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from currency_app.errors import CurrencyAppError, DataError
from currency_app.recognition.bundle import Bundle, find_bundle, load_bundle
from training.progress import progress

BUNDLE = "bundle"
FORMATS = (BUNDLE, "coreml", "onnx", "tflite")
"""The first is that of a finished run; the others are made of a bundle that is there."""
OF_OTHERS = ("fp16",)
"""Precisions in which the other formats come besides those of a bundle."""
EXPORTS = "runs/exports"


def add_options(export: argparse.ArgumentParser) -> None:
    """The options of `export` that `fit` has not."""
    export.epilog = (
        "Other formats than the bundle's are made in all precisions unless --precision names one, compared with the "
        "network in Keras on real photographs, and written to --out (default: runs/exports) where they pass; of coreml "
        "only the smallest that passes."
    )
    export.add_argument(
        "--format", action="append", choices=FORMATS, dest="formats",
        help="bundle: of a finished run (default); the others, of which several may be named, of --bundle",
    )  # fmt: skip
    export.add_argument(
        "--bundle", metavar="NAME", help="for other formats: an installed currency, or a bundle's folder (usd)"
    )


def other_formats(given: argparse.Namespace) -> list[str]:
    """The formats asked for besides that of a bundle. Raises CurrencyAppError where the options do not go together."""
    asked = list(dict.fromkeys(given.formats or [BUNDLE]))
    if BUNDLE not in asked:
        if given.run:
            raise CurrencyAppError(f"A run is exported by its bundle: give --bundle {given.run}/bundle, not --run.")
        return asked
    if given.bundle and not given.formats:
        raise CurrencyAppError("A bundle is exported to other formats: add --format coreml, onnx or tflite.")
    if len(asked) > 1 or given.bundle:
        raise CurrencyAppError("Other formats are made of a bundle: write that first, then give --bundle and --format.")
    if given.precision in OF_OTHERS:
        raise CurrencyAppError("A bundle is fp32 or int8: choose one, or another --format.")
    return []


def bundle_of(given: argparse.Namespace) -> Bundle:
    """The bundle that is to be exported."""
    return load_bundle(find_bundle(given.bundle or "usd"))


def export_formats(given: argparse.Namespace, formats: Sequence[str], bundle: Bundle, images: Sequence[Any]) -> int:
    """Write a bundle's network in other formats, where each passes its comparison, and print what was compared."""
    from training.export.exports import export, refused
    from training.export.formats import PRECISIONS as ALL
    from training.export.formats import need_packages
    from training.export.quiet import quietly
    from training.export.table import as_text
    from training.network.keras_network import load_network
    from training.writable import check_exports_folder

    need_packages(formats)
    wanted = ALL if given.precision == "auto" else (given.precision,)
    folder = Path(given.out or EXPORTS)
    check_exports_folder(folder)
    with quietly():
        model = load_network(bundle)
    exports = export(model, bundle, formats, wanted, images, folder, progress)
    print(as_text(exports))
    if refused(exports):
        raise DataError(" ".join(refused(exports)))
    return 0
