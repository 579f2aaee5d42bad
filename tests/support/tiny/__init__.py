"""Three tiny bundles, ready to be read without TensorFlow, and copies of them that know other money.

Their notes are painted: see `tests.support.painted`. `tests.support.tiny_bundle` made them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TINY = Path(__file__).parent
"""Folder of the bundles `usd`, `four` and `closer`. No test may change what is in them."""
USD_VALUES = (1, 2, 5, 10, 20, 50, 100)
FOUR_VALUES = (5, 10, 20, 50)


def copy_bundle(
    bundle: Path, folder: Path, *, currency: str | None = None, values: Sequence[int] = (), **changes: Any
) -> Path:
    """A copy of a bundle, in a folder that is not there yet; returns that.

    currency: what its notes are of instead, such as "eur". values: as many as it has, to be their values instead: the
    colours stay. changes: entries of the description.
    """
    shutil.copytree(bundle, folder)
    path = folder / "bundle.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    before = sorted({label["value"] for label in described["labels"] if label["value"] is not None})
    value_of = dict(zip(before, values or before, strict=True))
    code = (currency or described["currency"]).lower()
    for label in described["labels"]:
        if label["value"] is not None:
            label["value"] = value_of[label["value"]]
            label["name"] = f"{code}_{label['value']}_{label['side']}"
    changed = described | {"currency": code.upper()} | changes
    path.write_text(json.dumps(changed, indent=1) + "\n", encoding="utf-8")
    return folder
