"""Options that several sub-commands have, and the settings that they make.

An option that is a setting too, by its name in `settings.KEYS`, is None if it was left out: then `fill_in` sets it to
what was kept, or to the usual value.
"""

from __future__ import annotations

import argparse

from currency_app.command_line import whole_number
from currency_app.settings import (
    AUTO_VALUE,
    HINT_LEVELS,
    KEYS,
    MAX_RATE,
    MIN_RATE,
    THEMES,
    VOICE_KINDS,
    Settings,
    StoredSettings,
)

DISCLAIMER = "This does not tell whether money is genuine."
"""What the help says first, and the app at its first start."""


def add_camera_options(parser: argparse.ArgumentParser) -> None:
    """Add what a user knows about where the camera stands."""
    parser.add_argument(
        "--camera-faces",
        choices=("user", "note"),
        help="a webcam faces you (user, the default); a camera on a stand looks at the note from your side (note)",
    )
    parser.add_argument(
        "--mirrored", action=argparse.BooleanOptionalAction, help="the camera's driver gives mirror images"
    )


def add_session_options(parser: argparse.ArgumentParser) -> None:
    """Add what a run and the demonstration have in common: speech, length and the event log."""
    parser.add_argument(
        "--voice",
        choices=VOICE_KINDS,
        help="who speaks; auto (default) is the running screen reader, else system speech, else text on standard error",
    )
    parser.add_argument(
        "--rate",
        type=whole_number(MIN_RATE, MAX_RATE),
        metavar="WPM",
        help=f"words per minute, {MIN_RATE} to {MAX_RATE} (165)",
    )
    add_language_option(parser)
    parser.add_argument(
        "--hints",
        choices=HINT_LEVELS,
        help="how many hints: all (default); few, which are farther apart and never say that no note is in view; off",
    )
    parser.add_argument(
        "--tones",
        action=argparse.BooleanOptionalAction,
        help="short tones for a note in view, in place and lost, and one to seven pulses for its value",
    )
    parser.add_argument("--count", action=argparse.BooleanOptionalAction, help="say the total after each value")
    parser.add_argument(
        "--window",
        action=argparse.BooleanOptionalAction,
        help="show picture and value in a window, or (--no-window) nothing; without it, a window if there is a display "
        "and the extra window is installed, but none for files read as fast as possible",
    )
    parser.add_argument(
        "--theme",
        choices=THEMES,
        help="colours of the window: auto (default) follows the system; contrast is high contrast",
    )
    parser.add_argument("--max-seconds", type=above_zero, metavar="S", help="stop after S seconds of source time")
    parser.add_argument(
        "--events",
        metavar="FILE",
        help="write what happens as JSON Lines, in place of what FILE held; - for standard output",
    )
    add_currency_option(parser, kept=True)


def add_language_option(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the language of what is said."""
    parser.add_argument(
        "--language",
        metavar="CODE",
        help="language of what is said, such as es or es-MX; auto (default) follows the system",
    )


def add_currency_option(parser: argparse.ArgumentParser, *, kept: bool = False) -> None:
    """Add the choice of model bundles.

    kept: if it is left out, what the user has kept counts, and not dollars in any case.
    """
    parser.add_argument(
        "--currency",
        default=None if kept else KEYS["currency"].usual,
        metavar="NAMES",
        help="a currency, or a model bundle's folder; several with commas between them, as in usd,eur (default: usd)",
    )


def fill_in(args: argparse.Namespace, stored: StoredSettings | None, *, recording: bool) -> None:
    """Set the options that were left out to what was kept, or to the usual value.

    stored: None for the usual values alone. recording: leave out what belongs to the user's camera, or changes what is
    said: what comes of a recording is the same on every machine.
    """
    # What somebody asks for now must work or be refused. What stays from other days must not keep the app from running.
    args.voice_required = getattr(args, "voice", None) is not None
    args.window_required = getattr(args, "window", None) is not None
    for key in KEYS.values():
        option = key.name.replace("-", "_")
        if getattr(args, option, key.usual) is None:
            left_out = stored is None or (recording and not key.about_words)
            setattr(args, option, key.usual if stored is None or left_out else stored.value(key.name))


def settings_of(args: argparse.Namespace, *, demonstration: bool = False) -> Settings:
    """Return the settings that the options of a run or a demonstration make, once they were filled in."""
    return Settings(
        currency=args.currency,
        language=args.language,
        voice=args.voice,
        voice_required=args.voice_required,
        rate=None if args.rate == AUTO_VALUE else args.rate,
        camera_faces_user=demonstration or args.camera_faces == "user",
        mirrored=not demonstration and args.mirrored,
        demonstration=demonstration,
        hints=args.hints,
        tones=args.tones,
        count=args.count,
        window=None if args.window == AUTO_VALUE else args.window,
        window_required=args.window_required,
        theme=args.theme,
        max_seconds=args.max_seconds,
    )


def above_zero(text: str) -> float:
    """Return a number of seconds above 0: an argparse type."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds
