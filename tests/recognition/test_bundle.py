"""What a bundle says of itself, and the one sentence with which a bad one is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from currency_app.errors import BundleError
from currency_app.recognition.bundle import USUAL_ASPECT, find_bundle, load_bundle, sha256_of
from currency_app.recognition.second_look import SecondLook

MODEL = b"not a network, but bytes with a checksum"


def good() -> dict[str, Any]:
    """A description as the export writes it."""
    return {
        "schema": 1,
        "currency": "USD",
        "names": {"en": {"one": "dollar", "other": "dollars"}},
        "labels": [
            {"name": "usd_20_front", "value": 20, "side": "front"},
            {"name": "usd_5", "value": 5, "side": None},
            {"name": "background", "value": None, "side": None},
        ],
        "input": {"width": 256, "height": 224, "colour_order": "RGB", "dtype": "uint8", "fit": "stretch"},
        "temperature": 1.25,
        "thresholds": {"sure": 0.96, "maybe": 0.7},
        "model": {"file": "model.tflite"},
    }


def write(folder: Path, description: object, model: bytes = MODEL) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "model.tflite").write_bytes(model)
    if isinstance(description, dict) and isinstance(description.get("model"), dict):
        description["model"].setdefault("sha256", sha256_of(folder / "model.tflite"))
    (folder / "bundle.json").write_text(json.dumps(description), encoding="utf-8")
    return folder


def refused(folder: Path) -> str:
    """The message of the refusal, which is one line that says what to do."""
    with pytest.raises(BundleError) as caught:
        load_bundle(folder)
    message = str(caught.value)
    assert "\n" not in message
    assert "bundle" in message.rpartition(":")[2], "it says what to do"
    return message


def test_a_good_bundle_is_read(tmp_path: Path) -> None:
    bundle = load_bundle(write(tmp_path, good()))
    assert bundle.currency == "USD"
    assert [(label.name, label.value, label.side) for label in bundle.labels] == [
        ("usd_20_front", 20, "front"),
        ("usd_5", 5, None),
        ("background", None, None),
    ]
    assert bundle.values == (5, 20)
    assert (bundle.width, bundle.height, bundle.fit) == (256, 224, "stretch")
    assert (bundle.temperature, bundle.sure, bundle.maybe) == (1.25, 0.96, 0.7)
    assert bundle.names["en"]["other"] == "dollars"
    assert bundle.model.read_bytes() == MODEL


SECOND_LOOK = {"margin": 0.1, "least_note": 0.05, "first": 0.4, "second": 0.7}


def test_an_older_bundle_looks_once_and_has_one_threshold(tmp_path: Path) -> None:
    bundle = load_bundle(write(tmp_path, good()))
    assert bundle.second_look is None
    assert (bundle.sure_for(5), bundle.sure_for(20)) == (0.96, 0.96)


def test_how_to_look_again_is_read(tmp_path: Path) -> None:
    bundle = load_bundle(write(tmp_path, {**good(), "second_look": {**SECOND_LOOK, "meaning": "as the code says"}}))
    assert bundle.second_look == SecondLook(margin=0.1, min_note_probability=0.05, first_weight=0.4, closer_weight=0.7)


def test_thresholds_by_value_are_read(tmp_path: Path) -> None:
    description = good()
    description["thresholds"]["sure_by_value"] = {"20": 0.99, "100": 1}
    bundle = load_bundle(write(tmp_path, description))
    assert bundle.sure_for(20) == 0.99
    assert bundle.sure_for(100) == 1
    assert bundle.sure_for(5) == bundle.sure == 0.96, "those that are not named have the common one"


def test_a_changed_model_is_refused(tmp_path: Path) -> None:
    write(tmp_path, good())
    (tmp_path / "model.tflite").write_bytes(MODEL + b".")
    assert "model.tflite is not the file" in refused(tmp_path)


def test_a_missing_model_is_refused(tmp_path: Path) -> None:
    write(tmp_path, good())
    (tmp_path / "model.tflite").unlink()
    assert "model.tflite cannot be read" in refused(tmp_path)


def test_a_model_outside_the_bundle_is_not_read(tmp_path: Path) -> None:
    """Whatever path is named, the file lies in the bundle's own folder."""
    (tmp_path / "other.tflite").write_bytes(MODEL)
    description = good()
    description["model"]["file"] = "../other.tflite"
    assert str(tmp_path / "bundle" / "other.tflite") in refused(write(tmp_path / "bundle", description))


