"""Which tones a note gets while it comes, finds its place, is read, and goes."""

from __future__ import annotations

from dataclasses import replace

from currency_app.events import CameraCovered, HintKind, NoteLeft, Observation, Sighting
from currency_app.tones.choice import ToneChooser
from currency_app.tones.sounds import ToneKind
from tests.support.observations import Part, clip

SEEN, CENTRED, LOST = ToneKind.SEEN, ToneKind.CENTRED, ToneKind.LOST


class Shown:
    """A chooser, and the place of the note that it is shown."""

    def __init__(self) -> None:
        self.wrong: HintKind | None = None
        self.chooser = ToneChooser(lambda observation: self.wrong)
        self.t = 0.0

    def show(self, seconds: float, value: int | None = None, *, looked: bool = True) -> list[ToneKind]:
        """The tones of so many seconds that show a note, or none."""
        tones = [self.chooser.update(replace(self._at(o), looked=looked)) for o in clip(15, [Part(seconds, value)])]
        return [tone for tone in tones if tone is not None]

    def _at(self, observation: Observation) -> Observation:
        self.t += 1 / 15
        return replace(observation, t=self.t)


def test_a_note_in_a_good_place_is_seen_centred_and_lost() -> None:
    shown = Shown()
    assert shown.show(1) == []
    assert shown.show(1, 20) == [SEEN, CENTRED]
    assert shown.show(0.5) == [], "a hand may hide it"
    assert shown.show(0.5, 20) == []
    assert shown.show(1) == [LOST]
    assert shown.show(5) == []


def test_a_note_is_centred_each_time_that_it_gets_into_place() -> None:
    shown = Shown()
    shown.wrong = HintKind.MOVE_LEFT
    assert shown.show(1, 20) == [SEEN]
    shown.wrong = None
    assert shown.show(1, 20) == [CENTRED]
    shown.wrong = HintKind.MOVE_CLOSER
    assert shown.show(1, 20) == []
    shown.wrong = None
    assert shown.show(1, 20) == [CENTRED]


def test_one_picture_changes_nothing() -> None:
    shown = Shown()
    assert shown.show(1 / 15, 20) == []
    assert shown.show(1) == []
    shown.show(1, 20)
    shown.wrong = HintKind.MOVE_LEFT
    assert shown.show(1 / 15, 20) == []
    shown.wrong = None
    assert shown.show(1, 20) == []


def test_a_value_keeps_a_note_until_the_tracker_says_that_it_has_left() -> None:
    shown = Shown()
    assert shown.show(0.2, 20) == [SEEN]
    assert shown.chooser.hear(Sighting(shown.t, "USD", 20, "front", 0.99)) is None
    assert shown.show(1, 20) == [], "nobody need centre it any more"
    assert shown.show(2) == []
    assert shown.chooser.hear(NoteLeft(shown.t)) is LOST
    assert shown.show(2) == []
    assert shown.show(0.2, 20) == [SEEN]


def test_a_covered_camera_says_so_in_words() -> None:
    shown = Shown()
    shown.show(1, 20)
    assert shown.chooser.hear(CameraCovered(shown.t)) is None
    assert shown.show(3) == []
    assert shown.chooser.hear(NoteLeft(shown.t)) is None


def test_a_frame_that_was_not_looked_at_tells_nothing() -> None:
    shown = Shown()
    assert shown.show(1, 20, looked=False) == []
