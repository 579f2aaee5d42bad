"""Run a saved Core ML package as a network, to compare what was saved with what was trained.

On macOS Core ML runs it. Elsewhere there is no Core ML, so the program inside the package is read back from its files
and its operations are computed one by one. This shows that the saved program, its weights, its order of labels and its
scaling are right. It does not show what Apple's kernels make of it: they may add up in other orders and precisions.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.errors import DataError
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import Network
from training.export.mil_operations import Operation, operations

LABEL, PROBABILITIES, CORNERS = "denomination", "denomination_probs", "corners"
"""Names of the package's outputs: the likeliest label, the probabilities by label, and the 9 numbers that say where."""

PackagePredictor = Callable[[Image], Mapping[str, Any]]
"""From a picture, uint8 [height, width, 3] RGB, to the package's outputs by name."""


class PackageNetwork:
    """A saved package as a `currency_app.recognition.network.Network`, which a Recognizer runs.

    It is run as an app on a telephone runs it: with raw pictures, and probabilities looked up by the bundle's labels.
    """

    def __init__(self, predict: PackagePredictor, bundle: Bundle) -> None:
        self._predict = predict
        self._labels = [label.name for label in bundle.labels]

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        """Return probabilities and corners: see `currency_app.recognition.network.Network`."""
        outputs = self._predict(picture)
        by_label = outputs[PROBABILITIES]
        probabilities = np.array([by_label[name] for name in self._labels], np.float32)
        return probabilities, np.asarray(outputs[CORNERS], np.float32).ravel()


def open_package(package: Path, bundle: Bundle) -> Network:
    """Return the network of a saved package, run by Core ML on macOS, re-executed elsewhere.

    Raises DataError if it is not a package of this bundle.
    """
    check_package(package, bundle)
    return PackageNetwork(package_predictor(package), bundle)


def check_package(package: Path, bundle: Bundle) -> None:
    """Raise DataError if a package cannot be read, or lacks an input, output or label of its bundle.

    Converters have been known to drop an output without a word.
    """
    described = _saved(package).get_spec().description
    outputs = {item.name: item.type.WhichOneof("Type") for item in described.output}
    expected = {LABEL: "stringType", PROBABILITIES: "dictionaryType", CORNERS: "multiArrayType"}
    if outputs != expected:
        raise DataError(f"{package} gives {', '.join(outputs) or 'nothing'}, not {', '.join(expected)}: export again.")
    (image,) = described.input
    size = (image.type.imageType.width, image.type.imageType.height)
    if image.type.WhichOneof("Type") != "imageType" or size != (bundle.width, bundle.height):
        raise DataError(f"{package} does not take pictures of {bundle.width} x {bundle.height}: export again.")
    (classify,) = [operation for operation in _program(package).operations if operation.op_type == "classify"]
    if list(classify.inputs["classes"].val) != [label.name for label in bundle.labels]:
        raise DataError(f"{package} has not the labels of its bundle, in their order: export again.")


def package_predictor(package: Path) -> PackagePredictor:
    """Return what computes a package's outputs: Core ML on macOS, re-execution elsewhere."""
    return _core_ml_predictor(package) if sys.platform == "darwin" else _reexecuting_predictor(package)


def _core_ml_predictor(package: Path) -> PackagePredictor:
    import coremltools as ct
    from PIL import Image as PILImage

    model = ct.models.MLModel(str(package))
    return lambda picture: model.predict({"image": PILImage.fromarray(picture)})


def _reexecuting_predictor(package: Path) -> PackagePredictor:
    """Return what computes a package's operations one by one, in the precision that each has in it.

    A value in 16-bit floats is rounded after every operation; inside an operation 32 bits are used.
    Raises DataError if it has operations that are not known here.
    """
    import tensorflow as tf

    function = _program(package)
    ((name, image),) = function.inputs.items()
    *before, classify = (operation for operation in function.operations if not _is_constant(operation))
    known = operations()
    unknown = sorted({operation.op_type for operation in before} - known.keys())
    if unknown or classify.op_type != "classify":
        raise DataError(f"{package} uses {unknown or classify.op_type}, which cannot be re-executed here.")
    corners_output = next(value for value in function.outputs if value.name == CORNERS)

    @tf.function(input_signature=[tf.TensorSpec(image.shape, tf.float32, name=name)])  # type: ignore[untyped-decorator]
    def run(picture: Any) -> Any:
        values = {name: picture}
        for operation in before:
            _execute(operation, values, known)
        return values[classify.inputs["probabilities"].name], values[corners_output.name]

    run.get_concrete_function()  # to fail now, not at the first picture
    classes = list(classify.inputs["classes"].val)

    def predict(picture: Image) -> Mapping[str, Any]:
        scores, corners = run(tf.constant(picture.transpose(2, 0, 1)[None], tf.float32))
        by_label = dict(zip(classes, scores.numpy().ravel().tolist(), strict=True))
        return {LABEL: max(by_label, key=by_label.__getitem__), PROBABILITIES: by_label, CORNERS: corners.numpy()}

    return predict


def _is_constant(operation: Any) -> bool:
    """Return whether an operation only holds weights, as they are or packed."""
    return operation.op_type.startswith("const")


def _execute(operation: Any, values: dict[str, Any], known: Mapping[str, Operation]) -> None:
    """Compute an operation and put its output into the values so far, which are by name."""
    import tensorflow as tf
    from coremltools.converters.mil.mil import types

    inputs = {name: _wide(_value(variable, values)) for name, variable in operation.inputs.items()}
    (output,) = operation.outputs
    computed = known[operation.op_type](inputs)
    values[output.name] = tf.cast(computed, tf.as_dtype(types.nptype_from_builtin(output.dtype)))


def _value(variable: Any, values: Mapping[str, Any]) -> Any:
    """Return the value of an operation's input: computed before, or a constant."""
    if isinstance(variable, list | tuple):
        return [_value(one, values) for one in variable]
    if variable.name in values:
        return values[variable.name]
    if variable.val is not None:
        return variable.val
    return variable.op.materialized_val_inference()  # weights that are kept in fewer bits


def _wide(value: Any) -> Any:
    """Return 16-bit floats as 32-bit ones, which are computed with; anything else as it is."""
    import tensorflow as tf

    if isinstance(value, list):
        return [_wide(one) for one in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.astype(np.float32) if value.dtype == np.float16 else value
    return tf.cast(value, tf.float32) if tf.is_tensor(value) and value.dtype == tf.float16 else value


def _program(package: Path) -> Any:
    """Return the one function of a saved package's program."""
    from coremltools.converters.mil.frontend.milproto.load import load

    saved = _saved(package)
    spec = saved.get_spec()
    program = load(spec, specification_version=spec.specificationVersion, file_weights_dir=saved.weights_dir)
    return program.functions["main"]


def _saved(package: Path) -> Any:
    import coremltools as ct

    try:
        return ct.models.MLModel(str(package), skip_model_load=True)
    except Exception as error:  # coremltools reports a damaged package as a bare Exception of many kinds
        raise DataError(f"{package} cannot be read as a Core ML package: export it again.") from error
