"""A model bundle: a folder with `model.tflite` and `bundle.json`, the one place that says how the model is used."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from currency_app.errors import BundleError
from currency_app.paths import is_path, printable
from currency_app.recognition.numerals import NumeralRule, read_numeral_rule
from currency_app.recognition.second_look import MAX_WEIGHT, CloserNetwork, SecondLook, read_second_look

SCHEMA = 1
"""Version of bundle.json that this version of the app reads."""
FITS = ("stretch", "letterbox")
"""How a frame can become the network's picture; see `preprocessing.fit_picture`."""
USUAL_ASPECT = 2.2
"""Width over height of notes whose bundle does not say it; banknotes are 1.8 to 2.4 times as wide as high."""
_MIN_ASPECT, _MAX_ASPECT = 0.2, 5.0
"""Width over height of notes, beyond which a bundle must be damaged; far wider than any currency's, chosen by hand."""


@dataclass(frozen=True)
class NoteLabel:
    """One output of the classifier."""

    name: str
    """The class's name, such as "usd_20_front"."""
    value: int | None
    """In units of the currency; None for the background."""
    side: str | None
    """Either "front" or "back"; None for the background, or if the labels name no side."""


@dataclass(frozen=True)
class Bundle:
    """What a bundle says about its model and how to use it."""

    folder: Path
    """Where the bundle lies."""
    model: Path
    """Path of the TFLite file that reads the whole picture."""
    currency: str
    """ISO code, upper case."""
    names: Mapping[str, Mapping[str, str]]
    """The unit's name by language, such as {"en": {"one": "dollar", "other": "dollars"}}."""
    labels: tuple[NoteLabel, ...]
    """The classifier's outputs in their order, the background last."""
    width: int
    """Of the network's picture, pixels."""
    height: int
    """Of the network's picture, pixels."""
    fit: str
    """How a frame becomes the network's picture, one of `FITS`."""
    temperature: float
    """Divides the logits of a single look before they are read as probabilities, over 0."""
    sure: float
    """Probability, 0..1, from which a value is announced as sure."""
    maybe: float
    """Probability, 0..1, from which a value is announced as doubtful; at most `sure`."""
    sure_by_value: Mapping[int, float]
    """In place of `sure`, for values whose confusion costs more than that of others; see `sure_for`."""
    second_look: SecondLook | None
    """How the note is looked at again; None if the network looks once."""
    raw: Mapping[str, Any]
    """All of bundle.json."""
    note_aspect: float = USUAL_ASPECT
    """Width over height of the currency's notes lying flat; one figure for all its values."""
    locates: bool = True
    """Whether the network has learnt where a note is; if not, only its probabilities mean anything."""
    locates_unknown: bool = False
    """Whether it has learnt where notes are whose value it does not know, and that rooms have none in view."""
    closer: CloserNetwork | None = None
    """What reads closer looks; None if `model` does, for they have the whole picture's shape."""
    numerals: NumeralRule | None = None
    """What reads the numerals in a note's corners before its value is sure; None if nothing does."""

    @property
    def closer_width(self) -> int:
        """Width of a closer look, pixels; that of the whole picture unless the bundle says otherwise."""
        return self.width if self.closer is None else self.closer.width

    @property
    def closer_height(self) -> int:
        """Height of a closer look, pixels; that of the whole picture unless the bundle says otherwise."""
        return self.height if self.closer is None else self.closer.height

    @property
    def values(self) -> tuple[int, ...]:
        """The values that it can read, ascending."""
        return tuple(sorted({label.value for label in self.labels if label.value is not None}))

    def sure_for(self, value: int) -> float:
        """Return the probability, 0..1, from which this value is announced as sure."""
        return self.sure_by_value.get(value, self.sure)

    def is_sure(self, value: int | None, confidence: float) -> bool:
        """Whether a reading is sure enough to be announced. value: None for no note. confidence: 0..1."""
        return value is not None and confidence >= self.sure_for(value)


def find_bundle(name: str) -> Path:
    """Return the folder of a bundle.

    name: a currency's, such as "usd", of which a bundle is installed; else the path of a bundle's folder. What has a
    separator, is absolute or begins with ~ is a path and nothing else, in its own case: "./usd" is never the installed
    bundle. Raises BundleError if there is neither.
    """
    package = Path(__file__).resolve().parents[1]
    installed = [package / "models" / name.lower(), package.parent / "models" / name.lower()]
    for folder in [_own_path(name)] if is_path(name) else [*installed, Path(name)] if name else []:
        if _has_bundle(folder):
            return folder
    raise BundleError(
        f"There is no model bundle {printable(name)}: give a currency such as usd, or the path of a bundle's folder."
    )


def bundle_names(names: str) -> list[str]:
    """Return each of the names that commas stand between, for `find_bundle`. Raises BundleError if one is missing."""
    parts = [names] if names and _has_bundle(_own_path(names)) else [name.strip() for name in names.split(",")]
    if "" in parts and len(parts) > 1:
        raise BundleError(f"{names} lacks a currency beside a comma: give currencies such as usd,eur.")
    return parts


def load_bundles(names: str) -> tuple[Bundle, ...]:
    """Return the bundles of one currency, or of several, as "usd,eur". Raises BundleError as `load_folders` does."""
    return load_folders([find_bundle(name) for name in bundle_names(names)], f"{names} names")


