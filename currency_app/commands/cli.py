"""The `currency-app` command: each of its sub-commands is a module beside this one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from currency_app import __version__
from currency_app.command_line import Parser, run_cli
from currency_app.commands import benchmark, demo, devices, doctor, identify, install_desktop, run, serve, settings
from currency_app.commands.options import DISCLAIMER, add_currency_option
from currency_app.controls.actions import keys_help
from currency_app.milestones import reach


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the `currency-app` command and return its exit code."""
    reach("command")
    words = list(sys.argv[1:] if arguments is None else arguments)
    # `currency-app --voice text` means `currency-app run --voice text`.
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "run")
    return run_cli(_parser(), words)


def _parser() -> Parser:
    parser = Parser(
        prog="currency-app",
        description=f"Says the value of a banknote held to a webcam. {DISCLAIMER} Without a command: run.",
        epilog=f"While it runs in a terminal: {keys_help()}. Nothing that the "
        "camera sees or the app says leaves this computer, and none of it is stored unless asked. What is "
        "kept: your settings, a mark of the first start, and in the platform's cache folder how fast this computer is.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    run.add_options(
        commands.add_parser("run", help="read notes from a camera, file, folder or stream", description=DISCLAIMER)
    )
    demo.add_options(commands.add_parser("demo", help="the whole app on drawn notes: no camera needed"))
    identify.add_options(commands.add_parser("identify", help="read still images, one line each"))
    benchmark.add_options(
        commands.add_parser("benchmark", help="milliseconds a frame, by stage, against the 25 ms budget")
    )
    doctor.add_options(
        commands.add_parser(
            "doctor", help="check camera, light, speech, sound, model and speed, and say how to fix what fails"
        )
    )
    devices.add_options(
        commands.add_parser("devices", help="which cameras, voices, screen reader and loudspeakers are found")
    )
    settings.add_options(commands.add_parser("settings", help="what stays from start to start: list it, or set one"))
    install_desktop.add_options(
        commands.add_parser("install-desktop", help="put the window into the desktop's menu, with an icon")
    )
    server = commands.add_parser("serve", help="answer for images over HTTP: a REST API", description=DISCLAIMER)
    serve.add_options(server)
    add_currency_option(server)
    return parser
