"""The `currency-train` command: what it writes, and one line for everything that is wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import pytest

from tests.support.commands import Ran
from tests.support.drawn_data import room, save, write_class_folders, write_data, write_manifest
from tests.support.painted import colour_of, paint, write_picture
from tests.support.tiny import TINY, copy_bundle
from training import pipeline
from training.commands.cli import main
from training.commands.options import need_training_packages
from training.recipe_files import read_recipe

USD = (1, 2, 5, 10, 20, 50, 100)


@pytest.fixture(autouse=True)
def _own_surroundings(signals_restored: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CURRENCY_DATA", raising=False)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(write_data(tmp_path_factory.mktemp("data")))


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Ran:
    return Ran(main, "currency-train", capfd)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--colour"],
        ["nonsense"],
        ["synthesize"],
        ["synthesize", "--preview", "a.png", "--count", "0"],
        ["synthesize", "--preview", "a.png", "--count", "many"],
        ["calibrate"],
        ["export", "--precision", "int4"],
        ["evaluate", "--colour"],
    ],
)
def test_a_wrong_option_is_one_line(command: Ran, arguments: list[str]) -> None:
    assert "--help`." in command(*arguments).refused()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["synthesize", "--preview", "a.png", "--recipe", "nowhere.toml"], "There is no recipe nowhere.toml"),
        (["synthesize", "--preview", "a.png", "--data", "nowhere"], "no data folder nowhere"),
        (["evaluate", "--data", "nowhere"], "no data folder nowhere"),
        (["evaluate", "--data", "empty"], "holds no labelled image"),
        (["calibrate", "--bundle", "nowhere", "--data", "DATA"], "nowhere"),
        (["evaluate", "--bundle", "nowhere", "--data", "DATA", "--split", "val"], "no model bundle nowhere"),
        (
            ["evaluate", "--data", "DATA"],
            "No image is of split test_web: this data folder has test, train, val. Name one with",
        ),
        (["evaluate", "--data", "DATA", "--split", "exam"], "has test, train, val. Name one with --split."),
        (["synthesize", "--preview", "none/a.png", "--data", "DATA"], "no folder none"),
        (["synthesize", "--preview", "a.jpg", "--data", "DATA"], "ends in .png"),
        (["evaluate", "--plot", "a.svg"], "--plot does nothing without --presentations: add that, or leave it out"),
        (["evaluate", "--kept", "there"], "--kept does nothing without --presentations"),
        (["evaluate", "--quick"], "--quick does nothing without --presentations or --unseen-designs"),
        (["evaluate", "--recipe", "eur"], "--recipe does nothing without --run or --unseen-designs"),
        (["evaluate", "--presentations", "--keras"], "by the folder's own labels: leave out --keras"),
        (["evaluate", "--presentations", "--manifest", "a.csv"], "leave out --manifest"),
        (["evaluate", "--other-numerals", "--data", "DATA"], "measures one bundle on drawn notes: leave out --data"),
        (["evaluate", "--run", "runs/usd", "--record", "--split", "val"], "leave out --record, --split"),
        (["evaluate", "--bundle", "usd,eur", "--presentations"], "on photographs: leave out --presentations"),
        (["calibrate", "--bundle", "empty", "--recipe", "eur"], "--recipe does nothing without --run"),
        (["numerals", "--bundle", "empty", "--from", "usd", "--epochs", "2"], "leave out --crops and --epochs"),
        (["check", "--data", "DATA", "--currency", "us"], "'us' is not a currency's code of three letters"),
        (["check", "--data", "DATA", "--currency", "EUR"], "labelled with a value of eur"),
    ],
)
def test_what_is_wrong_is_one_line(command: Ran, data: str, arguments: list[str], said: str) -> None:
    assert_refused(command, data, arguments, said)


@pytest.mark.parametrize(
    "arguments",
    [["calibrate"], ["numerals", "--crops", "1", "--epochs", "1"], ["evaluate", "--split", "val", "--record"]],
    ids=lambda words: words[0],
)
def test_a_bundle_that_may_not_be_changed_is_told_before_the_work(
    command: Ran, data: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_bundle(TINY / "usd", Path("bundle"))
    monkeypatch.setattr(os, "access", lambda path, mode: not (str(path) == "bundle" and mode == os.W_OK))
    told = command(*arguments, "--bundle", "bundle", "--data", data).refused()
    assert "bundle cannot be changed: let this account write there" in told


@pytest.mark.tensorflow
@pytest.mark.parametrize(("already", "then"), [(None, "1"), ("0", "0")])
def test_tensorflow_is_made_fast_unless_the_user_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, already: str | None, then: str
) -> None:
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", already or "")
    if already is None:
        monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    need_training_packages()
    assert os.environ["TF_ENABLE_ONEDNN_OPTS"] == then


@pytest.mark.tensorflow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fit", "--recipe", "nowhere"], "There is no recipe nowhere"),
        (["export", "--recipe", "nowhere"], "There is no recipe nowhere"),
        (["fit", "--weights", "none.h5", "--data", "DATA"], "no weights file none.h5"),
        (["export", "--data", "DATA", "--run", "empty"], "holds no finished run"),
        (["fit", "--data", "DATA", "--weights", "nowhere.h5"], "There is no weights file nowhere.h5"),
        (["fit", "--data", "UNSPLIT"], "no image of split val to calibrate on"),
        (["fit", "--data", "CUT"], "val.png is damaged or cut short"),
    ],
)
def test_what_is_wrong_with_a_training_is_one_line(command: Ran, data: str, arguments: list[str], said: str) -> None:
    assert_refused(command, data, arguments, said)


def assert_refused(command: Ran, data: str, arguments: list[str], said: str) -> None:
    """Run a command that must end with one line.

    DATA, UNSPLIT and CUT among the arguments stand for data folders with splits, without, and with a damaged image.
    """
    Path("empty").mkdir()
    save(Path("unsplit/usd_5_front/a.png"), room(1))
    save(Path("unsplit/background/a.png"), room(2))
    whole = save(Path("cut/train.png"), room(1)).read_bytes()
    Path("cut/val.png").write_bytes(whole[: len(whole) // 2])
    of_note = {"kind": "photo", "source": "me", "class": "usd_5_front", "notes_in_image": "single"}
    write_manifest(Path("cut"), [{"path": f"{split}.png", **of_note, "split": split} for split in ("train", "val")])
    named = {"DATA": data, "UNSPLIT": "unsplit", "CUT": "cut"}
    assert said in command(*(named.get(word, word) for word in arguments)).refused()


def test_synthesize_writes_a_sheet(command: Ran, data: str) -> None:
    command("synthesize", "--preview", "sheet.png", "--count", "3", "--data", data, "--recipe", "quick")
    assert (command.code, command.out, command.err) == (0, [], ["Wrote sheet.png"])
    sheet = cv2.imread("sheet.png")
    assert sheet is not None
    size = read_recipe("quick").detail
    assert sheet.shape == (size, 3 * size, 3)


def test_synthesize_takes_class_folders_and_the_environment(
    command: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CURRENCY_DATA", str(write_class_folders(tmp_path / "mine", takes=2, frames=1)))
    assert command("synthesize", "--preview", "sheet.png", "--count", "2", "--recipe", "quick").code == 0


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Class folders of notes that the tiny bundle reads, every fifth take of which is `val`."""
    folder = tmp_path_factory.mktemp("painted")
    for name, colour in (
        ("usd_5_front", colour_of(USD, 5, "front")),
        ("usd_20_back", colour_of(USD, 20, "back")),
        ("background", None),
    ):
        for take in range(5):
            write_picture(folder / name / f"take{take}-0.png", paint(colour))
    return str(folder)


