"""Several bundles measured together: the right currency's value is right, another currency's is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from currency_app.recognition.bundle import Bundle, load_bundles
from tests.support.drawn_data import write_manifest
from tests.support.painted import colour_of, paint, printed, write_picture
from tests.support.tiny import copy_bundle
from training.commands.cli import main
from training.dataset.manifest import read_data
from training.measuring.multi_currency import measure_multi_currency
from training.measuring.photographs import Figures

USD = (1, 2, 5, 10, 20, 50, 100)
NEVER = {"sure": 1.0, "maybe": 1.0}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory, tiny_bundle: Path) -> Mapping[str, Path]:
    """Bundles that read the same colours as dollars and as euros, and some that are never sure."""
    base, made = tmp_path_factory.mktemp("bundles"), {}
    for currency in ("usd", "eur"):
        made[currency] = copy_bundle(tiny_bundle, base / currency, currency=currency)
        unsure = f"{currency}-unsure"
        made[unsure] = copy_bundle(tiny_bundle, base / unsure, currency=currency, thresholds=NEVER)
    return made


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dollar, two euros of which one is of another source, a room, other money, and euros of no told value."""
    folder = tmp_path_factory.mktemp("data")
    rows = [
        ("usd_20_front", "photo", "home", 20),
        ("eur_5_front", "other_currency", "abroad", 5),
        ("eur_50", "other_currency", "abroad", 50),
        ("background", "background", "rooms", None),
        ("jpy_10", "other_currency", "far", None),
        ("eur_mixed", "other_currency", "abroad", 100),
    ]
    lines = []
    for number, (name, kind, source, value) in enumerate(rows):
        colour = None if value is None else colour_of(USD, value, "front")
        write_picture(folder / f"{number}.png", printed(paint(colour, frame=(320, 240))))
        line = {"path": f"{number}.png", "kind": kind, "source": source, "class": name, "split": "test"}
        lines.append({**line, "notes_in_image": "single" if kind == "photo" else ""})
    return write_manifest(folder, lines)


def together(folders: Mapping[str, Path], data: Path, *names: str) -> tuple[Figures, tuple[Bundle, ...]]:
    bundles = load_bundles(",".join(str(folders[name]) for name in names))
    return measure_multi_currency(bundles, data, read_data(data), ["test"], list), bundles


def counts(found: Figures) -> dict[str, tuple[int, int, int, int]]:
    return {name: (f.n, f.right, f.spoken, f.wrong) for name, f in found.notes.items()}


def test_each_note_is_measured_in_its_own_currency(folders: Mapping[str, Path], data: Path) -> None:
    found, _ = together(folders, data, "usd", "eur-unsure")
    assert counts(found) == {"test home photo": (1, 1, 1, 0), "test abroad photo": (2, 0, 2, 2)}, (
        "the dollar bundle is sure of everything, and wrong about euros"
    )
    found, _ = together(folders, data, "usd-unsure", "eur")
    assert counts(found) == {"test home photo": (1, 0, 1, 1), "test abroad photo": (2, 2, 2, 0)}


def test_currencies_of_one_source_are_counted_each_by_itself(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """As in a folder per class, which is one source: none may take the place of the other."""
    for name, value in (("usd_20_front", 20), ("eur_5_front", 5), ("eur_50_front", 50)):
        write_picture(tmp_path / name / "a.png", printed(paint(colour_of(USD, value, "front"), frame=(320, 240))))
    bundles = load_bundles(f"{folders['usd']},{folders['eur-unsure']}")
    found = measure_multi_currency(bundles, tmp_path, read_data(tmp_path), ["train"], list)
    source = f"train {tmp_path.name} photo"
    assert counts(found) == {f"{source} EUR": (2, 0, 2, 2), f"{source} USD": (1, 1, 1, 0)}


def test_where_both_are_sure_nothing_is_given(folders: Mapping[str, Path], data: Path) -> None:
    found, _ = together(folders, data, "usd", "eur")
    assert all(spoken == wrong == 0 for _, _, spoken, wrong in counts(found).values())


def test_images_without_a_note_of_either_are_counted_once(folders: Mapping[str, Path], data: Path) -> None:
    """And those whose value nobody knows not at all."""
    found, _ = together(folders, data, "usd", "eur")
    assert {name: (f.n, f.spoken) for name, f in found.empty.items()} == {
        "test far other_currency": (1, 0),
        "test rooms background": (1, 0),
    }
    assert set(found.faces) == {"usd_20_front", "eur_5_front", "eur_50"}


def test_the_command_measures_them(folders: Mapping[str, Path], data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = f"{folders['usd']},{folders['eur-unsure']}"
    assert main(["evaluate", "--bundle", names, "--data", str(data), "--split", "test", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["notes"]["test home photo"]["right"] == 1
    assert main(["evaluate", "--bundle", f"{folders['usd']},{folders['usd']}", "--data", str(data)]) == 2