@pytest.mark.parametrize("schema", [0, 2, "1", None])
def test_another_schema_is_refused(tmp_path: Path, schema: object) -> None:
    message = refused(write(tmp_path, {**good(), "schema": schema}))
    assert f"schema {schema}," in message
    assert "reads schema 1" in message


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b'{"schema": 1,', pytest.param(b"[" * 10_000, id="[")])
def test_damaged_json_is_refused(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, good())
    (tmp_path / "bundle.json").write_bytes(content)
    assert "bundle.json is damaged" in refused(tmp_path)


@pytest.mark.parametrize("content", [[], 7, "bundle", None, [{"schema": 1}]])
def test_json_of_another_shape_is_refused(tmp_path: Path, content: object) -> None:
    refused(write(tmp_path, content))


def test_a_folder_without_a_description_is_refused(tmp_path: Path) -> None:
    assert "bundle.json cannot be read" in refused(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        ("currency",),
        ("names",),
        ("labels",),
        ("labels", 0, "name"),
        ("labels", 0, "value"),
        ("labels", 0, "side"),
        ("input",),
        ("input", "width"),
        ("input", "height"),
        ("input", "fit"),
        ("temperature",),
        ("thresholds",),
        ("thresholds", "sure"),
        ("thresholds", "maybe"),
        ("model",),
        ("model", "file"),
    ],
)
def test_a_missing_key_is_named(tmp_path: Path, path: tuple[str | int, ...]) -> None:
    description: Any = good()
    part = description
    for key in path[:-1]:
        part = part[key]
    del part[path[-1]]
    assert repr(path[-1]) in refused(write(tmp_path, description))


def test_a_missing_checksum_is_named(tmp_path: Path) -> None:
    write(tmp_path, good())
    (tmp_path / "bundle.json").write_text(json.dumps(good()), encoding="utf-8")
    assert "'sha256'" in refused(tmp_path)


def _set(*path: str | int, to: object) -> Callable[[Any], None]:
    def change(description: Any) -> None:
        for key in path[:-1]:
            description = description[key]
        description[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("labels", to=[]),
        _set("labels", to=[{"name": "background", "value": None, "side": None}]),
        _set("labels", to=7),
        _set("labels", 0, to="usd_20_front"),
        _set("labels", 0, "value", to=None),
        _set("labels", 0, "value", to=0),
        _set("labels", 0, "value", to="20"),
        _set("labels", 0, "side", to="top"),
        _set("labels", 2, "value", to=100),
        _set("names", to=[]),
        _set("input", "fit", to="crop"),
        _set("input", "width", to="wide"),
        _set("input", "width", to=0),
        _set("input", "height", to=-224),
        _set("input", "width", to=float("inf")),
        _set("temperature", to=0),
        _set("temperature", to=-1),
        _set("temperature", to=float("nan")),
        _set("temperature", to=float("inf")),
        _set("temperature", to=1e-320),
        _set("thresholds", to={"sure": 0.7, "maybe": 0.9}),
        _set("thresholds", to={"sure": 1.1, "maybe": 0.9}),
        _set("thresholds", to={"sure": 0.9, "maybe": 0}),
        _set("thresholds", to={"sure": float("nan"), "maybe": 0.5}),
        _set("thresholds", "sure_by_value", to={"20": 0.9}),  # less than the common one
        _set("thresholds", "sure_by_value", to={"20": 1.1}),
        _set("thresholds", "sure_by_value", to={"20": float("nan")}),
        _set("thresholds", "sure_by_value", to={"20": None}),
        _set("thresholds", "sure_by_value", to={"twenty": 0.99}),
        _set("thresholds", "sure_by_value", to=[0.99]),
        _set("thresholds", "sure_by_value", to=0.99),
        _set("second_look", to=[0.1, 0.05, 0.4, 0.7]),
        _set("second_look", to=True),
        _set("second_look", to={}),
        *[_set("second_look", to={n: v for n, v in SECOND_LOOK.items() if n != name}) for name in SECOND_LOOK],
        *[_set("second_look", to={**SECOND_LOOK, name: float("nan")}) for name in SECOND_LOOK],
        *[_set("second_look", to={**SECOND_LOOK, name: "much"}) for name in SECOND_LOOK],
        *[_set("second_look", to={**SECOND_LOOK, name: -0.1}) for name in SECOND_LOOK],
        _set("second_look", to={**SECOND_LOOK, "margin": 1.1}),
        _set("second_look", to={**SECOND_LOOK, "least_note": 1.1}),
        _set("second_look", to={**SECOND_LOOK, "first": 0, "second": 0}),
        _set("second_look", to={**SECOND_LOOK, "second": float("inf")}),
        _set("second_look", to={**SECOND_LOOK, "second": 1e308}),
        _set("model", "file", to=""),
        _set("model", "file", to="a\0b"),
        _set("model", "sha256", to=None),
        _set("model", to="model.tflite"),
    ],
)
def test_wrong_entries_are_refused(tmp_path: Path, change: Callable[[Any], None]) -> None:
    description = good()
    change(description)
    refused(write(tmp_path, description))


