"""Bundles, recipes and manifests with anything in them: they are read, or refused in one sentence."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from currency_app.errors import BundleError, CurrencyAppError, DataError
from currency_app.events import Frame
from currency_app.guidance.hints import framing_for
from currency_app.identify import as_answer, identify
from currency_app.recognition.bundle import Bundle, load_bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.speech.phrases import phrases_for
from currency_app.tracking import tracker_for
from tests.fuzzing.folders import fresh_folder
from tests.fuzzing.mutations import changed_bytes, changed_tree
from tests.fuzzing.profiles import examples
from tests.fuzzing.sentences import is_sentence
from tests.support.tiny import TINY
from training.dataset.designs.names import read_design_list
from training.dataset.manifest import LabelledImage, labels_to_learn, read_data
from training.recipe import Recipe
from training.recipe_files import RECIPES, read_recipe

TINY_BUNDLES = {
    name: {
        key: value for key, value in json.loads((TINY / name / "bundle.json").read_text()).items() if key not in skipped
    }
    for name in ("usd", "closer")
    for skipped in [("training", "outputs", "metrics")]
}
"""Descriptions of two bundles: one whose closer looks have another shape, and one whose have not."""
_PICTURE = np.random.default_rng(1).integers(0, 256, (48, 64, 3), np.uint8)
_MANIFEST = (
    ("path", "kind", "source", "class", "split", "polygon", "notes_in_image", "series"),
    ("a.jpg", "photo", "web", "usd_20_front", "train", "1,2 30,2 30,14 1,14", "single", "2006"),
    ("b/c.png", "scan", "bank", "usd_5_back", "val", "", "", ""),
    ("d.jpg", "background", "web", "background", "test", "", "", ""),
)
_CELLS = (
    *(
        "",
        " ",
        "usd_20_front",
        "usd_0_front",
        "usd_-1_x",
        "background",
        "photo",
        "train",
        "elsewhere",
        "..\\a.jpg",
        "/",
    ),
    *(
        "\0",
        "a\nb",
        '"',
        "1,2 3,4",
        "nan,1 2,3 4,5 6,7",
        "1e999,1 2,3 4,5 6,7",
        "9" * 400,
        "ä",
        "\ud7ff",
        "=1+1",
        "b" * 999,
    ),
)
_DESIGNS = {"designs": [{"name": "2006", "values": [5, 10], "look": "colours"}, {"name": "old"}], "not_known": ["?"]}


_Read = TypeVar("_Read")


def read_or_refuse(read: Callable[[], _Read], kind: type[CurrencyAppError]) -> _Read | None:
    """What is read, or None if it was refused in one sentence."""
    try:
        return read()
    except kind as error:
        assert is_sentence(str(error)), str(error)[:300]
        return None


def bundle_folder(folder: Path, name: str, description: bytes) -> Path:
    """A bundle with the files of one of the tiny ones, and another description."""
    for model in (TINY / name).glob("*.tflite"):
        (folder / model.name).write_bytes(model.read_bytes())
    (folder / "bundle.json").write_bytes(description)
    return folder


def use(bundle: Bundle) -> None:
    """Read a picture with a bundle, and make the words for all that it can say."""
    phrases = phrases_for([bundle])
    for text in phrases.fixed_phrases(bundle.values, bundle.currency):
        assert text.strip()
    recognizer = Recognizer(bundle)
    found = identify(recognizer, _PICTURE)
    json.dumps(as_answer(bundle.currency, found), allow_nan=False)
    tracker, framing = tracker_for([bundle]), framing_for([bundle])
    for number in range(8):
        observation = recognizer.observe(Frame(_PICTURE, number / 15, number))
        tracker.update(observation)
        framing.update(observation)


@given(st.sampled_from(("usd", "closer")), st.data())
@examples()
def test_a_bundle_whose_description_says_anything_is_used_or_refused(name: str, data: st.DataObject) -> None:
    description = data.draw(changed_tree(TINY_BUNDLES[name]))
    with fresh_folder() as folder:
        bundle_folder(folder, name, json.dumps(description).encode())
        bundle = read_or_refuse(lambda: load_bundle(folder), BundleError)
        if bundle is not None:
            read_or_refuse(lambda: use(bundle), BundleError)


@given(st.data())
@examples()
def test_a_bundle_whose_description_is_damaged_is_used_or_refused(data: st.DataObject) -> None:
    whole = json.dumps(TINY_BUNDLES["usd"]).encode()
    with fresh_folder() as folder:
        bundle_folder(folder, "usd", data.draw(changed_bytes(whole) | st.binary(max_size=50) | _nested()))
        bundle = read_or_refuse(lambda: load_bundle(folder), BundleError)
        if bundle is not None:
            read_or_refuse(lambda: use(bundle), BundleError)


def _nested() -> st.SearchStrategy[bytes]:
    """Thousands of brackets in each other."""
    return st.sampled_from((b"[" * 100_000, b'{"a":' * 100_000, b"x = " + b"[" * 100_000, b"[" + b"a." * 9_000 + b"a]"))


def recipes() -> list[dict[str, Any]]:
    """What every recipe that comes with the package says, so that each setting is met."""
    return [tomllib.loads(path.read_text()) for path in sorted(RECIPES.glob("*.toml"))]


def as_toml(tree: dict[str, Any]) -> bytes:
    """A tree as TOML, without what TOML cannot say."""
    try:
        return tomlkit.dumps(_without_none(tree)).encode(errors="replace")
    except (ValueError, TypeError):
        return b""


def _without_none(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _without_none(value) for key, value in tree.items() if value is not None}
    return [_without_none(value) for value in tree if value is not None] if isinstance(tree, list) else tree


@given(st.sampled_from(recipes()), st.data())
@examples()
def test_a_recipe_that_says_anything_is_read_or_refused(recipe: dict[str, Any], data: st.DataObject) -> None:
    content = data.draw(changed_tree(recipe).map(as_toml) | changed_bytes(as_toml(recipe)) | _nested())
    with fresh_folder() as folder:
        (folder / "own.toml").write_bytes(content)
        read = read_or_refuse(lambda: read_recipe(str(folder / "own.toml")), DataError)
        assert read is None or isinstance(read, Recipe)


@given(st.data())
@examples()
def test_a_list_of_designs_that_says_anything_is_read_or_refused(data: st.DataObject) -> None:
    with fresh_folder() as folder:
        content = data.draw(changed_tree(_DESIGNS).map(as_toml) | changed_bytes(as_toml(_DESIGNS)) | _nested())
        (folder / "designs_usd.toml").write_bytes(content)
        designs = read_or_refuse(lambda: read_design_list(folder, "usd"), DataError)
        assert designs is None or designs.ordered(["2006", "x"])


def table(rows: Sequence[Sequence[str]], separator: str, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding, errors="replace")


@st.composite
def manifests(draw: st.DrawFn) -> bytes:
    rows = [list(row) for row in _MANIFEST]
    for _ in range(draw(st.integers(0, 3))):
        row = draw(st.sampled_from(rows))
        if not row:
            continue
        at = draw(st.integers(0, len(row) - 1))
        row[at : at + 1] = draw(st.lists(st.sampled_from(_CELLS) | st.text(max_size=10), max_size=2))
    return table(
        rows, draw(st.sampled_from(",;\t")), draw(st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "latin-1")))
    )


@given(st.data())
@examples()
def test_a_manifest_that_says_anything_is_read_or_refused(data: st.DataObject) -> None:
    whole = data.draw(manifests())
    with fresh_folder() as folder:
        (folder / "manifest.csv").write_bytes(data.draw(st.just(whole) | changed_bytes(whole)))
        images = read_or_refuse(lambda: read_data(folder), DataError)
        if images:
            read_or_refuse(lambda: labels_to_learn(images, "usd"), DataError)
            check_whole(images)


def check_whole(images: Sequence[LabelledImage]) -> None:
    """Every row is of the folder, and its polygon four corners."""
    for image in images:
        assert image.class_name
        assert image.polygon is None or (image.polygon.shape == (4, 2) and np.isfinite(image.polygon).all())
