"""What is said of the processor."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.benchmarking import cpu_features, describe_features, has_dot_product

CPUINFO = Path("/proc/cpuinfo")


@pytest.mark.skipif(not CPUINFO.exists(), reason="only Linux names the processor's features in a file")
def test_it_finds_what_linux_finds() -> None:
    words = set(CPUINFO.read_text(encoding="utf-8").split())
    known = {"avx2", "avx512_vnni", "avx_vnni", "asimddp"}
    assert set(cpu_features()) == known & words


@pytest.mark.parametrize(
    ("features", "line", "has"),
    [
        (("avx2",), "8-bit dot product: none, so int8 gains little over fp32", False),
        (("avx2", "avx512_vnni", "avx_vnni"), "8-bit dot product: AVX-512 VNNI and AVX-VNNI", True),
        (("asimddp",), "8-bit dot product: Arm dot product", True),
    ],
)
def test_whether_eight_bits_pay(features: tuple[str, ...], line: str, has: bool) -> None:
    assert describe_features(features) == line
    assert has_dot_product(features) is has
