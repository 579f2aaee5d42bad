"""The whole app on fakes: what is said and logged, in which order, and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.app import App
from currency_app.errors import SourceError
from currency_app.events import AppEvent, CameraBack, CameraLost, Frame, Observation, Priority, SourceEvent, Utterance
from currency_app.guidance.hints import Framing
from currency_app.speech.announcer import Announcer
from currency_app.speech.greeting import Greeting
from currency_app.speech.phrases import Phrases
from currency_app.testing import FakeClock, FakeListener, FakeRecognizer, FakeSource, FakeVoice
from currency_app.tracking.tracker import Tracker
from tests.support.app_run import BLACK, AppRun, frames_of, show
from tests.support.observations import BUNDLE, Part, box, clip, seen


def test_notes_are_said_and_logged_in_order(tmp_path: Path) -> None:
    session = show(tmp_path, Part(1), Part(2, 20), Part(1), Part(2, 5, side="back"), Part(1))
    assert session.said == ["20 dollars", "5 dollars"]
    assert all(utterance.priority is Priority.VALUE for utterance in session.voice.said)
    assert session.happened == ["sighting", "note_left", "sighting", "note_left", "summary"]
    first, total, _, second, *_ = session.logged
    assert (total["total"], total["notes"]) == ({"USD": 20}, 1)
    assert (first["value"], first["side"], first["currency"], first["text"]) == (20, "front", "USD", "20 dollars")
    assert (second["value"], second["side"]) == (5, "back")
    times = [entry["t"] for entry in session.logged]
    assert times == sorted(times)
    assert 1 < first["t"] <= 2


def test_a_doubtful_note_is_only_ever_a_maybe(tmp_path: Path) -> None:
    session = show(tmp_path, Part(1), Part(3.5, 20, 0.75, 10), Part(1))
    assert session.said == ["Maybe 20 dollars. Turn the note over"]
    assert session.happened == ["maybe", "note_left", "summary"]
    assert "side" not in session.logged[0]


def small(t: float) -> Observation:
    return seen(t, {20: 0.6, 5: 0.4}, corners=box(0.4, 0.4, 0.6, 0.6))


def test_a_hint_is_said_until_the_value_is_and_never_after(tmp_path: Path) -> None:
    far = [small(i / 15) for i in range(60)]
    near = [seen(4 + i / 15, {20: 0.99}) for i in range(90)]
    session = AppRun(tmp_path, frames_of(far + near), FakeRecognizer(far + near))
    assert session.said == ["Move the note closer", "Move the note closer", "20 dollars"]
    assert session.happened == ["hint", "hint", "sighting", "summary"]
    assert session.logged[0]["hint"] == "move_closer"
    assert session.logged[1]["t"] - session.logged[0]["t"] >= 3


def test_what_is_not_said_of_hints_is_not_logged(tmp_path: Path) -> None:
    """Hints hold for many frames; the log has the ones that the user heard."""
    far = [small(i / 15) for i in range(40)]
    session = AppRun(tmp_path, frames_of(far), FakeRecognizer(far))
    assert session.happened == ["hint", "summary"]


def test_an_empty_view_is_told(tmp_path: Path) -> None:
    session = show(tmp_path, Part(10))
    assert session.said == ["No note in view"]


def test_the_greeting_is_said_with_the_first_picture(tmp_path: Path) -> None:
    observations = list(clip(15, [Part(1), Part(2, 20)]))
    played = [CameraLost(0.0), CameraBack(0.0), *frames_of(observations)]
    session = AppRun(tmp_path, played, FakeRecognizer(observations), greeting="Ready")
    assert session.said == [
        "The camera has stopped. Trying again",
        "The camera is working again",
        "Ready",
        "20 dollars",
    ]
    assert session.happened == ["camera_lost", "camera_back", "sighting", "summary"]


def test_an_introduction_leaves_out_that_no_note_is_in_view_and_ends_with_one(tmp_path: Path) -> None:
    sentences = ["Move the paper that is worth something in front of me" for _ in range(4)]
    session = show(tmp_path, Part(9), Part(2, 20), Part(8), greeting=Greeting(sentences))
    assert session.said == [*sentences[:3], "20 dollars", "No note in view"]
    assert session.voice.taken_back == [Utterance(sentences[2], Priority.STATUS)]


def test_no_picture_no_greeting(tmp_path: Path) -> None:
    assert AppRun(tmp_path, [], FakeRecognizer([]), greeting="Ready").said == []


def test_it_stops_after_max_seconds_of_source_time(tmp_path: Path) -> None:
    session = show(tmp_path, Part(1), Part(60, 20), max_seconds=2.0)
    assert session.said == ["20 dollars"]
    assert session.logged[-1]["frames"] == 31
    assert session.source.closed
    assert session.voice.closed


def test_the_summary_counts_and_times(tmp_path: Path) -> None:
    session = show(tmp_path, Part(2), clock=FakeClock())
    summary = session.logged[-1]
    assert list(summary) == ["t", "event", "frames", "dropped", "skipped", "stale", "latency_ms"]
    assert (summary["frames"], summary["dropped"]) == (30, 3)
    assert summary["t"] == pytest.approx(29 / 15, abs=0.001)
    assert summary["latency_ms"]["network"] == {"p50": 3.0, "p95": 3.0, "p99": 3.0}
    assert set(summary["latency_ms"]) == {"preprocess", "network", "frame"}


def test_frame_latency_is_from_picture_to_decision(tmp_path: Path) -> None:
    """Measured by the app's own clock, around everything between the picture and the decision."""
    clock = FakeClock()

    class Slow(FakeRecognizer):
        def observe(self, frame: Frame) -> Observation:
            clock.now += 0.012
            return super().observe(frame)

    observations = list(clip(15, [Part(1)]))
    session = AppRun(tmp_path, frames_of(observations), Slow(observations), clock=clock)
    assert session.logged[-1]["latency_ms"]["frame"]["p50"] == pytest.approx(12)


