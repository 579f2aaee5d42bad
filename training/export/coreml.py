"""Export a Keras model to Core ML, as an ML Program for iOS 16 and later.

It takes a picture and returns a label, probabilities and corners. Of the ways that coremltools offers, one keeps both
outputs and their order: a concrete function, converted first to its intermediate language (MIL). Converting the Keras
model itself swaps the outputs or drops one without a word. A classifier with a second output cannot be converted from
TensorFlow, only from MIL.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from currency_app import __version__
from currency_app.recognition.bundle import Bundle, sha256_of
from training.export.coreml_program import CORNERS, LABEL
from training.export.quiet import quietly
from training.network.keras_network import WEIGHTS
from training.network.model import for_use, reshaped

_AUTHOR = "The currency-app authors"
_LICENSE = "MIT"
_MIN_WEIGHTS = 10_000
"""Numbers in the smallest array that is kept in 8 bits.

Biases, first layers, depthwise filters and heads take a tenth of the room and spoil most: with them in 8 bits corners
differ by a median of 0.6 % instead of 0.4 %.
"""


def write_package(model: Any, bundle: Bundle, precision: str, package: Path) -> None:
    """Save a Keras model made by `build_model` as a Core ML package, a folder whose name ends in .mlpackage.

    precision: of the weights, fp32, fp16 or int8; with int8 they are kept in 8 bits and used in 16-bit floats.
    The input `image` is an RGB picture of the bundle's size; its scaling to the network's range is inside the program.
    The outputs are named in `coreml_program`.
    """
    import coremltools as ct

    with quietly():
        program = ct.convert(
            [_raw_pictures(model)],
            source="tensorflow",
            convert_to="milinternal",
            minimum_deployment_target=ct.target.iOS16,
            # Chosen here, because the second conversion takes the types as they are.
            compute_precision=ct.precision.FLOAT32 if precision == "fp32" else ct.precision.FLOAT16,
            inputs=[
                ct.ImageType(name="image", shape=(1, bundle.height, bundle.width, 3), color_layout=ct.colorlayout.RGB)
            ],
        )
        function = program.functions["main"]
        function.output_types = None  # else coremltools asks for a type of the label, which has none
        function.outputs[0].name, function.outputs[1].name = "scores", CORNERS
        saved = ct.convert(
            program,
            source="milinternal",
            convert_to="mlprogram",
            minimum_deployment_target=ct.target.iOS16,
            compute_precision=ct.precision.FLOAT32 if precision == "fp32" else ct.precision.FLOAT16,
            compute_units=ct.ComputeUnit.ALL,
            skip_model_load=True,
            classifier_config=ct.ClassifierConfig(
                [label.name for label in bundle.labels],
                predicted_feature_name=LABEL,
                predicted_probabilities_output="scores",
            ),
        )
        if precision == "int8":
            saved = _in_8_bits(saved)
        _describe(saved, bundle, precision)
        saved.save(str(package))


def _raw_pictures(model: Any) -> Any:
    """Return the network as a concrete function of a float picture, 0..255, with its outputs in an order.

    Core ML has no bytes as inputs.
    """
    import tensorflow as tf

    height, width = model.input_shape[1:3]
    network = for_use(reshaped(model, height, width, dtype="float32"))

    def in_order(image: Any) -> tuple[Any, Any]:
        outputs = network(image, training=False)
        return outputs["probabilities"], outputs["corners"]

    signature = [tf.TensorSpec((1, height, width, 3), tf.float32, name="image")]
    return tf.function(in_order, input_signature=signature).get_concrete_function()


def _in_8_bits(saved: Any) -> Any:
    from coremltools.optimize.coreml import OpLinearQuantizerConfig, OptimizationConfig, linear_quantize_weights

    rule = OpLinearQuantizerConfig(mode="linear_symmetric", weight_threshold=_MIN_WEIGHTS)
    return linear_quantize_weights(saved, OptimizationConfig(global_config=rule))


def _describe(saved: Any, bundle: Bundle, precision: str) -> None:
    raw = bundle.raw
    saved.author, saved.license, saved.version = _AUTHOR, _LICENSE, f"{__version__} of {raw['training']['date']}"
    saved.short_description = (
        f"Tells the value of one {bundle.currency} banknote in a picture, and where its corners are. "
        "It does not tell whether money is genuine."
    )
    whole = raw["input"]["width"], raw["input"]["height"]
    saved.input_description["image"] = (
        "The note straightened by its corners, as second_look says"
        if (bundle.width, bundle.height) != whole
        else f"The whole frame, upright, brought to this size by the rule {bundle.fit} (Vision: "
        f"{'scaleFill' if bundle.fit == 'stretch' else 'scaleFit'}), never cropped; or the note straightened"
    )
    saved.output_description[LABEL] = "The likeliest label of this one look: not yet what may be said"
    saved.output_description[f"{LABEL}_probs"] = "Of every label, before the temperature"
    saved.output_description[CORNERS] = str(raw["outputs"]["corners"]["meaning"])
    saved.user_defined_metadata.update(package_metadata(bundle, precision))


def package_metadata(bundle: Bundle, precision: str) -> dict[str, str]:
    """Return what an app needs besides the network, by name: plain text, or JSON for what has parts.

    It is taken from bundle.json; only the hash of the trained weights is not.
    """
    raw = bundle.raw
    parts = ("names", "labels", "input", "thresholds", "second_look", "locates", "locates_unknown")
    trained = bundle.folder / WEIGHTS
    return {
        "currency": bundle.currency,
        "note_aspect": str(bundle.note_aspect),
        "temperature": str(bundle.temperature),
        "precision": precision,
        "model_sha256": str(raw["model"]["sha256"]),
        **({"network_sha256": sha256_of(trained)} if trained.is_file() else {}),
        **{name: json.dumps(raw[name]) for name in parts if name in raw},
    }
