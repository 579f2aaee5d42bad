"""Find the weights of a bundle's network as they were trained, which an installed package leaves out."""

from __future__ import annotations

from pathlib import Path

from currency_app.recognition.bundle import find_bundle, load_bundle
from training.checkout import find_checkout
from training.network.keras_network import WEIGHTS


def trained_bundle(name: str) -> Path:
    """Return the folder of a bundle with its network as trained, as far as there is one.

    name: as `find_bundle` takes it. An installed package leaves that network out: then the same bundle of the checkout
    that the current folder lies in is taken.
    """
    installed, checkout = find_bundle(name), find_checkout()
    if (installed / WEIGHTS).is_file() or checkout is None:
        return installed
    own = checkout / "models" / installed.name
    if not (own / WEIGHTS).is_file():
        return installed
    model = load_bundle(installed).raw["model"]["sha256"]
    return own if load_bundle(own).raw["model"]["sha256"] == model else installed
