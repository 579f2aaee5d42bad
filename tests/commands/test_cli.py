"""The command line: options, exit codes, the help, and one line for everything that is wrong."""

from __future__ import annotations

import errno
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from currency_app import __version__, command_line
from currency_app.testing import FakeClock
from tests.support.app_command import Command, note, write_clip
from tests.support.commands import HARMLESS
from tests.support.painted import write_picture

pytestmark = pytest.mark.usefixtures("later_start")


@pytest.mark.parametrize("wrong", [["--nonsense"], ["--port", "abc"], ["extra"]])
def test_a_wrong_option_names_the_help_of_its_own_command(command: Command, wrong: list[str]) -> None:
    assert command("serve", *wrong).refused().endswith("Try `currency-app serve --help`.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--colour"],
        ["run", "--colour"],
        ["identify"],
        ["identify", "--colour", "a.png"],
        ["run", "extra"],
        ["run", "two\nlines"],
        ["run", "--voice", "\x1b[2J"],
        ["nonsense"],
        ["run", "--voice", "loud"],
        ["run", "--voice"],
        ["run", "--camera-faces", "sideways"],
        ["run", "--max-seconds", "soon"],
        ["run", "--max-seconds", "0"],
        ["run", "--max-seconds", "-3"],
        ["run", "--max-seconds", "nan"],
        ["run", "--rate", "fast"],
        ["benchmark", "--threads", "0"],
        ["serve", "--port", "here"],
    ],
)
def test_a_wrong_option_is_one_line(command: Command, arguments: list[str]) -> None:
    line = command(*arguments).refused()
    assert "--help`." in line
    assert "_" not in line.split("Try")[0], "no name from the code"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--voice", "text", "--rate", "1000"], "from 80 to 500"),
        (["--voice", "text", "--language", "xx"], "Choose one of"),
        (["--voice", "text", "--window"], "no display for a window"),
        (["--voice", "text", "--events", "none/events.jsonl"], "cannot be written"),
    ],
)
def test_an_option_that_cannot_work_here_says_what_to_do(command: Command, options: list[str], said: str) -> None:
    clip = write_clip(Path("clip"), (2, note(20)))
    assert said in command.on_bundle("run", "--source", str(clip), *options).refused()


def test_a_screen_reader_that_is_not_there_is_refused(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("currency_app.speech.voices.screen_reader_finder", lambda *_, **__: lambda: None)
    clip = write_clip(Path("clip"), (2, note(20)))
    line = command.on_bundle("run", "--source", str(clip), "--voice", "screen-reader").refused()
    assert "--voice auto" in line


@pytest.mark.parametrize("arguments", [["run"], ["demo"], ["identify", "a.png"], ["benchmark"]])
def test_a_tampered_bundle_is_refused(
    command: Command, tiny_bundle: Path, tmp_path: Path, arguments: list[str]
) -> None:
    tampered = tmp_path / "tampered"
    shutil.copytree(tiny_bundle, tampered)
    with (tampered / "model.tflite").open("ab") as model:
        model.write(b".")
    line = command(*arguments, "--currency", str(tampered)).refused()
    assert "not the file that its bundle.json describes" in line


def test_an_unknown_currency_is_refused(command: Command) -> None:
    assert "There is no model bundle xyz" in command("identify", "--currency", "xyz", "a.png").refused()


def test_the_help_and_the_version_tell_what_matters(command: Command) -> None:
    assert command("--help").code == 0
    text = " ".join(command.out)
    assert "This does not tell whether money is genuine." in text
    for name in ("run", "demo", "identify", "benchmark", "doctor"):
        assert name in text
    assert command("--version").code == 0
    assert command.out == [f"currency-app {__version__}"]
    command("run", "--help")
    assert "This does not tell whether money is genuine." in " ".join(command.out)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ImportError("initialization failed")])
