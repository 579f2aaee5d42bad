"""A real MJPEG stream over loopback: fresh frames for a slow reader, and reconnection."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import pytest

from currency_app.camera import Source, open_source
from currency_app.camera.capture import open_url
from currency_app.camera.stream import open_stream
from currency_app.errors import SourceError
from currency_app.events import CameraBack, CameraLost, Frame, SourceEvent
from tests.support.mjpeg_server import MjpegServer, read_number
from tests.support.numbered_video import write_video

WAIT_S = 30.0


@pytest.fixture
def server() -> Iterator[MjpegServer]:
    with MjpegServer() as server:
        yield server


@pytest.fixture
def source(server: MjpegServer) -> Iterator[Source]:
    source = open_source(server.url, realtime=False)
    yield source
    source.close()


def next_of(kind: type[SourceEvent], events: Iterator[SourceEvent]) -> SourceEvent:
    deadline = time.monotonic() + WAIT_S
    for event in events:
        if isinstance(event, kind):
            return event
        assert time.monotonic() < deadline, f"no {kind.__name__} within {WAIT_S} s"
    raise AssertionError("the events ended")


def test_slow_reader_sees_fresh_frames(server: MjpegServer, source: Source) -> None:
    ages, indices, numbers = [], [], []
    for event in source.events():
        assert isinstance(event, Frame)
        ages.append(server.age(event.image))
        indices.append(event.index)
        numbers.append(read_number(event.image))
        time.sleep(0.15)  # three frames of the server pass
        if len(ages) == 20:
            break
    ages.sort()
    # Read one by one, the twentieth frame would be 2 s old. The bound is loose for the sake of busy machines.
    assert ages[10] < 0.5
    assert numbers == sorted(set(numbers))
    assert source.dropped >= 15
    assert indices[-1] == pytest.approx(19 + source.dropped, abs=4)


def test_stream_is_lost_when_the_server_stops_and_comes_back(server: MjpegServer, source: Source) -> None:
    events = source.events()
    before = next_of(Frame, events)
    server.stop()
    lost = next_of(CameraLost, events)
    server.start()
    back = next_of(CameraBack, events)
    after = next(events)
    assert isinstance(after, Frame)
    assert before.t <= lost.t <= back.t == after.t


def test_silent_stream_is_lost_and_comes_back(server: MjpegServer, source: Source) -> None:
    events = source.events()
    next_of(Frame, events)
    server.paused.set()
    next_of(CameraLost, events)
    server.paused.clear()
    next_of(CameraBack, events)
    assert isinstance(next(events), Frame)


def test_recording_on_a_web_server_is_read_frame_by_frame(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.avi", range(12))

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(tmp_path))) as files:
        threading.Thread(target=files.serve_forever, args=(0.05,), daemon=True).start()
        source = open_source(f"http://127.0.0.1:{files.server_address[1]}/clip.avi", realtime=False)
        assert [read_number(e.image) for e in source.events() if isinstance(e, Frame)] == list(range(12))
        files.shutdown()


def test_stream_that_is_no_video_is_refused_in_silence(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceError, match=r"^No video stream could be opened at http://127\.0\.0\.1:9/x\. "):
        open_stream("http://127.0.0.1:9/x", realtime=False)
    assert capfd.readouterr() == ("", "")


def test_password_is_not_shown() -> None:
    with pytest.raises(SourceError) as caught:
        open_stream("http://anna:secret@127.0.0.1:9/x?token=secret", realtime=False)
    assert "127.0.0.1:9/x" in str(caught.value)
    assert "anna" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_streams_are_decoded_on_one_thread(server: MjpegServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others would each hold back a frame: on eight processors a note would be seen a quarter of a second later."""
    asked: list[list[int]] = []
    real = cv2.VideoCapture

    def open_capture(url: str, backend: int, options: list[int]) -> cv2.VideoCapture:
        asked.append(options)
        return real(url, backend, options)

    monkeypatch.setattr(cv2, "VideoCapture", open_capture)
    capture = open_url(server.url)
    assert capture is not None
    capture.close()
    (options,) = asked
    assert dict(zip(options[::2], options[1::2], strict=True))[cv2.CAP_PROP_N_THREADS] == 1
