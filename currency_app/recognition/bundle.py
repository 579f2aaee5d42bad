"""A model bundle: a folder with `model.tflite` and `bundle.json`, the one place that says how the model is used."""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from currency_app.errors import BundleError
from currency_app.recognition.second_look import SecondLook

SCHEMA = 1
FITS = ("stretch", "letterbox")
USUAL_ASPECT = 2.2
"""Of notes whose bundle does not tell; banknotes are 1.8 to 2.4 times as wide as high."""


@dataclass(frozen=True)
class NoteLabel:
    """One output of the classifier.

    value: in units of the currency, None for the background. side: front, back, or None where labels name none.
    """

    name: str
    value: int | None
    side: str | None


@dataclass(frozen=True)
class Bundle:
    """What a bundle says of itself.

    folder: where it lies. model: path of the TFLite file. currency: ISO code, upper case.
    names: the unit's name by language, such as {"en": {"one": "dollar", "other": "dollars"}}.
    labels: the classifier's outputs in their order. width, height: input size, pixels. fit: stretch or letterbox.
    temperature: divides the logits before they are read as probabilities.
    sure, maybe: least probability, 0..1, at which a value is said as sure, and as doubtful.
    sure_by_value: the same as `sure` for values of which a wrong one costs more than of others; see `sure_for`.
    second_look: how the note is looked at again, None where the network looks once.
    note_aspect: width over height of the currency's notes lying flat; of all its values together.
    locates: whether the network has learnt where a note is; without it only the probabilities mean anything.
    raw: all of bundle.json.
    """

    folder: Path
    model: Path
    currency: str
    names: Mapping[str, Mapping[str, str]]
    labels: tuple[NoteLabel, ...]
    width: int
    height: int
    fit: str
    temperature: float
    sure: float
    maybe: float
    sure_by_value: Mapping[int, float]
    second_look: SecondLook | None
    raw: Mapping[str, Any]
    note_aspect: float = USUAL_ASPECT
    locates: bool = True

    @property
    def values(self) -> tuple[int, ...]:
        """The values it can tell, ascending."""
        return tuple(sorted({label.value for label in self.labels if label.value is not None}))

    def sure_for(self, value: int) -> float:
        """Least probability, 0..1, at which this value is said as sure."""
        return self.sure_by_value.get(value, self.sure)

    def is_sure(self, value: int | None, confidence: float) -> bool:
        """Whether a reading, of a value or of none with a confidence of 0..1, is said as sure."""
        return value is not None and confidence >= self.sure_for(value)


def find_bundle(name: str) -> Path:
    """The folder of a bundle: a path as it is, a currency's name among the installed ones.

    Raises BundleError where there is none.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "models" / name.lower(), package.parent / "models" / name.lower(), Path(name)):
        if _has_bundle(folder):
            return folder
    raise BundleError(
        f"There is no model bundle {name}: give a currency such as usd, or the path of a bundle's folder."
    )


def load_bundles(names: str) -> tuple[Bundle, ...]:
    """The bundles of one currency, or of several with commas between them, in their order.

    names: such as "usd" or "usd,eur"; for each what `find_bundle` takes. Raises BundleError where one is missing or
    damaged, or two are of the same currency.
    """
    several = [names] if _has_bundle(Path(names)) else [name.strip() for name in names.split(",")]
    if "" in several and len(several) > 1:
        raise BundleError(f"{names} lacks a currency beside a comma: give currencies such as usd,eur.")
    bundles = tuple(load_bundle(find_bundle(name)) for name in several)
    for place, bundle in enumerate(bundles[1:], start=1):
        if bundle.currency in {before.currency for before in bundles[:place]}:
            raise BundleError(f"{names} names {bundle.currency} twice: give each currency once, such as usd,eur.")
    return bundles


def load_bundle(folder: Path) -> Bundle:
    """Read and check a bundle. Raises BundleError where it is damaged, changed, or of another schema."""
    path = folder / "bundle.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BundleError(f"{path} cannot be read: install the model bundle again.") from error
    except ValueError as error:
        raise BundleError(f"{path} is damaged: install the model bundle again.") from error
    schema = raw.get("schema") if isinstance(raw, dict) else None
    if schema != SCHEMA:
        raise BundleError(f"{path} is of schema {schema}, this version reads schema {SCHEMA}: get the matching bundle.")
    try:
        bundle = _read(folder, raw)
        expected = str(raw["model"]["sha256"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BundleError(f"{path} lacks or garbles {error}: install the model bundle again.") from error
    _check_model(bundle.model, expected)
    return bundle


def _has_bundle(folder: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a name that no file can have
        return (folder / "bundle.json").is_file()
    return False


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
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
        model=folder / Path(str(raw["model"]["file"])).name,
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
        second_look=_second_look(raw.get("second_look")),
        note_aspect=float(raw.get("note_aspect", USUAL_ASPECT)),
        locates=bool(raw.get("locates", True)),
        raw=raw,
    )
    if not 0.2 <= bundle.note_aspect <= 5:
        raise ValueError("note_aspect")
    if bundle.fit not in FITS:
        raise ValueError(f"fit {bundle.fit}")
    if min(bundle.width, bundle.height) < 1:
        raise ValueError("input size")
    if not all(bundle.sure <= least <= 1 for least in bundle.sure_by_value.values()):
        raise ValueError("thresholds by value")
    if not (0 < bundle.maybe <= bundle.sure <= 1 and 0 < bundle.temperature < math.inf):
        raise ValueError("thresholds or temperature")
    return bundle


def _second_look(raw: Mapping[str, Any] | None) -> SecondLook | None:
    if raw is None:
        return None
    rule = SecondLook(
        margin=float(raw["margin"]),
        least_note=float(raw["least_note"]),
        first=float(raw["first"]),
        second=float(raw["second"]),
        times=int(raw.get("times", 1)),
    )
    if not (0 <= rule.margin <= 1 and 0 <= rule.least_note <= 1 and min(rule.first, rule.second) >= 0):
        raise ValueError("second_look")
    if not (0 < rule.first + rule.second < math.inf and 1 <= rule.times <= 9):
        raise ValueError("second_look")
    return rule


def _check_model(model: Path, expected: str) -> None:
    try:
        found = sha256_of(model)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise BundleError(f"{model} cannot be read: install the model bundle again.") from error
    if found != expected:
        raise BundleError(f"{model} is not the file that its bundle.json describes: install the model bundle again.")
