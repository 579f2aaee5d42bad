"""ImageNet backbones, with batch normalisation folded into the convolutions before it.

Folding does not change what the network computes (Jacob et al., "Quantization and Training of Neural Networks for
Efficient Integer-Arithmetic-Only Inference", CVPR 2018, section 3.2). The normalisation would have to stay frozen
anyway: batches of 32 are too small for its statistics, and some weights come with it folded in already. Without it a
training step takes two thirds of the time, and the biases learn too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from currency_app.errors import DataError

STRIDE = 32
"""Side in pixels of a cell of the last feature map."""
FINER_STRIDE = 16
"""Side in pixels of a cell of the feature map that is twice as fine."""

_APPLICATIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "mobilenet_v2": ("MobileNetV2", {}),
    "mobilenet": ("MobileNet", {}),
    "mobilenet_v3_small": ("MobileNetV3Small", {"include_preprocessing": False}),
}
"""By name in a recipe: the class in `keras.applications`, and options that it needs."""
BACKBONES = tuple(_APPLICATIONS)


def build_backbone(name: str, size: int, alpha: float, weights: str | None) -> Any:
    """Return a Keras model from float32 [batch, height, width, 3] in -1..1 to feature maps of strides 32 and 16.

    Height and width are any multiples of 16. Of one that is no multiple of 32 the last feature map has a cell less than
    half of the finer one's, rounded up: what lies there is seen by the cell beside it.

    name: one of BACKBONES. size: side in pixels, a multiple of 32, of the pictures for which ImageNet weights are
    downloaded. alpha: width, as a factor of its channels; one for which weights are at hand or can be downloaded.
    weights: path of a `notop` file, "imagenet" to download them, None for random ones.
    Raises DataError if the weights cannot be had or do not fit.
    """
    import keras

    loaded = _loaded(name, size, alpha, weights)
    folded = _folded(loaded)
    names = {layer.name for layer in folded.layers}
    finer = [
        layer.name for layer in loaded.layers if layer.output.shape[1] == size // FINER_STRIDE and layer.name in names
    ]
    return keras.Model(folded.input, [folded.output, folded.get_layer(finer[-1]).output], name="backbone")


def _loaded(name: str, size: int, alpha: float, weights: str | None) -> Any:
    """Return the backbone as Keras has it, with its weights."""
    import keras

    application, options = _APPLICATIONS[name]
    build = getattr(keras.applications, application)
    config = {"input_shape": (size, size, 3), "alpha": alpha, "include_top": False, **options}
    if weights == "imagenet":
        try:
            return build(weights="imagenet", **config)
        except Exception as error:  # Keras reports a failed download as a bare Exception
            raise DataError("The ImageNet weights cannot be downloaded: give a file with --weights PATH.") from error
    model = build(weights=None, **config)
    if weights is None:
        return model
    if not Path(weights).is_file():
        raise DataError(f"There is no weights file {weights}: give its path with --weights, or leave that out.")
    try:
        model.load_weights(weights)
    except (ValueError, OSError) as error:
        raise DataError(
            f"{weights} does not fit {application} {alpha}: check the recipe, and that it is a `notop` file."
        ) from error
    return model


def _folded(model: Any) -> Any:
    """Return a model that computes what this one does without BatchNormalization; each must follow a convolution.

    It takes pictures of any shape. Its padding is that of this one, whose maps all have even sides: so cells lie at the
    same places of a picture whatever its shape.
    """
    import keras

    normalised = {
        layer.input._keras_history.operation.name: layer
        for layer in model.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    }

    def with_bias(layer: Any) -> Any:
        config = layer.get_config()
        if layer.name in normalised:
            config["use_bias"] = True
        return layer.__class__.from_config(config)

    def skip_normalisation(layer: Any, *inputs: Any, **options: Any) -> Any:
        return inputs[0] if isinstance(layer, keras.layers.BatchNormalization) else layer(*inputs, **options)

    picture = keras.Input((None, None, 3), name=model.input.name)
    folded = keras.models.clone_model(model, picture, clone_function=with_bias, call_function=skip_normalisation)
    for layer in folded.layers:
        if layer.name in normalised:
            layer.set_weights(_fold(model.get_layer(layer.name), normalised[layer.name]))
        elif layer.weights:
            layer.set_weights(model.get_layer(layer.name).get_weights())
    return folded


def _fold(convolution: Any, normalisation: Any) -> list[Any]:
    """Return the kernel and bias of a convolution that does what both layers do."""
    kernel, *bias = convolution.get_weights()
    values = {weight.name: np.asarray(weight) for weight in normalisation.weights}
    scale = values.get("gamma", 1.0) / np.sqrt(values["moving_variance"] + normalisation.epsilon)
    shift = values["beta"] + ((bias[0] if bias else 0.0) - values["moving_mean"]) * scale
    depthwise = "Depthwise" in type(convolution).__name__
    return [kernel * (scale.reshape(1, 1, -1, 1) if depthwise else scale), shift]
