"""What a stopped run needs to go on: weights and a count of epochs.

Each file is replaced whole, and `state.json` keeps the SHA-256 of each and of the one that it replaces. So whenever a
run is killed, what it left can be gone on from; and a file that was cut, lost or put there from elsewhere is noticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from currency_app.errors import DataError
from currency_app.recognition.bundle import sha256_of
from training.dataset.manifest import LabelledImage
from training.recipe import Recipe, setting_key
from training.writable import replacing

CHECKPOINT = "checkpoint.weights.h5"
"""Name of the file of the weights after the last whole epoch."""
BEST = "best.weights.h5"
"""Name of the file of the weights with the lowest loss on `val`."""
FINAL_WEIGHTS = "final.weights.h5"
"""Name of the file of a finished run's weights."""
_STATE = "state.json"
_CHANGES_NOTHING = ("folds", "fold_share", "closer_looks", "numeral_crops")
"""Keys of settings that only calibration and the finished bundle use: training does not depend on them."""


@dataclass(frozen=True)
class RunProgress:
    """How far a run has come."""

    epochs_done: int = 0
    """Whole epochs."""
    losses: tuple[float, ...] = ()
    """Loss on `val` after each epoch; empty unless the recipe has patience."""

    @property
    def since_best(self) -> int:
        """Epochs since the one with the lowest loss."""
        return len(self.losses) - 1 - self.losses.index(min(self.losses)) if self.losses else 0

    def after_epoch(self, loss: float | None) -> RunProgress:
        """Return the progress one epoch later. loss: on `val`, if it was measured."""
        return RunProgress(self.epochs_done + 1, self.losses if loss is None else (*self.losses, loss))


class RunFolder:
    """The folder of one run."""

    def __init__(
        self,
        folder: Path,
        recipe: Recipe,
        images: Iterable[LabelledImage],
        judged_on: Iterable[LabelledImage] = (),
    ) -> None:
        """images: those that are learnt from. The folder is made if it is not there.

        judged_on: those on which the best epoch is chosen.
        """
        self.folder = folder
        settings = {key: value for key, value in recipe.as_dict().items() if key not in _CHANGES_NOTHING}
        self._recipe = json.loads(json.dumps(settings))
        images = list(images)
        self._images, self._content = _fingerprint(images), hash_of_content([*images, *judged_on])
        self._written: dict[str, Any] = {"epochs_done": 0, "losses": [], "sha256": {}}
        self._before: dict[str, Any] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def checkpoint(self) -> Path:
        """Weights and optimizer after the last whole epoch."""
        return self.folder / CHECKPOINT

    @property
    def best(self) -> Path:
        """Weights after the epoch with the lowest loss on `val`."""
        return self.folder / BEST

    @property
    def final(self) -> Path:
        """Weights of the finished run."""
        return self.folder / FINAL_WEIGHTS

    def progress(self) -> RunProgress:
        """Return how far the run has come, by the checkpoint that is there.

        Raises DataError if the folder holds a run of another recipe or other images, or a damaged state or checkpoint.
        """
        state = self._read_state()
        if state is None:
            return RunProgress()
        self._written, self._before = _step(state), state.get("before")
        if not self.final_is_whole():
            self._go_back_to_checkpoint()
        return _progress_of(self._written)

    def final_is_whole(self) -> bool:
        """Whether the weights of the finished run are there and, if the state knows them, as they were written."""
        return self.final.is_file() and _is_as_written(self.final, self._written)

    def damaged(self, path: Path) -> DataError:
        """Return what to say of a file of the folder that the run cannot go on from."""
        what = "cut off or not of this run" if path.exists() else "missing"
        return DataError(
            f"{path} is {what}: put it back if you have it; else the run in {self.folder} must begin anew, so give "
            "another folder with --run, or remove it."
        )

    def _go_back_to_checkpoint(self) -> None:
        """If a kill left the checkpoint of an epoch earlier than the state tells of, go on from that."""
        steps = [self._written] if self._before is None else [self._written, self._before]
        if self.checkpoint.is_file():
            reached = [step for step in steps if step["epochs_done"] and _is_as_written(self.checkpoint, step)]
        else:
            reached = [step for step in steps if step["epochs_done"] == 0]
        if not reached:
            raise self.damaged(self.checkpoint)
        if reached[0]["losses"] and not (
            self.best.is_file() and any(_is_as_written(self.best, step) for step in steps)
        ):
            raise self.damaged(self.best)
        self._written = reached[0]

    def _read_state(self) -> dict[str, Any] | None:
        """Return what state.json says; None in a new run.

        Raises DataError if it is damaged, or not of this recipe and these images.
        """
        path = self.folder / _STATE
        if not path.exists():
            if any(weights.exists() for weights in (self.checkpoint, self.best, self.final)):
                raise self.damaged(path)
            return None
        try:
            # Runs from before November 2026 keep no hashes.
            state = {"sha256": {}, "content": self._content} | json.loads(path.read_text(encoding="utf-8"))
            same_recipe = self._is_same(state["recipe"])
            same_images = (state["images"], state["content"]) == (self._images, self._content)
            for step in (state, state if state.get("before") is None else state["before"]):
                _check_step(step)
        except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError, OSError) as error:
            # Cut off, or not written here.
            raise self.damaged(path) from error
        if not same_recipe:
            raise DataError(
                f"{self.folder} holds a run of another recipe: give another folder with --run, or remove it."
            )
        if not same_images:
            raise DataError(
                f"The images have changed since the run in {self.folder} began: give another folder with --run, "
                "or remove it."
            )
        return state

    def _is_same(self, begun_by: dict[str, Any]) -> bool:
        """Return whether a run was begun by this recipe.

        Settings that are younger than the run are taken to have had their defaults in it.
        """
        defaults = {setting_key(known.name): known.default for known in fields(Recipe) if known.default is not MISSING}
        return {key: defaults[key] for key in self._recipe if key in defaults} | begun_by == self._recipe

    def write(self, model: Any, progress: RunProgress) -> None:
        """Keep the weights of a Keras model and of its optimizer, and how far the run has come."""
        hashes = {name: digest for name, digest in self._written["sha256"].items() if name == BEST}
        step = {"epochs_done": progress.epochs_done, "losses": list(progress.losses), "sha256": hashes}
        # The state, which tells of the files before too, takes its place first and the checkpoint last: a run killed
        # between the two repeats an epoch, and loses none.
        with contextlib.ExitStack() as files:
            for path in [self.checkpoint, *([self.best] if progress.losses and progress.since_best == 0 else [])]:
                fresh = files.enter_context(replacing(path))
                model.save_weights(fresh)
                hashes[path.name] = sha256_of(fresh)
            self._write_state(files.enter_context(replacing(self.folder / _STATE)), step, self._written)
        self._before, self._written = self._written, step

    def finish(self, model: Any) -> None:
        """Keep the weights of a Keras model whose training is done."""
        with replacing(self.final) as fresh:
            model.save_weights(fresh)
            digest = sha256_of(fresh)
        self._written = self._written | {"sha256": self._written["sha256"] | {FINAL_WEIGHTS: digest}}
        with replacing(self.folder / _STATE) as fresh:
            self._write_state(fresh, self._written, self._before)

    def _write_state(self, path: Path, step: dict[str, Any], before: dict[str, Any] | None) -> None:
        begun_by = {"recipe": self._recipe, "images": self._images, "content": self._content}
        path.write_text(json.dumps(begun_by | step | {"before": before}), encoding="utf-8")


