"""Azure ML's own inference server on the loopback, in its own environment, with `score.py` in it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from tests.support.sources import CHECKOUT

AZURE = CHECKOUT / "training" / "deploy" / "azure"
_PATIENCE_S = 120.0
# Its command listens on every address and has no option for another.
_ON_LOOPBACK = (
    "import sys; from azureml_inference_server_http import amlserver_linux; "
    "amlserver_linux.run('127.0.0.1', int(sys.argv[1]), 1)"
)


def azure_python() -> Path:
    """The Python of the environment that `make test` installs the server in. Skips the test where there is none."""
    found = Path(os.environ.get("AZURE_PYTHON", CHECKOUT / ".venv-azure" / "bin" / "python"))
    if not found.is_file():
        pytest.skip(f"no Azure ML inference server at {found}: `make test` installs it")
    return found


def free_port() -> int:
    """One that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running server. log: what it printed so far."""

    def __init__(self, port: int, log: Path) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self.log = log

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(Request(self._url + path))

    def post(self, body: bytes, query: str = "") -> tuple[int, dict[str, Any]]:
        code, text = self._ask(Request(f"{self._url}/score{query}", data=body, method="POST"))
        return code, json.loads(text)

    def healthy(self) -> bool:
        try:
            return self.get("/")[0] == 200
        except (URLError, ConnectionError):
            return False

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with urlopen(request, timeout=30) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()


@contextmanager
def started(folder: Path, **surroundings: str) -> Iterator[subprocess.Popen[bytes]]:
    """The server's process, which may have ended already. folder: for its log; surroundings: environment variables."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AZUREML", "CURRENCY"))}
    environment |= {"AML_APP_ROOT": str(AZURE), "AZUREML_ENTRY_SCRIPT": "score.py", **surroundings}
    with (folder / "server.log").open("wb") as log:
        command = [str(azure_python()), "-c", _ON_LOOPBACK, str(port)]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        process.port = port  # type: ignore[attr-defined]
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def running(folder: Path, **surroundings: str) -> Iterator[Server]:
    """The server once it answers."""
    with started(folder, **surroundings) as process:
        server = Server(process.port, folder / "server.log")  # type: ignore[attr-defined]
        deadline = time.monotonic() + _PATIENCE_S
        while not server.healthy():
            assert process.poll() is None, server.log.read_text()
            assert time.monotonic() < deadline, server.log.read_text()
            time.sleep(0.2)
        yield server


class Sink(HTTPServer):
    """In place of what gathers collected data on Azure. taken: the bodies posted to it."""

    def __init__(self) -> None:
        taken: list[bytes] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                taken.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.taken = taken
        threading.Thread(target=self.serve_forever, daemon=True).start()
