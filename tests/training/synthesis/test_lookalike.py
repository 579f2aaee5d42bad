"""What is taken for a note: paper of its shape, and other money in its colours."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.demo.notes import draw_note
from training.dataset.labels import BACKGROUND
from training.dataset.notes import FlatNote, flat_note
from training.synthesis.lookalike import blank_paper, recoloured

NOTE = flat_note("usd_20_front", draw_note(20, "front", 400))


def colours(note: FlatNote) -> np.ndarray:
    """Mean and spread of Lab where a note shows anything, float [6]."""
    level = note.levels[0]
    lab = cv2.cvtColor(np.ascontiguousarray(level[..., :3]), cv2.COLOR_BGR2LAB)[level[..., 3] > 0].astype(float)
    return np.concatenate([lab.mean(axis=0), lab.std(axis=0)])


def test_a_recoloured_look_alike_keeps_its_print_and_takes_the_notes_colours() -> None:
    purple = draw_note(50, "back", 400)[:, ::-1].copy()
    purple[..., 1] = purple[..., 1] // 3
    purple[:40] = 0
    opaque = np.full(purple.shape[:2], 255, np.uint8)
    opaque[:40] = 0
    foreign = flat_note("xyz_50_back", np.dstack([purple, opaque]))
    made = recoloured(foreign, NOTE)
    assert made.class_name == "xyz_50_back"
    assert len(made.levels) > 1, "it can be drawn small, too"
    assert np.array_equal(made.levels[0][..., 3], opaque), "what was not shown is not shown"
    wanted, before, after = colours(NOTE), colours(foreign), colours(made)
    assert np.abs(after - wanted).max() < 12 < np.abs(before - wanted).max()
    grey, print_ = (
        cv2.cvtColor(np.ascontiguousarray(note.levels[0][40:, :, :3]), cv2.COLOR_BGR2GRAY).ravel()
        for note in (made, foreign)
    )
    assert np.corrcoef(grey, print_)[0, 1] > 0.8


def test_a_plain_sheet_stays_within_what_can_be_shown() -> None:
    plain = np.zeros((100, 300, 3), np.uint8)
    plain[:] = 200
    made = recoloured(flat_note(BACKGROUND, plain), NOTE)
    assert made.levels[0].dtype == np.uint8
    assert np.ptp(made.levels[0][..., :3].reshape(-1, 3), axis=0).max() <= 2


def test_paper_is_plain_or_printed_and_about_as_long_as_notes() -> None:
    print_ = np.random.default_rng(1).integers(0, 255, (320, 320, 3), np.uint8)
    sheets = [blank_paper(np.random.default_rng(seed), print_).levels[0] for seed in range(40)]
    assert all(1.2 <= sheet.shape[1] / sheet.shape[0] <= 2.7 for sheet in sheets)
    spreads = [float(sheet[..., :3].std(axis=(0, 1)).max()) for sheet in sheets]
    assert 8 < sum(spread < 1 for spread in spreads) < 25
