"""`currency-app doctor`: checks what the app needs, one line for each, with the fix in it if something is wrong."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from currency_app.commands.kept import kept_settings
from currency_app.commands.options import add_currency_option, add_language_option, fill_in
from currency_app.errors import BundleError, CurrencyAppError, SourceError
from currency_app.paths import printable
from currency_app.settings import StoredSettings, settings_file

if TYPE_CHECKING:
    from currency_app.camera.base import Source
    from currency_app.events import Frame, SourceEvent

CheckResult = tuple[bool, str]
"""Whether it works, and one line: what was found, or what is wrong and how to fix it."""

WARM_UP_FRAMES = 10
"""The first pictures of many cameras are dark, until they have measured the light."""
SPEED_FRAMES = 150
"""Ten seconds of the drawn scene: enough for a 95th percentile."""


@dataclass(frozen=True)
class Check:
    """One thing to look at."""

    name: str
    """One word."""
    run: Callable[[], CheckResult]
    """Looks. A CurrencyAppError that it raises counts as a failure and gives the line."""
    without: str = ""
    """What the app does if the check fails; empty for what it cannot do without."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `doctor`."""
    add_currency_option(parser, kept=True)
    add_language_option(parser)
    parser.set_defaults(command=_doctor)


def _doctor(args: argparse.Namespace) -> int:
    stored = kept_settings(told=False)
    fill_in(args, stored, recording=False)
    checks = default_checks(
        args.currency,
        language=args.language,
        open_camera=lambda: _open_camera(str(stored.value("source"))),
    )
    settings = Check("settings", lambda: check_settings(stored), without="The usual values take their place.")
    return run_doctor(sys.stdout, checks=[settings, *checks])


def run_doctor(
    stream: TextIO, *, currency: str = "usd", language: str = "auto", checks: Sequence[Check] | None = None
) -> int:
    """Run the checks and print a line for each and one for all.

    Returns the exit code: 1 if something needed fails.

    currency: whose model to check, or the folder of a bundle. language: of what is said. checks: what to look at,
    `default_checks` unless told.
    """
    failed = []
    for check in default_checks(currency, language=language) if checks is None else checks:
        ok, text = _look(check)
        if ok:
            print(f"ok    {check.name}: {text}", file=stream, flush=True)
        elif check.without:
            print(f"note  {check.name}: {text} {check.without}", file=stream, flush=True)
        else:
            failed.append(check.name)
            print(f"FAIL  {check.name}: {text}", file=stream, flush=True)
    print(f"Not ready: {', '.join(failed)}." if failed else "Ready.", file=stream, flush=True)
    return 1 if failed else 0


def default_checks(
    currency: str = "usd",
    *,
    language: str = "auto",
    open_camera: Callable[[], Source] | None = None,
) -> list[Check]:
    """Return checks of the camera, language, speech, the model of a currency, and the speed on this computer.

    open_camera: opens camera 0 unless given. Beside the speed stands how many threads the app uses for a camera here.
    """
    return [
        Check("camera", lambda: check_camera(open_camera or _open_camera)),
        Check("language", lambda: _check_language(currency, language)),
        Check("speech", lambda: _check_speech(language), without="The app prints what it would say instead."),
        Check("screen reader", check_screen_reader),
        Check("model", lambda: check_model(currency)),
        Check("threads", lambda: check_threads(currency)),
        Check("speed", lambda: check_speed(currency)),
    ]


def _open_camera(source: str = "0") -> Source:
    from currency_app.camera import open_source

    return open_source(source, realtime=True)


def check_settings(stored: StoredSettings) -> CheckResult:
    """Tell where the settings that stay are kept. Fails if something in them cannot be used."""
    if stored.problems:
        return False, " ".join(stored.problems)
    return True, f"kept in {printable(str(settings_file()))}; `currency-app settings` lists them"


def check_screen_reader() -> CheckResult:
    """Tell which screen reader runs that words can be sent to; none is no failure."""
    from currency_app.speech.screen_reader import screen_reader_finder

    reader = screen_reader_finder(sys.stderr)()
    if reader is None:
        return True, "None is running that takes words from here, so the app speaks by itself."
    reader.close()
    return True, f"{reader.name} is running, and the app speaks through it."


