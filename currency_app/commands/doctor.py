"""`currency-app doctor`: checks what the app needs, one line for each, with the fix in it if something is wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

from currency_app.commands.kept import kept_settings
from currency_app.commands.options import add_currency_option, add_language_option, fill_in
from currency_app.controls.terminal import ask_yes_no
from currency_app.paths import printable
from currency_app.settings import StoredSettings, settings_file

if TYPE_CHECKING:
    from currency_app.camera import Source
    from currency_app.checks import Check, CheckResult


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `doctor`."""
    add_currency_option(parser, kept=True)
    add_language_option(parser)
    parser.set_defaults(command=_doctor)


def _doctor(args: argparse.Namespace) -> int:
    from currency_app.checks import Check

    stored = kept_settings(told=False)
    fill_in(args, stored, recording=False)
    checks = default_checks(
        args.currency, language=args.language, source=str(stored.value("source")), voice=str(stored.value("voice"))
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
    from currency_app.checks import perform

    failed = []
    for check in default_checks(currency, language=language) if checks is None else checks:
        found = perform(check)
        if found is None:
            continue
        ok, text = found
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
    source: str = "0",
    voice: str = "auto",
    open_camera: Callable[[], Source] | None = None,
) -> list[Check]:
    """Return checks of camera, light, language, screen reader, speech, sound, window, model and speed.

    source, voice: what the app would use, as `run` takes them. open_camera: opens another source in its place. A
    question is asked only of somebody at a terminal.
    """
    from currency_app.checks import CameraChecks, Check, HearingChecks, check_model, check_speed, check_threads

    seeing = CameraChecks(open_camera or (lambda: _open_camera(source)), _camera_name(source))
    hearing = HearingChecks(language, voice, ask_yes_no)
    return [
        Check("camera", seeing.camera),
        Check("light", seeing.light),
        Check("language", lambda: _check_language(currency, language)),
        Check("screen reader", hearing.screen_reader, without="System speech takes its place."),
        Check("speech", hearing.speech, without="The app prints what it would say instead."),
        Check("sound", hearing.sound),
        Check("window", _check_window, without="The app runs in the terminal."),
        Check("model", lambda: check_model(currency)),
        Check("threads", lambda: check_threads(currency)),
        Check("speed", lambda: check_speed(currency)),
    ]


def check_settings(stored: StoredSettings) -> CheckResult:
    """Tell where the settings that stay are kept. Fails if something in them cannot be used."""
    if stored.problems:
        return False, " ".join(stored.problems)
    return True, f"kept in {printable(str(settings_file()))}; `currency-app settings` lists them"


def _open_camera(source: str) -> Source:
    from currency_app.camera import open_source

    return open_source(source, realtime=True)


def _camera_name(source: str) -> str:
    """Return what a camera calls itself, "" if that is not known."""
    from currency_app.camera import list_cameras

    names = [
        camera.name for camera in list_cameras() if source in (str(camera.number), camera.path, camera.stable_path)
    ]
    return names[0] if names else ""


def _check_language(currency: str, language: str) -> CheckResult:
    from currency_app.errors import BundleError
    from currency_app.recognition import load_bundles
    from currency_app.speech import check_language

    try:
        bundles = load_bundles(currency)
    except BundleError:
        bundles = ()  # the check of the model reports it
    return check_language(bundles, language)


def _check_window() -> CheckResult:
    from currency_app.window import require_window

    require_window()
    return True, "It can open here."
