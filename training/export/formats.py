"""The formats that a bundle's network can be exported to besides its own, and what each needs."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from currency_app.errors import CurrencyAppError
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import LiteRTNetwork, Network
from training.export import coreml, coreml_program, onnx, tflite

Pictures = Sequence[npt.NDArray[np.uint8]]


@dataclass(frozen=True)
class Format:
    """One format.

    suffix: of its files. precisions: those it comes in. write: saves a Keras model for a bundle in a precision, with
    pictures like those it will see, to a path. open: that path as a network again. runs: whether what opens it is what
    will run it, so that its time means something. needs: packages to be installed.
    one: only the smallest that passes is kept, under a name without its precision.
    """

    suffix: str
    precisions: Sequence[str]
    write: Callable[[Any, Bundle, str, Pictures, Path], None]
    open: Callable[[Path, Bundle], Network]
    runs: bool
    needs: Sequence[str]
    ranges: bool = True
    shipped: bool = False


FORMATS = {
    "coreml": Format(
        coreml.SUFFIX,
        coreml.PRECISIONS,
        lambda model, bundle, precision, pictures, path: coreml.write_package(model, bundle, precision, path),
        coreml_program.open_package,
        runs=sys.platform == "darwin",
        needs=("coremltools",),
        ranges=False,
        shipped=True,
    ),
    "onnx": Format(
        onnx.SUFFIX,
        onnx.PRECISIONS,
        lambda model, bundle, precision, pictures, path: onnx.write_onnx(model, precision, pictures, path),
        lambda path, bundle: onnx.OnnxNetwork(path),
        runs=True,
        needs=("onnx", "onnxruntime", "tf2onnx"),
    ),
    "tflite": Format(
        tflite.SUFFIX,
        tflite.PRECISIONS,
        lambda model, bundle, precision, pictures, path: _write(path, tflite.to_tflite(model, precision, pictures)),
        lambda path, bundle: LiteRTNetwork(replace(bundle, model=path)),
        runs=True,
        needs=(),
    ),
}
PRECISIONS = ("fp32", "fp16", "int8")
_CORE_ML_TOOLS = sys.platform == "darwin" or (sys.platform == "linux" and platform.machine() == "x86_64")
"""Whether coremltools is made for this machine."""


def need_packages(formats: Sequence[str]) -> None:
    """Raise CurrencyAppError, which says what to install, where a format's packages are not there."""
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
