"""Whether a window can open, which Qt itself would answer by ending the process."""

from __future__ import annotations

import socket
import sys
from importlib import metadata, util
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from currency_app.errors import CurrencyAppError
from currency_app.window import can_open_window, require_window

linux = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there is always a display")


def refused() -> str:
    with pytest.raises(CurrencyAppError) as caught:
        require_window()
    assert not can_open_window()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_the_extra_it_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    assert 'pip install ".[window]"' in refused()


@pytest.mark.parametrize(
    ("version", "python", "ends"), [("6.12.0", 11, True), ("6.12.0", 12, False), ("6.11.3", 11, False)]
)
def test_a_qt_that_ends_the_process_is_not_started(
    monkeypatch: pytest.MonkeyPatch, version: str, python: int, ends: bool
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(util, "find_spec", lambda name: ModuleSpec("PySide6", None, origin="PySide6/__init__.py"))
    monkeypatch.setattr(metadata, "version", lambda name: version)
    monkeypatch.setattr(sys, "version_info", (3, python, 7, "final", 0))
    assert can_open_window() is not ends
    if ends:
        assert "within a minute" in refused()


def test_a_qt_of_unknown_version_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(util, "find_spec", lambda name: ModuleSpec("PySide6", None, origin="PySide6/__init__.py"))
    monkeypatch.setattr(metadata, "version", unknown)
    assert can_open_window()


@linux
def test_without_a_display_it_says_so() -> None:
    assert "no display" in refused()


@linux
@pytest.mark.parametrize("name", [":4711", "nonsense", "host.invalid:0"])
def test_a_display_that_nobody_answers_is_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As after `ssh -X` has ended, or in a container."""
    monkeypatch.setenv("DISPLAY", name)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/none")
    assert "no display" in refused()


@linux
def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    plugin = tmp_path / "Qt" / "plugins" / "platforms" / "libqwayland.so"
    plugin.parent.mkdir(parents=True)
    plugin.write_bytes(b"no library")
    spec = ModuleSpec("PySide6", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(util, "find_spec", lambda name: spec)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("WAYLAND_DISPLAY", "w")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "w"))
        server.listen()
        assert "libqwayland.so, which is missing" in refused()
    assert "no display" in refused(), "the socket that a display leaves when it crashes"


def test_a_platform_that_is_named_on_purpose_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert can_open_window()
    require_window()


@linux
@pytest.mark.parametrize("named", ["wayland", "xcb", "wayland;xcb", "wayland-egl", "none:size=1x1"])
def test_a_platform_that_is_not_here_is_no_display(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """As of a profile that names one for every session, in one by ssh: Qt would end the process."""
    monkeypatch.setattr(util, "find_spec", lambda name: ModuleSpec("PySide6", None, origin="PySide6/__init__.py"))
    monkeypatch.setattr(metadata, "version", lambda name: "6.11.3")
    monkeypatch.setenv("QT_QPA_PLATFORM", named)
    assert refused() == "QT_QPA_PLATFORM names a display that is not here: unset it, or leave --window out."
    monkeypatch.setenv("QT_QPA_PLATFORM", f"{named};offscreen")
    assert can_open_window()


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macs_have_one(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    pytest.importorskip("PySide6")
    monkeypatch.setattr(sys, "platform", platform)
    assert can_open_window()
