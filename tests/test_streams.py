"""Standard streams that are closed or know few letters, and terminals that go away: in processes of their own."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.app_command import note
from tests.support.painted import write_picture
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shells and terminals of POSIX")

APP = [sys.executable, "-m", "currency_app"]
DEMO = ["demo", "--voice", "text", "--no-realtime", "--max-seconds", "4"]


def shell(command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a line of shell; $APP is the app."""
    environment = {**os.environ, "APP": " ".join(APP), **options.pop("env", {})}
    return subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=False, env=environment, **options
    )


@pytest.fixture
def pictures(later_start: None, tiny_bundle: Path) -> str:
    """Options of `identify` for two pictures, the first with a name that few encodings know."""
    write_picture(Path("Фото 日本.png"), note(20))
    write_picture(Path("b.png"), note(5))
    return f"--currency {tiny_bundle} 'Фото 日本.png' b.png"


@pytest.mark.usefixtures("later_start")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_end_a_run(closed: str, tiny_bundle: Path) -> None:
    done = shell(f"$APP {' '.join(DEMO)} --currency {tiny_bundle} --events events.jsonl {closed}")
    assert (done.returncode, done.stderr if "2>&-" in closed else "") == (0, "")
    assert json.loads(Path("events.jsonl").read_text().splitlines()[-1])["event"] == "summary"


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_error_of_identify(closed: str, pictures: str) -> None:
    done = shell(f"$APP identify {pictures} {closed}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "utf-8"])
@pytest.mark.parametrize("json_", ["", "--json"])
def test_every_image_is_answered_in_every_encoding(encoding: str, json_: str, pictures: str) -> None:
    done = shell(f"$APP identify {json_} {pictures} | cat", env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 2


def test_errors_with_any_letter_are_one_line() -> None:
    done = shell("$APP identify 'Фото.png'", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "????.png was found" in done.stderr


def in_a_terminal(command: list[str], *, ignore_hang_up: bool = False) -> tuple[int, int]:
    """Start a command in a terminal of its own, with its words in the file "words": its process, and our side."""
    pid, ours = pty.fork()
    if pid == 0:
        words = os.open("words", os.O_WRONLY | os.O_CREAT)
        os.dup2(words, 2)
        signal.signal(signal.SIGHUP, signal.SIG_IGN if ignore_hang_up else signal.SIG_DFL)
        os.execvp(command[0], command)
    return pid, ours


def exit_code(pid: int, seconds: float) -> int | None:
    """The exit code of a child that ends in time, else None, and it is killed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.05)  # another process's end cannot be waited for with a limit
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def wait_for_words() -> None:
    wait_until(lambda: Path("words").exists() and Path("words").stat().st_size, 20.0)


@pytest.mark.usefixtures("later_start")
def test_closing_the_terminal_ends_a_run_as_well_as_ctrl_c(tiny_bundle: Path) -> None:
    options = ["demo", "--voice", "text", "--currency", str(tiny_bundle), "--events", "events.jsonl"]
    pid, ours = in_a_terminal([*APP, *options])
    wait_for_words()
    os.close(ours)
    assert exit_code(pid, 10.0) == 0
    assert json.loads(Path("events.jsonl").read_text().splitlines()[-1])["event"] == "summary"
    assert "Traceback" not in Path("words").read_text()


@pytest.mark.usefixtures("later_start")
def test_under_nohup_a_run_outlives_its_terminal(tiny_bundle: Path) -> None:
    options = ["demo", "--voice", "text", "--currency", str(tiny_bundle), "--max-seconds", "3", "--events", "e.jsonl"]
    pid, ours = in_a_terminal([*APP, *options], ignore_hang_up=True)
    wait_for_words()
    os.close(ours)
    assert exit_code(pid, 20.0) == 0
    assert "Traceback" not in Path("words").read_text()
    assert json.loads(Path("e.jsonl").read_text().splitlines()[-1])["t"] > 2


@pytest.mark.usefixtures("later_start")
def test_a_run_in_the_background_of_a_shell_is_not_stopped(tiny_bundle: Path) -> None:
    """Bash puts each job in a group of its own, and a process that touches the terminal from there is stopped."""
    line = f"{' '.join(APP)} demo --voice off --currency {tiny_bundle} --max-seconds 1 --events e.jsonl & wait; exit\n"
    pid, ours = in_a_terminal(["bash", "--norc", "--noprofile", "-i"])
    os.write(ours, line.encode())
    code = exit_code(pid, 20.0)
    os.close(ours)
    assert code == 0
    assert json.loads(Path("e.jsonl").read_text().splitlines()[-1])["event"] == "summary"