def test_last_words_are_waited_for(tmp_path: Path) -> None:
    class Talking(FakeVoice):
        waited_with: list[str] | None = None

        def wait(self, timeout_s: float) -> bool:
            assert timeout_s > 0
            assert not self.closed
            self.waited_with = [utterance.text for utterance in self.said]
            return True

    voice = Talking()
    session = show(tmp_path, Part(1), Part(1, 20), voice=voice)
    assert voice.waited_with == ["20 dollars"]
    assert session.voice.closed


class Interrupted(FakeSource):
    """The user presses Ctrl+C after its last event."""

    def events(self) -> Iterator[SourceEvent]:
        yield from super().events()
        raise KeyboardInterrupt


def test_an_interrupt_ends_cleanly(tmp_path: Path) -> None:
    observations = list(clip(15, [Part(1), Part(2, 20)]))
    source = Interrupted(frames_of(observations))
    session = AppRun(tmp_path, [], FakeRecognizer(observations), source=source)
    assert isinstance(session.error, KeyboardInterrupt)
    assert session.happened == ["sighting", "summary"]
    assert session.source.closed
    assert session.voice.closed


def test_an_interrupt_during_the_last_words_ends_cleanly(tmp_path: Path) -> None:
    class Impatient(FakeVoice):
        def wait(self, timeout_s: float) -> bool:
            raise KeyboardInterrupt

    session = show(tmp_path, Part(1), Part(2, 20), voice=Impatient())
    assert session.happened == ["sighting", "summary"]
    assert session.source.closed
    assert session.voice.closed


def test_a_source_that_fails_is_reported_after_all_is_let_go(tmp_path: Path) -> None:
    class Failing(FakeSource):
        def events(self) -> Iterator[SourceEvent]:
            yield from super().events()
            raise SourceError("None of the pictures could be read. Give another folder.")

    observations = list(clip(15, [Part(1)]))
    session = AppRun(tmp_path, [], FakeRecognizer(observations), source=Failing(frames_of(observations)))
    assert session.error is not None
    assert session.happened == ["summary"]
    assert session.voice.closed


class BrightBox:
    """Takes the bright box in a picture for an unknown note, wherever it is."""

    def observe(self, frame: Frame) -> Observation:
        ys, xs = np.nonzero(frame.image[..., 0])
        height, width = frame.image.shape[:2]
        corners = box(xs.min() / width, ys.min() / height, (xs.max() + 1) / width, (ys.max() + 1) / height)
        return seen(frame.t, {20: 0.55, 5: 0.45}, corners=corners)


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("camera_faces", ["user", "note"])
@pytest.mark.parametrize(("where", "words"), [("left", "Move the note right"), ("right", "Move the note left")])
def test_left_and_right_are_the_users(
    tmp_path: Path, where: str, words: str, camera_faces: str, mirrored: bool
) -> None:
    """A note that is too far to the user's left, seen by all four kinds of camera."""
    picture = BLACK.copy()
    left = 0 if where == "left" else 40
    picture[10:38, left : left + 24] = 255  # as the user sees it
    if camera_faces == "user":
        picture = np.asarray(cv2.flip(picture, 1), np.uint8)
    if mirrored:
        picture = np.asarray(cv2.flip(picture, 1), np.uint8)
    played = [Frame(picture, i / 15, i) for i in range(10)]
    session = AppRun(tmp_path, played, BrightBox(), mirrored=mirrored, mirror_left=camera_faces == "user")
    assert session.said == [words]


class Watching(FakeListener):
    """A listener that keeps in which order it is called."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def on_event(self, event: AppEvent, text: str | None) -> None:
        self.calls.append(type(event).__name__)

    def on_frame(self, frame: Frame, observation: Observation) -> None:
        super().on_frame(frame, observation)
        self.calls.append("frame")


def test_who_shows_frames_sees_them_last_and_turned_back() -> None:
    watching = Watching()
    image = np.zeros((48, 64, 3), np.uint8)
    image[:, 0] = 255
    shown = list(clip(15, [Part(2, 20)]))
    source = FakeSource([Frame(image, observation.t, index) for index, observation in enumerate(shown)])
    announcer = Announcer(Phrases("en"))
    app = App(
        source,
        FakeRecognizer(shown),
        Tracker(BUNDLE),
        Framing(),
        announcer,
        FakeVoice(),
        [watching],
        mirrored=True,
    )
    app.run()
    assert watching.calls.count("frame") == len(shown)
    at = watching.calls.index("Sighting")
    assert watching.calls[at : at + 3] == ["Sighting", "Total", "frame"]
    frame, observation = watching.frames[watching.calls[:at].count("frame")]
    assert frame.image[0, -1, 0] == 255 and observation.value == 20
    assert app.total_text() == Phrases("en").total(20, 1, "USD")
