"""The fakes for users: each does what its Protocol says, and having them costs next to nothing."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from currency_app.app import FrameListener, Listener
from currency_app.camera import Clock, Pacer, Sleep
from currency_app.camera.base import Source
from currency_app.events import CameraLost, Frame, NoteLeft, Priority, RunSummary, SourceEvent, Utterance
from currency_app.recognition.network import Network
from currency_app.recognition.recognizer import FrameReader
from currency_app.server.reading.readers import PictureReader
from currency_app.speech.screen_reader.base import ScreenReader
from currency_app.speech.voices.base import Voice
from currency_app.testing import (
    ANSWER,
    FakeClock,
    FakeListener,
    FakeNetwork,
    FakePictureReader,
    FakeRecognizer,
    FakeScreenReader,
    FakeSource,
    FakeVoice,
)
from tests.support.observations import note

BLACK = np.zeros((2, 3, 3), np.uint8)


def test_having_them_imports_nothing_heavy() -> None:
    heavy = ("cv2", "fastapi", "keras", "pytest", "starlette", "tensorflow", "uvicorn")
    script = f"import sys, currency_app.testing; print(*sorted(set(sys.modules) & set({heavy})))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_source_plays_its_list_until_it_is_closed() -> None:
    frames: list[SourceEvent] = [Frame(BLACK, 0.0, 0), Frame(BLACK, 0.1, 1), CameraLost(0.2)]
    source: Source = (fake := FakeSource(frames, dropped=3))
    assert (list(source.events()), source.dropped) == (frames, 3)
    playing = source.events()
    next(playing)
    source.close()
    assert (list(playing), fake.closed) == ([], True)


def test_a_recognizer_answers_at_the_frames_own_time() -> None:
    frame = Frame(BLACK, 7.5, 0)
    recognizer: FrameReader = (fake := FakeRecognizer([note(0.0, 20)]))
    found = recognizer.observe(frame)
    assert (found.t, found.value) == (7.5, 20)
    assert fake.frames == [frame]


def test_a_network_answers_with_the_next_outputs() -> None:
    network: Network = (fake := FakeNetwork([([0.75, 0.25], range(9))]))
    probabilities, corners = network(BLACK)
    assert (probabilities.dtype, corners.dtype) == (np.dtype("float32"), np.dtype("float32"))
    assert (probabilities.tolist(), corners.tolist()) == ([0.75, 0.25], list(range(9)))
    assert fake.pictures == [BLACK]


def test_a_picture_reader_answers_once_it_may() -> None:
    reader: PictureReader = (fake := FakePictureReader())
    answer = reader(BLACK, mirror_left=True, mirrored=False)
    assert answer.members == ANSWER
    answer.members["value"] = 8
    assert ANSWER["value"] == 7, "each answer is a copy"
    assert fake.started.is_set()
    assert fake.asked == [((2, 3, 3), True, False)]


def test_a_listener_keeps_what_it_hears() -> None:
    listener: Listener = (fake := FakeListener())
    assert isinstance(listener, FrameListener)
    left, summary = NoteLeft(1.0), RunSummary(2.0, 30, 0, {})
    listener.on_event(left, None)
    listener.on_end(summary)
    assert (fake.heard, fake.summary) == ([(left, None)], summary)


def test_a_voice_keeps_what_it_should_say() -> None:
    voice: Voice = (fake := FakeVoice())
    voice.say(Utterance("Hello", Priority.STATUS))
    assert voice.wait(60)
    voice.close()
    assert ([utterance.text for utterance in fake.said], fake.closed) == (["Hello"], True)


def test_a_clock_moves_when_something_sleeps_on_it() -> None:
    fake = FakeClock(100.0)
    clock: Clock = fake
    sleep: Sleep = fake.sleep
    pacer = Pacer(clock, sleep)
    assert all(pacer.wait(t, t + 0.5) for t in (0.0, 0.5, 1.0, 1.5, 2.0))
    assert clock() == pytest.approx(102.0)


def test_a_screen_reader_keeps_what_it_was_sent() -> None:
    reader: ScreenReader = (fake := FakeScreenReader())
    reader.send("20 dollars", interrupt=True)
    assert (fake.sent, reader.is_running()) == ([("20 dollars", True)], True)
    reader.close()
    assert fake.closed
