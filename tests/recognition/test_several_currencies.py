"""Films of a dollar beside a euro: a note that leads draws all attention, so each currency searches beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from currency_app.arrays import Floats, Image
from currency_app.events import Frame
from currency_app.recognition.multi_currency import MultiObservation, MultiRecognizer
from currency_app.recognition.recognizer import Recognizer
from tests.recognition.test_recognizer_second_note import BUNDLE, FIVE, LEFT, RIGHT, TWENTY, GreyNotes, picture_of

FPS = 15
BUNDLES = (BUNDLE, replace(BUNDLE, currency="EUR"))
BOTH = picture_of((LEFT, FIVE), (RIGHT, TWENTY))
ALONE = picture_of((LEFT, FIVE))


class Dollars(GreyNotes):
    """Sees notes of one grey level."""

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        return super().__call__(np.where(np.abs(picture.astype(int) - TWENTY) < 12, 20, picture).astype(np.uint8))


class Euros(GreyNotes):
    """Sees notes of the other, unless a dollar is in the picture."""

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        led = bool((np.abs(picture.astype(int) - FIVE) < 12).mean() > 0.01)
        return super().__call__(np.full_like(picture, 20) if led else picture)


class Film:
    """Reads frames one after the other. maybe: what the euros' bundle asks of a doubtful value."""

    def __init__(self, maybe: float = 0.7) -> None:
        self.networks = (Dollars(), Euros())
        bundles = (BUNDLES[0], replace(BUNDLES[1], maybe=maybe))
        recognizers = [Recognizer(b, network=n) for b, n in zip(bundles, self.networks, strict=True)]
        self.recognizer = MultiRecognizer(bundles, recognizers)
        self.index = 0

    def __call__(self, picture: Image, frames: int) -> list[MultiObservation]:
        seen = [self.recognizer.observe(Frame(picture, (self.index + n) / FPS, n)) for n in range(frames)]
        self.index += frames
        return seen


def test_no_frame_takes_a_note_for_alone_beside_one_that_its_own_bundle_does_not_notice() -> None:
    seen = Film()(BOTH, 30)
    assert {one.value for one in seen} == {5}
    assert not any(one.per_bundle[0].looked and one.alone for one in seen)
    assert all(one.other_notes == 1 for one in seen[8:])


@pytest.mark.parametrize("maybe", [0.7, 1.0])
def test_a_note_by_itself_is_known_to_be_alone_in_time(maybe: float) -> None:
    """Before the tracker has its frames, whatever the other bundle asks of its own values."""
    seen = Film(maybe)(ALONE, 30)
    assert all(one.alone for one in seen[6:] if one.looked)
    assert not any(one.other_notes for one in seen)


def test_each_frame_costs_one_pass_of_each_network_at_most() -> None:
    film = Film()
    for picture in (ALONE, BOTH, picture_of(), BOTH):
        for _ in range(12):
            before = [len(network.pictures) for network in film.networks]
            film(picture, 1)
            spent = [len(network.pictures) - count for network, count in zip(film.networks, before, strict=True)]
            assert max(spent) <= 1


def test_a_euro_that_comes_and_goes_beside_a_dollar_counts_while_it_is_there() -> None:
    film = Film()
    assert film(ALONE, 15)[-1].alone
    assert film(BOTH, 30)[-1].other_notes == 1
    after = film(ALONE, 45)
    assert after[-1].alone
    assert after[-1].other_notes == 0


def test_another_film_begins_with_nothing_known() -> None:
    film = Film()
    assert film(BOTH, 15)[-1].other_notes == 1
    film.index = 0
    first = film(ALONE, 1)[0]
    assert (first.other_notes, first.searched) == (0, False)
