"""How soon the app has read the first frame of a film, and how much memory it takes, with the shipped model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

FRAMES = 30
MEASURED = """
import sys, time
from pathlib import Path
from currency_app.commands.cli import main
assert main(sys.argv[1:]) == 0
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(time.process_time(), int(peak.split()[1]) * 1024 / 1e6)
"""
"""Runs the app; prints seconds of processor time since the start of Python, and megabytes of memory at most."""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of a program's memory")
def test_a_film_is_begun_within_a_second_and_read_in_170_mb(tmp_path: Path) -> None:
    """Processor time is what it takes on a computer with nothing else to do, whatever this one does."""
    film = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"MJPG"), 15, (640, 480))
    for _ in range(FRAMES):
        writer.write(np.full((480, 640, 3), 90, np.uint8))
    writer.release()
    seconds, _ = measure(film, "0.01")
    assert seconds < 1.0
    _, resident_mb = measure(film, "60")
    assert resident_mb < 170


def measure(film: Path, max_seconds: str) -> tuple[float, float]:
    arguments = ["run", "--voice", "off", "--source", str(film), "--max-seconds", max_seconds]
    answer = subprocess.run([sys.executable, "-c", MEASURED, *arguments], capture_output=True, text=True, check=True)
    seconds, megabytes = answer.stdout.split()
    return float(seconds), float(megabytes)
