"""Soaks the app, then the server, for so many minutes each; prints tables, and ends with 1 if something fails."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from currency_app.benchmarking.instructions import cpu_features, describe_features
from currency_app.timing.processor import cpu_name, usable_processors
from tests.support.server.load import Load
from tests.support.soak.app import AppSoak, soak_app
from tests.support.soak.figures import Row, table
from tests.support.soak.plots import draw_latency, draw_memory
from tests.support.soak.server import server_rows, soak_server


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0, metavar="M", help="for each of the two (20)")
    parser.add_argument("--only", choices=("app", "server"), help="leave the other one out")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="draw soak-latency.svg and soak-memory.svg there")
    args = parser.parse_args()
    print(f"CPU: {cpu_name()}, {usable_processors()} usable\n{describe_features(cpu_features())}", flush=True)
    app, load, rows = AppSoak(0), Load(), list[Row]()
    if args.only != "server":
        app = soak_app(60 * args.minutes)
        rows += _print("\nThe app on a camera of 30 pictures a second", app.rows())
    if args.only != "app":
        load = soak_server(60 * args.minutes)
        rows += _print("\nThe server under eight clients", server_rows(load))
    if args.plots:
        args.plots.mkdir(parents=True, exist_ok=True)
        draw_latency(args.plots / "soak-latency.svg", app.decision_ms, load.answered_ms)
        draw_memory(args.plots / "soak-memory.svg", app.samples, load.samples)
    broken = [row.what for row in rows if not row.holds]
    print(f"\nDOES NOT HOLD: {', '.join(broken)}" if broken else "\nAll of it holds")
    return 1 if broken else 0


def _print(title: str, rows: list[Row]) -> list[Row]:
    print(table(title, rows), flush=True)
    return rows


if __name__ == "__main__":
    sys.exit(main())
