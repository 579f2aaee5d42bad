"""Learning the value from a note whose side is not labelled: either side of the value is a right answer.

The target is shared among the outputs that are right in proportion to what the network itself predicts at the time.
The gradient is then that of -log of their probabilities' sum: the network is asked for the value only. The notes whose
side is labelled teach it which of its outputs stands for which side. Jin and Ghahramani, "Learning with Multiple
Labels", NIPS 2002.
"""

from __future__ import annotations

from typing import Any

_MIN_PROBABILITY = 1e-7
"""Added to each predicted probability, so that a target can be shared among outputs that are all 0."""


def shared_target(y_true: Any, y_pred: Any) -> Any:
    """Return targets [batch, labels] that sum to 1, shared among the right labels.

    y_true: [batch, labels], 1 for each right label, else 0; a row with one right label stays as it is.
    y_pred: [batch, labels], the network's probabilities.
    """
    from keras import ops

    weighted = y_true * (ops.stop_gradient(y_pred) + _MIN_PROBABILITY)
    return weighted / ops.sum(weighted, axis=-1, keepdims=True)


def classifier_loss(label_smoothing: float) -> Any:
    """Return the Keras loss of the classifier: cross-entropy with `shared_target`. label_smoothing: 0..1."""
    import keras

    class SharedCrossEntropy(keras.losses.CategoricalCrossentropy):  # type: ignore[misc]
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return super().call(shared_target(y_true, y_pred), y_pred)

    return SharedCrossEntropy(label_smoothing=label_smoothing)


def accuracy(y_true: Any, y_pred: Any) -> Any:
    """Return whether the likeliest label is a right one: 0 or 1 for each, [batch]."""
    from keras import ops

    return ops.max(ops.where(y_pred >= ops.max(y_pred, axis=-1, keepdims=True), y_true, 0.0), axis=-1)
