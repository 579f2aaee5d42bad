"""What the user may type as a source, and the one line that answers what cannot be one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from currency_app.camera import may_be_live, open_source
from currency_app.camera.folder import FolderSource
from currency_app.camera.video import VideoSource
from currency_app.camera.webcam import open_webcam
from currency_app.errors import SourceError
from currency_app.events import CameraBack, CameraLost, Frame
from tests.support.numbered_video import write_video
from tests.support.scripted_capture import ScriptedCapture
from tests.support.sources import CHECKOUT

ABSENT_CAMERA = 91


def refused(text: str) -> str:
    with pytest.raises(SourceError) as caught:
        open_source(text, realtime=False)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_camera_number_without_a_camera() -> None:
    expected = f"No camera {ABSENT_CAMERA} was found. Plug one in, or try `currency-app demo`."
    assert refused(str(ABSENT_CAMERA)) == expected
    assert refused(f"/dev/video{ABSENT_CAMERA}") == expected


def test_absent_camera_makes_no_noise() -> None:
    """In a fresh process, because OpenCV reads its log settings while it loads."""
    code = (
        "import cv2\n"
        "from currency_app.camera import open_source\n"
        f"try: open_source('{ABSENT_CAMERA}', realtime=False)\n"
        "except Exception as error: print(error)\n"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENCV")}
    root = str(CHECKOUT)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, cwd=root, check=True
    )
    assert done.stdout.startswith("No camera")
    assert done.stderr == ""


def test_file_and_folder(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((4, 4, 3), dtype=np.uint8)).save(tmp_path / "a.png")
    write_video(tmp_path / "clip.avi", range(2))
    folder = open_source(str(tmp_path), realtime=False)
    video = open_source(str(tmp_path / "clip.avi"), realtime=False)
    assert isinstance(folder, FolderSource)
    assert isinstance(video, VideoSource)
    assert (folder.name, video.name) == (str(tmp_path), str(tmp_path / "clip.avi"))
    folder.close()
    video.close()


def test_path_that_does_not_exist(tmp_path: Path) -> None:
    message = refused(str(tmp_path / "none.mp4"))
    assert message.startswith(f"No file or folder {tmp_path / 'none.mp4'} was found.")


def test_one_picture_is_not_a_video(tmp_path: Path) -> None:
    path = tmp_path / "a.JPG"
    Image.fromarray(np.zeros((4, 4, 3), dtype=np.uint8)).save(path)
    assert refused(str(path)) == f"{path} is one picture. Try `currency-app identify {path}`."


@pytest.mark.parametrize("text", ["", "  ", "ftp://127.0.0.1/x", "file:///etc/hostname", os.devnull])
def test_unknown_thing(text: str) -> None:
    assert "is not a source. Give a camera number" in refused(text)


@pytest.mark.parametrize("text", ["a\0b", "x" * 5000, "-1", "99999999999"])
def test_nonsense_is_refused_in_one_line(text: str) -> None:
    refused(text)


@pytest.mark.parametrize("link", ["by-id/usb-046d_C270-video-index0", "webcam"])
def test_a_link_to_a_camera_is_a_camera(tmp_path: Path, link: str) -> None:
    opened: list[int | str] = []

    def opener(camera: int | str) -> ScriptedCapture:
        opened.append(camera)
        capture = ScriptedCapture()
        capture.show(90)
        return capture

    path = tmp_path / link
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(f"/dev/video{ABSENT_CAMERA}")
    assert refused(str(path)).startswith(f"No camera {path} was found. Plug one in")
    source = open_webcam(str(path), opener=opener)
    assert (source.name, opened) == (f"camera {path}", [ABSENT_CAMERA])
    source.close()


@pytest.mark.parametrize("text", ["/dev/v4l/by-id/usb-none-video-index0", "/dev/v4l/by-path/pci-none-video-index0"])
def test_a_link_that_went_away_with_its_camera(text: str) -> None:
    assert refused(text) == f"No camera {text} was found. Plug one in, or try `currency-app demo`."


def test_a_link_that_leads_to_another_number_after_reconnecting(tmp_path: Path) -> None:
    opened: list[int | str] = []
    first, second = ScriptedCapture(), ScriptedCapture()
    link = tmp_path / "camera"
    link.symlink_to("/dev/video91")

    def opener(camera: int | str) -> ScriptedCapture:
        opened.append(camera)
        return [first, second][len(opened) - 1]

    first.show(50)
    source = open_webcam(str(link), opener=opener)
    link.unlink()
    link.symlink_to("/dev/video92")
    events = source.events()
    first.unplug()
    second.show(90)
    assert [type(next(events)) for _ in range(3)] == [CameraLost, CameraBack, Frame]
    assert opened == [91, 92]
    second.unplug()
    source.close()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"vid\xe9os")
    folder.mkdir()
    write_video(tmp_path / "clip.avi", range(3))
    (tmp_path / "clip.avi").rename(folder / "clip.avi")
    source = open_source(str(folder / "clip.avi"), realtime=False)
    assert len(list(source.events())) == 3
    assert source.name.endswith("vid\ufffdos/clip.avi")
    Image.fromarray(np.zeros((4, 4, 3), dtype=np.uint8)).save(folder / "a.png")
    assert len(list(open_source(str(folder), realtime=False).events())) == 1


@pytest.mark.parametrize(
    "text",
    [
        "dir\udcff/clip.mp4",
        "\udcff",
        "http://127.0.0.1:9/\udcff",
        "rtsp://\udcff@127.0.0.1:9/",
        "http://127.0.0.1:9/\ud800",
    ],
)
def test_what_is_no_utf_8_and_not_there_is_refused_in_one_line(text: str) -> None:
    refused(text).encode()


def test_a_file_whose_name_looks_like_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_video(Path("clip.avi"), range(2))
    Path("clip.avi").rename("12:30.avi")
    assert len(list(open_source("12:30.avi", realtime=False).events())) == 2


@pytest.mark.parametrize("text", ["0", "/dev/video2", "http://127.0.0.1:9/x", "rtsp://127.0.0.1/x"])
def test_cameras_and_addresses_may_be_live(text: str) -> None:
    assert may_be_live(text)


@pytest.mark.parametrize("text", ["", ".", "clip.mp4", "no/such/folder", "a\0b", "C:/clip.mp4"])
def test_files_and_folders_are_not_live(text: str) -> None:
    assert not may_be_live(text)
