"""What an installed package takes from the checkout that the user stands in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from currency_app.errors import DataError
from currency_app.recognition import bundle as bundle_module
from training import checkout as checkout_module
from training.checkout import find_checkout
from training.dataset.manifest import find_data
from training.network import trained_bundle
from training.network.keras_network import WEIGHTS


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path) -> Path:
    """As if the packages lay in site-packages, with a bundle but without its trained network."""
    site = tmp_path / "venv" / "site-packages"
    for module, name in (
        (checkout_module, "training/checkout.py"),
        (bundle_module, "currency_app/recognition/bundle.py"),
    ):
        monkeypatch.setattr(module, "__file__", str(site / name))
    shutil.copytree(tiny_bundle, site / "currency_app" / "models" / "usd")
    monkeypatch.delenv("CURRENCY_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    return site


@pytest.fixture
def checkout(tmp_path: Path, tiny_bundle: Path) -> Path:
    checkout = tmp_path / "work" / "clone"
    shutil.copytree(tiny_bundle, checkout / "models" / "usd")
    for folder in ("training/recipes", "currency_app", "docs/below"):
        (checkout / folder).mkdir(parents=True)
    for name in ("pyproject.toml", f"models/usd/{WEIGHTS}"):
        (checkout / name).touch()
    return checkout


def test_the_checkout_is_that_of_the_current_folder(
    site: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_checkout() is None
    for folder in (checkout, checkout / "docs" / "below"):
        monkeypatch.chdir(folder)
        assert find_checkout() == checkout


def test_the_checkout_that_this_code_lies_in_is_found_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = find_checkout()
    assert found is not None
    assert Path(checkout_module.__file__).is_relative_to(found)


def test_the_data_beside_the_checkout_are_found(site: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match=r"give their folder with --data DIR or in \$CURRENCY_DATA"):
        find_data(None)
    monkeypatch.chdir(checkout / "docs")
    with pytest.raises(DataError, match="--data DIR"):
        find_data(None)
    (checkout.parent / "shared" / "data").mkdir(parents=True)
    assert find_data(None) == checkout.parent / "shared" / "data"


def test_the_trained_network_is_that_of_the_checkout(
    site: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = site / "currency_app" / "models" / "usd"
    assert trained_bundle("usd") == installed, "which says that it has none"
    monkeypatch.chdir(checkout / "docs")
    assert trained_bundle("usd") == checkout / "models" / "usd"
    assert trained_bundle(str(checkout / "models" / "usd")) == checkout / "models" / "usd"
    (installed / WEIGHTS).touch()
    assert trained_bundle("usd") == installed


def test_another_model_of_the_checkout_is_not_taken_for_the_installed_one(
    site: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.dataset.labels import Label
    from training.export.bundle import write_bundle
    from training.recipe import Recipe, Stage

    folder = site / "currency_app" / "models" / "usd"
    labels = (Label("usd_5_front", 5, "front"), Label("background", None, None))
    other = (folder / "model.tflite").read_bytes() + b" "
    write_bundle(folder, other, "fp32", Recipe("tiny", "usd", (Stage(1, 1e-3),)), labels, [])
    monkeypatch.chdir(checkout)
    assert trained_bundle("usd") == folder
