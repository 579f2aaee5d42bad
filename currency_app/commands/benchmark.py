"""`currency-app benchmark`: how fast the app is on this computer."""

from __future__ import annotations

import argparse
import json

from currency_app.command_line import whole_number
from currency_app.commands.options import above_zero, add_currency_option
from currency_app.errors import CurrencyAppError

_LIVE_S = 20.0
"""Seconds for which a source is read that has no end of its own. Chosen by hand: several hundred frames."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `benchmark`."""
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument(
        "--compare", action="store_true", help="the network beside Keras and other runtimes (needs the extra bench)"
    )
    kinds.add_argument(
        "--chain",
        nargs="?",
        type=whole_number(1, 200),
        const=10,
        metavar="N",
        help="from N notes (10) in view of a camera to their speech; needs Linux and a sound server",
    )
    kinds.add_argument(
        "--start",
        nargs="?",
        type=whole_number(1, 200),
        const=10,
        metavar="N",
        help='from N starts (10) to the first sound of "Ready", window included; needs Linux and a sound server',
    )
    kinds.add_argument(
        "--plot", metavar="FILE", help="draw what each frame takes with one look and with all (needs the extra bench)"
    )
    parser.add_argument(
        "--busy",
        action="store_true",
        help="with --chain: another program keeps one core busy, and 600 ms are the target",
    )
    parser.add_argument("--source", metavar="SRC", help="as for run; a drawn scene unless named")
    parser.add_argument(
        "--seconds",
        type=above_zero,
        metavar="S",
        help=f"stop after S seconds of source time ({_LIVE_S:.0f} for a camera or live stream, else at its end)",
    )
    parser.add_argument("--threads", type=whole_number(1, 16), default=1, metavar="N", help="network threads (1)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    add_currency_option(parser)
    parser.set_defaults(command=_benchmark)


def _benchmark(args: argparse.Namespace) -> int:
    if args.busy and not args.chain:
        raise CurrencyAppError("--busy is for --chain: add that, or leave --busy out.")
    if args.compare:
        return _compare(args)
    if args.plot:
        return _plot(args)
    if args.start:
        return _start(args)
    return _chain(args) if args.chain else _frames(args)


def _frames(args: argparse.Namespace) -> int:
    from currency_app.benchmarking import run_benchmark
    from currency_app.camera import is_live, open_source
    from currency_app.demo.scene import DemoScene
    from currency_app.recognition.bundle import load_bundles

    bundles = load_bundles(args.currency)
    source = open_source(args.source, realtime=False) if args.source else DemoScene(realtime=False)
    seconds = args.seconds or (_LIVE_S if is_live(source) else None)
    try:
        measured = run_benchmark(bundles, DemoScene(realtime=False), source, args.threads, seconds)
    finally:
        source.close()
    print(json.dumps(measured.as_json()) if args.json else measured.as_text())
    return 0 if measured.within_budget else 1


def _compare(args: argparse.Namespace) -> int:
    from currency_app.benchmarking import compare_peers
    from currency_app.camera import open_source
    from currency_app.demo.scene import DemoScene
    from currency_app.recognition.bundle import load_bundles

    if args.seconds:
        raise CurrencyAppError("--compare takes as long as it takes: leave --seconds out.")
    bundles = load_bundles(args.currency)
    if len(bundles) > 1:
        raise CurrencyAppError("--compare is for one network: give one --currency.")
    source = open_source(args.source, realtime=False) if args.source else DemoScene(realtime=False)
    found = compare_peers(bundles[0], source, args.threads)
    print(json.dumps(found.as_json()) if args.json else found.as_text())
    return 0 if found.comparison.holds else 1


def _chain(args: argparse.Namespace) -> int:
    from currency_app.benchmarking.chain import run_chain
    from currency_app.recognition.bundle import load_bundles

    if args.source or args.seconds:
        raise CurrencyAppError("--chain shows notes of its own: leave --source and --seconds out.")
    bundles = load_bundles(args.currency)
    if len(bundles) > 1:
        raise CurrencyAppError("--chain is for one currency: leave --currency out.")
    found = run_chain(bundles[0], args.chain, args.threads, busy=args.busy)
    print(json.dumps(found.as_json()) if args.json else found.as_text())
    return 0 if found.within_target else 1


def _start(args: argparse.Namespace) -> int:
    from currency_app.benchmarking.start import run_starts

    if args.source or args.seconds:
        raise CurrencyAppError("--start shows a camera of its own: leave --source and --seconds out.")
    found = run_starts(args.start, args.currency)
    print(json.dumps(found.as_json()) if args.json else found.as_text())
    return 0 if found.within_target else 1


def _plot(args: argparse.Namespace) -> int:
    from pathlib import Path

    from currency_app.benchmarking import BUDGET_MS, time_looks, write_looks_plot
    from currency_app.camera import open_source
    from currency_app.demo.scene import DemoScene
    from currency_app.recognition.bundle import load_bundles
    from currency_app.timing.processor import cpu_name

    if args.seconds or args.json:
        raise CurrencyAppError("--plot draws up to 900 frames: leave --seconds and --json out.")
    bundles = load_bundles(args.currency)
    if len(bundles) > 1:
        raise CurrencyAppError("--plot is for one network: give one --currency.")
    source = open_source(args.source, realtime=False) if args.source else DemoScene(realtime=False)
    try:
        times = time_looks(bundles[0], source, args.threads)
    finally:
        source.close()
    write_looks_plot(Path(args.plot), times, BUDGET_MS, cpu_name())
    return 0
