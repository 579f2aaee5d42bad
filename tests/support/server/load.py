"""Loads a server on loopback and tells what that costs: `python -m tests.support.server.load --seconds 60`.

Clients send one JPEG of a drawn note over and over, each as soon as it has its answer. The server's processor time is
compared with decoding and recognising the same JPEG in this process, measured before and after.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from currency_app.identify import identify
from currency_app.recognition.bundle import find_bundle, load_bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.server.reading.decoding import decode
from tests.support.server.live import LiveServer, percentile
from tests.support.server.pictures import note_jpeg
from tests.support.soak.sampling import Sample, Sampler

CLIENTS = 8
WARM_UP_S = 5.0
VALUE = 20
"""What the note in the picture is worth, dollars."""


@dataclass
class Load:
    """What a load has cost."""

    seconds: float = 0.0
    """How long it lasted."""
    answered_ms: list[tuple[float, float]] = field(default_factory=list)
    """Of every request that was answered: the second in which it was, and milliseconds since it was sent."""
    errors: list[str] = field(default_factory=list)
    """The replies to requests that were not answered with the note's value."""
    counted: int = 0
    """Pictures of which the server says that it has read them, less those of the warm-up."""
    health_ms: list[float] = field(default_factory=list)
    """Milliseconds of the health checks in between."""
    server_s: float = 0.0
    """Processor seconds of the server, for all requests."""
    own_s: float = 0.0
    """Processor seconds of this process, to decode and recognise one picture."""
    samples: list[Sample] = field(default_factory=list)
    """What the server holds, once a second."""

    @property
    def milliseconds(self) -> list[float]:
        """Of every request that was answered, from sending it to its whole answer."""
        return [ms for _, ms in self.answered_ms]

    @property
    def resident_mb(self) -> list[float]:
        """The server's memory in megabytes, once a second."""
        return [sample.resident_mb for sample in self.samples]

    @property
    def ratio(self) -> float:
        """Processor time of a request over that of decoding and recognising alone."""
        return self.server_s / len(self.milliseconds) / self.own_s

    @property
    def growth_mb(self) -> float:
        """How much more memory the server holds at most in the last quarter than in the second."""
        quarter = max(len(self.resident_mb) // 4, 1)
        return max(self.resident_mb[-quarter:]) - max(self.resident_mb[quarter : 2 * quarter] or self.resident_mb)

    def __str__(self) -> str:
        count, ms = len(self.milliseconds), self.milliseconds
        return "\n".join(
            [
                f"{count} requests of {CLIENTS} clients in {self.seconds:.0f} s: {count / self.seconds:.0f} a second",
                f"errors: {len(self.errors)} {self.errors[:3] or ''}",
                f"milliseconds: p50 {percentile(ms, 0.5):.1f}, p95 {percentile(ms, 0.95):.1f}, "
                f"p99 {percentile(ms, 0.99):.1f}",
                f"health checks: p50 {percentile(self.health_ms, 0.5):.1f}, p99 {percentile(self.health_ms, 0.99):.1f}",
                f"processor: {self.server_s / count * 1e3:.2f} ms a request, {self.own_s * 1e3:.2f} ms in process, "
                f"{self.ratio:.3f} times",
                f"memory: {self.resident_mb[0]:.0f} MB at first, {self.resident_mb[-1]:.0f} at last, "
                f"{self.growth_mb:+.1f} from the second quarter to the last",
            ]
        )


def own_cpu_seconds(jpeg: bytes, pictures: int = 150) -> float:
    """Processor seconds that decoding and recognising one JPEG takes in this process."""
    recognizer = Recognizer(load_bundle(find_bundle("usd")))
    for _ in range(10):
        identify(recognizer, decode(jpeg, 25_000_000))
    start = time.process_time()
    for _ in range(pictures):
        identify(recognizer, decode(jpeg, 25_000_000))
    return (time.process_time() - start) / pictures


def measure(seconds: float, *options: str) -> Load:
    """Load a server, started with these options, for so long."""
    jpeg, load = note_jpeg(), Load()
    before = own_cpu_seconds(jpeg)
    with LiveServer(*options) as server:
        _play(server, jpeg, Load(), WARM_UP_S)
        used, before_it = server.cpu_seconds(), _counted(server)
        with Sampler(server.pid, whole=True) as sampler:
            started = time.monotonic()
            _play(server, jpeg, load, seconds)
            load.seconds = time.monotonic() - started
        load.samples = sampler.samples
        load.server_s = server.cpu_seconds() - used
        load.counted = _counted(server) - before_it
    load.own_s = (before + own_cpu_seconds(jpeg)) / 2
    return load


def _play(server: LiveServer, jpeg: bytes, load: Load, seconds: float) -> None:
    begin = time.monotonic()
    end = begin + seconds
    threads = [threading.Thread(target=_client, args=(server.url, jpeg, load, begin, end)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    check = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    while time.monotonic() < end:
        asked = time.perf_counter()
        check.request("GET", "/healthz")
        if check.getresponse().read() != b'{"status":"ok"}':
            load.errors.append("health check")
        load.health_ms.append((time.perf_counter() - asked) * 1e3)
        time.sleep(min(1.0, max(end - time.monotonic(), 0)))  # one sample a second
    check.close()
    for thread in threads:
        thread.join()


def _counted(server: LiveServer) -> int:
    """How many pictures the server says that it has read, by its own metrics."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    return round(sum(float(line.split()[-1]) for line in lines if line.startswith("currency_app_images_total{")))


def _client(url: str, jpeg: bytes, load: Load, begin: float, end: float) -> None:
    """http.client, since the lighter the client, the less it disturbs the server beside it."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    while time.monotonic() < end:
        start = time.perf_counter()
        try:
            connection.request("POST", "/v1/identify", jpeg, {"Content-Type": "image/jpeg"})
            response = connection.getresponse()
            body = response.read()
        except OSError as error:
            load.errors.append(repr(error))
            connection.close()
            continue
        load.answered_ms.append((time.monotonic() - begin, (time.perf_counter() - start) * 1e3))
        if response.status != 200 or json.loads(body)["value"] != VALUE:
            load.errors.append(f"{response.status} {body[:200]!r}")
    connection.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Load a server on loopback. Further options go to currency-app serve.")
    parser.add_argument("--seconds", type=float, default=60.0)
    known, further = parser.parse_known_args()
    measured = measure(known.seconds, *further)
    print(measured)
    sys.exit(1 if measured.errors or measured.ratio > 1.3 else 0)
