"""What the tests of exports share: the bundle of the tiny network, and the network itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from currency_app.recognition.bundle import Bundle, load_bundle
from tests.support.observations import USD_VALUES
from tests.support.tiny_bundle import labels_of, tiny_model


@pytest.fixture(scope="session")
def bundle(tiny_bundle: Path) -> Bundle:
    """Sure from 0.95."""
    return load_bundle(tiny_bundle)


@pytest.fixture(scope="session")
def model() -> Any:
    """The bundle's network in Keras."""
    return tiny_model(labels_of(USD_VALUES))
