"""A currency of one's own: from a folder of pictures to a bundle that the app runs, with no code changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from currency_app.commands.cli import main as app
from currency_app.demo.notes import draw_note
from currency_app.recognition.bundle import load_bundle
from tests.support.drawn_data import photo, room, save
from training.commands.cli import main as train

tf = pytest.importorskip("tensorflow", reason="training needs Keras and TensorFlow")


RECIPE = """
currency = "zed"
names.en = { one = "zed", other = "zeds" }
note_aspect = 2.3
size = 96
detail = 96
alpha = 0.35
images_per_epoch = 4
batch_size = 4
averaging = 0.5

[[stages]]
epochs = 1
learning_rate = 1e-3
"""


@pytest.fixture(autouse=True)
def _without_graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Making a graph of the network takes longer than these few steps do without one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "zed.toml").write_text(RECIPE)
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder per class: one value with its sides, another without, other money, notes of no told value, rooms."""
    mine = tmp_path_factory.mktemp("data") / "mine"
    for take in range(5):
        for name, value, side in (("zed_5_front", 5, "front"), ("zed_5_back", 5, "back"), ("zed_20", 20, "front")):
            save(mine / name / f"take{take}-1.png", photo(value, side, take)[0])
        save(mine / "usd_100_front" / f"take{take}-1.png", photo(100, "front", take)[0])
        save(mine / "zed_mixed" / f"take{take}-1.png", photo(50, "back", take)[0])
        save(mine / "background" / f"room{take}-1.png", room(take))
    return mine


@pytest.fixture(scope="module")
def folder_with_scans(folder: Path) -> Path:
    """The same, and a flat picture of each face whose side is told."""
    whole = folder.parent / "with_scans" / "mine"
    shutil.copytree(folder, whole)
    for side in ("front", "back"):
        save(whole / f"zed_5_{side}" / "scan.png", draw_note(5, side, 400, 50))
    return whole


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of another currency whose network is there to start from."""
    from tests.support.tiny_bundle import labels_of
    from training.export.bundle import write_bundle
    from training.export.tflite import to_tflite
    from training.network.keras_network import save_network
    from training.network.model import build_model
    from training.recipe import Recipe

    made = tmp_path_factory.mktemp("beginning")
    network = build_model(len(labels_of((5,))), 96, 0.35, None)
    recipe = Recipe(name="usd", currency="usd", stages=(), size=96, alpha=0.35)
    write_bundle(made, to_tflite(network, "fp32"), "fp32", recipe, labels_of((5,)), [])
    save_network(network, made)
    return made


def fitted(capfd: pytest.CaptureFixture[str], *options: str) -> list[str]:
    """Train and write the bundle; what was said on standard error."""
    capfd.readouterr()
    assert train(["fit", "--recipe", "zed.toml", "--precision", "fp32", "--out", "models/zed", *options]) == 0
    return capfd.readouterr().err.splitlines()


@pytest.mark.slow
def test_from_a_folder_with_scans_to_the_app(
    folder_with_scans: Path, beginning: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The sequence of docs/new-currency.md."""
    data = ["--data", str(folder_with_scans)]
    assert train(["check", *data, "--currency", "zed"]) in (0, 1)
    assert train(["locate", *data, "--currency", "zed", "--out", "zed.csv"]) == 0
    assert "Corners are known in 10 of 15 photographs" in capfd.readouterr().out, "the 20 has no scan"
    said = fitted(capfd, *data, "--manifest", "zed.csv", "--weights", str(beginning))
    assert not any("No image tells where a note" in line for line in said)

    bundle = load_bundle(Path("models/zed"))
    assert [label.name for label in bundle.labels] == ["zed_5_front", "zed_5_back", "zed_20", "background"]
    assert (bundle.currency, bundle.note_aspect, bundle.locates) == ("ZED", 2.3, True)
    assert bundle.second_look is not None
    assert bundle.sure >= 0.95, "a few pictures do not make sure"
    kinds = bundle.raw["training"]["data"]
    assert kinds == {"background": 4, "other_currency": 4, "photo": 12, "scan": 2, "untold": 4}

    capfd.readouterr()
    assert train(["evaluate", *data, "--bundle", "models/zed", "--split", "val", "--json"]) == 0
    figures = json.loads(capfd.readouterr().out)
    assert figures["notes"]["val mine photo"]["n"] == 3
    assert set(figures["faces"]) == {"zed_5_front", "zed_5_back", "zed_20"}
    assert figures["without_note"] == {
        "val mine background": {"n": 1, "given": 0},
        "val mine other_currency": {"n": 1, "given": 0},
    }
    assert figures["untold"]["val mine untold"]["n"] == 1

    save(Path("clip/1.png"), photo(5, "front", 9)[0])
    assert app(["identify", "--currency", "models/zed", "--json", "clip/1.png"]) == 0
    assert json.loads(capfd.readouterr().out)["currency"] == "ZED"
    save(Path("clip/2.png"), room(3))
    assert app(["run", "--currency", "models/zed", "--source", "clip", "--voice", "off", "--events", "-"]) == 0
    assert json.loads(capfd.readouterr().out.splitlines()[-1])["frames"] == 2


@pytest.mark.slow
def test_photographs_alone_teach_values_but_no_places(
    folder: Path, beginning: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said = fitted(capfd, "--data", str(folder), "--weights", str(beginning))
    assert any("No image tells where a note of zed lies" in line for line in said)
    bundle = load_bundle(Path("models/zed"))
    assert not bundle.locates
    assert bundle.second_look is None
    save(Path("a.png"), photo(5, "front", 9)[0])
    assert app(["identify", "--currency", "models/zed", "--json", "a.png"]) == 0
    assert json.loads(capfd.readouterr().out)["corners"] is None


@pytest.mark.parametrize("weights", ["nowhere", "zed.toml", "."])
def test_weights_that_are_none_are_one_line(folder: Path, capfd: pytest.CaptureFixture[str], weights: str) -> None:
    assert train(["fit", "--recipe", "zed.toml", "--data", str(folder), "--weights", weights]) == 2
    (line,) = [line for line in capfd.readouterr().err.splitlines() if line.startswith("currency-train: ")]
    assert weights in line


def test_a_bundle_that_locates_no_notes_shows_none() -> None:
    """Whatever its network's second output says; hints about place would be made up."""
    from dataclasses import replace

    from currency_app.events import Frame
    from currency_app.recognition.recognizer import Recognizer
    from currency_app.testing import FakeNetwork
    from tests.support.observations import BUNDLE, CENTRED

    sure = np.zeros(15)
    sure[8] = 1.0
    for locates in (True, False):
        network = FakeNetwork([(sure, [*CENTRED.ravel(), 0.4])] * 3)
        recognizer = Recognizer(replace(BUNDLE, locates=locates), network=network)
        seen = recognizer.observe(Frame(np.full((60, 80, 3), 99, np.uint8), 0.0, 0))
        assert seen.value == 20
        assert (seen.corners is not None) is locates
        assert seen.in_view == pytest.approx(0.4 if locates else 1.0)
    assert len(network.pictures) == 1, "nothing is looked for whose place could not be told"
