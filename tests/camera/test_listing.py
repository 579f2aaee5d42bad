"""The cameras that are listed, by a driver of Linux that a fake plays, and by a package elsewhere."""

from __future__ import annotations

import struct
from pathlib import Path
from types import SimpleNamespace

import cv2
import pytest

from currency_app.camera import webcam
from currency_app.camera.listing import CameraListing, list_cameras
from currency_app.camera.v4l2 import (
    ENUM_FMT,
    ENUM_FRAMEINTERVALS,
    ENUM_FRAMESIZES,
    QUERYCAP,
    CameraMode,
    DriverReport,
    ask_driver,
)
from currency_app.errors import SourceError

CAPTURE, METADATA, BY_FILE = 1, 0x800000, 0x80000000


class Driver:
    """Answers as a driver does, byte by byte as linux/videodev2.h lays the answers out.

    formats: for each format its sizes, for each size its times in fractions of a second.
    """

    def __init__(self, caps: int, formats: dict[bytes, dict[tuple[int, int], list[tuple[int, int]]]]) -> None:
        self.caps = caps
        self.formats = formats

    def __call__(self, file: int, request: int, data: bytearray) -> None:
        if request == QUERYCAP:
            data[16:48] = b"HD Webcam C525".ljust(32, b"\0")
            struct.pack_into("=2I", data, 84, BY_FILE | CAPTURE | METADATA, self.caps)
            return
        (index,) = struct.unpack_from("=I", data)
        try:
            if request == ENUM_FMT:
                assert struct.unpack_from("=I", data, 4) == (CAPTURE,)
                data[44:48] = list(self.formats)[index]
            elif request == ENUM_FRAMESIZES:
                size = list(self.formats[bytes(data[4:8])])[index]
                struct.pack_into("=3I", data, 8, 1, *size)
            elif request == ENUM_FRAMEINTERVALS:
                sizes = self.formats[bytes(data[4:8])]
                time = sizes[struct.unpack_from("=2I", data, 8)][index]
                struct.pack_into("=3I", data, 16, 1, *time)
        except IndexError:
            raise OSError(22, "Invalid argument") from None


def test_a_driver_tells_name_sizes_and_rates(tmp_path: Path) -> None:
    device = tmp_path / "video0"
    device.touch()
    driver = Driver(
        CAPTURE | METADATA,
        {b"YUYV": {(640, 480): [(1, 30), (1, 15)]}, b"MJPG": {(640, 480): [(1, 30)], (1280, 720): [(1001, 30000)]}},
    )
    assert ask_driver(str(device), driver) == DriverReport(
        "HD Webcam C525",
        True,
        (
            CameraMode(1280, 720, "MJPG", (29.97,)),
            CameraMode(640, 480, "YUYV", (30.0, 15.0)),
            CameraMode(640, 480, "MJPG", (30.0,)),
        ),
    )


def test_of_a_range_the_largest_and_smallest_are_told(tmp_path: Path) -> None:
    class Stepwise(Driver):
        def __call__(self, file: int, request: int, data: bytearray) -> None:
            if request == QUERYCAP:
                return super().__call__(file, request, data)
            if struct.unpack_from("=I", data)[0] > 0:
                raise OSError(22, "Invalid argument")
            if request == ENUM_FMT:
                data[44:48] = b"YUYV"
            elif request == ENUM_FRAMESIZES:
                struct.pack_into("=7I", data, 8, 3, 160, 1920, 8, 120, 1080, 8)
            else:
                struct.pack_into("=7I", data, 16, 2, 1, 60, 1, 5, 1, 1)
            return None

    device = tmp_path / "video0"
    device.touch()
    assert ask_driver(str(device), Stepwise(CAPTURE, {})).modes == (
        CameraMode(1920, 1080, "YUYV", (60.0, 5.0)),
        CameraMode(160, 120, "YUYV", (60.0, 5.0)),
    )


def test_a_file_that_only_gives_what_was_measured_is_no_camera(tmp_path: Path) -> None:
    for name in ("video0", "video1", "video10", "video2", "video-radio"):
        (tmp_path / name).touch()
    links = tmp_path / "v4l" / "by-id"
    links.mkdir(parents=True)
    (links / "usb-C525-video-index0").symlink_to(tmp_path / "video2")

    def ask(path: str) -> DriverReport:
        name = Path(path).name
        if name == "video10":
            raise PermissionError(13, "Permission denied")
        if name == "video0":
            raise OSError(19, "No such device")
        return DriverReport(name, name == "video2", ())

    two, ten = list_cameras("linux", devices=tmp_path, ask=ask)
    assert two == CameraListing(2, "video2", f"{tmp_path}/video2", str(links / "usb-C525-video-index0"))
    assert ten.number == 10
    assert ten.problem is not None
    assert "usermod -aG video" in ten.problem


def test_a_file_of_something_else_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "video0").write_bytes(b"no camera")
    assert list_cameras("linux", devices=tmp_path) == []
    assert list_cameras("linux", devices=tmp_path / "nowhere") == []


def test_elsewhere_a_package_tells_and_the_backend_is_the_one_that_opens() -> None:
    backends = cv2.videoio_registry.getCameraBackends()
    asked: list[int] = []

    def enumerate_cameras(backend: int) -> list[SimpleNamespace]:
        asked.append(backend)
        return [SimpleNamespace(index=0, name="FaceTime HD Camera"), SimpleNamespace(index=1, name="iPhone")]

    package = SimpleNamespace(supported_backends=(9999, *reversed(backends)), enumerate_cameras=enumerate_cameras)
    found = list_cameras("darwin", load=lambda: package)
    assert [(camera.number, camera.name) for camera in found] == [(0, "FaceTime HD Camera"), (1, "iPhone")]
    assert asked == [backends[0]]


def test_without_the_package_or_with_one_that_fails_nothing_is_known() -> None:
    def refuse(backend: int) -> None:
        raise RuntimeError("no run loop")

    package = SimpleNamespace(supported_backends=cv2.videoio_registry.getCameraBackends(), enumerate_cameras=refuse)
    assert list_cameras("win32", load=lambda: None) == []
    assert list_cameras("win32", load=lambda: package) == []


def test_a_camera_that_is_absent_names_those_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webcam, "list_cameras", lambda: [CameraListing(2, "HD Webcam C525")])
    with pytest.raises(SourceError) as refused:
        webcam.open_webcam(0, opener=lambda camera: None)
    assert str(refused.value) == (
        "No camera 0 was found, but there is camera 2, HD Webcam C525. Choose one by its number with --source."
    )


def test_a_camera_that_another_program_has_is_not_called_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a meeting: the driver lists it, and refuses to open it."""
    monkeypatch.setattr(webcam, "list_cameras", lambda: [CameraListing(0, "HD Webcam"), CameraListing(2, "Infrared")])
    with pytest.raises(SourceError) as refused:
        webcam.open_webcam(0, opener=lambda camera: None)
    assert str(refused.value).startswith("Camera 0 gives no picture. Close other programs that use it, ")
    assert str(refused.value).endswith("There is also camera 2, Infrared: choose one by its number with --source.")
