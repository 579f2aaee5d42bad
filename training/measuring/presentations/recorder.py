"""Plays tasks to the recognizer on every core, and keeps what it saw on disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import cv2

from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from training.dataset.currency import relabel_for
from training.dataset.manifest import read_data
from training.measuring.identified import read_readable
from training.measuring.presentations.recording import Recording, fingerprint, load, record, save
from training.measuring.presentations.tasks import Kind, MeasurementPlan, Stock, Task
from training.parallel import on_every_core
from training.progress import Progress


@dataclass(frozen=True)
class RecorderSettings:
    """What is recorded, and where recordings are kept."""

    bundle: Path
    """Folder of the bundle that is measured."""
    data: Path
    """The data folder."""
    plan: MeasurementPlan
    """How much is played."""
    kept: Path
    """Folder in which recordings are kept."""

    def stock(self) -> Stock:
        """Return what the plan's tasks are made of."""
        bundle = load_bundle(self.bundle)
        images = relabel_for(read_data(self.data), bundle.currency.lower())
        return Stock(self.data, images, read_readable(self.data), bundle, self.plan)

    def folder(self) -> Path:
        """Return the folder for recordings of this bundle, code and data, which are never mixed with others."""
        return self.kept / fingerprint(load_bundle(self.bundle), self.data)


def recordings(
    recorder: RecorderSettings, tasks: Sequence[Task], progress: Progress
) -> Iterable[tuple[Task, Recording]]:
    """Yield each task's recording. Those not kept yet are made first, by a process for each core."""
    bundle, folder = load_bundle(recorder.bundle), recorder.folder()
    missing = [task for task in tasks if not _file(folder, task).is_file()]
    if missing:
        on_every_core(partial(_make, recorder), missing, progress, chunksize=4)
    for task in tasks:
        made = load(task.name, _file(folder, task), bundle)
        if made is None:  # damaged, as by a full disk
            _make(recorder, task)
            made = load(task.name, _file(folder, task), bundle)
        assert made is not None, task.name
        yield task, made


def _make(recorder: RecorderSettings, task: Task) -> None:
    stock, recognizer, folder = process_resources(recorder)
    if task.kind is Kind.EMPTY:
        recognizer = _without_search(recorder)
    save(record(task.name, stock.frames(task), recognizer), _file(folder, task))


@lru_cache(maxsize=1)
def process_resources(recorder: RecorderSettings) -> tuple[Stock, Recognizer, Path]:
    """Return what every task of a process needs, read once: material, recognizer, folder of recordings."""
    cv2.setNumThreads(1)
    return recorder.stock(), Recognizer(load_bundle(recorder.bundle)), recorder.folder()


@lru_cache(maxsize=1)
def _without_search(recorder: RecorderSettings) -> Recognizer:
    """Return a recognizer that does not search for far notes: half the time for the same values.

    A far note that is found by search leads to hints, never to a value.
    """
    return Recognizer(load_bundle(recorder.bundle), search=False)


def _file(folder: Path, task: Task) -> Path:
    return folder / f"{task.name}.npz"
