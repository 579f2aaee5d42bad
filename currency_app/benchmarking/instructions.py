"""What the processor can do that decides how fast a network runs on it."""

from __future__ import annotations

import functools
from collections.abc import Collection

import cv2

_FEATURES = {
    "AVX2": "avx2",
    "AVX512VNNI": "avx512_vnni",
    "AVX_VNNI": "avx_vnni",
    "NEON_DOTPROD": "asimddp",
}
"""OpenCV's names of what matters here, and Linux's names of the same."""
_DOT_PRODUCTS = ("avx512_vnni", "avx_vnni", "asimddp")
"""Instructions that multiply and add 8-bit integers, on which an int8 network takes a third of the time of floats."""
_SPOKEN = {"avx512_vnni": "AVX-512 VNNI", "avx_vnni": "AVX-VNNI", "asimddp": "Arm dot product"}
_MAX_NUMBER = 512
"""OpenCV numbers features up to here: `CV_HARDWARE_MAX_FEATURE`."""


@functools.cache
def cpu_features() -> tuple[str, ...]:
    """Return which of the instructions that matter for a network's speed there are, by the names that Linux has."""
    by_name = {cv2.getHardwareFeatureName(number): number for number in range(1, _MAX_NUMBER)}
    return tuple(
        ours for name, ours in _FEATURES.items() if name in by_name and cv2.checkHardwareSupport(by_name[name])
    )


def has_dot_product(features: Collection[str]) -> bool:
    """Whether a processor with these features has instructions for an int8 network."""
    return any(feature in features for feature in _DOT_PRODUCTS)


def describe_features(features: Collection[str]) -> str:
    """Return a line about them for a person to read."""
    found = [words for feature, words in _SPOKEN.items() if feature in features]
    return f"8-bit dot product: {' and '.join(found) or 'none, so int8 gains little over fp32'}"
