"""Four clients attack a server for a time, while others ask how it is: `python -m tests.support.server.siege`.

The attackers run in a process of their own, so that what they do does not slow the clients that measure.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from tests.support.server.hostile_parsing import floods
from tests.support.server.live import LiveServer, percentile
from tests.support.server.pictures import note_jpeg

CLIENTS = 4
BODY_BYTES = 9_900_000
"""Of a file that is slow to parse: just within the server's limit."""
KEY = "k3y"
"""Of the server. The attackers at its protocol do not know it."""

_POST = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nTransfer-Encoding: chunked\r\n"
_GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
_KEYED = _POST + f"Authorization: Bearer {KEY}\r\n\r\n".encode()

PROTOCOL: dict[str, tuple[bytes, bytes]] = {
    "trailers": (_KEYED + b"1\r\nx\r\n0\r\n", b"a:b\r\n"),
    "trailers, no key": (_POST + b"\r\n1\r\nx\r\n0\r\n", b"a:b\r\n"),
    "trailers, no address": (
        _POST.replace(b"/v1/identify", b"/nothing") + b"\r\n0\r\n",
        b"a:" + b"b" * 60_000 + b"\r\n",
    ),
    "trailers of a probe": (_GET + b"0\r\n", b"a:b\r\n"),
    "chunks of one byte": (_KEYED, b"1\r\nx\r\n"),
    "chunk extensions": (_KEYED + b"1;", b"a" * 1000),
    "pipelined requests": (b"", b"GET / HTTP/1.1\r\nHost:a\r\n\r\n"),
    "a head without end": (b"GET / HTTP/1.1\r\nHost: a\r\n", b"a:b\r\n"),
}
"""What attacks the protocol: how a connection begins, and what follows again and again."""

PARSING = tuple(floods(1))
"""What attacks the parsers of images: by what the files are full of."""


@dataclass
class Siege:
    """What a server did while it was attacked."""

    attack: str
    """Which attack."""
    seconds: float
    """How long it lasted."""
    before_mb: float = 0.0
    """Memory that the server held before, in megabytes."""
    peak_mb: float = 0.0
    """The most that it held meanwhile."""
    health_s: list[float] = field(default_factory=list)
    """Seconds that health checks took."""
    good_s: list[float] = field(default_factory=list)
    """Seconds that good images took."""
    quiet_s: tuple[float, float] = (0.0, 0.0)
    """The slowest health check and good image before the attack, in seconds."""
    wrong: list[str] = field(default_factory=list)
    """Answers to either that were not as promised."""
    sent: str = ""
    """What the attackers say they have done."""

    @property
    def growth_mb(self) -> float:
        """How much more memory the server held at most, in megabytes."""
        return self.peak_mb - self.before_mb

    def __str__(self) -> str:
        asked = (("healthz", self.health_s, self.quiet_s[0]), ("good images", self.good_s, self.quiet_s[1]))
        times = "; ".join(
            f"{name} p50 {percentile(values, 0.5):.3f}, p99 {percentile(values, 0.99):.3f}, max {max(values):.3f} s, "
            f"{quiet:.3f} before"
            for name, values, quiet in asked
        )
        wrong = f"; wrong: {self.wrong[:3]}" if self.wrong else ""
        return f"{self.attack}, {self.seconds:.0f} s: {self.growth_mb:+.0f} MB; {times}; {self.sent}{wrong}"


