"""The whole app on a live source: stale frames lead to nothing, extra looks are given up, and the summary counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from currency_app.events import Frame, Observation, SourceEvent
from currency_app.recognition.multi_currency import MultiRecognizer
from currency_app.testing import FakeClock, FakeRecognizer, FakeSource
from tests.support.app_run import BLACK, AppRun
from tests.support.observations import Part, clip
from tests.support.two_currencies import BOTH


class LiveCamera(FakeSource):
    """Gives each observation's frame when its time has come on a clock, as the newest: those before it are dropped."""

    def __init__(self, observations: list[Observation], clock: FakeClock) -> None:
        frames = [Frame(BLACK, o.t, index, grabbed_at=o.t) for index, o in enumerate(observations)]
        super().__init__(frames)
        self._clock = clock

    def events(self) -> Iterator[SourceEvent]:
        for event, after in zip(self.played, [*self.played[1:], None], strict=True):
            if after is not None and after.t <= self._clock.now:
                self.dropped += 1
                continue
            self._clock.now = max(self._clock.now, event.t)
            yield event


class TimedReader(FakeRecognizer):
    """Takes a while for each frame, by its time, and looks more unless it is told not to."""

    def __init__(self, observations: list[Observation], clock: FakeClock, took: Callable[[float], float]) -> None:
        super().__init__(observations)
        self.extra_looks = True
        self.extra_looks_at: list[bool] = []
        self._by_time = {o.t: o for o in observations}
        self._clock = clock
        self._took = took

    def observe(self, frame: Frame) -> Observation:
        self.frames.append(frame)
        self.extra_looks_at.append(self.extra_looks)
        took = self._took(frame.t)
        self._clock.now += took
        seen = self._by_time[frame.t]
        return Observation(**{**vars(seen), "stages_ms": {"network": took * 900, "frame": took * 1e3}})


def watch(tmp_path: Path, took: Callable[[float], float], *parts: Part) -> tuple[AppRun, TimedReader]:
    clock = FakeClock()
    observations = list(clip(30, parts))
    reader = TimedReader(observations, clock, took)
    source = LiveCamera(observations, clock)
    return AppRun(tmp_path, [], reader, source=source, clock=clock), reader


NOTES = (Part(1), Part(2, 20), Part(2), Part(2, 5), Part(2))


def test_a_fast_computer_gives_nothing_up(tmp_path: Path) -> None:
    session, reader = watch(tmp_path, lambda t: 0.012, *NOTES)
    assert session.said == ["20 dollars", "5 dollars"]
    summary = session.logged[-1]
    assert (summary["frames"], summary["dropped"], summary["skipped"], summary["stale"]) == (270, 0, 0, 0)
    assert all(reader.extra_looks_at)


@pytest.mark.parametrize("took", [0.06, 0.15])
def test_a_slow_computer_says_every_note_once_and_soon(tmp_path: Path, took: float) -> None:
    session, reader = watch(tmp_path, lambda t: took, *NOTES)
    assert session.said == ["20 dollars", "5 dollars"]
    summary = session.logged[-1]
    assert summary["stale"] == 0
    assert summary["frames"] + summary["dropped"] + summary["skipped"] == 270
    assert summary["skipped"] > 0
    assert not any(reader.extra_looks_at[1:])
    first = session.logged[0]
    assert first["t"] < 1 + 7 * took / 0.75 + 0.1


def test_a_stale_frame_leads_to_nothing(tmp_path: Path) -> None:
    """The computer hangs now and then while a note is read: what it saw then is not acted on."""
    slow = {30 + 3, 30 + 4}  # of the frames that show the note: before it is sure
    session, reader = watch(tmp_path, lambda t: 0.2 if round(t * 30) in slow else 0.01, *NOTES)
    assert session.said == ["20 dollars", "5 dollars"]
    summary = session.logged[-1]
    assert summary["stale"] == 1, "the second one was never the newest"
    assert summary["frames"] == len(reader.frames)
    plain, _ = watch(tmp_path, lambda t: 0.01, *NOTES)
    assert session.logged[0]["t"] > plain.logged[0]["t"]


def test_all_that_a_stale_frame_shows_is_unheard(tmp_path: Path) -> None:
    """Even a whole note: each of its frames is too old by the time it has been read."""
    session, _ = watch(tmp_path, lambda t: 0.2 if 1 <= t < 1.5 else 0.01, Part(1), Part(0.5, 20), Part(3))
    assert [event for event in session.happened if event != "hint"] == ["summary"]
    assert session.logged[-1]["stale"] == 3
    assert session.voice.woken == 0


def test_a_note_that_is_held_while_the_computer_is_busy_is_said_once(tmp_path: Path) -> None:
    """It sees nothing for a second, as if no frame had come; but some came, so it is no gap."""
    session, _ = watch(tmp_path, lambda t: 0.2 if 2 <= t < 3 else 0.01, Part(1), Part(4, 20), Part(2))
    assert session.said == ["20 dollars"]
    assert session.happened == ["sighting", "note_left", "summary"]
    assert session.logged[-1]["stale"] == 4
    assert session.logged[2]["t"] > 5


def test_a_computer_that_hung_for_long_begins_anew(tmp_path: Path) -> None:
    """The frame that it hung in is stale, and nobody knows what was shown until the next one."""
    session, _ = watch(tmp_path, lambda t: 1.5 if 2 <= t < 2.03 else 0.01, Part(1), Part(4, 20), Part(2))
    assert session.happened == ["sighting", "note_left", "sighting", "note_left", "summary"]
    assert session.logged[-1]["stale"] == 1


def test_several_currencies_give_up_extra_looks_as_one() -> None:
    readers = [TimedReader([], FakeClock(), lambda t: 0.0) for _ in range(2)]
    both = MultiRecognizer(BOTH, readers)
    assert both.extra_looks
    both.extra_looks = False
    assert [reader.extra_looks for reader in readers] == [False, False]
    assert not both.extra_looks
