"""What a few measured times come to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from currency_app.arrays import Floats


def typical_times(times: Sequence[float] | Floats) -> dict[str, float]:
    """Return {"p50": ms, "p95": ms} of times in milliseconds, to a tenth; {} of none."""
    if len(times) == 0:
        return {}
    return {f"p{percent}": round(float(np.percentile(times, percent)), 1) for percent in (50, 95)}
