"""`currency-train evaluate --unseen-designs`: real networks, as small as they can be, trained without designs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.drawn_data import as_text, photo, room, save, write_manifest
from training.commands.cli import main as train

RECIPE = """
currency = "zed"
names.en = { one = "zed", other = "zeds" }
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


@pytest.fixture
def _without_graphs(tensorflow: None) -> Iterator[None]:
    """Making a graph of the network takes longer than these few steps do without one."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A five of two designs, which are drawn as a five and as a ten, a twenty of one, and rooms."""
    rows: list[dict[str, str]] = []

    def add(value: int, drawn_as: int, series: str, number: int, split: str) -> None:
        picture, polygon = photo(drawn_as, "front", number)
        path = f"{value} {series}/{split} {number}.png"
        save(tmp_path / "data" / path, picture)
        rows.append(
            {
                "path": path, "kind": "photo", "source": "me", "class": f"zed_{value}_front", "split": split,
                "polygon": as_text(polygon), "series": series, "notes_in_image": "single",
            }
        )  # fmt: skip

    for number in range(8):
        add(5, 5, "birds", number, "train")
        add(5, 10, "fish", number, "train")
    for split in ("train", "val"):
        add(20, 20, "birds", 0, split)
        save(tmp_path / f"data/{split}.png", room(7))
        rows.append(
            {"path": f"{split}.png", "kind": "background", "source": "me", "class": "background", "split": split}
        )
    return write_manifest(tmp_path / "data", rows)


@pytest.mark.slow
@pytest.mark.tensorflow
@pytest.mark.usefixtures("_without_graphs")
def test_networks_are_trained_without_designs_and_measured_on_them(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    import keras

    monkeypatch.chdir(tmp_path)
    Path("zed.toml").write_text(RECIPE)
    keras.applications.MobileNetV2(weights=None, include_top=False, input_shape=(96, 96, 3), alpha=0.35).save_weights(
        "random.weights.h5"
    )
    asked = ["evaluate", "--unseen-designs", "--recipe", "zed.toml", "--data", str(data), "--json"]
    assert train([*asked, "--weights", "random.weights.h5", "--run", "run"]) == 0
    out, err = capfd.readouterr()
    figures = json.loads(out)
    assert "Network 2 of 2, without 5 fish" in err
    assert figures["rounds"] == ["5 birds", "5 fish"]
    assert {name: line["n"] for name, line in figures["unseen"].items()} == {
        "5 birds": 8, "5 fish": 8, "all unseen designs": 16,
    }  # fmt: skip
    assert figures["known"]["known designs, val"]["n"] == 2, "the twenty, once for each network"
    with Path("run/unseen-designs.csv").open(newline="", encoding="utf-8") as stream:
        assert {(row["round"], row["design"]) for row in csv.DictReader(stream) if row["unseen"] == "True"} == {
            ("1", "birds"),
            ("2", "fish"),
        }
    learnt = json.loads(Path("run/network-1/bundle/bundle.json").read_text(encoding="utf-8"))["designs"]
    assert {(entry["value"], entry["design"], entry["images"]) for entry in learnt} == {
        (5, "fish", 8),
        (20, "birds", 1),
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--unseen-designs", "--quick", "--recipe", "quick"], "leave out --quick, or --recipe"),
        (["--unseen-designs", "--presentations"], "--unseen-designs measures networks of its own"),
        (["--unseen-designs", "--record"], "--unseen-designs measures networks of its own"),
        (["--unseen-designs", "--data", "DATA", "--weights", "nowhere.h5"], "no weights file nowhere.h5"),
        (["--weights", "a.h5"], "--weights does nothing without --unseen-designs"),
    ],
)
def test_what_does_not_go_together_is_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], options: list[str], message: str
) -> None:
    folder = write_manifest(
        tmp_path, [{"path": "a.png", "kind": "photo", "source": "me", "class": "usd_5_front", "split": "val"}]
    )
    assert train(["evaluate", *(str(folder) if word == "DATA" else word for word in options)]) == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert message in line
