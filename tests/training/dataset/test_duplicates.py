"""Duplicate pictures: known again however they were saved, and no others."""

from __future__ import annotations

import numpy as np

from tests.support.checked_data import recompressed
from tests.support.drawn_data import photo, room
from training.dataset.duplicates import duplicate_pairs, groups, is_duplicate, perceptual_hash, thumbnail


def test_a_picture_is_known_again_scaled_and_recompressed() -> None:
    picture, _ = photo(20, "front", 3)
    again = recompressed(picture)
    apart = perceptual_hash(thumbnail(picture)) ^ perceptual_hash(thumbnail(again))
    assert apart.bit_count() <= 4
    assert is_duplicate(thumbnail(picture), thumbnail(again))


def test_pictures_of_other_rooms_and_notes_are_not_the_same() -> None:
    pictures = [photo(value, side, 1)[0] for value in (1, 5, 20) for side in ("front", "back")]
    pictures += [room(seed) for seed in range(20)]
    assert duplicate_pairs([thumbnail(picture) for picture in pictures]) == []


def test_pictures_of_one_colour_are_the_same_only_in_that_colour() -> None:
    grey, other = (np.full((30, 40, 3), level, np.uint8) for level in (90, 94))
    assert is_duplicate(thumbnail(grey), thumbnail(grey))
    assert not is_duplicate(thumbnail(grey), thumbnail(other))


def test_each_pair_is_given_once_the_lower_place_first() -> None:
    one, other = room(1), room(2)
    thumbnails = [thumbnail(picture) for picture in (one, other, one, other)]
    assert duplicate_pairs(thumbnails) == [(0, 2), (1, 3)]
    assert duplicate_pairs([]) == []


def test_pairs_that_share_a_picture_are_one_group() -> None:
    assert groups([(1, 2), (3, 4), (5, 6), (4, 2)]) == [[3, 4, 1, 2], [5, 6]]
    assert groups([]) == []
