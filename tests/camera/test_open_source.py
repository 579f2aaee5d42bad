"""What the user may type as a source, and the one line that answers what cannot be one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from currency_app.camera import open_source
from currency_app.camera.folder import FolderSource
from currency_app.camera.video import VideoSource
from currency_app.errors import SourceError
from tests.support.numbered_video import write_video

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
    root = str(Path(__file__).parents[2])
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
