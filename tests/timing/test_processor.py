"""The processor's name, as its system tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.timing import cpu_name, usable_processors


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("processor : 0\nmodel name\t: AMD  EPYC 9R14\nmodel name : other\n", "AMD EPYC 9R14"),
        ("processor : 0\nHardware : BCM2835\nModel : Raspberry Pi 4\n", "Raspberry Pi 4"),
    ],
)
def test_cpu_name_from_cpuinfo(tmp_path: Path, text: str, name: str) -> None:
    (tmp_path / "cpuinfo").write_text(text)
    assert cpu_name(tmp_path / "cpuinfo") == name


def test_cpu_name_without_cpuinfo(tmp_path: Path) -> None:
    (tmp_path / "cpuinfo").write_text("nothing of use\n")
    assert cpu_name(tmp_path / "cpuinfo")
    assert cpu_name(tmp_path / "absent")
    assert cpu_name()


def test_there_is_a_processor_to_use() -> None:
    assert usable_processors() >= 1
