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
from training.measuring.photographs import read_readable
from training.measuring.presentations.recording import Recording, fingerprint, load, record, save
from training.measuring.presentations.tasks import Kind, MeasurementPlan, Stock, Task
from training.parallel import on_every_core
from training.progress import Progress


@dataclass(frozen=True)
class RecorderSettings:
    """Where recordings are made. bundle: its folder. data: the data folder. kept: where recordings are kept."""

    bundle: Path
    data: Path
    plan: MeasurementPlan
    kept: Path

    def stock(self) -> Stock:
        """What the plan's tasks are made of."""
        currency = load_bundle(self.bundle).currency.lower()
        return Stock(
            self.data, relabel_for(read_data(self.data), currency), read_readable(self.data), currency, self.plan
        )

    def folder(self) -> Path:
        """The recordings of this bundle, code and data; others are never mixed with them."""
        return self.kept / fingerprint(load_bundle(self.bundle), self.data)


def recordings(studio: RecorderSettings, tasks: Sequence[Task], progress: Progress) -> Iterable[tuple[Task, Recording]]:
    """Each task's recording, made where it is not kept yet; one process a core."""
    bundle, folder = load_bundle(studio.bundle), studio.folder()
    missing = [task for task in tasks if not _file(folder, task).is_file()]
    if missing:
        on_every_core(partial(_make, studio), missing, progress, chunksize=4)
    for task in tasks:
        made = load(task.name, _file(folder, task), bundle)
        assert made is not None, task.name
        yield task, made


def _make(studio: RecorderSettings, task: Task) -> None:
    stock, recognizer, folder = opened(studio)
    if task.kind is Kind.EMPTY:
        recognizer = _without_search(studio)
    save(record(task.name, stock.frames(task), recognizer), _file(folder, task))


@lru_cache(maxsize=1)
def opened(studio: RecorderSettings) -> tuple[Stock, Recognizer, Path]:
    """What every task of a process needs, read once."""
    cv2.setNumThreads(1)
    return studio.stock(), Recognizer(load_bundle(studio.bundle)), studio.folder()


@lru_cache(maxsize=1)
def _without_search(studio: RecorderSettings) -> Recognizer:
    """Reads the same values in half the time: a far note that is searched for leads to hints, never to a value."""
    return Recognizer(load_bundle(studio.bundle), search=False)


def _file(folder: Path, task: Task) -> Path:
    return folder / f"{task.name}.npz"
