"""With the network denied, and nothing to be written but in the user's own folders, everything says the same."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.checked_data import CheckedData
from tests.support.privacy.landlock import version
from tests.support.privacy.run import DEMONSTRATION, Confined, Place, network_denied_by

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux denies what must not happen")
VALUES = [20, 1, 5, 100, 10, 2, 50]


def events(run: Confined) -> list[dict[str, Any]]:
    assert run.code == 0, run.err
    return [json.loads(line) for line in run.out.splitlines()]


def test_what_is_denied_fails_and_is_written_down(place: Place, tmp_path: Path) -> None:
    """Else the tests below would prove nothing."""
    outside = tmp_path / "outside"
    outside.mkdir()
    program = f"""
import pathlib, socket
for tried in (
    lambda: socket.socket().connect(("192.0.2.1", 80)),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"", ("192.0.2.1", 53)),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: pathlib.Path({str(outside)!r}, "made").write_text("x"),
    lambda: pathlib.Path({str(outside)!r}, "made").mkdir(),
):
    try:
        tried()
    except OSError:
        print("denied")
pathlib.Path.home().joinpath("made").write_text("x")
"""
    run = place.run_confined("-c", program)
    assert run.out.split() == ["denied"] * 5, run.err
    assert [line.split()[0] for line in run.tried] == [
        "socket.connect",
        "socket.sendto",
        "socket.getaddrinfo",
        "open",
        "os.mkdir",
    ]
    assert list(outside.iterdir()) == []
    assert "home/made" in place.files()


@pytest.mark.skipif(network_denied_by() != "a network namespace", reason="no network namespace may be had here")
def test_the_kernel_denies_the_network_without_the_guard(place: Place) -> None:
    program = "import socket; print(socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect_ex(('192.0.2.1', 53)))"
    command, env = place.confined("-S", "-c", program)
    env["GUARD_LOG"] = ""
    run = place.run("-c", f"import subprocess; subprocess.run({command!r}, env={env!r})")
    assert run.out.strip() == "101", "the network is unreachable"


@pytest.mark.skipif(not version(), reason="this kernel has no Landlock")
def test_the_kernel_denies_files_without_the_guard(place: Place, tmp_path: Path) -> None:
    command, env = place.confined("-S", "-c", f"open({str(tmp_path / 'made')!r}, 'w')")
    env["GUARD_LOG"] = ""
    run = place.run("-c", f"import subprocess; subprocess.run({command!r}, env={env!r})")
    assert "PermissionError" in run.err
    assert not (tmp_path / "made").exists()


@pytest.mark.slow
def test_the_demonstration_says_all_values(demonstration: tuple[Place, Confined]) -> None:
    place, confined = demonstration
    said, free = events(confined), place.run(*DEMONSTRATION)
    assert [event["value"] for event in said if event["event"] == "sighting"] == VALUES
    assert said[:-1] == events(free)[:-1], "all but the summary, which tells how long it took"
    assert confined.tried == []


def test_the_check_of_training_images_says_the_same(place: Place, tmp_path: Path) -> None:
    data = CheckedData(tmp_path / "data").write()
    arguments = ["check", "--data", str(data), "--json"]
    words = ("-c", f"import sys; from training.commands.cli import main; sys.exit(main({arguments!r}))")
    confined, free = place.run_confined(*words), place.run(*words)
    assert (confined.code, confined.out, confined.err) == (free.code, free.out, free.err)
    assert json.loads(confined.out)
    assert confined.tried == []


@pytest.mark.slow
def test_the_server_answers_on_the_loopback_and_writes_nothing(place: Place) -> None:
    words = ("-m", "tests.support.privacy.ask_server")
    confined, free = place.run_confined(*words, writable=[]), place.run(*words)
    assert confined.code == 0, confined.err
    assert json.loads(confined.out) == json.loads(free.out)
    assert [answer["value"] for answer in json.loads(confined.out)["answers"]] == [20, 20]
    assert confined.tried == []
    assert place.files() == {}
