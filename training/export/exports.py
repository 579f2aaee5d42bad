"""Exports a bundle's network to other formats: each is made, compared with what was trained, and only then written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from currency_app.errors import DataError
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import LiteRTNetwork, Network
from currency_app.recognition.recognizer import Recognizer, fit_picture
from training.dataset.manifest import LabelledImage, measurable, of_split, one_row_per_image
from training.export.formats import FORMATS
from training.export.parity import TOLERANCES, Answer, Parity, answers, compare, failings
from training.export.quiet import quietly
from training.export.timing import latencies
from training.export.vectors import write_vectors
from training.network.keras_network import KerasNetwork
from training.progress import Progress
from training.writable import put_in_place

Made = Mapping[tuple[str, str], Path]
"""Where exports lie, by format and precision."""

VECTORS = "vectors"
"""Name of the folder of test vectors beside what is shipped."""
OWN = ("model.tflite", "")
"""The bundle's own network, which is compared too but stays as it is."""
LEAST_PHOTOS = 100
"""Where the splits for reporting have fewer photographs, `val` and then `train` are compared on too."""
_SMALLEST_FIRST = ("int8", "fp16", "fp32")
_EXAMPLE_PHOTOS, _EXAMPLES = 100, 300


@dataclass(frozen=True)
class Export:
    """One export beside the trained network.

    megabytes: of its file, or of all in its folder. milliseconds: percentiles of one run by one thread, None where what
    will run it is not here. as_own: photographs that it decides as the bundle's own model.tflite does. failed: what it
    differs by more than it may, in words. path: where it was written, None where it was not.
    """

    format: str
    precision: str
    megabytes: float
    milliseconds: Mapping[str, float] | None
    parity: Parity
    as_own: int
    failed: Sequence[str] = ()
    path: Path | None = None


def export(
    model: Any,
    bundle: Bundle,
    formats: Sequence[str],
    precisions: Sequence[str],
    images: Sequence[LabelledImage],
    folder: Path,
    progress: Progress,
) -> list[Export]:
    """Write a bundle's network to a folder in each of these formats and precisions, where it passes its comparison.

    model: the bundle's network in Keras, as `load_network` gives it. images: the data folder's rows; 8-bit integers
    find their ranges on `train`, all is compared on what `compared_on` picks. An export takes the place of an older one
    as a whole; one that fails leaves that as it is. The first of the answer is the bundle's own network.
    """
    trained = KerasNetwork(model)
    photos = compared_on(images)
    ranges = "int8" in precisions and any(FORMATS[name].ranges for name in formats)
    pictures = _examples(trained, bundle, images, progress) if ranges else []
    with tempfile.TemporaryDirectory() as temporary:
        made = _make(model, bundle, formats, precisions, pictures, Path(temporary))
        compared = _compare(trained, made, bundle, photos, progress)
        return _place(compared, made, folder, bundle)


def compared_on(images: Sequence[LabelledImage]) -> list[LabelledImage]:
    """The photographs of one note or none of `test` and `test_web`; with `val` and `train` where these are too few."""
    found: list[LabelledImage] = []
    for splits in (["test", "test_web"], ["val"], ["train"]):
        if len(found) < LEAST_PHOTOS:
            found += measurable(images, splits)
    if not found:
        raise DataError("The data folder has no image of one note or none to compare exports on.")
    return found


def refused(exports: Sequence[Export]) -> list[str]:
    """A sentence for each export that was asked for and could not be written."""
    found = []
    for export in exports[1:]:
        others = [other.path for other in exports if other.format == export.format and other.path is not None]
        if export.failed and not (FORMATS[export.format].shipped and others):
            found.append(f"{export.format} {export.precision} is not written: {'; '.join(export.failed)}.")
    return found


def _make(
    model: Any,
    bundle: Bundle,
    formats: Sequence[str],
    precisions: Sequence[str],
    pictures: Sequence[npt.NDArray[np.uint8]],
    folder: Path,
) -> dict[tuple[str, str], Path]:
    made = {}
    for name in formats:
        for precision in (known for known in FORMATS[name].precisions if known in precisions):
            made[name, precision] = folder / f"{name}-{precision}{FORMATS[name].suffix}"
            with quietly():
                FORMATS[name].write(model, bundle, precision, pictures, made[name, precision])
    return made


def _compare(
    trained: Network, made: Made, bundle: Bundle, photos: Sequence[LabelledImage], progress: Progress
) -> list[Export]:
    networks: dict[Any, Network] = {OWN: LiteRTNetwork(bundle)}
    with quietly():
        networks |= {key: FORMATS[key[0]].open(path, bundle) for key, path in made.items()}
    expected, answered = answers(trained, networks, bundle, photos, progress)
    running = {key: network for key, network in networks.items() if key == OWN or FORMATS[key[0]].runs}
    times = latencies(running, fit_picture(read_image(photos[0].path), bundle)[0])
    compared = []
    for key in networks:
        parity = compare(expected, answered[key], photos, bundle)
        failed = [] if key == OWN else failings(parity, TOLERANCES[key[1]])
        compared.append(
            Export(
                format=key[0],
                precision=key[1],
                megabytes=_megabytes(bundle.model if key == OWN else made[key]),
                milliseconds=times.get(key),
                parity=parity,
                as_own=_alike(answered[OWN], answered[key]),
                failed=failed,
            )
        )
    return compared


def _place(compared: Sequence[Export], made: Made, folder: Path, bundle: Bundle) -> list[Export]:
    """Put what passed where it belongs."""
    exports = list(compared)
    name = bundle.currency.lower()
    for wanted in dict.fromkeys(export.format for export in exports[1:]):
        kind = FORMATS[wanted]
        passed = [item for item in exports if item.format == wanted and not item.failed]
        passed.sort(key=lambda item: _SMALLEST_FIRST.index(item.precision))
        for item in passed[:1] if kind.shipped else passed:
            whole = made[wanted, item.precision]
            target = folder / (f"{name}{kind.suffix}" if kind.shipped else f"{name}-{item.precision}{kind.suffix}")
            if kind.shipped:
                vectors = whole.with_name(VECTORS)
                write_vectors(kind.open(whole, bundle), bundle, target.name, vectors)
                put_in_place(vectors, folder / VECTORS)
            put_in_place(whole, target)
            exports[exports.index(item)] = replace(item, path=target)
    return exports


def _examples(
    trained: Network, bundle: Bundle, images: Sequence[LabelledImage], progress: Progress
) -> list[npt.NDArray[np.uint8]]:
    """Pictures as the network is given them, all its looks at photographs of `train`."""
    seen: list[npt.NDArray[np.uint8]] = []

    def watched(picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        seen.append(picture)
        return trained(picture)

    photos = one_row_per_image(of_split(images, "train"))
    recognizer = Recognizer(bundle, network=watched)
    for image in progress(photos[:: max(len(photos) // _EXAMPLE_PHOTOS, 1)]):
        recognizer.look(read_image(image.path))
    return seen[:: max(len(seen) // _EXAMPLES, 1)]


def _alike(one: Sequence[Answer], other: Sequence[Answer]) -> int:
    return sum(a.own == b.own for a, b in zip(one, other, strict=True))


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
