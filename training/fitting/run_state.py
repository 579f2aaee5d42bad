"""What a stopped run needs to go on: weights and a count of epochs.

Each file is replaced whole, so whenever a run is killed, what it left can be gone on from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from currency_app.errors import DataError
from training.dataset.manifest import LabelledImage
from training.recipe import Recipe, setting_key
from training.writable import replacing

CHECKPOINT = "checkpoint.weights.h5"
"""Name of the file of the weights after the last whole epoch."""
BEST = "best.weights.h5"
"""Name of the file of the weights with the lowest loss on `val`."""
_STATE = "state.json"
_CHANGES_NOTHING = ("folds", "fold_share", "closer_looks")
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

    def __init__(self, folder: Path, recipe: Recipe, images: Iterable[LabelledImage]) -> None:
        """images: those that are learnt from. The folder is made if it is not there."""
        self.folder = folder
        settings = {key: value for key, value in recipe.as_dict().items() if key not in _CHANGES_NOTHING}
        self._recipe = json.loads(json.dumps(settings))
        self._images = _fingerprint(images)
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def checkpoint(self) -> Path:
        """Weights and optimizer after the last whole epoch."""
        return self.folder / CHECKPOINT

    @property
    def best(self) -> Path:
        """Weights after the epoch with the lowest loss on `val`."""
        return self.folder / BEST

    def progress(self) -> RunProgress:
        """Return how far the run has come.

        Raises DataError if the folder holds a run of another recipe or other images, or a damaged state.
        """
        path = self.folder / _STATE
        if not path.is_file():
            return RunProgress()
        try:
            state = json.loads(path.read_text(encoding="utf-8"))
            same_recipe, same_images = self._is_same(state["recipe"]), state["images"] == self._images
            progress = RunProgress(int(state["epochs_done"]), tuple(float(loss) for loss in state["losses"]))
        except (ValueError, KeyError, TypeError):  # cut off, or not written here
            same_recipe = same_images = False
        if not same_recipe:
            raise DataError(
                f"{self.folder} holds a run of another recipe: give another folder with --run, or remove it."
            )
        if not same_images:
            raise DataError(
                f"The images have changed since the run in {self.folder} began: give another folder with --run, "
                "or remove it."
            )
        return progress

    def _is_same(self, begun_by: dict[str, Any]) -> bool:
        """Return whether a run was begun by this recipe.

        Settings that are younger than the run are taken to have had their defaults in it.
        """
        defaults = {setting_key(known.name): known.default for known in fields(Recipe) if known.default is not MISSING}
        return {key: defaults[key] for key in self._recipe if key in defaults} | begun_by == self._recipe

    def write(self, model: Any, progress: RunProgress) -> None:
        """Keep the weights of a Keras model and of its optimizer, and how far the run has come."""
        content = {
            "recipe": self._recipe,
            "images": self._images,
            "epochs_done": progress.epochs_done,
            "losses": progress.losses,
        }
        # The weights take their place first: a run killed between the two repeats an epoch, and loses none.
        with replacing(self.folder / _STATE) as state, replacing(self.checkpoint) as weights:
            model.save_weights(weights)
            if progress.losses and progress.since_best == 0:
                with replacing(self.best) as best:
                    model.save_weights(best)
            state.write_text(json.dumps(content), encoding="utf-8")


def _fingerprint(images: Iterable[LabelledImage]) -> str:
    """Return a hash that changes with any row, but not with where the data folder lies."""
    digest = hashlib.sha256()
    for image in images:
        polygon = "" if image.polygon is None else image.polygon.tobytes().hex()
        row = (image.path.name, image.source, image.class_name, image.split, image.kind, image.notes_in_image, polygon)
        digest.update(("|".join(row) + "\n").encode())
    return digest.hexdigest()
