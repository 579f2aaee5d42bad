"""What several `currency-train` commands read from their options, heavy imports inside."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from currency_app.errors import CurrencyAppError


def images_of(given: argparse.Namespace, currency: str | None = None) -> tuple[Path, list[Any]]:
    """The data folder, and its rows as a model of a currency takes them; as they are without one."""
    from training.dataset.currency import seen_by
    from training.dataset.manifest import find_data, read_data

    folder = find_data(given.data)
    rows = read_data(folder, Path(given.manifest) if given.manifest else None)
    return folder, seen_by(rows, currency) if currency else rows


def currency_of(bundle: Path) -> str:
    """ISO code in lower case, of a bundle's folder."""
    from currency_app.recognition.bundle import load_bundle

    return load_bundle(bundle).currency.lower()


def need_training_packages(extras: str = "train") -> None:
    """Raise CurrencyAppError where they are not installed. extras: what to install then."""
    from importlib.util import find_spec

    # Read when TensorFlow loads: its own news about processors is none to the user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

    if find_spec("tensorflow") is None or find_spec("keras") is None:
        raise CurrencyAppError(f"This needs more packages: in the clone, pip install '.[{extras}]', then try again.")
