"""Trains a network by a recipe, and goes on where it was stopped."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from currency_app.errors import DataError
from training.batches import make_batches
from training.dataset.labels import Label, ordered_labels
from training.dataset.manifest import LabelledImage
from training.losses import corners_loss, votes_loss
from training.model import build_model, unfreeze
from training.recipe import Recipe, Stage
from training.synthesis.drawn import drawn_notes
from training.synthesis.sampler import Sampler

_CHECKPOINT = "checkpoint.weights.h5"
_STATE = "state.json"
FINAL_WEIGHTS = "final.weights.h5"


def fit(recipe: Recipe, images: Sequence[LabelledImage], weights: str | None, folder: Path) -> Any:
    """Train on the images of split `train` and return the Keras model, its averaged weights in place.

    images: rows of a data folder. weights: see `build_model`.
    folder: keeps the checkpoint of each epoch, TensorBoard logs and at last `final.weights.h5`; a run that was
    stopped in it goes on after its last whole epoch. Raises DataError where the folder belongs to another recipe.
    """
    import keras

    keras.utils.set_random_seed(recipe.seed)
    folder.mkdir(parents=True, exist_ok=True)
    train = [image for image in images if image.split == "train"]
    labels = ordered_labels([image.class_name for image in train], recipe.currency)
    done = _read_state(folder, recipe)
    model = build_model(len(labels), recipe.size, recipe.alpha, None if done else weights)
    if (folder / FINAL_WEIGHTS).is_file():
        model.load_weights(folder / FINAL_WEIGHTS)
        return model
    sampler = Sampler(train, recipe.currency, recipe.mix, recipe.size, drawn_notes(recipe.currency))
    first_epoch = 0
    for stage in recipe.stages:
        last_epoch = first_epoch + stage.epochs
        if done < last_epoch:
            # A stage learns other layers than the one before: it takes over its weights, not its optimizer.
            within_stage = done > first_epoch
            if done and not within_stage:
                model.load_weights(folder / _CHECKPOINT, skip_mismatch=True)
            _compile(model, recipe, stage)
            if within_stage:
                model.load_weights(folder / _CHECKPOINT)
            sampler.mix = recipe.mix if stage.drawn is None else replace(recipe.mix, drawn=stage.drawn)
            for epoch in range(done, last_epoch):
                _one_epoch(model, recipe, sampler, labels, epoch, folder)
                done = epoch + 1
                if done == last_epoch and recipe.averaging:
                    model.optimizer.finalize_variable_values(model.trainable_variables)
                _write_state(model, recipe, done, folder)
        first_epoch = last_epoch
    model.save_weights(folder / FINAL_WEIGHTS)
    return model


def finished(recipe: Recipe, images: Sequence[LabelledImage], folder: Path) -> Any:
    """The Keras model of a run that `fit` has finished. Raises DataError where it has not."""
    if not (folder / FINAL_WEIGHTS).is_file():
        raise DataError(f"{folder} holds no finished run: start or go on with `currency-train fit` first.")
    return fit(recipe, images, None, folder)


def _compile(model: Any, recipe: Recipe, stage: Stage) -> None:
    import keras

    unfreeze(model, stage.unfreeze_from)
    steps = stage.epochs * max(recipe.images_per_epoch // recipe.batch_size, 1)
    warmup = min(200, steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        stage.learning_rate * 0.05, max(steps - warmup, 1), alpha=0.01, warmup_target=stage.learning_rate,
        warmup_steps=warmup,
    )  # fmt: skip
    optimizer = keras.optimizers.AdamW(
        rate,
        weight_decay=1e-4,
        global_clipnorm=1.0,
        use_ema=recipe.averaging > 0,
        ema_momentum=recipe.averaging or 0.99,
    )
    optimizer.build(model.trainable_variables)
    model.compile(
        optimizer=optimizer,
        loss={
            "probabilities": keras.losses.CategoricalCrossentropy(label_smoothing=recipe.label_smoothing),
            "corners": corners_loss,
            "votes": votes_loss,
        },
        loss_weights={"probabilities": 1.0, "corners": recipe.corners_weight, "votes": recipe.votes_weight},
        metrics={"probabilities": ["accuracy"]},
    )


def _one_epoch(model: Any, recipe: Recipe, sampler: Sampler, labels: Sequence[Label], epoch: int, folder: Path) -> None:
    import keras

    batches = make_batches(
        sampler,
        labels,
        seed=recipe.seed,
        epoch=epoch,
        batches=max(recipe.images_per_epoch // recipe.batch_size, 1),
        batch_size=recipe.batch_size,
        workers=1,
    )
    epochs = sum(stage.epochs for stage in recipe.stages)
    print(f"Epoch {epoch + 1} of {epochs}", flush=True)
    board = keras.callbacks.TensorBoard(log_dir=str(folder / "tensorboard"), write_graph=False)
    model.fit(batches, initial_epoch=epoch, epochs=epoch + 1, callbacks=[board])


def _write_state(model: Any, recipe: Recipe, done: int, folder: Path) -> None:
    """Weights and optimizer first, then the count: each replaces the old file whole, whenever the run is killed."""
    fresh = folder / f"fresh-{_CHECKPOINT}"
    model.save_weights(fresh)
    state = folder / f"fresh-{_STATE}"
    state.write_text(json.dumps({"recipe": repr(recipe), "epochs_done": done}), encoding="utf-8")
    fresh.replace(folder / _CHECKPOINT)
    state.replace(folder / _STATE)


def _read_state(folder: Path, recipe: Recipe) -> int:
    """How many epochs are done in this folder."""
    path = folder / _STATE
    if not path.is_file():
        return 0
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        same, done = state["recipe"] == repr(recipe), int(state["epochs_done"])
    except (ValueError, KeyError, TypeError):  # cut off, or not written by `fit`
        same, done = False, 0
    if not same:
        raise DataError(f"{folder} holds a run of another recipe: give another folder with --run, or remove it.")
    return done
