"""The network: a backbone with two heads, what it is trained to say, and its trained weights."""

from __future__ import annotations

from training.network.backbone import BACKBONES
from training.network.eight_bits import stays_in_float
from training.network.keras_network import WEIGHTS, KerasNetwork, load_network, round_weights, save_network, start_from
from training.network.losses import corners_loss, votes_loss
from training.network.model import (
    VOTE_STRIDE,
    build_model,
    for_use,
    reshaped,
    unfreeze,
    with_closer_looks,
)
from training.network.numerals import build_numeral_model
from training.network.partial_labels import accuracy, classifier_loss
from training.network.trained import trained_bundle

__all__ = [
    "BACKBONES",
    "VOTE_STRIDE",
    "WEIGHTS",
    "KerasNetwork",
    "accuracy",
    "build_model",
    "build_numeral_model",
    "classifier_loss",
    "corners_loss",
    "for_use",
    "load_network",
    "reshaped",
    "round_weights",
    "save_network",
    "start_from",
    "stays_in_float",
    "trained_bundle",
    "unfreeze",
    "votes_loss",
    "with_closer_looks",
]
