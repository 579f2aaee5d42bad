"""Checks what the app needs, one plain line for each, with the cure in the line where something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from currency_app.camera import Source, open_source
from currency_app.errors import CurrencyAppError, SourceError
from currency_app.events import CameraLost, Frame

Finding = tuple[bool, str]
"""Whether it works, and one line: what was found, or what is wrong and its cure."""

DARK_LUMA = 8.0
WARM_UP_FRAMES = 10


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    name: one word. run: looks; a CurrencyAppError that it raises counts as a failure and gives the line.
    without: what the app does where the check fails; empty for what it cannot do without.
    """

    name: str
    run: Callable[[], Finding]
    without: str = ""


def run_doctor(stream: TextIO, *, checks: Sequence[Check] | None = None) -> int:
    """Run the checks and print a line for each and one for all. Returns the exit code: 1 if something needed fails.

    checks: what to look at, `default_checks()` unless told.
    """
    failed = []
    for check in default_checks() if checks is None else checks:
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
    *,
    language: str = "en",
    open_camera: Callable[[], Source] = lambda: open_source("0", realtime=True),
    speed: Callable[[], Finding] | None = None,
) -> list[Check]:
    """Camera 0, speech in a language, the model bundle, and the speed of the whole (`benchmark` unless given)."""
    return [
        Check("camera", lambda: check_camera(open_camera)),
        Check("speech", lambda: _check_speech(language), without="The app prints what it would say instead."),
        Check("model", check_model),
        Check("speed", speed or _check_speed),
    ]


def check_camera(open_camera: Callable[[], Source]) -> Finding:
    """Take some pictures and tell their size. Fails where they are black, as with a closed lens cover."""
    source = open_camera()
    try:
        frame = _settled_frame(source)
    finally:
        source.close()
    if frame is None:
        raise SourceError(f"{source.name} gives no picture. Unplug it and plug it in again.")
    height, width = frame.image.shape[:2]
    if float(frame.image.mean()) < DARK_LUMA:
        return False, f"{source.name} gives black pictures. Open its cover, or switch on a light."
    return True, f"{source.name}, {width}x{height}"


def _settled_frame(source: Source) -> Frame | None:
    # The first pictures of many cameras are dark, until they have measured the light.
    newest = None
    for event in source.events():
        if isinstance(event, CameraLost):
            break
        if isinstance(event, Frame):
            newest = event
            if event.index >= WARM_UP_FRAMES:
                break
    return newest


def check_model(currency: str = "usd") -> Finding:
    """Read and verify the installed bundle of a currency."""
    from currency_app.bundle import find_bundle, load_bundle

    bundle = load_bundle(find_bundle(currency))
    return True, f"{bundle.currency}, values {', '.join(str(value) for value in bundle.values)}"


def _check_speech(language: str) -> Finding:
    from currency_app.voices.check import check_speech

    return check_speech(language)


def _check_speed() -> Finding:
    from currency_app.benchmark import check_speed

    return check_speed()


def _look(check: Check) -> Finding:
    try:
        return check.run()
    except CurrencyAppError as error:
        return False, str(error)
    except Exception as error:
        # A doctor that breaks off would hide what the later checks find.
        what = " ".join(str(error).split()) or "no details"
        return False, f"{type(error).__name__}: {what}. Install the app again with `pip install .`."
