"""The fonts that numerals are printed in."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from currency_app.errors import CurrencyAppError


def matplotlib_fonts() -> Path | None:
    """Return the folder of the fonts that matplotlib brings along; None if it is not installed."""
    found = importlib.util.find_spec("matplotlib")  # where it lies; to import it would take half a second
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"


def no_fonts() -> CurrencyAppError:
    """Return what to say where there is no font at all."""
    return CurrencyAppError("There are no fonts to print numerals in: install matplotlib, which the extra `train` has.")
