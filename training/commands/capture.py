"""`currency-train capture`: take training pictures with a webcam, by spoken prompts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from currency_app.command_line import whole_number
from currency_app.errors import SourceError
from currency_app.settings import VOICE_KINDS


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `capture`."""
    parser.add_argument("--out", required=True, metavar="DIR", help="the data folder; pictures land in DIR/CLASS")
    parser.add_argument(
        "--class", required=True, dest="class_name", metavar="CLASS", help="such as usd_20_front, or background"
    )
    parser.add_argument("--source", default="0", metavar="SRC", help="as for `currency-app run` (default: camera 0)")
    parser.add_argument(
        "--count", type=whole_number(1, 9999), default=250, metavar="N", help="how many pictures (default: 250)"
    )
    parser.add_argument("--voice", choices=VOICE_KINDS, default="auto", help="who speaks")
    parser.add_argument("--mirrored", action="store_true", help="the camera's driver gives mirror images")
    parser.set_defaults(command=_capture)


def _capture(args: argparse.Namespace) -> int:
    from datetime import datetime

    from currency_app.camera import open_source
    from currency_app.speech.voices import open_voice
    from training.dataset.capture.prompts import read_plan
    from training.dataset.capture.session import CaptureSession
    from training.dataset.capture.takes import TakeFolder

    target = TakeFolder(Path(args.out), args.class_name, datetime.now())
    plan = read_plan(args.class_name)
    source = open_source(args.source, realtime=False)
    try:
        voice = open_voice(args.voice, plan.fixed_texts(), None, "en", sys.stderr, transcribed=True)
        capture = CaptureSession(source, voice, plan, target, args.count, mirrored=args.mirrored)
        capture.run()
    finally:
        source.close()
    if not capture.taken:
        raise SourceError(f"No picture was taken from {source.name}. {capture.rejection or 'It ended too soon'}.")
    print(target.summary(capture.taken))
    return 0
