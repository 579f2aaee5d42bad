"""The formats that a bundle's network can be exported to besides its own, and what each needs."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from currency_app.arrays import Floats, Image
from currency_app.errors import CurrencyAppError
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import LiteRTNetwork, Network
from training.export import coreml, coreml_program, onnx, tflite
from training.network.model import reshaped

PRECISIONS = ("fp32", "fp16", "int8")
"""In which every format comes: 32-bit floats, 16-bit floats, 8-bit integers. What exactly is said by its `write`."""


@dataclass(frozen=True)
class Format:
    """One format: how it is written and read, and what for."""

    suffix: str
    """How the names of its files, or folders, end."""
    write: Callable[[Any, Bundle, str, Sequence[Image], Path], None]
    """Saves a Keras model of a bundle in a precision to a path, with pictures uint8 [h, w, 3] RGB like its inputs."""
    open: Callable[[Path, Bundle], Network]
    """Returns what was saved at a path as a network again."""
    timed: bool
    """Whether what `open` returns is what will run the file, so that its time means something."""
    needs: Sequence[str]
    """Packages to be installed."""
    takes_pictures: bool = True
    """Whether int8 finds the ranges of activations on the pictures."""
    shipped: bool = False
    """Whether only the smallest file that passes is kept, under a name without its precision, to go with the bundle."""


FORMATS = {
    "coreml": Format(
        ".mlpackage",
        lambda model, bundle, precision, pictures, path: coreml.write_package(model, bundle, precision, path),
        coreml_program.open_package,
        timed=sys.platform == "darwin",
        needs=("coremltools",),
        takes_pictures=False,
        shipped=True,
    ),
    "onnx": Format(
        ".onnx",
        lambda model, bundle, precision, pictures, path: onnx.write_onnx(model, precision, pictures, path),
        lambda path, bundle: onnx.OnnxNetwork(path),
        timed=True,
        needs=("onnx", "onnxruntime", "tf2onnx"),
    ),
    "tflite": Format(
        ".tflite",
        lambda model, bundle, precision, pictures, path: _write(path, tflite.to_tflite(model, precision, pictures)),
        lambda path, bundle: LiteRTNetwork(replace(bundle, model=path)),
        timed=True,
        needs=(),
    ),
}
"""By the name that `currency-train export --format` takes."""
_CORE_ML_TOOLS = sys.platform == "darwin" or (sys.platform == "linux" and platform.machine() == "x86_64")
"""Whether coremltools is made for this machine."""


@dataclass(frozen=True)
class PictureShape:
    """One shape of the pictures that a bundle's network takes."""

    ending: str
    """What the names of files for it end with."""
    bundle: Bundle
    """The bundle as if all its pictures had this shape."""

    def network(self, model: Any) -> Any:
        """Return a Keras model of the bundle for pictures of this shape; weights are shared."""
        shape = self.bundle.height, self.bundle.width
        return model if model.input_shape[1:3] == shape else reshaped(model, *shape)

    def among(self, pictures: Sequence[Image]) -> list[Image]:
        """Return those pictures that have this shape."""
        return [picture for picture in pictures if picture.shape[:2] == (self.bundle.height, self.bundle.width)]


def picture_shapes(bundle: Bundle) -> list[PictureShape]:
    """Return the shape of whole pictures, and that of closer looks if they have another.

    Every format has a file for each. The runtimes prepare a network for one shape: to do so anew for each look would
    take longer than the look, and a file for any shape gives up what they compute in advance.
    """
    whole = PictureShape("", replace(bundle, closer=None))
    if bundle.closer is None:
        return [whole]
    closer = replace(
        bundle, model=bundle.closer.model, width=bundle.closer_width, height=bundle.closer_height, closer=None
    )
    return [whole, PictureShape("-closer", closer)]


class NetworkByShape:
    """Several networks as one `currency_app.recognition.network.Network`: each reads the pictures of its shape."""

    def __init__(self, networks: Mapping[tuple[int, int], Network]) -> None:
        """networks: by the height and width of their pictures."""
        self._networks = networks

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        """Return probabilities and corners: see `currency_app.recognition.network.Network`."""
        return self._networks[picture.shape[:2]](picture)


def open_files(kind: Format, paths: Sequence[Path], bundle: Bundle) -> Network:
    """Return what was saved in a format, a file for each of `picture_shapes`, as one network again."""
    shapes = [shape.bundle for shape in picture_shapes(bundle)]
    return NetworkByShape(
        {(one.height, one.width): kind.open(path, one) for path, one in zip(paths, shapes, strict=True)}
    )


def need_packages(formats: Sequence[str]) -> None:
    """Raise CurrencyAppError, which says what to install, if a format's packages are not there."""
    if "coreml" in formats and not _CORE_ML_TOOLS:
        raise CurrencyAppError(
            "Core ML packages are made on macOS, or on Linux on an x86-64 processor: export to coreml there."
        )
    for name in formats:
        missing = [package for package in FORMATS[name].needs if find_spec(package) is None]
        if missing:
            raise CurrencyAppError(
                f"Exporting to {name} needs {', '.join(missing)}: in the clone, pip install '.[train,export]', then "
                "try again."
            )


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
