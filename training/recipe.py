"""A recipe: the few numbers that make a model."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from training.dataset.notes import NOTE_ASPECT
from training.synthesis.sampler import Mix

_KEYS = {"closer_share": "looks", "closer_margin": "margin", "closer_repeats": "closer_looks"}
"""Fields that have an older name in recipe files, `bundle.json` and saved run state, which must stay readable."""

_LATER_SETTINGS = ("closer_size", "numeral_crops")
"""Settings of a recipe that older ones do not have, and that change nothing if they are empty or 0."""
_LATER_SHARES = ("disagreeing", "made_up", "agreeing", "restyled", "other_portrait")
"""Settings of a mix that older recipes and saved run states do not have, and that change nothing if they are 0."""


@dataclass(frozen=True)
class Stage:
    """A stretch of training with one learning rate schedule, in which the same layers learn."""

    epochs: int
    """How many, each of `Recipe.images_per_epoch` images."""
    learning_rate: float
    """At the stage's start; it falls to 1 % of that along a cosine, unless it is `constant`."""
    unfreeze_from: str | None = None
    """Name of the first layer of the backbone that learns; None if none does."""
    constant: bool = False
    """Whether the learning rate stays as it is."""


@dataclass(frozen=True)
class Recipe:
    """How a model is made."""

    name: str
    """Of the file, without its ending; the run's folder is named by it."""
    currency: str
    """ISO code in lower case."""
    stages: tuple[Stage, ...]
    """One after the other, at least one."""
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    """The unit's name, in forms `one` and `other`, by language: as bundle.json keeps it."""
    note_aspect: float = NOTE_ASPECT
    """Width over height of the currency's notes, one figure for all its values, 0.2..5."""
    size: int = 256
    """Input side in pixels, a multiple of 32, at least 96."""
    detail: int = 320
    """Side in pixels of the pictures that are made; frames are these made smaller, closer looks are cut from them."""
    backbone: str = "mobilenet_v2"
    """One of `training.network.backbone.BACKBONES`."""
    alpha: float = 1.0
    """Width of the backbone, as a factor of its channels."""
    closer_share: float = 0.4
    """Key `looks`: share of the training pictures that are closer looks, 0 to less than 1.

    0 makes a bundle that looks once.
    """
    closer_margin: float = 0.1
    """Key `margin`: around the note in closer looks, as a share of its sides."""
    closer_repeats: int = 2
    """Key `closer_looks`: how often the bundle looks closer at a note."""
    closer_size: tuple[int, ...] = ()
    """Width and height in pixels of closer looks, multiples of 16 from 64 on; none for the whole picture's.

    A note is wider than high, so less height costs no detail of it and saves time.
    """
    images_per_epoch: int = 4096
    """Training pictures in an epoch."""
    batch_size: int = 32
    """Training pictures in a batch."""
    folds: int = 0
    """How many more networks are trained, each without a part of the images, to calibrate on what it predicts there."""
    fold_share: float = 0.12
    """Length of their training as a share of each stage's, over 0 and at most 1."""
    numeral_crops: int = 0
    """Training pictures of the network that reads the numerals in a note's corners; 0 trains none."""
    patience: int = 0
    """Stop a stage after so many epochs in which the loss on `val` did not fall, and keep the best; 0 = never."""
    averaging: float = 0.995
    """Momentum of the moving average of the weights that is kept at the end, 0..1; 0 = none."""
    weight_decay: float = 1e-4
    """Of AdamW; 0 makes it Adam."""
    label_smoothing: float = 0.02
    """Of the classifier's loss, 0..1."""
    corners_weight: float = 2.0
    """Of the loss of the corners, relative to the classifier's."""
    votes_weight: float = 1.0
    """Of the loss of the cells' votes, relative to the classifier's."""
    seed: int = 1
    """Of all random numbers: the same recipe and images give the same pictures."""
    mix: Mix = field(default_factory=Mix)
    """How the training pictures are made."""

    @property
    def closer_width(self) -> int:
        """Width of a closer look, pixels."""
        return self.closer_size[0] if self.closer_size else self.size

    @property
    def closer_height(self) -> int:
        """Height of a closer look, pixels."""
        return self.closer_size[1] if self.closer_size else self.size

    def as_dict(self) -> dict[str, Any]:
        """Return the settings under the keys that recipe files, `bundle.json` and saved run state have for them.

        `closer_size` is left out if it is empty, and `numeral_crops` and the mix's shares of altered notes if they are
        0: what was saved before there were such settings is still the same.
        """
        settings = {
            setting_key(name): value for name, value in asdict(self).items() if name not in _LATER_SETTINGS or value
        }
        settings["mix"] = {name: share for name, share in settings["mix"].items() if name not in _LATER_SHARES or share}
        return settings


def setting_key(name: str) -> str:
    """Return the key that a field of a Recipe has in recipe files, `bundle.json` and saved run state."""
    return _KEYS.get(name, name)


def fold_recipe(recipe: Recipe) -> Recipe:
    """Return how the networks of the folds are made: by the recipe, except that their training is shorter."""
    stages = tuple(replace(stage, epochs=math.ceil(stage.epochs * recipe.fold_share)) for stage in recipe.stages)
    return replace(recipe, stages=stages, folds=0)
