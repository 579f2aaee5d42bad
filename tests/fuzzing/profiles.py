"""How much hypothesis tries: the same few examples each time, or under `make fuzz` new ones for as long as it has."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""Examples of each property; 0 for the few of a usual run, which are the same each time."""
_USUAL_EXAMPLES = 25
"""Examples of each property in a usual run: all properties take some ten seconds together."""


def examples(share: float = 1.0) -> settings:
    """How a property is tried. share: of the usual number of examples, less than 1 for a slow property."""
    count = max(5, round((EXAMPLES or _USUAL_EXAMPLES) * share))
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=EXAMPLES == 0,
        database=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )
