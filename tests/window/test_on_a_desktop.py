"""The whole app in its window on a private display: keys pressed by xdotool, and what a screen reader finds."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from currency_app.controls.actions import ACTIONS
from currency_app.speech.phrases import Phrases
from tests.support.desktop import missing_programs, private_desktop, system_python
from tests.support.sources import CHECKOUT

pytest.importorskip("PySide6", reason="needs the extra window")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="needs a private X display"),
    pytest.mark.skipif(bool(missing_programs()), reason=f"needs {', '.join(missing_programs())}"),
]
ENGLISH = Phrases("en")
TITLE = ENGLISH.window("title")
KEYSYMS = {"+": "plus", "-": "minus", ".": "period", "?": "question"}
"""What X calls keys that are no letter or digit."""
WAIT_S = 20.0
"""Seconds in which something must have happened, on a busy machine too."""


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with private_desktop(tmp_path_factory.mktemp("desktop")) as found:
        yield found


class WindowRun:
    """`currency-app demo` in its window, whose words are printed too."""

    def __init__(self, environ: dict[str, str], folder: Path, *options: str) -> None:
        self.environ = environ
        self.events = folder / "events.jsonl"
        self.words = folder / "words.txt"
        command = [sys.executable, "-m", "currency_app", "demo", "--voice", "text", "--events", str(self.events)]
        with self.words.open("w") as words:
            self.process = subprocess.Popen([*command, *options], env=environ, cwd=CHECKOUT, stderr=words)
        self.wait_for(lambda: "Demonstration" in self.words.read_text())
        self.xdotool("search", "--sync", "--onlyvisible", "--name", TITLE, "windowactivate", "--sync")

    def xdotool(self, *arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], env=self.environ, check=True, timeout=WAIT_S, capture_output=True)

    def press(self, *keys: str) -> None:
        self.xdotool("key", *keys)

    def wait_for(self, holds: Any) -> None:
        ends = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < ends, self.words.read_text()
            assert self.process.poll() is None, self.words.read_text()
            time.sleep(0.05)

    def end(self) -> int:
        return self.process.wait(WAIT_S)


@contextlib.contextmanager
def running(environ: dict[str, str], folder: Path, *options: str) -> Iterator[WindowRun]:
    run = WindowRun(environ, folder, *options)
    try:
        yield run
    finally:
        run.process.kill()
        run.process.wait(WAIT_S)


def test_every_action_by_its_key_alone(environ: dict[str, str], tmp_path: Path) -> None:
    """Rate, hints and language are kept, in a file that no other test reads."""
    file = tmp_path / "settings.toml"
    environ = {**environ, "CURRENCY_APP_SETTINGS": str(file)}
    with running(environ, tmp_path) as run:
        for action in ACTIONS:
            if action.name == "stop":
                continue
            before = len(run.words.read_text().splitlines())
            run.press(KEYSYMS.get(action.key, action.key))
            run.wait_for(lambda before=before: len(run.words.read_text().splitlines()) > before)
        assert ENGLISH.nothing_said() in run.words.read_text()
        assert ENGLISH.total_none() in run.words.read_text()
        run.press("shift+q")
        assert run.end() == 0
    assert json.loads(run.events.read_text().splitlines()[-1])["event"] == "summary"
    assert tomllib.loads(file.read_text()) == {"version": 1, "hints": "few", "language": "es"}


def test_the_menu_has_every_action_and_needs_no_mouse(environ: dict[str, str], tmp_path: Path) -> None:
    with running(environ, tmp_path) as run:
        run.press("F10")
        time.sleep(0.5)
        run.press("Up", "Return")  # from the end: quit is the last
        assert run.end() == 0


def test_the_settings_are_kept_by_keys_alone(environ: dict[str, str], tmp_path: Path) -> None:
    """The first field is who speaks: from what works here two down to the system's voice."""
    file = tmp_path / "settings.toml"
    environ = {**environ, "CURRENCY_APP_SETTINGS": str(file)}
    with running(environ, tmp_path) as run:
        run.press("ctrl+comma")
        run.xdotool("search", "--sync", "--onlyvisible", "--name", f"^{ENGLISH.window('settings')}$")
        time.sleep(0.5)  # the window manager hands over the keyboard
        run.press("Down", "Down", "Return")
        run.wait_for(file.exists)
        run.xdotool("search", "--sync", "--onlyvisible", "--name", TITLE, "windowactivate", "--sync")
        run.press("q")
        assert run.end() == 0
    assert tomllib.loads(file.read_text())["voice"] == "system"


