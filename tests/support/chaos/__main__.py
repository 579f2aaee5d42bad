"""Lets faults happen to the app at random for some minutes, and prints what came of each.

    python -m tests.support.chaos --seed 1 --minutes 10
    python -m tests.support.chaos --replay 1000007        what happened in one run, as it was printed
    python -m tests.support.chaos --table                 the faults and what must follow each, for the docs

Exit code 1 if anything hung, crashed, was wrong or was lost.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import time
import traceback
from collections.abc import Iterator

from currency_app.benchmarking.instructions import cpu_features, describe_features
from currency_app.timing import cpu_name
from tests.support.chaos.faults import FAULTS
from tests.support.chaos.judging import KINDS
from tests.support.chaos.processes import PROCESS_FAULTS, ProcessFault
from tests.support.chaos.scenario import Judged, draw, play
from tests.support.chaos.tables import Tally, docs_table

_STUCK_S = 120.0
"""Seconds without the end of a run after which something loops for ever: then the threads are printed."""
_PROCESS_SHARE = 0.35
"""Share of the time for real processes, which mostly wait."""
_SEEDS = 1_000_000
"""Runs of one seed, at most."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long, by the clock on the wall")
    parser.add_argument("--replay", type=int, metavar="SEED", help="one run")
    parser.add_argument("--only", metavar="FAULT", help="with this fault alone")
    parser.add_argument("--table", action="store_true", help="print the faults and what must follow each")
    args = parser.parse_args()
    if args.table:
        print("\n".join(docs_table()))
        return 0
    if args.replay is not None:
        judged = play(draw(args.replay, args.only))
        print("\n".join(_story(judged)))
        return 1 if judged.found else 0
    return _chaos(args.seed, args.minutes, args.only)


def _chaos(seed: int, minutes: float, only: str | None) -> int:
    began, until = time.monotonic(), time.monotonic() + minutes * 60
    tally = Tally()
    simulated_s, in_processes_s, number, processes = 0.0, 0.0, 0, 0
    # Each fault by itself first, so that even a short time has all of them.
    alone = iter([] if only else [fault.name for fault in FAULTS])
    while time.monotonic() < until and number < _SEEDS:
        faulthandler.dump_traceback_later(_STUCK_S, exit=True)
        run_seed, name = seed * _SEEDS + number, only or next(alone, None)
        judged = play(draw(run_seed, name))
        tally.add([each.fault.name for each in judged.brought], judged.found)
        if judged.found:
            replay = f"--replay {run_seed}" + (f' --only "{name}"' if name else "")
            print(f"{judged.scenario}\n  {replay}", *judged.found, sep="\n  ", flush=True)
        simulated_s += judged.rig.time.now
        number += 1
        if only is None and in_processes_s < _PROCESS_SHARE * (time.monotonic() - began):
            in_processes_s += _with_process(PROCESS_FAULTS[processes % len(PROCESS_FAULTS)], run_seed, tally)
            processes += 1
    faulthandler.cancel_dump_traceback_later()
    print("\n".join(tally.lines()))
    print(
        f"\nseed {seed}: {number} runs of {simulated_s / 3600:.1f} h of the app's time, and {processes} of processes, "
        f"in {(time.monotonic() - began) / 60:.1f} min; {cpu_name()}, {describe_features(cpu_features())}"
    )
    return 1 if any(tally.totals()[kind] for kind in KINDS) else 0


def _with_process(fault: ProcessFault, seed: int, tally: Tally) -> float:
    """Let a fault happen to a real process, and return how many seconds it took."""
    began = time.monotonic()
    found = fault.happen(random.Random(seed))
    tally.add([fault.name], found)
    if found:
        print(f"seed {seed}: {fault.name}", *found, sep="\n  ", flush=True)
    return time.monotonic() - began


def _story(judged: Judged) -> Iterator[str]:
    """All that happened in one run, in its order."""
    rig = judged.rig
    yield f"{judged.scenario}; exit code {rig.code}"
    yield from (f"  shown {showing}" for showing in rig.stage.shown)
    happened = [(each.begin_s, "fault", f"{each.fault.name} until {each.end_s:.2f}") for each in judged.brought]
    happened += [(at, "log", str(event)) for at, event in rig.events()]
    happened += [(at, "page", line) for at, line in rig.page.printed]
    happened += [(words.begin_s, "ear", str(words)) for words in (*rig.sound.heard, *rig.reader.taken)]
    yield from (f"{at:8.2f} {kind:5} {what}" for at, kind, what in sorted(happened))
    for error in (rig.crash, *(error for _, error in rig.time.errors)):
        if error is not None:
            yield "".join(traceback.format_exception(error))
    yield from (f"  {found}" for found in judged.found)


if __name__ == "__main__":
    sys.exit(main())