def load_folders(folders: Sequence[Path], beginning: str) -> tuple[Bundle, ...]:
    """Return the bundles of some folders, which are used together. Raises BundleError, also if one is damaged.

    Two of one currency would both be sure of every note, and so never answer. beginning: how the sentence begins that
    says so, such as "usd,usd names".
    """
    bundles = tuple(load_bundle(folder) for folder in folders)
    for place, bundle in enumerate(bundles[1:], start=1):
        if bundle.currency in {before.currency for before in bundles[:place]}:
            raise BundleError(f"{beginning} {bundle.currency} twice: give each currency once, such as usd,eur.")
    return bundles


def _own_path(text: str) -> Path:
    """Return the path that a user typed; ~ is home, which not every shell says, as in --currency=~/usd."""
    try:
        return Path(text).expanduser()
    except RuntimeError:  # an account without a home folder
        return Path(text)


def load_bundle(folder: Path) -> Bundle:
    """Read and check a bundle. Raises BundleError if it is damaged, changed, or of another schema."""
    path = folder / "bundle.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(f"{path} cannot be read: install the model bundle again.") from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is damaged: install the model bundle again.") from error
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != SCHEMA:
        raise BundleError(f"{path} is of schema {schema}, this version reads schema {SCHEMA}: get the matching bundle.")
    try:
        bundle = _read(folder, raw)
        expected = {(bundle.model, str(raw["model"]["sha256"]))}
        if bundle.closer is not None:
            expected.add((bundle.closer.model, str(raw["second_look"]["model"]["sha256"])))
        if bundle.numerals is not None:
            expected.add((bundle.numerals.model, bundle.numerals.sha256))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BundleError(f"{path} lacks or garbles {error}: install the model bundle again.") from error
    for model, sha256 in sorted(expected):
        _check_model(model, sha256)
    return bundle


def _has_bundle(folder: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a name that no file can have
        return (folder / "bundle.json").is_file()
    return False


def sha256_of(path: Path) -> str:
    """Return the file's SHA-256 in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(folder: Path, raw: Mapping[str, Any]) -> Bundle:
    labels = tuple(NoteLabel(str(item["name"]), item["value"], item["side"]) for item in raw["labels"])
    for label in labels[:-1]:
        if not isinstance(label.value, int) or label.value < 1 or label.side not in {"front", "back", None}:
            raise ValueError(f"label {label.name}")
    if len(labels) < 2 or labels[-1].value is not None:
        raise ValueError("labels: the last must be the background")
    bundle = Bundle(
        folder=folder,
        model=_model_of(folder, raw),
        currency=str(raw["currency"]),
        names={str(k): {str(n): str(t) for n, t in v.items()} for k, v in raw["names"].items()},
        labels=labels,
        width=int(raw["input"]["width"]),
        height=int(raw["input"]["height"]),
        fit=str(raw["input"]["fit"]),
        temperature=float(raw["temperature"]),
        sure=float(raw["thresholds"]["sure"]),
        maybe=float(raw["thresholds"]["maybe"]),
        sure_by_value={int(v): float(p) for v, p in raw["thresholds"].get("sure_by_value", {}).items()},
        second_look=None if raw.get("second_look") is None else read_second_look(raw["second_look"]),
        note_aspect=float(raw.get("note_aspect", USUAL_ASPECT)),
        locates=bool(raw.get("locates", True)),
        locates_unknown=bool(raw.get("locates_unknown", False)),
        closer=_closer(folder, raw.get("second_look") or {}),
        numerals=read_numeral_rule(folder, raw.get("numerals")),
        raw=raw,
    )
    if not _MIN_ASPECT <= bundle.note_aspect <= _MAX_ASPECT:
        raise ValueError("note_aspect")
    if bundle.fit not in FITS:
        raise ValueError(f"fit {bundle.fit}")
    if min(bundle.width, bundle.height, bundle.closer_width, bundle.closer_height) < 1:
        raise ValueError("input size")
    if bundle.closer is not None and bundle.model == bundle.closer.model and not bundle.closer.signature:
        raise ValueError("second_look: a model file or signature of its own")
    if bundle.closer is not None and (bundle.closer.width, bundle.closer.height) == (bundle.width, bundle.height):
        raise ValueError("second_look: a shape of its own")
    if not all(bundle.sure <= least <= 1 for least in bundle.sure_by_value.values()):
        raise ValueError("thresholds by value")
    if not (0 < bundle.maybe <= bundle.sure <= 1 and 1 / MAX_WEIGHT <= bundle.temperature <= MAX_WEIGHT):
        raise ValueError("thresholds or temperature")
    return bundle


def _model_of(folder: Path, entry: Mapping[str, Any]) -> Path:
    return folder / Path(str(entry["model"]["file"])).name


def _closer(folder: Path, rule: Mapping[str, Any]) -> CloserNetwork | None:
    """Return what reads closer looks of another shape. rule: the entry `second_look`, which names all of it or none."""
    if not {"width", "height", "model"} & set(rule):
        return None
    signature = str(rule["model"].get("signature") or "") or None
    return CloserNetwork(_model_of(folder, rule), int(rule["width"]), int(rule["height"]), signature)


def _check_model(model: Path, expected: str) -> None:
    try:
        found = sha256_of(model)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise BundleError(f"{model} cannot be read: install the model bundle again.") from error
    if found != expected:
        raise BundleError(f"{model} is not the file that its bundle.json describes: install the model bundle again.")