def test_an_interrupt_has_its_own_exit_code(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Also if it comes while an extension is loaded, which then calls it a failure."""

    def interrupted(*given: object) -> None:
        raise error from KeyboardInterrupt()

    monkeypatch.setattr("currency_app.identify.identify_file", interrupted)
    write_picture(Path("a.png"), note(20))
    command.on_bundle("identify", "a.png")
    assert (command.code, command.out, command.err) == (130, [], [])


def test_a_library_for_which_memory_is_too_short_is_one_sentence(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def short(*given: object) -> None:
        raise ImportError("_imaging.so: failed to map segment from shared object")

    monkeypatch.setattr("currency_app.identify.identify_file", short)
    write_picture(Path("a.png"), note(20))
    command.on_bundle("identify", "a.png")
    assert command.code == 2
    assert "memory" in command.err[0]


@pytest.mark.usefixtures("signals_restored")
def test_signals_that_come_in_a_burst_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock(100.0)
    monkeypatch.setattr("currency_app.command_line.time.monotonic", clock)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell ignores in what it starts with `&`
    command_line._end_on_signals()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    clock.sleep(1.0)
    signal.raise_signal(signal.SIGTERM)
    signal.raise_signal(signal.SIGINT)
    clock.sleep(command_line.BURST_S)
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


INTERRUPTED_WHILE_IT_LOADS = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell ignores in what it starts with `&`
from currency_app.__main__ import start

class Interrupting:
    def find_spec(self, name, *_):
        if name == "currency_app.commands":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
sys.exit(start())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_an_interrupt_while_it_loads_is_no_traceback() -> None:
    ended = python("-c", INTERRUPTED_WHILE_IT_LOADS)
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, "", "")


def test_too_little_memory_to_load_is_one_line() -> None:
    ended = python("-c", INTERRUPTED_WHILE_IT_LOADS.replace("os.kill(os.getpid(), signal.SIGINT)", "raise MemoryError"))
    assert (ended.stdout, ended.stderr.count("\n")) == ("", 1)
    assert "There is too little free memory" in ended.stderr


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)


def test_it_starts_without_the_training_packages() -> None:
    done = python("-X", "importtime", "-m", "currency_app", "--help")
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert "currency_app.commands.cli" in imported
    assert imported.isdisjoint({"tensorflow", "keras", "coremltools", "training", "cv2"})


def test_reading_an_image_needs_no_training_package(tiny_bundle: Path) -> None:
    write_picture(Path("a.png"), note(20))
    code = (
        "import sys; from currency_app.commands.cli import main; code = main(sys.argv[1:]); "
        "print([name for name in ('tensorflow', 'keras', 'coremltools', 'training') if name in sys.modules]); "
        "sys.exit(code)"
    )
    done = python("-c", code, "identify", "--currency", str(tiny_bundle), "a.png")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("a.png: 20 dollars, front")
    assert done.stdout.splitlines()[1] == "[]"


def test_a_reader_that_goes_away_is_no_traceback(tiny_bundle: Path) -> None:
    write_clip(Path("clip"), (30, note(20)))
    arguments = ["-m", "currency_app", "identify", "--currency", str(tiny_bundle), "clip"]
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 141
    assert [line for line in errors.splitlines() if HARMLESS not in line] == []


REFUSALS = [
    (OSError(errno.ENOENT, "No such file or directory", "/tmp/a"), "/tmp/a cannot be used: .* Check the name"),
    (PermissionError(errno.EACCES, "Permission denied", b"b"), "b cannot be used: .* Let this account use it"),
    (OSError(errno.ENOSPC, "No space left on device"), "A file or device cannot be used: .* Make room on the disk"),
    (OSError(errno.ENAMETOOLONG, "File name too long", "c" * 9), "c{9} cannot be used: .* Give a shorter name"),
    (OSError(errno.EIO, "Input/output error", "d", None, "e"), "d and e cannot be used: .* may be failing"),
    (MemoryError(), "There is too little free memory on this computer. Close other programs"),
    (RuntimeError("can't start new thread"), "There is too little free memory on this computer. Close other programs"),
    (OSError("no reason of the system's"), "A file or device cannot be used: no reason .* try again"),
    (FileNotFoundError(errno.ENOENT, "No such file", "f\udce9"), "f\ufffd cannot be used"),
]


@pytest.mark.parametrize(("refusal", "sentence"), REFUSALS)
@pytest.mark.parametrize("command_name", ["identify", "run", "benchmark", "doctor"])
def test_whatever_the_system_refuses_is_named_and_is_not_the_answer(
    command: Command, monkeypatch: pytest.MonkeyPatch, refusal: OSError, sentence: str, command_name: str
) -> None:
    """Output that works is never blamed for another file."""

    def refuse(*_: object, **__: object) -> object:
        raise refusal

    # The least that every command needs.
    monkeypatch.setattr(f"currency_app.commands.{command_name}._{command_name}", refuse)
    words = {"identify": ["identify", "a.jpg"]}.get(command_name, [command_name])
    assert re.search(sentence, command(*words).refused())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["identify"], ["identify", "--json"]])
def test_output_that_is_full_is_called_so(tiny_bundle: Path, tmp_path: Path, words: list[str]) -> None:
    picture = write_picture(tmp_path / "a.png", note(20))
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "currency_app", *words, "--currency", str(tiny_bundle), str(picture)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "The answer cannot be written: No space left on device. Choose another place." in done.stderr
    assert "Traceback" not in done.stderr
