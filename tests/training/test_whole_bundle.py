"""A bundle takes its place when it is calibrated and can be read; until then the one before stays whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from currency_app.errors import BundleError, DataError
from currency_app.recognition.bundle import load_bundle
from tests.support.drawn_data import write_data
from tests.support.painted import SIZE
from tests.support.tiny_bundle import labels_of, tiny_model
from training import pipeline
from training.dataset.manifest import LabelledImage, of_split, read_data
from training.export import bundle_models
from training.export.bundle import describe
from training.fitting import fit as fit_module
from training.fitting.folds import held_out
from training.network.keras_network import WEIGHTS, load_network
from training.recipe import Recipe, Stage

pytest.importorskip("keras", reason="export needs Keras and TensorFlow")
VALUES = (5, 20)
RECIPE = Recipe("tiny", "usd", (Stage(1, 1e-3),), {"en": {"one": "dollar", "other": "dollars"}}, size=SIZE, alpha=0.35)
OTHERS = {"MODEL_CARD.md": "mine", "usd.mlpackage/Manifest.json": "{}", "vectors/vectors.json": "[]"}


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    return read_data(write_data(tmp_path_factory.mktemp("data"), VALUES))


@pytest.fixture(scope="module")
def model() -> Any:
    return tiny_model(labels_of(VALUES))


@pytest.fixture(scope="module")
def tflite(model: Any) -> bytes:
    from training.export.tflite import to_tflite

    return to_tflite(model, "fp32")


@pytest.fixture
def bundle(
    tmp_path: Path, model: Any, tflite: bytes, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A calibrated bundle with what else may lie in its folder."""
    monkeypatch.setattr(bundle_models, "to_tflite", lambda *arguments: tflite)
    monkeypatch.setattr(bundle_models, "_RANGE_PICTURES", 1)
    folder = tmp_path / "usd"
    export(folder, model, images)
    for name, text in OTHERS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder


def export(folder: Path, model: Any, images: Sequence[LabelledImage], precision: str = "fp32") -> None:
    pipeline.export_bundle(model, RECIPE, images, folder, precision, lambda items: items)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


STEPS = (
    "round_weights", "range_pictures", "tflite_models", "write_bundle", "_right_on_val", "save_network", "describe",
    "calibrate_bundle", "calibration_examples", "fit_weights", "choose_thresholds", "load_bundle",
)  # fmt: skip


@pytest.mark.parametrize("error", [KeyboardInterrupt, DataError])
@pytest.mark.parametrize("step", STEPS)
def test_interrupted_at_any_step_the_old_bundle_is_whole(
    bundle: Path,
    model: Any,
    images: list[LabelledImage],
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: type[BaseException],
) -> None:
    before = contents(bundle.parent)

    def stopped(*arguments: Any, **more: Any) -> None:
        raise error

    monkeypatch.setattr(pipeline, step, stopped)
    with pytest.raises(error):
        export(bundle, model, images, "auto")
    assert contents(bundle.parent) == before


def test_interrupted_while_its_numerals_are_learnt_the_old_bundle_is_whole(
    bundle: Path, model: Any, images: list[LabelledImage]
) -> None:
    before = contents(bundle.parent)

    def stopped(fresh: Path) -> None:
        assert load_bundle(fresh).folder == fresh, "what else is done is done to a whole bundle"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.export_bundle(model, RECIPE, images, bundle, "fp32", lambda items: items, finish=stopped)
    assert contents(bundle.parent) == before


def test_a_new_bundle_keeps_what_else_lies_in_the_folder(bundle: Path, model: Any, images: list[LabelledImage]) -> None:
    describe(bundle, temperature=3.5)
    export(bundle, model, images)
    assert load_bundle(bundle).temperature != 3.5
    assert {name: (bundle / name).read_text() for name in OTHERS} == OTHERS
    assert [path.name for path in bundle.parent.iterdir()] == [bundle.name]


def test_a_calibration_that_gives_no_bundle_changes_nothing(
    bundle: Path, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(bundle.parent)
    monkeypatch.setattr(pipeline, "choose_thresholds", lambda *given: (0.5, 0.9, {}))
    with pytest.raises(BundleError):
        pipeline.calibrate_bundle(bundle, images, lambda items: items)
    assert contents(bundle.parent) == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY", "half", "other"])
def test_trained_weights_that_are_not_the_bundles_are_named(bundle: Path, content: bytes | str) -> None:
    """Empty, cut, another kind, or of another training of the same shape."""
    path = bundle / WEIGHTS
    if content == "half":
        content = path.read_bytes()[:-100]
    elif content == "other":
        from training.network.keras_network import save_network

        save_network(tiny_model(labels_of((1, 2))), bundle)
        content = path.read_bytes() + b" "
    assert isinstance(content, bytes)
    path.write_bytes(content)
    for kept in (load_bundle(bundle).raw, {k: v for k, v in load_bundle(bundle).raw.items() if k != "network"}):
        if kept.get("network") is None and content.endswith(b" "):
            continue  # only the hash tells
        with pytest.raises(DataError, match=r"network\.npz does not fit the bundle beside it: export the run again"):
            load_network(replace(load_bundle(bundle), raw=kept))


# The networks of folds


@pytest.fixture
def run(tmp_path: Path, bundle: Path, model: Any, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fit_module, "fit", lambda *arguments, **more: model)
    pipeline.train_folds(TWO_FOLDS, images, None, tmp_path / "run", lambda items: items)
    return tmp_path / "run"


TWO_FOLDS = replace(RECIPE, folds=2)


def finished(run: Path, images: Sequence[LabelledImage]) -> int:
    return len(pipeline.finished_folds(TWO_FOLDS, images, run, lambda items: items))


def swap(run: Path) -> None:
    (run / "fold-1").rename(run / "kept")
    (run / "fold-2").rename(run / "fold-1")
    (run / "kept").rename(run / "fold-2")


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "fold-2.*damaged": lambda run: (run / "fold-2/bundle/model.tflite").write_bytes(b""),
    "fold-1.*damaged": lambda run: (run / "fold-1/bundle/bundle.json").write_text('{"schema": 1'),
    "fold-1.*missing": lambda run: (run / "fold-1/bundle/bundle.json").unlink(),
    "fold-1.*has not learnt from the images": swap,
}


@pytest.mark.parametrize("said", DAMAGES)
def test_a_fold_that_cannot_answer_is_named(run: Path, images: list[LabelledImage], said: str) -> None:
    assert finished(run, images) == 2
    DAMAGES[said](run)
    with pytest.raises(DataError, match=said) as caught:
        finished(run, images)
    assert "currency-train fit" in str(caught.value)


def test_folds_of_other_images_are_not_asked(run: Path, images: list[LabelledImage]) -> None:
    """They may have learnt from what they would be asked about."""
    part = held_out(images, 2)[0]
    fewer = [image for image in images if image.split != "train" or image.path not in list(part)[:1]]
    assert len(of_split(fewer, "train")) < len(of_split(images, "train"))
    with pytest.raises(DataError, match="the images have changed since"):
        finished(run, fewer)
