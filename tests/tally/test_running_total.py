"""Which notes count, and that every step has a way back."""

from __future__ import annotations

from currency_app.events import Sighting
from currency_app.tally import CountedNote, RunningTotal, sums_of


def counted(*values: int, currency: str = "USD") -> RunningTotal:
    total = RunningTotal()
    for t, value in enumerate(values):
        total.count(Sighting(float(t), currency, value, "front", 0.99))
    return total


def values(notes: tuple[CountedNote, ...]) -> list[int]:
    return [note.value for note in notes]


def test_notes_count_in_their_order() -> None:
    assert values(counted(20, 5, 20).notes) == [20, 5, 20]


def test_each_currency_has_a_sum_of_its_own() -> None:
    total = counted(20, 5)
    total.count(Sighting(3.0, "EUR", 50, None, 0.99))
    total.count(Sighting(4.0, "USD", 1, None, 0.99))
    assert list(sums_of(total.notes).items()) == [("USD", (26, 3)), ("EUR", (50, 1))]


def test_undo_takes_back_one_note_after_the_other() -> None:
    total = counted(20, 5)
    steps = [total.undo(), total.undo()]
    assert [step.value for step in steps if isinstance(step, CountedNote)] == [5, 20]
    assert total.undo() is None
    assert total.notes == ()


def test_a_clear_can_be_taken_back_whole() -> None:
    total = counted(20, 5)
    assert total.clear()
    assert total.notes == ()
    assert total.undo() == 2
    assert values(total.notes) == [20, 5]


def test_there_is_a_way_back_over_a_clear_and_what_came_after_it() -> None:
    total = counted(20, 5)
    total.clear()
    total.count(Sighting(9.0, "USD", 100, None, 0.99))
    total.clear()
    assert not total.clear(), "nothing is left to clear, so there is no step to take back"
    assert values(total.listed) == [20, 5, 100]
    left = []
    while total.undo() is not None:
        left.append((values(total.notes), values(total.listed)))
    assert left == [([100], [20, 5, 100]), ([], [20, 5]), ([20, 5], [20, 5]), ([20], [20]), ([], [])]
