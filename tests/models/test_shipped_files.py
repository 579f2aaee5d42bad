"""The installed package has every file that its bundles name."""

from __future__ import annotations

import tomllib

import pytest

from currency_app.recognition.bundle import load_bundle
from tests.support.sources import CHECKOUT


@pytest.mark.parametrize("name", ["usd", "eur"])
def test_the_wheel_takes_all_files_of_a_bundle(name: str) -> None:
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    taken = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    bundle = load_bundle(CHECKOUT / "models" / name)
    files = [bundle.model, *([] if bundle.closer is None else [bundle.closer.model])]
    files += [] if bundle.numerals is None else [bundle.numerals.model]
    for file in ("bundle.json", "MODEL_CARD.md", *(model.name for model in files)):
        assert taken.get(f"models/{name}/{file}") == f"currency_app/models/{name}/{file}"
