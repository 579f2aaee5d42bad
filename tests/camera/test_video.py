"""Video files: every frame on the file's clock, or paced; damaged and foreign files."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from currency_app.camera import open_source
from currency_app.camera.capture import OpenCVCapture
from currency_app.camera.video import open_video
from currency_app.errors import SourceError
from currency_app.events import Frame, SourceEvent
from currency_app.testing import FakeClock
from tests.support.mjpeg_server import read_number
from tests.support.numbered_video import write_video


def frames(path: Path) -> list[Frame]:
    return [event for event in open_video(path, realtime=False).events() if isinstance(event, Frame)]


@pytest.mark.parametrize("name", ["clip.avi", "clip.mp4"])
def test_every_frame_comes_in_order_on_the_clock_of_the_file(tmp_path: Path, name: str) -> None:
    write_video(tmp_path / name, range(20), fps=12.5)
    seen = frames(tmp_path / name)
    assert [read_number(frame.image) for frame in seen] == list(range(20))
    assert [frame.index for frame in seen] == list(range(20))
    assert [frame.t for frame in seen] == pytest.approx([i / 12.5 for i in range(20)])


def test_real_time_waits_for_a_fast_reader_and_drops_for_a_slow_one(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.avi", range(30), fps=10)
    clock = FakeClock(7.0)
    source = open_video(tmp_path / "clip.avi", realtime=True, clock=clock, sleep=clock.sleep)
    seen = []
    for event in source.events():
        assert isinstance(event, Frame)
        seen.append(event.index)
        assert event.t <= clock.now - 7.0 + 1e-9
        clock.sleep(0.35 if event.index >= 10 else 0.01)
    assert seen[:11] == list(range(11))
    assert source.dropped == 30 - len(seen) > 10


def test_video_cut_off_in_the_middle_is_read_to_where_it_ends(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = tmp_path / "whole.avi"
    write_video(whole, range(30))
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    seen = frames(cut)
    assert 8 <= len(seen) <= 22
    whole_frames = [read_number(frame.image) for frame in seen[:-1]]  # the last may be half a picture
    assert whole_frames == list(range(len(seen) - 1))
    ends = f"{cut} ends after {len(seen) / 15:.1f} of 2.0 seconds: the rest is damaged or missing. Copy it again.\n"
    assert capfd.readouterr() == ("", ends)


@pytest.mark.parametrize("damage", ["cut", "one frame"])
def test_the_part_of_a_film_that_cannot_be_read_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], damage: str
) -> None:
    whole = tmp_path / "whole.avi"
    write_video(whole, range(90))
    data = bytearray(whole.read_bytes())
    assert len(frames(whole)) == 90
    assert capfd.readouterr() == ("", "")
    bad = tmp_path / "bad.avi"
    if damage == "cut":
        del data[len(data) // 2 :]
    else:
        at = data.find(b"\xff\xd8", len(data) // 3)
        data[at : at + 4000] = bytes(4000)
    bad.write_bytes(data)
    seen = frames(bad)
    assert 10 <= len(seen) <= 60
    (line,) = capfd.readouterr().err.splitlines()
    assert line == (
        f"{bad} ends after {len(seen) / 15:.1f} of 6.0 seconds: the rest is damaged or missing. Copy it again."
    )


def test_a_film_that_is_closed_before_its_end_is_not_called_damaged(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_video(tmp_path / "clip.avi", range(90))
    source = open_video(tmp_path / "clip.avi", realtime=False)
    events = source.events()
    next(events)
    source.close()
    assert list(events) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("content", [b"", b"not a video\n" * 100, b"RIFFxxxxAVI LIST"])
def test_what_is_no_video_is_refused_in_silence(
    tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="is not a video that can be played"):
        open_source(str(path), realtime=False)
    assert capfd.readouterr() == ("", "")


def test_close_in_the_middle_ends_the_frames(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.avi", range(30))
    source = open_video(tmp_path / "clip.avi", realtime=False)
    events = source.events()
    next(events)
    source.close()
    source.close()
    assert list(events) == []


@pytest.mark.parametrize("reported_fps", [0.0, -1.0, float("nan"), 90000.0])
def test_impossible_frame_rate_is_not_believed(
    tmp_path: Path, reported_fps: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    from currency_app.camera import capture

    write_video(tmp_path / "clip.avi", range(3))
    real = capture.open_file(str(tmp_path / "clip.avi"))
    assert real is not None

    class Odd:
        def get(self, prop: int) -> float:
            return reported_fps

    monkeypatch.setattr(real, "_capture", Odd())
    assert real.fps == 30.0


def test_close_does_not_wait_for_a_read_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_video(tmp_path / "clip.avi", range(3))
    source = open_video(tmp_path / "clip.avi", realtime=False)
    reading, let_go = threading.Event(), threading.Event()

    def grab(capture: OpenCVCapture) -> bool:
        reading.set()
        return let_go.wait(20)

    monkeypatch.setattr(OpenCVCapture, "grab", grab)
    seen: list[SourceEvent] = []
    reader = threading.Thread(target=lambda: seen.extend(source.events()), daemon=True)
    reader.start()
    assert reading.wait(20)
    closer = threading.Thread(target=source.close, daemon=True)
    closer.start()
    closer.join(5)
    assert not closer.is_alive()
    let_go.set()
    reader.join(20)
    assert not reader.is_alive()
    assert seen == []