def hash_of_content(images: Iterable[LabelledImage]) -> str:
    """Return a hash that changes with any row and any byte of the images.

    It does not change with where the data folder lies. Size and date of a file would not do: copying a folder changes
    dates, and a picture that was retouched or turned can have its old size. Reading all files takes a second or two,
    another training an hour.
    """
    rows = list(images)
    digest = hashlib.sha256(_fingerprint(rows).encode())
    for path in dict.fromkeys(image.path for image in rows):
        try:
            file = path.stat()
            found = _hash_of_file(path, (file.st_dev, file.st_ino, file.st_mtime_ns, file.st_size))
        except OSError:  # told when the image is read
            found = "missing"
        digest.update(f"{found}\n".encode())
    return digest.hexdigest()


@cache
def _hash_of_file(path: Path, version: tuple[int, ...]) -> str:
    """Return a file's hash. version: what changes whenever the file does; only tells entries of the cache apart."""
    return sha256_of(path)


def _step(state: dict[str, Any]) -> dict[str, Any]:
    return {key: state[key] for key in ("epochs_done", "losses", "sha256")}


def _check_step(step: dict[str, Any]) -> None:
    """Raise an error if a step of a state is none that was written here."""
    if not (isinstance(step["sha256"], dict) and type(step["epochs_done"]) is int and step["epochs_done"] >= 0):
        raise ValueError
    _progress_of(step)


def _progress_of(step: dict[str, Any]) -> RunProgress:
    return RunProgress(int(step["epochs_done"]), tuple(float(loss) for loss in step["losses"]))


def _is_as_written(path: Path, step: dict[str, Any]) -> bool:
    """Whether a file has the hash that was kept of it at a step; any has, if none was kept."""
    return step["sha256"].get(path.name) in (None, sha256_of(path))


def _fingerprint(images: Iterable[LabelledImage]) -> str:
    """Return a hash that changes with any row, but not with where the data folder lies."""
    digest = hashlib.sha256()
    for image in images:
        polygon = "" if image.polygon is None else image.polygon.tobytes().hex()
        row = (image.path.name, image.source, image.class_name, image.split, image.kind, image.notes_in_image, polygon)
        digest.update(("|".join(row) + "\n").encode(errors="surrogatepass"))  # names may be no UTF-8
    return digest.hexdigest()
