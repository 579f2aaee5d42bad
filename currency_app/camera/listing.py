"""The cameras of this computer: how each is opened, what it is called, and what it offers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from currency_app.camera.v4l2 import CameraMode, DriverReport, ask_driver

DEVICES = Path("/dev")
"""Where Linux has the files of its cameras."""


@dataclass(frozen=True)
class CameraListing:
    """One camera."""

    number: int
    """What `--source` takes."""
    name: str
    """What it calls itself; its file if it does not."""
    path: str | None = None
    """Its device file, None on systems that have none."""
    stable_path: str | None = None
    """Another name of the file that stays when cameras are plugged in in another order; None if there is none."""
    modes: tuple[CameraMode, ...] = ()
    """What it offers, the largest pictures first; empty if the system does not tell."""
    problem: str | None = None
    """Why it cannot be used, in a sentence with what to do; None if nothing is known against it."""


def list_cameras(
    platform: str = sys.platform,
    *,
    devices: Path = DEVICES,
    ask: Callable[[str], DriverReport] = ask_driver,
    load: Callable[[], Any] | None = None,
) -> list[CameraListing]:
    """Return the cameras that give pictures, by number. Never raises; opens none of them for pictures.

    devices, ask: where Linux has its device files, and what tells of one. load: returns the package
    cv2_enumerate_cameras, which tells of those of Windows and macOS; None in its place if it is not installed.
    """
    if platform == "linux":
        return _of_linux(devices, ask)
    package = _load() if load is None else load()
    return [] if package is None else _of_package(package)


def no_access(camera: int | str) -> str:
    """Return what to do about a camera of Linux that this account may not open."""
    return (
        f"Camera {camera} may not be used by this account. "
        "Add it to the group video with `sudo usermod -aG video $USER` and log in again."
    )


def _of_linux(devices: Path, ask: Callable[[str], DriverReport]) -> list[CameraListing]:
    links = _stable_links(devices)
    found = []
    numbers = [int(path.name[5:]) for path in devices.glob("video*") if path.name[5:].isdecimal()]
    for number in sorted(numbers):
        path = devices / f"video{number}"
        stable = links.get(os.path.realpath(path))
        try:
            report = ask(str(path))
        except PermissionError:
            found.append(CameraListing(number, str(path), str(path), stable, problem=no_access(number)))
        except OSError:
            continue  # a file that is left of a camera, or of something else
        else:
            if report.gives_pictures:
                found.append(CameraListing(number, report.name or str(path), str(path), stable, report.modes))
    return found


def _stable_links(devices: Path) -> dict[str, str]:
    """Return the links in /dev/v4l/by-id, by the files that they lead to."""
    try:
        return {os.path.realpath(link): str(link) for link in sorted((devices / "v4l" / "by-id").iterdir())}
    except OSError:
        return {}


def _load() -> Any:
    try:
        import cv2_enumerate_cameras
    except ImportError:
        return None
    return cv2_enumerate_cameras


def _of_package(package: Any) -> list[CameraListing]:
    import cv2

    try:
        # The first of OpenCV's own ways to a camera that the package knows is the one by which the app opens it.
        backends = [known for known in cv2.videoio_registry.getCameraBackends() if known in package.supported_backends]
        found = package.enumerate_cameras(backends[0]) if backends else []
        return [CameraListing(int(camera.index), str(camera.name)) for camera in found]
    except Exception:  # whatever a driver raises, nothing is known then
        return []
