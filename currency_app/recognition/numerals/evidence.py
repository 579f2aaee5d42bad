"""From what the network says of each corner to what the note's numerals say of each value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Floats
from currency_app.recognition.numerals.rule import OUTPUTS_WITHOUT_VALUE

_SHOWN = 0.6
"""How likely a corner shows its numeral so that it can be read, before it is looked at. Judged on `val`."""
_TURNED = 0.15
"""How likely the corners of a note are found the wrong way up, before they are looked at. Judged on `val`."""
_MIN_LIKELIHOOD = 0.02
"""What one corner, read wrongly, can tell against a value at most, as a share of what an average one tells for it."""
_READ_UPSIDE_DOWN = 0.15
"""How likely a numeral that stands on its head is taken for one that can be read; many sevens, eights and ones are."""


def support_for_values(corners: Floats, priors: Sequence[float], in_frame: npt.NDArray[np.bool_]) -> Floats:
    """Return how likely a note's numerals are those of each value, and of another number: they sum to 1.

    All corners show one number, each only with some likelihood, and the note is one way up or the other. Bayes' rule
    adds up what they tell. If nothing can be read, all numbers are equally likely.

    Args:
        corners: what the network says of each crop of `crops.corner_crops`, float32 [8, outputs]: probabilities of the
            values in their order, of another number, and of nothing that can be read.
        priors: the shares of the outputs among what the network has learnt from.
        in_frame: bool [8]; a corner that lies outside the frame tells nothing.

    Returns:
        float32 [values + 1], the last for another number.
    """
    numbers = len(priors) - OUTPUTS_WITHOUT_VALUE + 1
    likelihood = np.asarray(corners, np.float64) / np.asarray(priors, np.float64)
    likelihood[~in_frame] = 1.0
    shown = np.log(_SHOWN * likelihood[:, :numbers] + (1 - _SHOWN) * likelihood[:, numbers:] + _MIN_LIKELIHOOD)
    on_its_head = np.log((1 - _READ_UPSIDE_DOWN) * likelihood[:, numbers] + _READ_UPSIDE_DOWN + _MIN_LIKELIHOOD)
    half = len(likelihood) // 2
    as_found = shown[:half].sum(axis=0) + on_its_head[half:].sum() + np.log(1 - _TURNED)
    turned = shown[half:].sum(axis=0) + on_its_head[:half].sum() + np.log(_TURNED)
    logs = np.logaddexp(as_found, turned)
    powers = np.exp(logs - logs.max())
    return np.asarray(powers / powers.sum(), np.float32)