def test_an_error_is_shown_to_whoever_started_from_the_menu(environ: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "currency_app", "run", "--window", "--show-errors", "--source", "none.mp4"]
    process = subprocess.Popen(command, env=environ, cwd=CHECKOUT, stderr=subprocess.PIPE, text=True)
    try:
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{TITLE}$"]
        # The search fails if another window goes while it looks at it.
        options: dict[str, Any] = {"env": environ, "timeout": WAIT_S, "capture_output": True}
        assert any(subprocess.run(search, check=False, **options).returncode == 0 for _ in range(3)), "no window"
        time.sleep(2.0)
        assert process.poll() is None, "it waits until somebody has read it"
        for _ in range(int(WAIT_S / 0.5)):
            subprocess.run(["xdotool", "key", "Return"], env=environ, check=False, timeout=WAIT_S)
            if process.poll() is not None:
                break
            time.sleep(0.5)
        _, error = process.communicate(timeout=WAIT_S)
    finally:
        process.kill()
        process.wait(WAIT_S)
    assert process.returncode == 2
    assert "No file or folder none.mp4 was found" in error


def test_closing_the_window_ends_the_app(environ: dict[str, str], tmp_path: Path) -> None:
    with running(environ, tmp_path) as run:
        run.press("alt+F4")
        assert run.end() == 0
    assert json.loads(run.events.read_text().splitlines()[-1])["event"] == "summary"


@pytest.mark.skipif(system_python() is None, reason="needs python3-gi and gir1.2-atspi-2.0")
def test_a_screen_reader_finds_names_roles_and_the_order_of_the_focus(environ: dict[str, str], tmp_path: Path) -> None:
    with running(environ, tmp_path) as run:
        time.sleep(1.5)  # the prompt waits until what got the focus has been read
        client = subprocess.Popen(
            [str(system_python()), str(CHECKOUT / "tests/support/accessible_tree.py"), "currency-app", "12"],
            env=environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert client.stdout is not None
        # It may hear of a change before it has found the window.
        tree: dict[str, Any] = next(line for line in map(json.loads, client.stdout) if isinstance(line, dict))
        for _ in range(5):
            run.press("Tab")
            time.sleep(0.2)
        run.wait_for(lambda: '"sighting"' in run.events.read_text())
        heard = [json.loads(line) for line in client.stdout]
        client.wait(WAIT_S)
        client.stdout.close()
    assert (tree["role"], tree["name"]) == ("frame", TITLE)
    (parts,) = tree["children"]
    by_role: dict[str, list[str]] = {}
    for child in parts["children"]:
        by_role.setdefault(child["role"], []).append(child["name"])
    buttons = by_role["push button"]
    assert f"{ENGLISH.action('repeat')} (R)" in buttons and f"{ENGLISH.window('menu')} (F10)" in buttons
    assert ENGLISH.window("picture") in [name for names in by_role.values() for name in names]
    assert [child["name"] for child in parts["children"] if child["focused"]] == [
        ENGLISH.demonstration(ENGLISH.demonstration_ready())
    ]
    assert not [child for child in parts["children"] if child["focusable"] and not child["name"]], "each has a name"
    order = [name for kind, _, name, _ in heard if kind.startswith("object:state-changed:focused")]
    labels = [name for name in order if name in buttons]
    assert labels[:3] == [name for name in buttons if name in labels][:3], "from left to right"
    changed = [name for kind, role, name, _ in heard if "accessible-name" in kind and role == "label"]
    assert any("dollars" in name for name in changed), "the value is the label's own text"
