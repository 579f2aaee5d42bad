"""The search for a far note: part by part, staying where something was found."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.events import Frame, HintKind
from currency_app.guidance.hints import Framing
from currency_app.recognition.far_note import PART_ORIGINS, PART_SIZE, FarSearch
from currency_app.recognition.recognizer import Recognizer
from tests.support.observations import box, bundle_of

SMALL = box(0.3, 0.3, 0.7, 0.6)
FRAME = np.full((96, 128, 3), 100, np.uint8)


def test_every_part_is_looked_at_in_turn() -> None:
    search = FarSearch()
    seen = []
    for _ in range(2 * len(PART_ORIGINS)):
        seen.append(search.part())
        assert search.found(0.1, SMALL) is None
    assert seen == [*PART_ORIGINS, *PART_ORIGINS]


def test_the_parts_cover_the_frame() -> None:
    covered = np.zeros((20, 20), bool)
    for left, top in PART_ORIGINS:
        covered[int(top * 20) : int((top + PART_SIZE) * 20), int(left * 20) : int((left + PART_SIZE) * 20)] = True
    assert covered.all()


def test_what_was_found_lies_in_the_frame_and_is_looked_at_again() -> None:
    search = FarSearch()
    search.found(0.1, SMALL)
    found = search.found(0.9, SMALL)
    assert found is not None
    np.testing.assert_allclose(found, SMALL * PART_SIZE, atol=1e-6)
    assert search.part() == PART_ORIGINS[1]


def test_what_is_no_far_note_is_not_found() -> None:
    crossed = SMALL[[0, 2, 1, 3]]
    nowhere = np.full((4, 2), np.nan, np.float32)
    for note, corners in ((0.3, SMALL), (0.9, crossed), (0.9, nowhere), (0.9, box(0, 0, 1, 1)), (0.9, SMALL * 0.01)):
        assert FarSearch().found(note, corners) is None


class Network:
    """Sees a note only in a picture that has a bright spot as large as a far note's in a part."""

    def __call__(self, picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        note = float((picture > 128).mean() > 0.1)
        probabilities = np.full(15, note / 14, np.float32)
        probabilities[-1] = 1 - note
        return probabilities, np.append(SMALL.ravel(), 1.0).astype(np.float32)


def test_a_far_note_is_no_value_but_a_reason_to_come_closer() -> None:
    frame = FRAME.copy()
    frame[54:72, 70:102] = 200
    recognizer, framing = Recognizer(bundle_of(), network=Network()), Framing()
    kinds = []
    for index in range(20):
        seen = recognizer.observe(Frame(frame, index / 15, index))
        assert seen.value is None
        kinds.append(framing.assess(seen))
    assert HintKind.MOVE_CLOSER in kinds[:5]
    assert set(kinds[5:]) == {HintKind.MOVE_CLOSER}


def test_an_empty_frame_stays_empty() -> None:
    recognizer = Recognizer(bundle_of(), network=Network())
    for index in range(10):
        assert recognizer.observe(Frame(FRAME, index / 15, index)).corners is None


def test_a_still_does_not_depend_on_the_one_before() -> None:
    """What another picture showed decides neither where to look nor what is found."""
    frame = FRAME.copy()
    frame[30:48, 35:67] = 200  # in the first quarter, which is not the first part to be looked at
    recognizer = Recognizer(bundle_of(), network=Network())
    film = [recognizer.observe(Frame(frame, index / 15, index)) for index in range(30)]
    assert film[-1].corners is not None
    for _ in range(2):
        assert recognizer.observe_still(FRAME).corners is None
        assert recognizer.observe_still(frame).corners is not None


class AnyPart:
    """A network that sees a far note in one part of a frame that is 128 wide: the part that is bright."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self, picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        self.looks += 1
        return Network()(picture)


@pytest.mark.parametrize("origin", PART_ORIGINS)
def test_a_still_is_searched_in_every_part(origin: tuple[float, float]) -> None:
    left, top = int((origin[0] + 0.19) * 128), int((origin[1] + 0.19) * 96)
    frame = FRAME.copy()
    frame[top : top + 24, left : left + 32] = 200
    network = AnyPart()
    seen = Recognizer(bundle_of(), network=network).observe_still(frame)
    assert seen.value is None
    assert seen.corners is not None
    assert Framing().assess(seen) is HintKind.MOVE_CLOSER


def test_a_still_without_a_note_costs_a_look_at_every_part() -> None:
    network = AnyPart()
    Recognizer(bundle_of(), network=network).observe_still(FRAME)
    assert network.looks == 1 + len(PART_ORIGINS)
