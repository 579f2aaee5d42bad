"""Arguments in, App out: each sub-command is one short function."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from currency_app import __version__
from currency_app.command_line import Parser, run_cli, whole_number
from currency_app.commands.serve import add_options as add_serve_options
from currency_app.errors import CurrencyAppError, ImageError

if TYPE_CHECKING:
    from currency_app.camera.base import Source

DISCLAIMER = "This does not tell whether money is genuine."


def main(arguments: Sequence[str] | None = None) -> int:
    """The `currency-app` command. Returns its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # `currency-app --voice text` means `currency-app run --voice text`.
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help", "--version")):
        words.insert(0, "run")
    return run_cli(_parser(), words)


def _parser() -> Parser:
    parser = Parser(
        prog="currency-app",
        description=f"Says the value of a banknote held to a webcam. {DISCLAIMER} Without a command: run.",
        epilog="While it runs in a terminal: r says the last value again, t the total, q quits. Nothing that the "
        "camera sees or the app says leaves this computer, and nothing is stored unless asked.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    run = commands.add_parser("run", help="read notes from a camera, file, folder or stream", description=DISCLAIMER)
    run.add_argument(
        "--source",
        default="0",
        help="camera number (default: 0), video file, image folder (15 frames/s), http or rtsp stream",
    )
    _camera_options(run)
    run.add_argument(
        "--realtime",
        action=argparse.BooleanOptionalAction,
        default=False,
        help="play files at their own speed; without it every frame is read as fast as possible",
    )
    run.set_defaults(command=_run)

    demo = commands.add_parser("demo", help="the whole app on drawn notes: no camera needed")
    demo.add_argument(
        "--realtime", action=argparse.BooleanOptionalAction, default=True, help="paced like a camera (the default)"
    )
    demo.set_defaults(command=_demo)
    for speaking in (run, demo):
        _speech_options(speaking)
        speaking.add_argument("--window", action=argparse.BooleanOptionalAction, default=False, help=argparse.SUPPRESS)
        speaking.add_argument("--max-seconds", type=_seconds, metavar="S", help="stop after S seconds of source time")
        speaking.add_argument(
            "--events",
            metavar="FILE",
            help="write what happens as JSON Lines, in place of what FILE held; - for standard output",
        )
        _bundle_option(speaking)

    identify = commands.add_parser("identify", help="read still images, one line each")
    identify.add_argument("paths", nargs="+", metavar="PATH", help="an image, or a folder with its sub-folders")
    identify.add_argument("--json", action="store_true", help="one JSON object a line on standard output")
    _camera_options(identify)
    _bundle_option(identify)
    identify.set_defaults(command=_identify)

    benchmark = commands.add_parser("benchmark", help="milliseconds a frame, by stage, against the 25 ms budget")
    benchmark.add_argument("--source", metavar="SRC", help="as for run, but no camera; a drawn scene unless given")
    benchmark.add_argument("--threads", type=whole_number(1, 16), default=1, metavar="N", help="network threads (1)")
    benchmark.add_argument("--json", action="store_true", help="one JSON object on standard output")
    _bundle_option(benchmark)
    benchmark.set_defaults(command=_benchmark)

    doctor = commands.add_parser("doctor", help="check camera, speech, model and speed, and say how to cure what fails")
    _bundle_option(doctor)
    doctor.set_defaults(command=_doctor)

    serve = commands.add_parser("serve", help="answer for images over HTTP: a REST API", description=DISCLAIMER)
    add_serve_options(serve)
    _bundle_option(serve)
    return parser


def _camera_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--camera-faces",
        choices=("user", "note"),
        default="user",
        help="a webcam faces you (user, the default); a camera on a stand looks at the note from your side (note)",
    )
    parser.add_argument("--mirrored", action="store_true", help="the camera's driver gives mirror images")


def _speech_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--voice",
        choices=("auto", "screen-reader", "system", "text", "off"),
        default="auto",
        help="who speaks; auto (default) is system speech, or text on standard error where there is none",
    )
    parser.add_argument("--rate", type=whole_number(80, 500), metavar="WPM", help="words per minute, 80 to 500 (165)")
    parser.add_argument("--language", default="en", metavar="CODE", help="language of what is said (default: en)")


def _bundle_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--currency",
        default="usd",
        metavar="NAMES",
        help="a currency, or a model bundle's folder; several with commas between them, as in usd,eur (default: usd)",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")
    return seconds


def _run(given: argparse.Namespace) -> int:
    from currency_app.camera import open_source

    return _start(given, lambda: open_source(given.source, realtime=given.realtime))


def _demo(given: argparse.Namespace) -> int:
    from currency_app.demo.scene import DemoScene

    given.camera_faces, given.mirrored = "user", False
    return _start(given, lambda: DemoScene(realtime=given.realtime), demonstration=True)


def _start(given: argparse.Namespace, open_source: Callable[[], Source], demonstration: bool = False) -> int:
    """Put the stages together and run them."""
    from currency_app.app import App
    from currency_app.controls.terminal import keyboard
    from currency_app.eventlog import EventLog
    from currency_app.events import Priority, Utterance
    from currency_app.recognition.bundle import load_bundles
    from currency_app.recognition.multi_currency import framing_for, phrases_for, recognizer_for, tracker_for
    from currency_app.speech.announcer import Announcer
    from currency_app.speech.greeting import greeting
    from currency_app.speech.voices import open_voice

    if given.window:
        raise CurrencyAppError("The window is not built yet: leave --window out; everything is said or written.")
    bundles = load_bundles(given.currency)
    phrases = phrases_for(bundles, given.language)
    recognizer = recognizer_for(bundles)
    source = open_source()
    announcer = Announcer(phrases, bundles[0].currency, demonstration=demonstration)
    of_each = (phrases.fixed_phrases(b.values, b.currency, demonstration=demonstration) for b in bundles)
    cached = list(dict.fromkeys(chain.from_iterable(of_each)))
    try:
        if given.events and _same_file(given.events, getattr(given, "source", "")):
            raise CurrencyAppError(f"{given.events} is the source itself: write the events to another file.")
        with EventLog(given.events) as log:
            voice = open_voice(given.voice, cached, given.rate, given.language, sys.stderr, transcribed=demonstration)
            app = App(
                source,
                recognizer,
                tracker_for(bundles),
                framing_for(bundles, mirror_left=given.camera_faces == "user"),
                announcer,
                voice,
                log,
                mirrored=given.mirrored,
                greeting=greeting(phrases, demonstration=demonstration),
                max_seconds=given.max_seconds,
            )
            keys = {
                "r": lambda: voice.say(announcer.repeat()),
                "t": lambda: voice.say(Utterance(announcer.total_text(), Priority.STATUS)),
                "q": source.close,
            }
            with keyboard(keys):
                app.run()
    finally:
        source.close()
    return 0


def _same_file(one: str, other: str) -> bool:
    return Path(one).exists() and Path(other).exists() and Path(one).samefile(other)


def _identify(given: argparse.Namespace) -> int:
    from currency_app.identify import as_json, as_text, identify_file
    from currency_app.images import find_images
    from currency_app.recognition.bundle import load_bundles
    from currency_app.recognition.multi_currency import answer_among, phrases_for
    from currency_app.recognition.recognizer import Recognizer

    bundles = load_bundles(given.currency)
    recognizers = [Recognizer(bundle) for bundle in bundles]
    phrases = phrases_for(bundles)
    facing_user = given.camera_faces == "user"
    unread = 0
    for given_path in given.paths:
        try:
            images = find_images([given_path])
            if not images:
                raise ImageError(f"{given_path} holds no images. Give an image or a folder of them.")
        except ImageError as error:
            print(f"currency-app: {error}", file=sys.stderr)
            unread += 1
            continue
        for path in images:
            try:
                answers = [identify_file(recognizer, path, facing_user, given.mirrored) for recognizer in recognizers]
            except ImageError as error:
                print(f"currency-app: {error}", file=sys.stderr)
                unread += 1
                continue
            bundle, found = answer_among(bundles, answers)
            currency = None if bundle is None else bundle.currency
            if given.json:
                print(json.dumps(as_json(path, currency, found)), flush=True)
            else:
                print(as_text(path, currency, phrases, found), flush=True)
    return 2 if unread else 0


def _benchmark(given: argparse.Namespace) -> int:
    from currency_app.camera import open_source
    from currency_app.commands.benchmark import run_benchmark
    from currency_app.demo.scene import DemoScene
    from currency_app.recognition.bundle import load_bundles

    bundles = load_bundles(given.currency)
    source = open_source(given.source, realtime=False) if given.source else DemoScene(realtime=False)
    measured = run_benchmark(bundles, DemoScene(realtime=False), source, given.threads)
    print(json.dumps(measured.as_json()) if given.json else measured.as_text())
    return 0 if measured.within_budget else 1


def _doctor(given: argparse.Namespace) -> int:
    from currency_app.commands.doctor import run_doctor

    return run_doctor(sys.stdout, currency=given.currency)
