"""Attacks a server on loopback: `python -m tests.support.server.hostile --requests 10000`.

Every request depends on the seed and its number alone; some more come from schemathesis, which reads the server's
OpenAPI page. The server must hold no more memory, files and threads after the second half than after the first.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np

from tests.support.server import hostile_images, hostile_requests
from tests.support.server.hostile_requests import Reply
from tests.support.server.live import LOOPBACK_TLS, LiveServer
from tests.support.server.pictures import note_jpeg
from tests.support.waiting import wait_until

CLIENTS = 4
OPTIONS = ("--body-seconds", "2", "--answer-seconds", "120")
"""Of the server. Slow bodies are cut off soon, so that many fit into the time. Bombs may take long, because otherwise a
slow machine would answer 503, which is as promised."""

_SHARES: tuple[tuple[float, Callable[[np.random.Generator, str], Reply]], ...] = (
    (0.16, hostile_requests.image(hostile_images.cut_short)),
    (0.16, hostile_requests.image(hostile_images.damaged)),
    (0.10, hostile_requests.image(hostile_images.noise)),
    (0.10, hostile_requests.image(hostile_images.polyglot)),
    (0.10, hostile_requests.image(hostile_images.claim)),
    (0.02, hostile_requests.image(hostile_images.bomb)),
    (0.10, hostile_requests.wrong_type),
    (0.14, hostile_requests.broken_form),
    (0.08, hostile_requests.odd_request),
    (0.02, hostile_requests.slow_body),
    (0.02, hostile_requests.hang_up),
)


@dataclass
class Attack:
    """The results of an attack."""

    statuses: Counter[int] = field(default_factory=Counter)
    """How often each HTTP status came; 0: the connection was closed without an answer."""
    wrong: list[str] = field(default_factory=list)
    """Answers that break a promise, as text."""
    seconds: float = 0.0
    """How long it took."""
    growth_mb: float = 0.0
    """Megabytes of memory held after the second half, less those after the first."""
    growth_handles: int = 0
    """Files, sockets and threads after the second half, less those after the first."""
    answers: bool = False
    """Whether a good image got the same answer before and after."""
    restarted: bool = False
    """Whether another process answers at the end."""
    cases: int = 0
    """How many requests schemathesis sent."""

    @property
    def withstood(self) -> bool:
        """Whether nothing was wrong, except for growth, which the caller judges."""
        server_errors = sum(count for status, count in self.statuses.items() if status >= 500)
        return not (self.wrong or server_errors or self.restarted) and self.answers

    def __str__(self) -> str:
        counts = ", ".join(f"{status or 'closed'}: {count}" for status, count in sorted(self.statuses.items()))
        count = sum(self.statuses.values())
        return "\n".join(
            [
                f"{count} hostile requests, and {self.cases} of schemathesis, in {self.seconds:.0f} s; {counts}",
                f"wrong: {len(self.wrong)} {self.wrong[:3] or ''}",
                f"growth from the first half to the second: {self.growth_mb:+.1f} MB, {self.growth_handles:+d} handles",
                f"good images are answered as before: {self.answers}; the process is another: {self.restarted}",
            ]
        )


def attack(requests: int, seed: int = 0, examples: int = 0) -> Attack:
    """Send so many requests; examples: how many more schemathesis makes up for each address, 0 to leave it out."""
    result = Attack()
    with LiveServer(*OPTIONS) as server:
        before, pids = _good_answer(server), _pids(server)
        started = time.monotonic()
        if examples:
            _run_schemathesis(server, examples, seed, result)
        halves = []
        for numbers in (range(requests // 2), range(requests // 2, requests)):
            _send(server, numbers, seed, result)
            if (code := server.exit_code()) is not None:
                result.wrong.append(f"the server has ended with {code}: {server.log[-20:]}")
                return result
            halves.append(_settled(server))
        (held, handles), (held_after, handles_after) = halves
        result.seconds = time.monotonic() - started
        result.growth_mb, result.growth_handles = held_after - held, handles_after - handles
        result.answers = _good_answer(server) == before
        result.restarted = _pids(server) != pids
        if any("Traceback" in line for line in server.log):
            result.wrong.append(f"a traceback in the log: {server.log}")
    return result


def _send(server: LiveServer, numbers: range, seed: int, result: Attack) -> None:
    with ThreadPoolExecutor(CLIENTS) as clients:
        for reply in clients.map(lambda number: _one(server.url, seed, number), numbers):
            result.statuses[reply.status] += 1
            if reply.wrong:
                result.wrong.append(reply.wrong)


def _one(url: str, seed: int, number: int) -> Reply:
    rng = np.random.default_rng((seed, number))
    shares = np.array([share for share, _ in _SHARES])
    make = _SHARES[int(rng.choice(len(_SHARES), p=shares / shares.sum()))][1]
    try:
        return make(rng, url)
    except (httpx.TransportError, OSError) as error:
        return Reply(0, f"request {number}: no answer: {error!r}")


def _run_schemathesis(server: LiveServer, examples: int, seed: int, result: Attack) -> None:
    """Let it look for server errors, answers that are not as the OpenAPI page says, and bad parameters that pass."""
    command = [str(Path(sys.executable).with_name("schemathesis"))]
    command += ["--config-file", str(Path(__file__).with_name("schemathesis.toml")), "run", "--no-color"]
    command += ["--max-examples", str(examples), "--seed", str(seed), "--request-timeout", "60"]
    command += [f"{server.url}/openapi.json"]
    with tempfile.TemporaryDirectory() as folder:  # where it keeps what it found
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    cases = re.search(r"(\d+) generated", done.stdout)
    result.cases = int(cases[1]) if cases else 0
    if done.returncode != 0:
        found = "\n".join(line[:300] for line in (done.stdout + done.stderr).splitlines())
        result.wrong.append(f"schemathesis: {found}")


def _good_answer(server: LiveServer) -> object:
    answer = httpx.post(
        f"{server.url}/v1/identify",
        content=note_jpeg(),
        headers={"Content-Type": "image/jpeg"},
        timeout=60,
        verify=LOOPBACK_TLS,
    ).json()
    return {**answer, "milliseconds": 0}


def _pids(server: LiveServer) -> list[int]:
    return [process.pid for process in server.processes()]


def _settled(server: LiveServer) -> tuple[float, int]:
    """Memory in MB and open handles, once the connections of before have gone."""
    wait_until(lambda: server.connections() == 0)
    return server.resident_mb(), server.handles()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Attack a server on loopback.")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--examples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    attacked = attack(args.requests, args.seed, args.examples)
    print(attacked)
    sys.exit(0 if attacked.withstood else 1)
