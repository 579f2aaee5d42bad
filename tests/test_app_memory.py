"""The whole app while its computer has too little free memory to read frames."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import cv2
import pytest

from currency_app.errors import CurrencyAppError
from currency_app.events import Frame, Observation, SourceEvent
from currency_app.testing import FakeRecognizer, FakeSource
from tests.support.app_run import BLACK, AppRun
from tests.support.observations import Part, clip


class ShortOfMemory(FakeRecognizer):
    """Has no memory for the frames of some seconds."""

    def __init__(self, played: Iterable[Observation], begin_s: float, end_s: float, error: Exception) -> None:
        super().__init__(played)
        self.error = error
        self._begin_s, self._end_s = begin_s, end_s

    def observe(self, frame: Frame) -> Observation:
        seen = super().observe(frame)
        if self._begin_s <= frame.t < self._end_s:
            raise self.error
        return seen


def no_memory_in_opencv() -> cv2.error:
    error = cv2.error("Insufficient memory")
    error.code = cv2.Error.StsNoMem
    return error


def watch(tmp_path: Path, begin_s: float, end_s: float, error: Exception, *, live: bool = True) -> AppRun:
    observations = list(clip(15, [Part(1), Part(2, 20), Part(3), Part(2, 5)]))
    played: list[SourceEvent] = [
        Frame(BLACK, o.t, i, grabbed_at=0.0 if live else None) for i, o in enumerate(observations)
    ]
    reader = ShortOfMemory(observations, begin_s, end_s, error)
    return AppRun(tmp_path, [], reader, source=FakeSource(played), clock=lambda: 0.0)


@pytest.mark.parametrize("error", [MemoryError(), no_memory_in_opencv()])
def test_frames_without_memory_are_passed_over_and_counted(tmp_path: Path, error: Exception) -> None:
    session = watch(tmp_path, 1.2, 2.2, error)
    assert session.said == ["20 dollars", "5 dollars"]
    assert session.logged[-1]["skipped"] == 15


def test_a_note_that_is_held_while_memory_is_short_is_said_once(tmp_path: Path) -> None:
    session = watch(tmp_path, 2.0, 2.9, MemoryError())
    assert session.happened == ["sighting", "note_left", "sighting", "summary"]


def test_memory_that_does_not_come_back_ends_the_run_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CurrencyAppError, match="too little free memory on this computer"):
        watch(tmp_path, 2.0, 60.0, MemoryError())


def test_every_frame_of_a_recording_counts(tmp_path: Path) -> None:
    with pytest.raises(CurrencyAppError, match="too little free memory"):
        watch(tmp_path, 2.0, 2.05, MemoryError(), live=False)


def test_another_error_is_none_of_it(tmp_path: Path) -> None:
    with pytest.raises(cv2.error, match="something else"):
        watch(tmp_path, 2.0, 2.05, cv2.error("something else"))
