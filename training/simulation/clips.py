"""Presentations as video files, with a line of truth for each frame."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import cv2

from currency_app.errors import DataError
from currency_app.events import Frame
from training.progress import Progress
from training.simulation.presentation import empty_scene, play, presentations
from training.simulation.scene.hold import FRAME_HEIGHT, FRAME_WIDTH
from training.simulation.scene.material import Material
from training.simulation.scene.truth import Truth, hint_called_for
from training.writable import filling_folder

EMPTY_S = 60.0
"""Seconds of a clip without a note."""

Clip = Iterable[tuple[Frame, Truth]]
"""The frames of one video file in their order, each with its truth."""


def clips(kind: str, count: int, material: Material, seed: int, fps: float) -> list[Clip]:
    """Return so many clips, whose frames are drawn when they are iterated over.

    kind: presentation, or empty for scenes without a note.
    """
    if kind == "empty":
        return [empty_scene(seed * 100_000 + number, material, fps, EMPTY_S) for number in range(count)]
    return [play(one, material, fps) for one in presentations(count, material, seed)]


def write_clips(folder: Path, made: Sequence[Clip], fps: float, progress: Progress = iter) -> None:
    """Write 0001.mp4, 0002.mp4, ... and truth.jsonl into a new or empty folder: all of them, or nothing.

    progress: wraps the clips, as tqdm does. Raises DataError if they cannot be written.
    """
    with filling_folder(folder, "simulation") as part, (part / "truth.jsonl").open("w", encoding="utf-8") as stream:
        for number, clip in enumerate(progress(made), start=1):
            name = f"{number:04d}.mp4"
            for truth in _write_video(part / name, clip, fps):
                stream.write(json.dumps(truth_as_json(name, truth)) + "\n")


def truth_as_json(clip: str, truth: Truth) -> dict[str, object]:
    """Return the truth of one frame as a line of truth.jsonl.

    The hint is the one for a camera that faces the user.
    """
    hint = hint_called_for(truth)
    return {
        "clip": clip,
        "t": round(truth.t, 4),
        "note": truth.corners is not None,
        "class": truth.class_name,
        "corners": None if truth.corners is None else [[round(float(v), 4) for v in xy] for xy in truth.corners],
        "cover": round(truth.cover, 4),
        "in_view": round(truth.in_view, 4),
        "hidden": round(truth.hidden, 4),
        "light": round(truth.light, 1),
        "blur": round(truth.blur, 4),
        "readable": truth.readable,
        "hint": hint.value if hint else None,
    }


def _write_video(path: Path, clip: Clip, fps: float) -> Iterator[Truth]:
    name: Any = os.fsencode(path)  # as bytes, because a name that is no UTF-8 crashes OpenCV
    writer = cv2.VideoWriter(name, cv2.VideoWriter.fourcc(*"mp4v"), fps, (FRAME_WIDTH, FRAME_HEIGHT))
    if not writer.isOpened():
        raise DataError(f"No video can be written to {path.parent}: this OpenCV has no MPEG-4, or the disk is full.")
    try:
        for frame, truth in chain(clip):
            writer.write(frame.image)
            yield truth
    finally:
        writer.release()
