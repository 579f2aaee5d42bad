"""Train a network by a recipe, and go on with a run that was stopped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from currency_app.errors import DataError
from currency_app.recognition.bundle import load_bundle
from training.dataset.labels import Label
from training.dataset.manifest import LabelledImage, labels_to_learn, of_split
from training.fitting.batches import TrainingBatch, make_batches, recipe_sampler, val_batch
from training.fitting.glibc_malloc import keep_freed_memory
from training.fitting.run_state import RunFolder
from training.network.keras_network import start_from
from training.network.losses import corners_loss, votes_loss
from training.network.model import build_model, unfreeze
from training.network.partial_labels import accuracy, classifier_loss
from training.recipe import Recipe, Stage
from training.synthesis.sampler import Sampler
from training.writable import replacing

FINAL_WEIGHTS = "final.weights.h5"
"""Name of the file of a finished run's weights, in its folder."""
_MAX_WARMUP_STEPS = 200
"""Batches in which the learning rate rises at the start of a stage; a tenth of a short stage. Chosen by hand."""
_WARMUP_FROM = 0.05
"""Learning rate at the first of them, as a share of the stage's."""
_COSINE_TO = 0.01
"""Learning rate at the end of a stage, as a share of the stage's."""


def fit(
    recipe: Recipe,
    images: Sequence[LabelledImage],
    weights: str | None,
    folder: Path,
    left_out: frozenset[Path] = frozenset(),
) -> Any:
    """Train on the images of split `train` and return the Keras model, with its averaged weights.

    images: rows of a data folder, see `relabel_for`. weights: see `build_backbone`, or a bundle's folder.
    left_out: paths of images not to learn from.
    folder: keeps the checkpoint of the last epoch, TensorBoard logs and finally FINAL_WEIGHTS. A run that was stopped
    in it goes on after its last whole epoch.
    Raises DataError if the folder belongs to another recipe or other images.
    """
    import keras

    keep_freed_memory()
    keras.utils.set_random_seed(recipe.seed)
    labels = labels_to_learn(images, recipe.currency)
    train = [image for image in of_split(images, "train") if image.path not in left_out]
    run = RunFolder(folder, recipe, train)
    progress = resumed = run.progress()
    started = progress.epochs_done > 0
    model = _new_model(recipe, len(labels), None if started else weights)
    if (folder / FINAL_WEIGHTS).is_file():
        model.load_weights(folder / FINAL_WEIGHTS)
        return model
    sampler = recipe_sampler(recipe, train)
    val = val_batch(images, labels, recipe) if recipe.patience else None
    first_epoch = 0
    for stage in recipe.stages:
        last_epoch = first_epoch + stage.epochs
        if progress.epochs_done < last_epoch:
            # A stage trains other layers than the one before, so it takes over the weights, not the optimizer.
            within_stage = progress.epochs_done > first_epoch
            if progress.epochs_done and not within_stage:
                model.load_weights(run.checkpoint, skip_mismatch=True)
            _compile(model, recipe, stage)
            if within_stage:
                model.load_weights(run.checkpoint)
            for epoch in range(progress.epochs_done, last_epoch):
                if recipe.patience and progress.since_best >= recipe.patience:
                    break
                _one_epoch(model, recipe, sampler, labels, epoch, folder)
                if epoch + 1 == last_epoch and recipe.averaging:
                    model.optimizer.finalize_variable_values(model.trainable_variables)
                progress = progress.after_epoch(_loss_on(val, model) if val else None)
                run.write(model, progress)
        first_epoch = last_epoch
    if recipe.patience:
        model.load_weights(run.best)
    elif progress == resumed:  # stopped between its last epoch and here
        model.load_weights(run.checkpoint, skip_mismatch=True)
    with replacing(folder / FINAL_WEIGHTS) as fresh:
        model.save_weights(fresh)
    return model


def _new_model(recipe: Recipe, labels: int, weights: str | None) -> Any:
    """Return the recipe's network, not trained yet, with these weights to start from."""
    if weights is None or not Path(weights).is_dir():
        return build_model(labels, recipe.size, recipe.alpha, weights, recipe.backbone)
    model = build_model(labels, recipe.size, recipe.alpha, None, recipe.backbone)
    start_from(model, load_bundle(Path(weights)))
    return model


def finished(recipe: Recipe, images: Sequence[LabelledImage], folder: Path) -> Any:
    """Return the Keras model of a run that `fit` has finished. Raises DataError if it has not."""
    if not (folder / FINAL_WEIGHTS).is_file():
        raise DataError(f"{folder} holds no finished run: start or go on with `currency-train fit` first.")
    return fit(recipe, images, None, folder)


def _compile(model: Any, recipe: Recipe, stage: Stage) -> None:
    """Give a model the layers that learn, the optimizer and the losses of a stage."""
    import keras

    unfreeze(model, stage.unfreeze_from)
    steps = stage.epochs * max(recipe.images_per_epoch // recipe.batch_size, 1)
    warmup = min(_MAX_WARMUP_STEPS, steps // 10)
    cosine = keras.optimizers.schedules.CosineDecay(
        stage.learning_rate * _WARMUP_FROM, max(steps - warmup, 1), alpha=_COSINE_TO,
        warmup_target=stage.learning_rate, warmup_steps=warmup,
    )  # fmt: skip
    optimizer = keras.optimizers.AdamW(
        stage.learning_rate if stage.constant else cosine,
        weight_decay=recipe.weight_decay,
        global_clipnorm=1.0,
        use_ema=recipe.averaging > 0,
        ema_momentum=recipe.averaging or 0.99,
    )
    optimizer.build(model.trainable_variables)
    model.compile(
        optimizer=optimizer,
        loss={
            "probabilities": classifier_loss(recipe.label_smoothing),
            "corners": corners_loss,
            "votes": votes_loss,
        },
        loss_weights={"probabilities": 1.0, "corners": recipe.corners_weight, "votes": recipe.votes_weight},
        metrics={"probabilities": [accuracy]},
    )


def _one_epoch(model: Any, recipe: Recipe, sampler: Sampler, labels: Sequence[Label], epoch: int, folder: Path) -> None:
    import keras

    batches = make_batches(sampler, recipe, labels, epoch)
    epochs = sum(stage.epochs for stage in recipe.stages)
    print(f"Epoch {epoch + 1} of {epochs}", flush=True)
    board = keras.callbacks.TensorBoard(log_dir=str(folder / "tensorboard"), write_graph=False)
    model.fit(batches, initial_epoch=epoch, epochs=epoch + 1, callbacks=[board])


def _loss_on(val: TrainingBatch, model: Any) -> float:
    """Return the classifier's loss, and print it."""
    pictures, targets = val
    loss = float(model.evaluate(pictures, targets, verbose=0, return_dict=True)["probabilities_loss"])
    print(f"loss on val: {loss:.4f}", flush=True)
    return loss