def test_evaluate_prints_json_and_nothing_else(command: Ran, tiny_bundle: Path, painted: str) -> None:
    command("evaluate", "--bundle", str(tiny_bundle), "--data", painted, "--split", "val", "--json")
    assert (command.code, command.err) == (0, [])
    (line,) = command.out
    figures = json.loads(line)
    (notes,) = figures["notes"].values()
    assert (notes["n"], notes["right"], notes["given"], notes["wrong_given"]) == (2, 2, 2, 0)
    (empty,) = figures["without_note"].values()
    assert empty == {"n": 1, "given": 0}


def test_evaluate_prints_one_object_of_the_bundle_and_its_network_in_keras(
    command: Ran, tiny_bundle: Path, painted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own figures as without, and those of the network in Keras, which has its own tests, as one member."""
    asked = ["evaluate", "--bundle", str(tiny_bundle), "--data", painted, "--split", "val", "--json"]
    command(*asked)
    (alone,) = (json.loads(line) for line in command.out)
    monkeypatch.setattr("training.commands.evaluate.need_training_packages", lambda: None)
    monkeypatch.setattr("training.pipeline.measure_in_keras", pipeline.measure)
    command(*asked, "--keras")
    assert (command.code, command.err) == (0, [])
    (line,) = command.out
    assert json.loads(line) == {**alone, "keras": alone}


def test_evaluate_prints_a_table(command: Ran, tiny_bundle: Path, painted: str) -> None:
    command("evaluate", "--bundle", str(tiny_bundle), "--data", painted, "--split", "val", "--split", "train")
    assert command.code == 0
    assert any(line.startswith("val ") and "100.0%" in line for line in command.out)
    assert any(line.startswith("train ") and "100.0%" in line for line in command.out)


def test_evaluate_records_figures_in_the_bundle(command: Ran, tiny_bundle: Path, painted: str) -> None:
    shutil.copytree(tiny_bundle, "bundle")
    command("evaluate", "--bundle", "bundle", "--data", painted, "--split", "val", "--record", "--json")
    assert command.code == 0
    described = json.loads(Path("bundle/bundle.json").read_text())
    # And which model they are of, so that those of an older one are found out.
    assert described["measured"] == {**json.loads(command.out[0]), "model": described["model"]["sha256"]}


def test_calibrate_changes_the_bundle(command: Ran, tiny_bundle: Path, painted: str) -> None:
    shutil.copytree(tiny_bundle, "bundle")
    command("calibrate", "--bundle", "bundle", "--data", painted)
    assert command.code == 0
    described = json.loads(Path("bundle/bundle.json").read_text())
    (line,) = command.out
    assert f"temperature {described['temperature']:.3f}," in line
    assert f"sure from {described['thresholds']['sure']}" in line
    assert described["temperature"] != json.loads((tiny_bundle / "bundle.json").read_text())["temperature"]


@pytest.mark.tensorflow
def test_fit_trains_and_writes_a_bundle(
    command: Ran, data: str, monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path
) -> None:
    """All but the training itself, which has its own tests."""
    from tests.support.tiny_bundle import labels_of, tiny_model
    from training.fitting import fit as fit_module

    given: list[Any] = []

    def fit(*arguments: Any) -> Any:
        given.append(arguments)
        return tiny_model(labels_of((5, 20)))

    monkeypatch.setattr(fit_module, "fit", fit)
    recipe = Path("mine.toml")
    recipe.write_text('currency = "usd"\nsize = 96\n[[stages]]\nepochs = 1\nlearning_rate = 1e-3\n')
    monkeypatch.setattr("training.export.bundle.load_bundle", lambda folder: None)
    monkeypatch.setattr("training.pipeline.calibrate_bundle", lambda *arguments: None)
    Path("some.h5").touch()
    command("fit", "--recipe", "mine.toml", "--data", data, "--precision", "fp32", "--weights", "some.h5")
    assert command.code == 0
    (_, images, weights, run) = given[0]
    assert (weights, run) == ("some.h5", Path("runs/mine"))
    assert len(images) > 10
    assert command.err[-1].startswith("Wrote the fp32 bundle to runs/mine/bundle.")
    assert Path("runs/mine/bundle/model.tflite").is_file()


def test_help_starts_without_tensorflow() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from training.commands.cli import main; main(['--help'])"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert "training.commands.cli" in imported
    assert imported.isdisjoint({"tensorflow", "keras", "coremltools"})
