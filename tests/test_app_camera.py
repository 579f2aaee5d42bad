"""The whole app while its camera is lost, frozen, or its process suspended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from currency_app.events import CameraBack, CameraLost, Frame, Observation, SourceEvent
from currency_app.testing import FakeRecognizer, FakeSource
from tests.support.app_run import AppRun, frames_of
from tests.support.observations import Part, clip


def test_the_camera_lost_and_back_are_told(tmp_path: Path) -> None:
    observations = list(clip(15, [Part(2)]))
    played = frames_of(observations)
    played[15:15] = [CameraLost(1.0), CameraBack(1.0)]
    session = AppRun(tmp_path, played, FakeRecognizer(observations))
    assert session.said == ["The camera has stopped. Trying again", "The camera is working again"]
    assert session.happened == ["camera_lost", "camera_back", "summary"]
    assert session.logged[-1]["frames"] == 30


def lost(seconds: float) -> tuple[list[SourceEvent], list[Observation]]:
    """A note of 20 before and after the camera was lost for so long, 3 s after the start."""
    observations = list(clip(15, [Part(1), Part(5, 20)]))
    played = [replace(frame, t=frame.t + seconds * (frame.t >= 3)) for frame in frames_of(observations)]
    cut = next(index for index, frame in enumerate(played) if frame.t >= 3)
    played[cut:cut] = [CameraLost(3.0), CameraBack(played[cut].t)]
    return played, observations


def test_a_note_that_is_there_when_a_lost_camera_is_back_is_one_more(tmp_path: Path) -> None:
    """Nobody knows what was held up in between, so it is said and counted."""
    played, observations = lost(60.0)
    session = AppRun(tmp_path, played, FakeRecognizer(observations))
    assert session.happened == ["sighting", "camera_lost", "note_left", "camera_back", "sighting", "summary"]
    assert session.said.count("20 dollars") == 2


def test_a_camera_that_is_lost_for_a_moment_changes_nothing(tmp_path: Path) -> None:
    played, observations = lost(0.5)
    session = AppRun(tmp_path, played, FakeRecognizer(observations))
    assert session.happened == ["sighting", "camera_lost", "camera_back", "summary"]


def test_a_process_that_was_suspended_begins_anew(tmp_path: Path) -> None:
    """No event tells of it: the next frame is minutes later."""
    played, observations = lost(300.0)
    frames = [event for event in played if isinstance(event, Frame)]
    session = AppRun(tmp_path, frames, FakeRecognizer(observations))
    assert session.happened == ["sighting", "note_left", "sighting", "summary"]


class FakeTimers:
    """Keeps what was started: seconds until then, and what is called; None once it was cancelled."""

    def __init__(self) -> None:
        self.started: list[tuple[float, Callable[[], None]] | None] = []

    def __call__(self, seconds: float, function: Callable[[], None]) -> Callable[[], None]:
        number = len(self.started)
        self.started.append((seconds, function))

        def cancel() -> None:
            self.started[number] = None

        return cancel


def test_max_seconds_end_a_run_whose_camera_is_lost(tmp_path: Path) -> None:
    """The source gives nothing any more until it is closed."""
    timers = FakeTimers()
    observations = list(clip(15, [Part(1)]))

    class Silent(FakeSource):
        def events(self) -> Iterator[SourceEvent]:
            yield from super().events()
            (timer,) = timers.started
            assert timer is not None
            seconds, function = timer
            assert seconds == pytest.approx(2.0)
            function()
            assert self.closed

    played = [*frames_of(observations), CameraLost(1.0)]
    session = AppRun(
        tmp_path, [], FakeRecognizer(observations), source=Silent(played), max_seconds=3.0, start_timer=timers
    )
    assert session.happened == ["camera_lost", "summary"]
    assert timers.started == [None], "nothing is left running"


def test_a_lost_camera_ends_nothing_if_no_thread_is_to_be_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(timer: threading.Timer) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Timer, "start", refused)
    played, observations = lost(2.0)
    session = AppRun(tmp_path, played, FakeRecognizer(observations), max_seconds=60.0)
    assert session.happened == ["sighting", "camera_lost", "note_left", "camera_back", "sighting", "summary"]


def test_a_camera_that_is_back_in_time_is_not_ended(tmp_path: Path) -> None:
    timers = FakeTimers()
    played, observations = lost(2.0)
    AppRun(tmp_path, played, FakeRecognizer(observations), max_seconds=60.0, start_timer=timers)
    assert timers.started == [None]


def test_a_note_that_left_while_the_camera_was_lost_makes_way_for_the_next(tmp_path: Path) -> None:
    observations = list(clip(15, [Part(1), Part(2, 20), Part(1), Part(2, 20)]))
    played = frames_of(observations)
    played[45:45] = [CameraLost(3.0), CameraBack(3.0)]
    session = AppRun(tmp_path, played, FakeRecognizer(observations))
    assert session.happened == ["sighting", "camera_lost", "camera_back", "note_left", "sighting", "summary"]


def test_a_covered_camera_is_said_before_anything_else_and_is_not_ready(tmp_path: Path) -> None:
    observations = [replace(each, black=each.t < 3, light=0.0) for each in clip(15, [Part(3)])]
    observations += [replace(each, t=each.t + 3) for each in clip(15, [Part(1), Part(2, 20)])]
    session = AppRun(tmp_path, frames_of(observations), FakeRecognizer(observations), greeting="Ready")
    assert session.said == [
        "The camera sees nothing. Open its cover",
        "The camera can see again",
        "Ready",
        "20 dollars",
    ]
    assert session.happened == ["camera_covered", "camera_uncovered", "sighting", "summary"]
    assert session.logged[0]["text"] == "The camera sees nothing. Open its cover"


def test_a_camera_that_is_covered_while_a_note_is_shown_is_told(tmp_path: Path) -> None:
    observations = list(clip(15, [Part(1), Part(3, 20), Part(4)]))
    observations = [replace(each, black=each.t > 4) for each in observations]
    session = AppRun(tmp_path, frames_of(observations), FakeRecognizer(observations))
    assert session.happened == ["sighting", "note_left", "camera_covered", "summary"]