def check_camera(open_camera: Callable[[], Source]) -> CheckResult:
    """Take some pictures and tell their size. Fails if they are black, as with a closed lens cover."""
    from currency_app.camera import is_black

    source = open_camera()
    try:
        frame = _settled_frame(source)
    finally:
        source.close()
    if frame is None:
        raise SourceError(f"{source.name} gives no picture. Unplug it and plug it in again.")
    height, width = frame.image.shape[:2]
    if is_black(frame.image):
        return False, f"{source.name} gives black pictures. Open its cover, or switch on a light."
    return True, f"{source.name}, {width}x{height}"


def _settled_frame(source: Source) -> Frame | None:
    """Return the newest picture once the camera has measured the light; None if it gives none."""
    from currency_app.events import CameraLost, Frame

    newest = None
    for event in source.events():
        if isinstance(event, CameraLost):
            break
        if isinstance(event, Frame):
            newest = event
            if event.index >= WARM_UP_FRAMES:
                break
    return newest


def _check_language(currency: str, language: str) -> CheckResult:
    from currency_app.recognition.bundle import load_bundles
    from currency_app.speech.check import check_language

    try:
        bundles = load_bundles(currency)
    except BundleError:
        bundles = ()  # the check of the model reports it
    return check_language(bundles, language)


def _check_speech(language: str) -> CheckResult:
    from currency_app.speech.check import check_speech

    return check_speech(language)


def check_model(currency: str) -> CheckResult:
    """Read and verify the bundle of a currency, or of several."""
    from currency_app.recognition.bundle import load_bundles

    found = [
        f"{bundle.currency}, values {', '.join(str(value) for value in bundle.values)}"
        for bundle in load_bundles(currency)
    ]
    return True, "; ".join(found)


def check_threads(currency: str) -> CheckResult:
    """Tell how many threads the network gets for a camera, as it was measured here, or is measured now."""
    from currency_app.recognition.bundle import load_bundles
    from currency_app.timing import ThreadChooser

    choice = ThreadChooser(load_bundles(currency)).choice()
    if not choice.pass_ms:
        return True, f"{choice.threads}: two need more than one processor, and time to be measured"
    one, two = (f"{choice.pass_ms[threads]['p50']:.1f} ms" for threads in (1, 2))
    return True, f"{choice.threads}; a look takes {one} with one thread, {two} with two"


def check_speed(currency: str) -> CheckResult:
    """Time the app on the first seconds of the demonstration.

    Fails if 1 frame in 20 or more is over the budget. It also tells at which pace a camera would be read.

    The budget is for one currency: for several together the time is told, whatever it is.
    """
    from currency_app.benchmarking import BUDGET_MS, run_benchmark
    from currency_app.demo.scene import DemoScene
    from currency_app.recognition.bundle import load_bundles
    from currency_app.timing import ThreadChooser, pace_for

    bundles = load_bundles(currency)
    threads = ThreadChooser(bundles).choice().threads
    scene = _FirstFrames(DemoScene(realtime=False), SPEED_FRAMES)
    measured = run_benchmark(bundles, DemoScene(realtime=False), scene, threads)
    frame_ms = measured.stages_ms["frame"]
    pace = pace_for(measured.pass_ms["p50"], frame_ms["p50"])
    found = f"19 of 20 frames within {frame_ms['p95']:.1f} ms; {BUDGET_MS:.0f} are allowed"
    if len(bundles) > 1:
        found = f"{found} for one currency, and these are {len(bundles)}"
    # A whole sentence, for what follows it is what to do.
    looks = "with" if pace.extra_looks else "without"
    found = f"{found}. Up to {pace.frames_per_second:.0f} frames a second of a camera are read, {looks} extra looks"
    if len(bundles) > 1:
        return True, found
    if frame_ms["p95"] > BUDGET_MS:
        return False, f"{found}. Close other programs and try again."
    return True, found


class _FirstFrames:
    """The beginning of a source."""

    def __init__(self, source: Source, count: int) -> None:
        self.name = source.name
        self.dropped = 0
        self._source = source
        self._count = count

    def events(self) -> Iterator[SourceEvent]:
        return itertools.islice(self._source.events(), self._count)

    def close(self) -> None:
        self._source.close()


def _look(check: Check) -> CheckResult:
    try:
        return check.run()
    except CurrencyAppError as error:
        return False, str(error)
    except Exception as error:
        # A doctor that breaks off would hide what the later checks find.
        what = " ".join(str(error).split()) or "no details"
        return False, f"{type(error).__name__}: {what}. Install the app again with `pip install .`."
