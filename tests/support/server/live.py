"""A server in a process of its own, as a user starts it, and what that process uses."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
import threading
from collections.abc import Sequence
from types import TracebackType

import httpx
import psutil

LOOPBACK_TLS = ssl.create_default_context()
"""For clients of plain HTTP: else each of them would read the system's certificates, which takes 16 ms."""

_ADDRESS = re.compile(r"Serving at (http://\S+)/v1/identify")


class LiveServer:
    """`currency-app serve` on a free port of 127.0.0.1. Use it as a context manager; it is ready inside.

    url: where it is. log: what it has printed on standard error, line by line.
    """

    def __init__(self, *options: str, environment: dict[str, str] | None = None) -> None:
        self.url = ""
        self.log: list[str] = []
        self._options = options
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> LiveServer:
        command = [sys.executable, "-m", "currency_app", "serve", "--port", "0", *self._options]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=self._environment)
        addressed = threading.Event()
        threading.Thread(target=self._read_log, args=(addressed,), daemon=True).start()
        try:
            if not addressed.wait(120) or not self.url:
                raise RuntimeError(f"the server did not start: {self.log}")
            httpx.get(f"{self.url}/readyz", timeout=120, verify=LOOPBACK_TLS).raise_for_status()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """Of the process that was started; workers are its children."""
        assert self._process is not None
        return self._process.pid

    def exit_code(self) -> int | None:
        """Its exit code, None while it runs."""
        assert self._process is not None
        return self._process.poll()

    def processes(self) -> list[psutil.Process]:
        """It and its workers."""
        first = psutil.Process(self.pid)
        return [first, *first.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """Of all its processes since they started."""
        return sum(sum(process.cpu_times()[:2]) for process in self.processes())

    def resident_mb(self) -> float:
        """Memory that all its processes hold, in megabytes."""
        return sum(process.memory_info().rss for process in self.processes()) / 1e6

    def connections(self) -> int:
        """How many TCP connections it has to clients."""
        found = (socket for process in self.processes() for socket in process.net_connections("tcp"))
        return sum(connection.status != psutil.CONN_LISTEN for connection in found)

    def handles(self) -> int:
        """Files and sockets that it has open, and threads."""
        return sum(process.num_fds() + process.num_threads() for process in self.processes())

    def end(self, seconds: float = 60.0) -> int:
        """Ask it to end and wait. Returns its exit code. Safe to call twice."""
        assert self._process is not None
        self._process.terminate()
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            for process in self.processes():
                process.kill()
            raise

    def _read_log(self, addressed: threading.Event) -> None:
        assert self._process is not None and self._process.stderr is not None
        with self._process.stderr as lines:
            for line in lines:
                self.log.append(line.rstrip())
                found = _ADDRESS.match(line)
                if found:
                    self.url = found[1]
                    addressed.set()
        addressed.set()  # it has ended without serving


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them, 0..1, lies; the next one measured."""
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]
