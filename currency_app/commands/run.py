"""`currency-app run`: read notes from a camera, file, folder or stream."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from currency_app.command_line import whole_number
from currency_app.commands.kept import kept_settings
from currency_app.commands.options import add_camera_options, add_session_options, fill_in, settings_of
from currency_app.errors import CurrencyAppError
from currency_app.milestones import reach
from currency_app.settings import Settings
from currency_app.streams import complain

if TYPE_CHECKING:
    from currency_app.app import Listener
    from currency_app.camera.base import Source
    from currency_app.session import Session
    from currency_app.speech.greeting import Greeting
    from currency_app.window import AppWindow


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `run`."""
    parser.add_argument(
        "--source",
        help="camera number or device file (default: 0), video file, image folder (15 frames/s), http or rtsp stream",
    )
    add_camera_options(parser)
    parser.add_argument(
        "--realtime",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="play files at their own speed; without it every frame is read as fast as possible",
    )
    parser.add_argument(
        "--threads",
        type=whole_number(1, 16),
        metavar="N",
        help="network threads; without it one or two for a camera or live stream, as the first start measures which is "
        "faster here and keeps it in the cache folder, and one for files",
    )
    parser.add_argument(
        "--welcome",
        action=argparse.BooleanOptionalAction,
        help="begin with how to use the app, or do not; without it only the first start does",
    )
    parser.add_argument(
        "--tally",
        metavar="FILE.csv",
        help="list the notes that count in a CSV file, one line each; what it lists already stays",
    )
    parser.add_argument(
        "--show-errors",
        action="store_true",
        help="show an error in a window too, as there is no terminal to print it in after a start from a menu",
    )
    add_session_options(parser)
    parser.set_defaults(command=_run)


def run_session(
    settings: Settings,
    open_source: Callable[[], Source],
    events: str | None,
    source_path: str,
    *,
    tally: str | None = None,
    live: bool = False,
    paced: bool = True,
    introduce: bool | None = False,
    settings_unusable: bool = False,
    show_errors: bool = False,
) -> None:
    """Run the app on a source until it ends, with keys, an event log, and a window if possible.

    events: the log's path, "-" for standard output, None for none. source_path: what the log must not replace.
    tally: the path of the list of notes, None for none. live: the source may be a camera or live stream; see `Session`.
    paced: it plays at its own speed, so that somebody may watch; if not, a window opens only if the settings ask for
    one. introduce, settings_unusable: see `Session.greeting`. show_errors: see
    `run_with_window`.
    """

    def run(window: AppWindow | None) -> None:
        from currency_app.session import Session

        session = Session(settings, live=live)
        reach("model")
        source = None
        try:
            source = open_source()
            reach("camera")
            if events and _same_file(events, source_path):
                raise CurrencyAppError(f"{events} is the source itself: write the events to another file.")
            if events and _is_picture_in(source_path, events):
                raise CurrencyAppError(f"{events} is a picture of the source: write the events to another file.")
            if events and tally and Path(events).resolve() == Path(tally).resolve():
                raise CurrencyAppError(f"{events} is the list of notes too: write the events to another file.")
            session.recognizer(source)  # speech is made ready only then, for it would disturb a measurement

            def greeting() -> Greeting:
                return session.greeting(
                    introduce=introduce, keys=_keys_read(window), settings_unusable=settings_unusable
                )

            _run_app(session, source, greeting, events, tally, window)
        finally:
            session.close()
            if source is not None:
                source.close()

    reach("options")
    if _shows_window(settings, paced):
        from currency_app.window import run_with_window

        run_with_window(settings, run, show_errors=show_errors)
    else:
        run(None)


def _shows_window(settings: Settings, paced: bool) -> bool:
    """Whether to open a window. Raises CurrencyAppError if one is asked for that cannot open.

    Of one that was only kept it prints why there is none: the app is no less heard in a terminal.
    """
    from currency_app.window import can_open_window, require_window

    if settings.window:
        try:
            require_window()
            return True
        except CurrencyAppError as error:
            if settings.window_required:
                raise
            complain(f"currency-app: The kept setting window cannot be used. {error}")
            return False
    return settings.window is None and paced and can_open_window()


def _run_app(
    session: Session,
    source: Source,
    greeting: Callable[[], Greeting],
    events: str | None,
    tally: str | None,
    window: AppWindow | None,
) -> None:
    """Run the app of a session with its keys until the source ends.

    greeting: returns what is said first, once the voice is open.
    """
    from currency_app.controls.actions import key_bindings
    from currency_app.controls.terminal import keyboard
    from currency_app.eventlog import EventLog
    from currency_app.settings import keep
    from currency_app.tally import NoteListFile

    with contextlib.ExitStack() as files:
        notes = files.enter_context(NoteListFile(tally)) if tally else None
        listeners: list[Listener] = [files.enter_context(EventLog(events))]
        if window is None:
            voice = session.open_changing_voice()
        else:
            listeners.append(window.model)
            voice = session.open_changing_voice(say_accessible=window.announce, shown=window.voice)
        app = session.app(source, voice=voice, greeting=greeting(), listeners=listeners)
        app.keep_choices(keep)
        if notes is not None:
            app.list_notes(notes)
        if window is not None:
            window.follow(app, session.phrases)
        # An interrupt is how many users end it, and as good an end as any.
        reach("voice")
        with keyboard(key_bindings(app)), contextlib.suppress(KeyboardInterrupt):
            app.run()


def _run(args: argparse.Namespace) -> int:
    from currency_app.camera import may_be_live, open_source

    live = args.source is None or may_be_live(args.source)
    stored = kept_settings(told=live)
    fill_in(args, stored, recording=not live)
    live = may_be_live(args.source)
    run_session(
        replace(settings_of(args), threads=args.threads),
        lambda: open_source(args.source, realtime=args.realtime),
        args.events,
        args.source,
        tally=args.tally,
        live=live,
        paced=live or args.realtime,
        introduce=False if args.welcome is None and (not live or args.voice == "off") else args.welcome,
        show_errors=args.show_errors,
        settings_unusable=bool(live and stored.news),
    )
    return 0


def _keys_read(window: AppWindow | None) -> dict[str, str] | None:
    """Return the keys by what they do; None if there is nowhere to press them."""
    from currency_app.controls.actions import ACTIONS

    terminal = sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()
    return {action.name: action.key.upper() for action in ACTIONS} if terminal or window is not None else None


def _same_file(one: str, other: str) -> bool:
    return Path(one).exists() and Path(other).exists() and Path(one).samefile(other)


def _is_picture_in(folder: str, path: str) -> bool:
    """Whether a path is a picture in a folder.

    The log of an earlier run, which may be there too, is none.
    """
    from currency_app.images import IMAGE_SUFFIXES

    file = Path(path)
    return (
        file.suffix.lower() in IMAGE_SUFFIXES
        and file.is_file()
        and Path(folder).is_dir()
        and Path(folder).resolve() in file.resolve().parents
    )
