"""Export a bundle's network to other formats: each is made, compared with what was trained, and only then written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.errors import DataError
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import LiteRTNetwork, Network
from currency_app.recognition.preprocessing import fit_picture
from currency_app.recognition.recognizer import Recognizer
from training.dataset.manifest import LabelledImage, measurable, of_split, one_row_per_image
from training.export.formats import FORMATS, PRECISIONS, open_files, picture_shapes
from training.export.parity import TOLERANCES, Parity, compare, failings
from training.export.photo_readings import PhotoReading, read_photos
from training.export.quiet import quietly
from training.export.timing import latencies
from training.export.vectors import write_vectors
from training.network.keras_network import KerasNetwork
from training.progress import Progress
from training.writable import changing_folder, put_in_place

_Paths = Mapping[tuple[str, str], Sequence[Path]]
"""Where exports lie, by format and precision: a file, or folder, for each of `picture_shapes`."""

VECTORS = "vectors"
"""Name of the folder of test vectors beside what is shipped."""
OWN_MODEL = ("model.tflite", "")
"""The bundle's own network, as a format and precision: it is compared too, but stays as it is."""
MIN_PHOTOS = 100
"""If the splits for reporting have fewer photographs, `val` and then `train` are compared on too. Chosen by hand."""
_SMALLEST_FIRST = ("int8", "fp16", "fp32")
_RANGE_PHOTOS = 100
"""Photographs of `train` on which int8 finds the ranges of its activations, about. Chosen by hand."""
_RANGE_PICTURES = 300
"""Looks at these photographs that are used, about. Chosen by hand."""


@dataclass(frozen=True)
class Export:
    """One export, and how it compares with the trained network."""

    format: str
    """One of FORMATS, or that of OWN_MODEL."""
    precision: str
    """One of PRECISIONS, or that of OWN_MODEL."""
    megabytes: float
    """Size of its file, or of all files in its folder."""
    milliseconds: Mapping[str, float] | None
    """Percentiles, by name, of one run by one thread; None if what will run it is not on this machine.

    The run is of a whole picture.
    """
    parity: Parity
    """How it compares with the trained network."""
    same_as_own: int
    """Photographs that it decides as the bundle's own model.tflite does."""
    failings: Sequence[str] = ()
    """What it differs by more than it may, in words."""
    path: Path | None = None
    """Where it was written; None if it was not."""
    closer_milliseconds: Mapping[str, float] | None = None
    """Those of a closer look, if it has another shape than the whole picture; else None."""


def export_formats(
    model: Any,
    bundle: Bundle,
    formats: Sequence[str],
    precisions: Sequence[str],
    images: Sequence[LabelledImage],
    folder: Path,
    progress: Progress,
) -> list[Export]:
    """Write a bundle's network to a folder in these formats and precisions, each only if it passes its comparison.

    model: the bundle's network in Keras, from `load_network`. images: the data folder's rows. 8-bit integers find their
    ranges on `train`; everything is compared on `comparison_photos`.
    An export takes the place of an older one as a whole; one that fails leaves that as it is.
    Returns the bundle's own network first, then one entry for each export.
    """
    trained = KerasNetwork(model)
    photos = comparison_photos(images)
    needs_ranges = "int8" in precisions and any(FORMATS[name].takes_pictures for name in formats)
    pictures = _range_pictures(trained, bundle, images, progress) if needs_ranges else []
    with tempfile.TemporaryDirectory() as temporary:
        paths = _make(model, bundle, formats, precisions, pictures, Path(temporary))
        compared = _compare(trained, paths, bundle, photos, progress)
        return _place(compared, paths, folder, bundle)


def comparison_photos(images: Sequence[LabelledImage]) -> list[LabelledImage]:
    """Return the photographs of one note or none of `test` and `test_web`, to compare exports on.

    If they are fewer than MIN_PHOTOS, those of `val` are added, then those of `train`. Raises DataError if there are
    none at all.
    """
    found: list[LabelledImage] = []
    for splits in (["test", "test_web"], ["val"], ["train"]):
        if len(found) < MIN_PHOTOS:
            found += measurable(images, splits)
    if not found:
        raise DataError("The data folder has no image of one note or none to compare exports on.")
    return found


def refused(exports: Sequence[Export]) -> list[str]:
    """Return a sentence for each export that was asked for and could not be written."""
    found = []
    for export in exports[1:]:
        others = [other.path for other in exports if other.format == export.format and other.path is not None]
        if export.failings and not (FORMATS[export.format].shipped and others):
            found.append(f"{export.format} {export.precision} is not written: {'; '.join(export.failings)}.")
    return found


def _make(
    model: Any,
    bundle: Bundle,
    formats: Sequence[str],
    precisions: Sequence[str],
    pictures: Sequence[Image],
    folder: Path,
) -> dict[tuple[str, str], list[Path]]:
    """Write all exports into a folder and return where they lie."""
    paths: dict[tuple[str, str], list[Path]] = {}
    for name in formats:
        for precision in (known for known in PRECISIONS if known in precisions):
            paths[name, precision] = []
            for shape in picture_shapes(bundle):
                path = folder / f"{name}-{precision}{shape.ending}{FORMATS[name].suffix}"
                with quietly():
                    FORMATS[name].write(shape.network(model), shape.bundle, precision, shape.among(pictures), path)
                paths[name, precision].append(path)
    return paths


def _compare(
    trained: Network, paths: _Paths, bundle: Bundle, photos: Sequence[LabelledImage], progress: Progress
) -> list[Export]:
    """Return how the bundle's own network and each export compare with the trained one; nothing is written yet."""
    networks: dict[Any, Network] = {OWN_MODEL: LiteRTNetwork(bundle)}
    with quietly():
        networks |= {key: open_files(FORMATS[key[0]], files, bundle) for key, files in paths.items()}
    expected, readings = read_photos(trained, networks, bundle, photos, progress)
    timed = {key: network for key, network in networks.items() if key == OWN_MODEL or FORMATS[key[0]].timed}
    picture = fit_picture(read_image(photos[0].path), bundle)[0]
    times = latencies(timed, picture)
    closer_times = {} if bundle.closer is None else latencies(timed, _of_closer_shape(picture, bundle))
    own = sorted({shape.bundle.model for shape in picture_shapes(bundle)})
    compared = []
    for key in networks:
        parity = compare(expected, readings[key], photos, bundle)
        compared.append(
            Export(
                format=key[0],
                precision=key[1],
                megabytes=_megabytes(own if key == OWN_MODEL else paths[key]),
                milliseconds=times.get(key),
                closer_milliseconds=closer_times.get(key),
                parity=parity,
                same_as_own=_same_decisions(readings[OWN_MODEL], readings[key]),
                failings=[] if key == OWN_MODEL else failings(parity, TOLERANCES[key[1]]),
            )
        )
    return compared


def _place(compared: Sequence[Export], paths: _Paths, folder: Path, bundle: Bundle) -> list[Export]:
    """Copy the exports that passed to their folder, and return all with where they were written."""
    exports = list(compared)
    name = bundle.currency.lower()
    placed: list[tuple[Path, str]] = []
    for wanted in dict.fromkeys(export.format for export in exports[1:]):
        kind = FORMATS[wanted]
        passed = [item for item in exports if item.format == wanted and not item.failings]
        passed.sort(key=lambda item: _SMALLEST_FIRST.index(item.precision))
        for item in passed[:1] if kind.shipped else passed:
            files = paths[wanted, item.precision]
            stem = name if kind.shipped else f"{name}-{item.precision}"
            targets = [f"{stem}{shape.ending}{kind.suffix}" for shape in picture_shapes(bundle)]
            if kind.shipped:
                vectors = files[0].with_name(VECTORS)
                write_vectors(open_files(kind, files, bundle), bundle, targets, vectors)
                placed.append((vectors, VECTORS))
            placed += zip(files, targets, strict=True)
            exports[exports.index(item)] = replace(item, path=folder / targets[0])
    if placed:
        with changing_folder(folder) as fresh:  # a package and its vectors belong together
            for made, target in placed:
                put_in_place(made, fresh / target)
    return exports


def _range_pictures(
    trained: Network, bundle: Bundle, images: Sequence[LabelledImage], progress: Progress
) -> list[Image]:
    """Return pictures as the network takes them, from all its looks at photographs of `train`."""
    seen: list[Image] = []

    def watched(picture: Image) -> tuple[Floats, Floats]:
        seen.append(picture)
        return trained(picture)

    photos = one_row_per_image(of_split(images, "train"))
    recognizer = Recognizer(bundle, network=watched)
    for image in progress(photos[:: max(len(photos) // _RANGE_PHOTOS, 1)]):
        recognizer.look(read_image(image.path))
    return seen[:: max(len(seen) // _RANGE_PICTURES, 1)]


def _same_decisions(one: Sequence[PhotoReading], other: Sequence[PhotoReading]) -> int:
    return sum(a.own_decision == b.own_decision for a, b in zip(one, other, strict=True))


def _of_closer_shape(picture: Image, bundle: Bundle) -> Image:
    return np.asarray(cv2.resize(picture, (bundle.closer_width, bundle.closer_height)), np.uint8)


def _megabytes(paths: Sequence[Path]) -> float:
    files = [file for path in paths for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