def besiege(attack: str, seconds: float) -> Siege:
    """Attack a server that was started as users start it, with a key, and measure."""
    result, quiet = Siege(attack, seconds), Siege("none", 0)
    environment = {**os.environ, "CURRENCY_APP_API_KEY": KEY}
    with LiveServer(environment=environment) as server:
        for _ in range(20):
            _good(server.url, quiet)
            _health(server.url, quiet)
        result.quiet_s = max(quiet.health_s[5:]), max(quiet.good_s[5:])
        result.before_mb = result.peak_mb = server.resident_mb()
        command = [sys.executable, "-m", __name__ if __name__ != "__main__" else "tests.support.server.siege"]
        command += ["--attacker", server.url, "--attack", attack, "--seconds", str(seconds)]
        attackers = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert attackers.stdout is not None
        attackers.stdout.readline()  # they have made what they send
        end = time.monotonic() + seconds
        asking = [threading.Thread(target=_until, args=(end, ask, server.url, result)) for ask in (_health, _good)]
        for thread in asking:
            thread.start()
        while time.monotonic() < end:
            result.peak_mb = max(result.peak_mb, server.resident_mb())
            time.sleep(0.02)  # often enough to see a peak
        for thread in asking:
            thread.join()
        result.sent = attackers.communicate(timeout=120)[0].strip()
    return result


def _until(end: float, ask: Callable[[str, Siege], None], url: str, result: Siege) -> None:
    while time.monotonic() < end:
        ask(url, result)
        time.sleep(0.05)  # a good client among bad ones, and no load by itself


def _health(url: str, result: Siege) -> None:
    _ask(url, "GET", "/healthz", b"", {}, result.health_s, result.wrong)


def _good(url: str, result: Siege) -> None:
    headers = {"Content-Type": "image/jpeg", "Authorization": f"Bearer {KEY}"}
    _ask(url, "POST", "/v1/identify", note_jpeg(), headers, result.good_s, result.wrong)


def _ask(
    url: str, method: str, path: str, body: bytes, headers: dict[str, str], seconds: list[float], wrong: list[str]
) -> None:
    """Ask over a connection of its own, with http.client, which costs less than the server's answer."""
    asked = time.perf_counter()
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status} {text[:100]!r}")
    except OSError as error:
        wrong.append(f"{path}: {error!r}")
    finally:
        connection.close()
    seconds.append(time.perf_counter() - asked)


def _attack(url: str, attack: str, seconds: float) -> None:
    """Attack with CLIENTS threads, and print what was done."""
    sent, counts = [0] * CLIENTS, [0] * CLIENTS
    one = _protocol_attacker(url, attack) if attack in PROTOCOL else _parsing_attacker(url, attack)
    print("ready", flush=True)
    end = time.monotonic() + seconds

    def client(number: int) -> None:
        while time.monotonic() < end:
            with contextlib.suppress(OSError, httpx.TransportError):
                sent[number] += one(end)
            counts[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{CLIENTS} attackers, {sum(counts)} times, {sum(sent) / 1e6:.0f} MB sent")


def _protocol_attacker(url: str, attack: str) -> Callable[[float], int]:
    before, part = PROTOCOL[attack]
    block = part * (60_000 // len(part) + 1)
    host, _, port = urlsplit(url).netloc.partition(":")

    def one(end: float) -> int:
        sent = 0
        with socket.create_connection((host, int(port)), timeout=5) as connection, contextlib.suppress(OSError):
            connection.sendall(before)
            while time.monotonic() < end:
                connection.sendall(block)
                sent += len(block)
        return sent

    return one


def _parsing_attacker(url: str, attack: str) -> Callable[[float], int]:
    data = floods(BODY_BYTES)[attack]
    kind = "image/" + attack.partition(":")[0]
    headers = {"Content-Type": kind, "Authorization": f"Bearer {KEY}"}

    def one(end: float) -> int:
        httpx.post(f"{url}/v1/identify", content=data, headers=headers, timeout=60)
        return len(data)

    return one


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Attack a server on loopback and measure what others notice of it.")
    parser.add_argument("--seconds", type=float, default=60.0, help="for each attack")
    parser.add_argument("--attack", action="append", choices=[*PROTOCOL, *PARSING], help="all, if none is named")
    parser.add_argument("--attacker", metavar="URL", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.attacker:
        _attack(args.attacker, args.attack[0], args.seconds)
    else:
        for name in args.attack or [*PROTOCOL, *PARSING]:
            print(besiege(name, args.seconds), flush=True)
