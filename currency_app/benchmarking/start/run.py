"""Start the app as its command does, again and again, and listen for "Ready"."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from currency_app.benchmarking.chain import NoteCamera, SoundRecorder, first_sound, silent_loudspeaker
from currency_app.benchmarking.instructions import cpu_features
from currency_app.benchmarking.start.figures import StartFigures
from currency_app.errors import CurrencyAppError
from currency_app.speech.screen_reader.finding import screen_reader_finder
from currency_app.timing.processor import cpu_name

_COMMAND = """
import sys
from currency_app.commands.cli import main
code = main(sys.argv[1:])
import json
from currency_app.milestones import reached
print(json.dumps(reached()))
sys.exit(code)
"""
"""What the installed command does, and then tells when it reached what."""
_PACKAGES = Path(__file__).resolve().parents[3]
"""The folder that this package lies in: the app's process must find it as well."""
_SECONDS = "0.3"
"""Seconds of pictures after which a start ends, once "Ready" has been said. Chosen by hand: one picture is enough."""
_MAX_S = 60.0
"""Seconds in which a start must have ended; generous, chosen by hand."""
_DISPLAY = ("DISPLAY", "XAUTHORITY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""Variables that name the user's display, which a private sound server does not hand on."""


def run_starts(count: int = 10, currency: str = "usd") -> StartFigures:
    """Start the app on a camera so often, and measure from the command to the first sound of "Ready".

    One more start goes before, to warm up, and is left out: it may measure how many threads are best here, which is
    kept. A window is opened on the display; without one it is drawn off the screen, and without Qt left out.
    currency: as the command takes it. Raises CurrencyAppError if sound cannot be recorded here, which needs Linux and
    PulseAudio or PipeWire, or if the app cannot be started.
    """
    if sys.platform != "linux":
        raise CurrencyAppError("The start is measured on Linux only, whose sound can be recorded without a sound card.")
    loudspeaker = silent_loudspeaker()
    window, shown = _window()
    with loudspeaker, NoteCamera([]) as camera, tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        # Every start but the first ever begins with "Ready". What the app remembers of it is the user's own.
        (Path(folder) / "currency-app").mkdir()
        (Path(folder) / "currency-app" / "started").touch()
        env = {**loudspeaker.env, **shown, "XDG_STATE_HOME": folder}
        voice = _voice()
        arguments = ["run", "--source", camera.url, "--voice", voice, "--no-welcome", "--max-seconds", _SECONDS]
        arguments += ["--currency", currency]
        arguments.append("--no-window" if "left out" in window else "--window")
        with SoundRecorder(env, loudspeaker=loudspeaker.loudspeakers[0]) as recorder:
            starts = [_start(arguments, env, recorder) for _ in range(count + 1)]
    return StartFigures(cpu_name(), cpu_features(), window, voice, starts[1:])


def _start(arguments: list[str], env: Mapping[str, str], recorder: SoundRecorder) -> dict[str, float]:
    """Start the app once; return milliseconds from the command to each milestone that it reached."""
    path = os.pathsep.join([str(_PACKAGES), *filter(None, [env.get("PYTHONPATH", "")])])
    begin = time.perf_counter()
    app = subprocess.run(
        [sys.executable, "-P", "-c", _COMMAND, *arguments],
        env={**env, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_MAX_S,
        check=False,
    )
    if app.returncode != 0:
        why = app.stderr.strip().splitlines()
        raise CurrencyAppError(f"The app cannot be started here: {why[-1] if why else app.returncode}")
    recorder.catch_up(0.1)
    found = {name: at_s - begin for name, at_s in json.loads(app.stdout.splitlines()[-1]).items()}
    first = max(recorder.at(begin + found["ready"]), 0)
    sound = first_sound(recorder.samples()[first:])
    if sound is not None:
        found["sound"] = recorder.when(first + sound) - begin
    return {name: 1e3 * seconds for name, seconds in found.items()}


def _voice() -> str:
    """Return the voice to start with: the usual one, unless that were a screen reader's, which nobody records."""
    return "auto" if screen_reader_finder(io.StringIO(), lambda _: None)() is None else "system"


def _window() -> tuple[str, dict[str, str]]:
    """Return what a window is shown on here, in words, and the variables of the environment that choose it."""
    if importlib.util.find_spec("PySide6") is None:
        return "left out, as the extra window is not installed", {}
    display = {name: os.environ[name] for name in _DISPLAY if name in os.environ}
    if display.get("QT_QPA_PLATFORM") == "offscreen" or not display:
        return "drawn off the screen, as there is no display", {"QT_QPA_PLATFORM": "offscreen"}
    return "on the display", display
