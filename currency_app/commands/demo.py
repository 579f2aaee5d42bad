"""`currency-app demo`: the whole app on drawn notes in a drawn room."""

from __future__ import annotations

import argparse

from currency_app.commands.kept import kept_settings
from currency_app.commands.options import add_session_options, fill_in, settings_of
from currency_app.commands.run import run_session


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `demo`."""
    parser.add_argument(
        "--realtime", action=argparse.BooleanOptionalAction, default=True, help="paced like a camera (the default)"
    )
    add_session_options(parser)
    parser.set_defaults(command=_demo)


def _demo(args: argparse.Namespace) -> int:
    from currency_app.demo.scene import DemoScene

    fill_in(args, kept_settings(told=False), recording=True)
    settings = settings_of(args, demonstration=True)
    run_session(settings, lambda: DemoScene(realtime=args.realtime), args.events, source_path="", paced=args.realtime)
    return 0
