"""What fuzzing starts from, and what it found and kept: each is taken as promised, and whole seeds are read."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from currency_app.errors import ImageError
from currency_app.images import decode_image
from tests.fuzzing.connection import talk
from tests.fuzzing.mutations import changed_bytes
from tests.fuzzing.profiles import examples
from tests.fuzzing.seeds import http_seeds, image_seeds
from tests.fuzzing.targets import CORPUS, TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_every_seed_is_taken(name: str) -> None:
    seeds = TARGETS[name].seeds()
    assert len(seeds) > 3
    for seed in seeds:
        TARGETS[name].run(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_kept_is_small_and_is_taken(name: str) -> None:
    for file in sorted((CORPUS / name).glob("*")):
        data = file.read_bytes()
        assert len(data) <= 8_192, "a corpus is in the repository"
        assert file.name == hashlib.sha256(data).hexdigest()[:16]
        TARGETS[name].run(data)


@pytest.mark.parametrize("name", TARGETS)
def test_a_seed_with_changed_bytes_is_taken(name: str) -> None:
    target = TARGETS[name]

    @given(st.sampled_from(target.seeds()).flatmap(changed_bytes))
    @examples(4.0)
    def taken(data: bytes) -> None:
        target.run(data)

    taken()


def test_a_seed_of_each_kind_is_read_and_not_only_refused() -> None:
    """Else a target whose every input is refused at once would pass for ever."""
    assert all(picture.size for picture in map(_decoded, image_seeds()) if picture is not None)
    assert sum(_decoded(seed) is None for seed in image_seeds()) == 1, "the one that was cut"
    statuses = {status for seed in http_seeds() for status, _, _ in talk(seed)}
    assert {100, 200, 400, 403, 404, 405, 415} <= statuses


def _decoded(data: bytes) -> npt.NDArray[np.uint8] | None:
    try:
        return decode_image(io.BytesIO(data), "a.jpg")
    except ImageError:
        return None
