"""Fuzzes for some minutes: `python -m tests.fuzzing.run --minutes 20`, or `make fuzz`.

Half of the time goes to the properties, with new examples, and half to the targets, whose inputs atheris changes by
what parts of the code they reach: Serebryany, "Continuous fuzzing with libFuzzer and AddressSanitizer", SecDev 2016.
What breaks a promise is kept in runs/fuzz, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.fuzzing.targets import CORPUS, TARGETS

FOLDER = Path("runs/fuzz")
"""Where what was found is kept; git ignores it."""
_MAX_BYTES = 8_192
"""Of an input: what is longer takes longer, and reaches no other code."""
_SLOW_S = 10
"""Seconds for one input, over which it counts as hanging."""
_MEMORY_MB = 3_000
"""Megabytes of one process, over which an input counts as a bomb."""
_ROUND_EXAMPLES = 200
"""Examples of each property in one run of the tests; there are as many runs as fit into the time."""


@dataclass(frozen=True)
class Figures:
    """What fuzzing one thing came to."""

    name: str
    """Of the target, or "properties"."""
    seconds: float
    """How long."""
    tried: int
    """Inputs of a target, or examples of the properties."""
    found: list[str]
    """Files that break a promise, or failed tests."""

    def __str__(self) -> str:
        found = "nothing" if not self.found else "; ".join(self.found)
        return f"{self.name}: {self.tried:,} tried in {self.seconds:.0f} s, found {found}"


def fuzz_target(name: str, seconds: float) -> Figures:
    """Let atheris change a target's inputs, in a process of its own, since a decoder may end it."""
    grown, found = FOLDER / "corpus" / name, FOLDER / "found" / name
    for folder in (grown, found):
        folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[name].seeds()):
        (grown / f"seed-{number}").write_bytes(seed)
    (CORPUS / name).mkdir(parents=True, exist_ok=True)
    before, began, tried = set(found.iterdir()), time.monotonic(), 0
    while (left := seconds - (time.monotonic() - began)) > 5:
        log = FOLDER / f"{name}.log"
        with log.open("w") as stream:
            subprocess.run(
                [
                    *(sys.executable, "-m", "tests.fuzzing.run", "--target", name, f"-max_total_time={left:.0f}"),
                    *(f"-artifact_prefix={found}/", f"-max_len={_MAX_BYTES}", f"-timeout={_SLOW_S}", "-len_control=0"),
                    *(f"-rss_limit_mb={_MEMORY_MB}", "-print_final_stats=1", str(grown), str(CORPUS / name)),
                ],
                stdout=stream,
                stderr=stream,
                check=False,
            )
        counts = re.findall(r"number_of_executed_units: (\d+)|^#(\d+)", log.read_text(errors="replace"), re.MULTILINE)
        tried += max((int(one or other) for one, other in counts), default=0)
        if len(set(found.iterdir()) - before) >= 5:  # one fault, found again and again
            break
    return Figures(name, time.monotonic() - began, tried, sorted(map(str, set(found.iterdir()) - before)))


def try_properties(seconds: float) -> Figures:
    """Try the properties with new examples, again and again."""
    began, tried = time.monotonic(), 0
    found: list[str] = []
    while time.monotonic() - began < seconds and not found:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "--quiet", "-p", "no:cacheprovider", str(Path(__file__).parent)],
            env={**os.environ, "FUZZ_EXAMPLES": str(_ROUND_EXAMPLES)},
            capture_output=True,
            text=True,
            check=False,
        )
        tried += _ROUND_EXAMPLES
        if done.returncode:
            log = FOLDER / "properties.log"
            log.write_text(done.stdout)
            found = [*re.findall(r"^FAILED (\S+)", done.stdout, re.MULTILINE), f"see {log}"]
    return Figures("properties", time.monotonic() - began, tried, found)


def shares(seconds: float) -> Iterator[Figures]:
    """Try everything in turn."""
    if find_spec("atheris") is None:
        print("atheris does not install here, so the properties alone are tried; they change inputs too.")
        yield try_properties(seconds)
        return
    yield try_properties(seconds / 2)
    for name in TARGETS:
        yield fuzz_target(name, seconds / 2 / len(TARGETS))


def _run_target(name: str, options: list[str]) -> None:
    """Become the process in which libFuzzer runs a target."""
    import atheris

    with atheris.instrument_imports(include=["currency_app", "PIL", "python_multipart", "uvicorn", "starlette"]):
        for module in [module for module in sys.modules if module.split(".")[0] == "currency_app"]:
            sys.modules.pop(module)  # imported before it could be instrumented
        sys.modules.pop("tests.fuzzing.targets", None)
        sys.modules.pop("tests.fuzzing.connection", None)
        from tests.fuzzing.targets import TARGETS as INSTRUMENTED

    atheris.Setup([sys.argv[0], *options], INSTRUMENTED[name].run)
    atheris.Fuzz()


def main() -> int:
    """Fuzz, and print what was found."""
    parser = argparse.ArgumentParser(description="Fuzz what takes bytes from outside, and try the properties.")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--target", choices=list(TARGETS), help=argparse.SUPPRESS)
    args, options = parser.parse_known_args()
    if args.target is not None:
        _run_target(args.target, options)
        return 0
    shutil.rmtree(FOLDER / "found", ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = False
    for figures in shares(args.minutes * 60):
        print(figures, flush=True)
        found = found or bool(figures.found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
