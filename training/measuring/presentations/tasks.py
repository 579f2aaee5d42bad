"""What is played to the recognizer: clips, moved photographs, simulated notes, rooms without a note."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.camera.video import open_video
from currency_app.errors import DataError
from currency_app.events import Frame
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage, measurable, of_split
from training.measuring.identified import unreadable
from training.simulation.presentation import Presentation, empty_scene, moved_photo, play, presentations
from training.simulation.scene.material import Material, read_material
from training.simulation.scene.truth import Truth

EMPTY_FPS = 5.0
"""Frames a second of rooms without a note: fewer than a webcam's, for speed."""
_SEED = 97
"""Keeps the random numbers apart from those of the simulations."""


class Kind(Enum):
    """What a presentation is made of. SLOW and FAST are simulated, at 15 and at 30 frames a second."""

    CLIP = "real clips"
    PHOTO = "moved photographs"
    SLOW = "the simulator, 15 frames/s"
    FAST = "the simulator, 30 frames/s"
    EMPTY = "rooms without a note"


@dataclass(frozen=True)
class Task:
    """One presentation to be played."""

    kind: Kind
    """What it is made of."""
    number: int
    """Which of its kind."""
    name: str
    """What its recording is called."""
    group: str
    """With which others it is summed up, as it is printed."""


@dataclass(frozen=True)
class MeasurementPlan:
    """How much is played."""

    slow: int = 1000
    """Simulated presentations of 4 s at 15 frames a second."""
    fast: int = 100
    """Simulated presentations of 4 s at 30 frames a second."""
    empty_hours: float = 10.0
    """Hours without a note."""
    scene_s: float = 300.0
    """Seconds of each recording without a note."""
    users: int = 40
    """Virtual users, each with hints and without."""
    photos: int = 10_000
    """Most photographs that are moved."""
    splits: tuple[str, ...] = ("test", "test_web")
    """Splits of the photographs, of what simulated notes are made of, and of the rooms behind them."""
    seed: int = 0
    """Another number gives other presentations of the same material."""


QUICK = MeasurementPlan(slow=60, fast=20, empty_hours=0.25, users=6, photos=40)
"""A plan that takes some minutes instead of most of an hour."""


class Stock:
    """What the tasks of a plan are made of.

    data: a data folder. images: its rows, relabelled for the bundle's currency. readable: blurred frames that a person
    can read. bundle: what is measured.
    """

    def __init__(self, data: Path, images: Sequence[LabelledImage], readable: frozenset[Path], bundle: Bundle,
                 plan: MeasurementPlan) -> None:  # fmt: skip
        self._data = data
        self._currency = currency = bundle.currency.lower()
        self._note_aspect = bundle.note_aspect
        self._plan = plan
        self._photos = _photos(images, readable, currency, plan)
        self.images = images
        self._material: Material | None = None
        self._clips = _clips(data)
        self._presentations: dict[Kind, list[Presentation]] = {}

    @property
    def material(self) -> Material:
        """Scans and cut-out notes of the splits, rooms, and drawn notes of faces that have neither."""
        if self._material is None:
            splits = self._plan.splits
            rooms = [i for i in of_split(self.images, *splits) if i.kind == "background"]
            self._material = read_material(
                self.images,
                self._currency,
                splits,
                splits if rooms else ("train",),
                drawn=self._currency == "usd",
                note_aspect=self._note_aspect,
            )
        return self._material

    @property
    def scenes(self) -> int:
        """How many different rooms and look-alikes scenes without a note are made of."""
        return self.material.rooms + self.material.lookalikes

    def tasks(self) -> list[Task]:
        """Return everything that the plan plays."""
        plan = self._plan
        clips = [Task(Kind.CLIP, n, f"clip-{clip['clip']}", "real clips") for n, clip in enumerate(self._clips)]
        photos = [
            Task(Kind.PHOTO, n, f"photo-{plan.seed}-{photo.path.stem}-{n}", f"moved {photo.split} {photo.source}")
            for n, photo in enumerate(self._photos)
        ]
        key = f"{plan.seed}-{'-'.join(plan.splits)}"
        slow = [Task(Kind.SLOW, n, f"slow-{key}-{n}", Kind.SLOW.value) for n in range(plan.slow)]
        fast = [Task(Kind.FAST, n, f"fast-{key}-{n}", Kind.FAST.value) for n in range(plan.fast)]
        scenes = round(plan.empty_hours * 3600 / plan.scene_s)
        empty = [Task(Kind.EMPTY, n, f"empty-{key}-{n}", Kind.EMPTY.value) for n in range(scenes)]
        return clips + photos + slow + fast + empty

    def frames(self, task: Task) -> Iterator[tuple[Frame, Truth]]:
        """Return the frames of a task and their truth, which never change."""
        if task.kind is Kind.CLIP:
            return _clip_frames(self._data / "clips", self._clips[task.number])
        if task.kind is Kind.PHOTO:
            photo = self._photos[task.number]
            rng = np.random.default_rng([_SEED, self._plan.seed, task.number])
            rooms = [self.material.room(rng) for _ in range(2)]
            picture = read_image(photo.path)
            return moved_photo(picture, photo.polygon, photo.class_name, rooms, rng, note_aspect=self._note_aspect)
        if task.kind is Kind.EMPTY:
            return empty_scene(self._plan.seed * 10_000 + task.number, self.material, EMPTY_FPS, self._plan.scene_s)
        return play(self._simulated(task.kind)[task.number], self.material, 15.0 if task.kind is Kind.SLOW else 30.0)

    def _simulated(self, kind: Kind) -> list[Presentation]:
        if kind not in self._presentations:
            count, seed = (self._plan.slow, 0) if kind is Kind.SLOW else (self._plan.fast, 1)
            self._presentations[kind] = presentations(count, self.material, self._plan.seed * 2 + seed)
        return self._presentations[kind]


def _photos(
    images: Sequence[LabelledImage], readable: frozenset[Path], currency: str, plan: MeasurementPlan
) -> list[LabelledImage]:
    with_note = [
        image
        for image in measurable(images, plan.splits)
        if image.kind == "photo" and parse_label(image.class_name, currency).value is not None
    ]
    left_out = unreadable(with_note, readable)
    found = [image for image in with_note if image.path not in left_out]
    step = max(len(found) / plan.photos, 1.0)
    return [found[int(n * step)] for n in range(min(len(found), plan.photos))]


def _clips(data: Path) -> list[dict[str, Any]]:
    index = data / "clips" / "clips.json"
    if not index.is_file():
        return []
    try:
        clips = json.loads(index.read_text(encoding="utf-8"))
        return [
            {
                "clip": str(clip["clip"]),
                "segments": [(s["note"], float(s["start_s"]), float(s["end_s"])) for s in clip["segments"]],
            }
            for clip in clips
        ]
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError, OSError) as error:
        raise DataError(f"{index} cannot be read: {error}. Mend it or take it away.") from error


def _clip_frames(folder: Path, clip: dict[str, Any]) -> Iterator[tuple[Frame, Truth]]:
    for event in open_video(folder / clip["clip"], realtime=False).events():
        if isinstance(event, Frame):
            shown = [note for note, start, end in clip["segments"] if start <= event.t < end]
            aspect = event.image.shape[1] / event.image.shape[0]
            yield event, Truth(event.t, shown[0] if shown else None, None, aspect)
