"""Learning the value from a note whose side nobody has told: either side of the value is a right answer.

Such an answer is shared among the outputs that are right as the network itself believes in them at the time. The
gradient is then that of -log of their probabilities' sum: the network is asked for the value, and settles by the notes
whose side is told which of its outputs stands for which. Jin and Ghahramani, "Learning with Multiple Labels", NIPS
2002.
"""

from __future__ import annotations

from typing import Any

_LEAST = 1e-7


def shared(answer: Any, probabilities: Any) -> Any:
    """Answers [batch, labels], 1 for each right label, else 0, as targets [batch, labels] that sum to 1.

    probabilities: [batch, labels], the network's. An answer with one right label stays as it is.
    """
    from keras import ops

    believed = answer * (ops.stop_gradient(probabilities) + _LEAST)
    return believed / ops.sum(believed, axis=-1, keepdims=True)


def classifier_loss(label_smoothing: float) -> Any:
    """The Keras loss of the classifier: cross-entropy with `shared` answers. label_smoothing: 0..1."""
    import keras

    class SharedCrossEntropy(keras.losses.CategoricalCrossentropy):  # type: ignore[misc]
        def call(self, y_true: Any, y_pred: Any) -> Any:
            return super().call(shared(y_true, y_pred), y_pred)

    return SharedCrossEntropy(label_smoothing=label_smoothing)


def accuracy(answer: Any, probabilities: Any) -> Any:
    """Whether the likeliest label is a right one: 0 or 1 for each, [batch]."""
    from keras import ops

    return ops.max(ops.where(probabilities >= ops.max(probabilities, axis=-1, keepdims=True), answer, 0.0), axis=-1)
