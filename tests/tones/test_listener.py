"""An app's decisions become tones: one pulse for the least value, seven for the greatest of seven."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from currency_app.events import RunSummary, Sighting
from currency_app.tones.listener import ToneListener
from currency_app.tones.sounds import Step, pulses
from currency_app.tones.worker import ToneWorker

VALUES = {"USD": (1, 2, 5, 10, 20, 50, 100), "EUR": (500, 200, 100, 50, 20, 10, 5), "JPY": range(1, 9)}


class Offered(ToneWorker):
    """A worker without a thread that keeps what it was offered."""

    def __init__(self) -> None:
        self.offered: list[tuple[Sequence[Step], bool]] = []
        self.closed = False

    def offer(self, steps: Sequence[Step], *, waits: bool = False) -> None:
        self.offered.append((steps, waits))

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("currency", "value", "count", "place"),
    [("USD", 1, 1, 0), ("USD", 20, 5, 0), ("USD", 100, 7, 0), ("EUR", 5, 1, 1), ("EUR", 500, 7, 1), ("JPY", 7, 7, 2)],
)
def test_a_value_is_counted_out(currency: str, value: int, count: int, place: int) -> None:
    worker = Offered()
    listener = ToneListener(lambda observation: None, VALUES, worker)
    listener.on_event(Sighting(1.0, currency, value, None, 0.99), "so much")
    assert worker.offered == [(pulses(count, place), True)]


def test_more_pulses_than_seven_are_not_counted() -> None:
    worker = Offered()
    ToneListener(lambda observation: None, VALUES, worker).on_event(Sighting(1.0, "JPY", 8, None, 0.99), "8 yen")
    assert worker.offered == []


def test_it_ends_with_the_run() -> None:
    worker = Offered()
    ToneListener(lambda observation: None, VALUES, worker).on_end(RunSummary(1.0, 1, 0, {}))
    assert worker.closed
