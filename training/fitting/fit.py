"""Train a network by a recipe, and go on with a run that was stopped."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from currency_app.arrays import Floats, Image
from currency_app.errors import DataError
from currency_app.recognition.bundle import load_bundle
from training.dataset.labels import Label
from training.dataset.manifest import LabelledImage, labels_to_learn, of_split
from training.fitting.batches import make_batches, recipe_sampler, val_batch, whole_pictures
from training.fitting.glibc_malloc import keep_freed_memory
from training.fitting.run_state import FINAL_WEIGHTS, RunFolder
from training.network.keras_network import start_from
from training.network.losses import corners_loss, votes_loss
from training.network.model import build_model, unfreeze, with_closer_looks
from training.network.partial_labels import accuracy, classifier_loss
from training.progress import may_draw
from training.recipe import Recipe, Stage
from training.synthesis.sampler import Sampler

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

    It learns from whole pictures and closer looks in each step, also if these have shapes of their own.

    images: rows of a data folder, see `relabel_for`. weights: see `build_backbone`, or a bundle's folder.
    left_out: paths of images not to learn from.
    folder: keeps the checkpoint of the last epoch, TensorBoard logs and finally FINAL_WEIGHTS. A run that was stopped
    in it goes on after its last whole epoch.
    Raises DataError if the folder belongs to another recipe or other images, or what the run would go on from is
    damaged. Final weights that are damaged are made again from the last checkpoint.
    """
    import keras

    keep_freed_memory()
    keras.utils.set_random_seed(recipe.seed)
    labels = labels_to_learn(images, recipe.currency)
    train = [image for image in of_split(images, "train") if image.path not in left_out]
    run = RunFolder(folder, recipe, train, of_split(images, "val") if recipe.patience else ())
    progress = resumed = run.progress()
    started = progress.epochs_done > 0
    network = _new_model(recipe, labels, None if started else weights)
    model = with_closer_looks(network, recipe.closer_height, recipe.closer_width) if recipe.closer_size else network
    if run.final.is_file():
        if run.final_is_whole() and _has_loaded(model, run.final):
            return network
        print(f"{run.final} is damaged: it is made again from {run.checkpoint}.", file=sys.stderr)
    sampler = recipe_sampler(recipe, train)
    val = val_batch(images, labels, recipe) if recipe.patience else None
    first_epoch = 0
    for stage in recipe.stages:
        last_epoch = first_epoch + stage.epochs
        if progress.epochs_done < last_epoch:
            # A stage trains other layers than the one before, so it takes over the weights, not the optimizer.
            within_stage = progress.epochs_done > first_epoch
            if progress.epochs_done and not within_stage:
                _load(model, run, run.checkpoint, skip_mismatch=True)
            _compile(model, recipe, stage)
            if within_stage:
                _load(model, run, run.checkpoint)
            for epoch in range(progress.epochs_done, last_epoch):
                if recipe.patience and progress.since_best >= recipe.patience:
                    break
                _one_epoch(model, recipe, sampler, labels, epoch, folder)
                if epoch + 1 == last_epoch and recipe.averaging:
                    model.optimizer.finalize_variable_values(model.trainable_variables)
                progress = progress.after_epoch(_loss_on(val, network, recipe) if val else None)
                run.write(model, progress)
        first_epoch = last_epoch
    if recipe.patience:
        _load(model, run, run.best)
    elif progress == resumed:  # stopped between its last epoch and here
        _load(model, run, run.checkpoint, skip_mismatch=True)
    run.finish(model)
    return network


def _load(model: Any, run: RunFolder, path: Path, *, skip_mismatch: bool = False) -> None:
    """Give a model the weights of one of a run's files.

    Raises DataError if it cannot be read or does not fit.
    """
    if not _has_loaded(model, path, skip_mismatch=skip_mismatch):
        raise run.damaged(path)


def _has_loaded(model: Any, path: Path, *, skip_mismatch: bool = False) -> bool:
    """Give a model the weights of a file, and return whether that could be done."""
    try:
        model.load_weights(path, skip_mismatch=skip_mismatch)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # what HDF5 and Keras say of a damaged file
        return False
    return True


def _new_model(recipe: Recipe, labels: Sequence[Label], weights: str | None) -> Any:
    """Return the recipe's network, not trained yet, with these weights to start from."""
    if weights is None or not Path(weights).is_dir():
        return build_model(len(labels), recipe.size, recipe.alpha, weights, recipe.backbone)
    model = build_model(len(labels), recipe.size, recipe.alpha, None, recipe.backbone)
    start_from(model, load_bundle(Path(weights)), [label.name for label in labels])
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
    losses: dict[str, tuple[Any, float]] = {
        "probabilities": (classifier_loss(recipe.label_smoothing), 1.0),
        "corners": (corners_loss, recipe.corners_weight),
        "votes": (votes_loss, recipe.votes_weight),
    }
    if recipe.closer_size:  # every picture counts the same, whichever of the two its votes are in
        whole = whole_pictures(recipe, recipe.batch_size) / recipe.batch_size
        losses["votes"] = votes_loss, recipe.votes_weight * whole
        losses["closer_votes"] = votes_loss, recipe.votes_weight * (1 - whole)
    model.compile(
        optimizer=optimizer,
        loss={name: loss for name, (loss, _) in losses.items()},
        loss_weights={name: weight for name, (_, weight) in losses.items()},
        metrics={"probabilities": [accuracy]},
    )


def _one_epoch(model: Any, recipe: Recipe, sampler: Sampler, labels: Sequence[Label], epoch: int, folder: Path) -> None:
    import keras

    batches = make_batches(sampler, recipe, labels, epoch)
    name = f"Epoch {epoch + 1} of {sum(stage.epochs for stage in recipe.stages)}"
    callbacks = []
    if find_spec("tensorflow") is not None:  # which writes the logs, also for other backends of Keras
        callbacks.append(keras.callbacks.TensorBoard(log_dir=str(folder / "tensorboard"), write_graph=False))
    with_bar = may_draw(sys.stdout)
    if with_bar:
        print(name, flush=True)
    learnt = model.fit(
        batches, initial_epoch=epoch, epochs=epoch + 1, callbacks=callbacks, verbose="auto" if with_bar else 0
    )
    for variable in model.trainable_variables:
        # Keras ends by giving these the averages themselves, and JAX refuses to be handed one array twice.
        variable.assign(keras.ops.copy(variable))
    if not with_bar:
        print(f"{name}: loss {learnt.history['loss'][-1]:.4f}", flush=True)


def _loss_on(val: tuple[Image, dict[str, Floats]], network: Any, recipe: Recipe) -> float:
    """Return the classifier's loss on whole pictures, and print it."""
    pictures, targets = val
    predicted = network.predict(pictures, verbose=0)["probabilities"]
    loss = float(classifier_loss(recipe.label_smoothing)(targets["probabilities"], predicted))
    print(f"loss on val: {loss:.4f}", flush=True)
    return loss