def test_the_bundle_of_a_run_of_training_is_read(tiny_bundle: Path) -> None:
    bundle = load_bundle(tiny_bundle)
    assert bundle.values == (1, 2, 5, 10, 20, 50, 100)
    assert len(bundle.labels) == 15


def test_a_bundle_is_found_by_its_folder(tmp_path: Path) -> None:
    assert find_bundle(str(write(tmp_path / "mine", good()))) == tmp_path / "mine"


def test_a_bundle_is_found_by_its_currency_whatever_the_case() -> None:
    try:
        installed = find_bundle("usd")
    except BundleError:
        pytest.skip("no usd bundle is installed here")
    assert find_bundle("USD") == installed
    assert load_bundle(installed).currency == "USD"


@pytest.mark.parametrize("name", ["xyz", "", "/nowhere", "no/such/folder"])
def test_an_unknown_bundle_says_what_may_be_given(name: str) -> None:
    with pytest.raises(BundleError, match=r"a currency such as usd, or the path of a bundle's folder\.$"):
        find_bundle(name)


def test_a_folder_that_is_no_bundle_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="There is no model bundle"):
        find_bundle(str(tmp_path))


def test_a_bundle_can_be_moved(tmp_path: Path) -> None:
    shutil.move(write(tmp_path / "here", good()), tmp_path / "there")
    assert load_bundle(tmp_path / "there").model.parent == tmp_path / "there"


def test_the_notes_shape(tmp_path: Path) -> None:
    """Older bundles do not tell it."""
    assert load_bundle(write(tmp_path, good())).note_aspect == USUAL_ASPECT
    assert load_bundle(write(tmp_path, good() | {"note_aspect": 1.9})).note_aspect == 1.9


@pytest.mark.parametrize("aspect", [0, -2, 99, "wide", None])
def test_no_note_has_this_shape(tmp_path: Path, aspect: object) -> None:
    refused(write(tmp_path, good() | {"note_aspect": aspect}))


@pytest.mark.parametrize("name", ["./usd", "usd/", "./usd/", "../here/usd", "{folder}/usd"])
def test_what_has_a_separator_is_a_path_and_nothing_else(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    name = name.format(folder=tmp_path / "here")
    with pytest.raises(BundleError, match="There is no model bundle"):
        find_bundle(name)
    write(Path("usd"), good())
    assert find_bundle(name).resolve() == Path("usd").resolve()
    assert find_bundle("usd").resolve() != Path("usd").resolve()


def test_a_path_is_in_its_own_case(tmp_path: Path) -> None:
    write(tmp_path / "mine", good())
    mine = write(tmp_path / "Mine", good())
    assert find_bundle(str(mine)) == mine


def test_home_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in --currency=~/usd, which bash hands on as it is."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    mine = write(tmp_path / "usd", good())
    assert find_bundle("~/usd") == mine


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_no_name_and_dots_are_no_currency(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BundleError):
        find_bundle(name)
