"""The small network that reads the number in a note's corner."""

from __future__ import annotations

from typing import Any

_BLOCKS = ((16, 2), (24, 1), (40, 2), (56, 1), (64, 2), (80, 1))
"""Channels and stride of each convolution: 14 million multiplications for a corner. Chosen by hand."""
_LAST_CHANNELS = 48
_DROPOUT = 0.2
_MIN_SPREAD = 4.0
"""Grey levels, standard deviation, to which the contrast of plain corners is held: theirs is noise."""
_MAX_SPREADS = 4.0
"""Standard deviations beyond which glare and deep shade are cut off."""


def build_numeral_model(size: tuple[int, int], outputs: int) -> Any:
    """Return an untrained Keras network: grey corners in, logits out.

    It sees each corner with a mean of 0 and a spread of 1, so that light and paper tell it nothing. size: width and
    height of a corner, pixels.
    """
    import keras
    from keras import layers, ops

    crops = keras.Input((size[1], size[0], 1), name="crops")
    x = ops.cast(crops, "float32")
    x = x - ops.mean(x, axis=(1, 2), keepdims=True)
    spread = ops.sqrt(ops.mean(x * x, axis=(1, 2), keepdims=True) + _MIN_SPREAD**2)
    x = ops.clip(x / spread, -_MAX_SPREADS, _MAX_SPREADS)
    for channels, stride in _BLOCKS:
        x = layers.Conv2D(channels, 3, strides=stride, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.97)(x)
        x = layers.ReLU(6.0)(x)
    x = layers.Conv2D(_LAST_CHANNELS, 3, padding="same", activation="relu")(x)
    # The strongest cell tells what number there is, the average how much of it.
    x = layers.Concatenate()([layers.GlobalMaxPooling2D()(x), layers.GlobalAveragePooling2D()(x)])
    return keras.Model(crops, layers.Dense(outputs)(layers.Dropout(_DROPOUT)(x)))
