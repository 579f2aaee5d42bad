"""What the app takes with the shipped model: time until it has read the first frame of a film, processor, and memory.

Processor time is what something takes on a computer with nothing else to do, whatever this one does meanwhile.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from currency_app.demo.scene import DEMO_FPS, DemoScene
from currency_app.events import Frame

HELD_S = (12.6, 15.4)
"""Seconds of the scene in which a note is held."""
EMPTY_S = (9.9, 11.2)
"""Seconds of the scene in which there is none."""
TURNS = 3
"""How often they are shown, there and back."""
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
def test_the_app_is_soon_there_and_takes_little(tmp_path: Path) -> None:
    pictures = [frame for frame in DemoScene(realtime=False).events() if isinstance(frame, Frame)]
    held, held_s = write_film(tmp_path / "held.avi", pictures, *HELD_S)
    empty, empty_s = write_film(tmp_path / "empty.avi", pictures, *EMPTY_S)

    begun_s, _ = measure(held, max_seconds=0.01)
    assert begun_s < 1.0

    with_note_s, resident_mb = measure(held, max_seconds=60)
    assert resident_mb < 170
    assert (with_note_s - begun_s) / held_s < 0.3, "of a core, at 15 frames a second"

    without_s, _ = measure(empty, max_seconds=60)
    assert (without_s - begun_s) / empty_s < 0.2


def write_film(path: Path, pictures: list[Frame], begin_s: float, end_s: float) -> tuple[Path, float]:
    """Write a part of the scene, again and again, as a film; return its path and its length in seconds."""
    there = [frame.image for frame in pictures if begin_s <= frame.t < end_s]
    images = [*there, *there[::-1]] * TURNS
    height, width = images[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), DEMO_FPS, (width, height))
    for image in images:
        writer.write(image)
    writer.release()
    return path, len(images) / DEMO_FPS


def measure(film: Path, max_seconds: float) -> tuple[float, float]:
    """Run the app on a film: seconds of processor time, and megabytes of memory."""
    arguments = ["run", "--voice", "off", "--source", str(film), "--max-seconds", str(max_seconds)]
    answer = subprocess.run([sys.executable, "-c", MEASURED, *arguments], capture_output=True, text=True, check=True)
    seconds, megabytes = answer.stdout.split()
    return float(seconds), float(megabytes)
