"""Flat things that could be taken for notes: paper, and other countries' money in this country's colours."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Drawing
from training.dataset.labels import BACKGROUND
from training.dataset.notes import FlatNote, flat_note

_MAX_RECOLOURED_WIDTH = 430
"""Pixels; half of a flat note's largest width, for recolouring takes time with every pixel. Chosen by hand."""


def blank_paper(rng: np.random.Generator, print_: Drawing) -> FlatNote:
    """Return paper or packaging of about a note's shape: plain, or printed in dollar green.

    print_: the picture that may be printed on it, uint8 [320, 320, 3] BGR.
    """
    width, height = 320, int(320 / rng.uniform(1.2, 2.6))
    paper = np.full((height, width, 3), rng.uniform(120, 250, 3), np.float32)
    if rng.random() < 0.6:
        grey = print_[:height].astype(np.float32).mean(axis=2, keepdims=True)
        ink = rng.uniform([60, 90, 60], [170, 190, 160])
        paper = paper * 0.5 + (grey / 255) * ink
    return FlatNote(BACKGROUND, (cv2.cvtColor(np.clip(paper, 0, 255).astype(np.uint8), cv2.COLOR_BGR2BGRA),))


def recoloured(lookalike: FlatNote, like: FlatNote) -> FlatNote:
    """Return a look-alike in the colours of a real note, so that colour alone does not tell them apart.

    The mean and the spread of each channel of CIE Lab become the note's: Reinhard et al., "Color Transfer between
    Images", IEEE Computer Graphics and Applications 21(5), 2001.
    """
    level = lookalike.level_for(_MAX_RECOLOURED_WIDTH)
    (mean, spread), (wanted, wanted_spread) = _colours(level), _colours(like.levels[-1])
    lab = cv2.cvtColor(np.ascontiguousarray(level[..., :3]), cv2.COLOR_BGR2LAB).astype(np.float32)
    moved = (lab - mean) * (wanted_spread / np.maximum(spread, 1.0)) + wanted
    colour = cv2.cvtColor(np.clip(moved, 0, 255).astype(np.uint8), cv2.COLOR_LAB2BGR)
    return flat_note(lookalike.class_name, np.dstack([colour, level[..., 3]]))


def _colours(level: Drawing) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return mean and standard deviation of L, a and b, float32 [3] each.

    level: uint8 [h, w, 4] BGRA; only what is not transparent counts.
    """
    lab = cv2.cvtColor(np.ascontiguousarray(level[..., :3]), cv2.COLOR_BGR2LAB)
    mean, spread = cv2.meanStdDev(lab, mask=np.ascontiguousarray(level[..., 3]))
    return mean.ravel().astype(np.float32), spread.ravel().astype(np.float32)
