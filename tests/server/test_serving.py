"""`currency-app serve` as a process: its options, its port, its workers, and how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest
from fastapi import FastAPI
from uvicorn.supervisors.multiprocess import SIGNALS

from currency_app.commands.cli import main
from currency_app.commands.serve import _api_key
from currency_app.server.serving import _listen, _Supervisor, server_config
from currency_app.server.settings import ServerSettings
from tests.server.conftest import requests_in_progress
from tests.support.server.hostile_images import bomb_of_25_megapixels
from tests.support.server.live import LOOPBACK_TLS, LiveServer
from tests.support.server.pictures import note_jpeg
from tests.support.waiting import wait_until

pytestmark = pytest.mark.slow

JPEG = {"Content-Type": "image/jpeg"}
HEAD = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line of an error."""
    try:
        code = main(["serve", *arguments])
    except SystemExit as error:
        code = int(error.code or 0)
    out, err = capfd.readouterr()
    lines = [line for line in err.splitlines() if "XNNPACK" not in line]
    assert (code, out, len(lines)) == (2, "", 1), lines
    return lines[0]


def identify(url: str, image: bytes | None = None, **headers: str) -> httpx.Response:
    content = note_jpeg() if image is None else image
    return httpx.post(
        f"{url}/v1/identify", content=content, headers={**JPEG, **headers}, timeout=120, verify=LOOPBACK_TLS
    )


def address_of(server: LiveServer) -> tuple[str, int]:
    host, port = server.url.removeprefix("http://").split(":")
    return host, int(port)


def listens(server: LiveServer) -> bool:
    try:
        socket.create_connection(address_of(server), timeout=5).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--workers", "0"], "--help"),
        (["--max-megapixels", "90"], "--help"),
        (["--threads", "x"], "--help"),
        (["--currency", "nowhere"], "There is no model bundle nowhere"),
        (["--host", "no.such.host.invalid"], "is no address of this machine"),
        (["--host", "203.0.113.7"], "is no address of this machine"),
        (["--api-key-file", "nowhere"], "cannot be read"),
        (["--root-path", "notes"], "does not start with a slash"),
    ],
)
def test_a_wrong_option_is_one_line(capfd: pytest.CaptureFixture[str], arguments: list[str], sentence: str) -> None:
    assert sentence in refused(capfd, *arguments)


def test_a_port_in_use_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port} is in use" in refused(capfd, "--port", port)


def test_workers_without_a_folder_to_share_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    """As in a container whose files are read-only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", "/nowhere")
        line = refused(capfd, "--port", "0", "--workers", "2")
    assert "leave --workers out" in line


@pytest.mark.parametrize("key", ["", "two words", "schlüssel", "a\nb"])
def test_a_key_that_no_header_can_carry(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    path = tmp_path / "key"
    path.write_text(key, encoding="utf-8")
    assert "holds no key" in refused(capfd, "--api-key-file", str(path))
    monkeypatch.setenv("CURRENCY_APP_API_KEY", key)
    assert "CURRENCY_APP_API_KEY holds no key" in refused(capfd)


def test_a_keys_file_that_is_no_text(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(bytes(range(128, 160)))
    assert "holds no key: put letters and digits there" in refused(capfd, "--api-key-file", str(path))


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_keys_file_as_editors_and_shells_save_it(tmp_path: Path, code: str) -> None:
    """Windows marks the order of bytes, and its shell writes two for each letter."""
    path = tmp_path / "key"
    path.write_text("secret\r\n", encoding=code)
    assert _api_key(str(path)) == "secret"


def test_without_the_extra_it_says_what_to_install() -> None:
    """As after `pip install .`, which leaves FastAPI out."""
    code = "import sys; sys.modules['fastapi'] = None\n"
    code += "from currency_app.commands.cli import main; sys.exit(main(['serve']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        'currency-app: The REST API needs packages that are not installed: pip install ".[serve]"'
    ]


def test_help_lists_it(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert re.search(r"serve +\w+", capfd.readouterr().out)


def test_other_commands_do_not_wait_for_its_packages() -> None:
    code = (
        "import sys, currency_app.commands.cli as cli; cli._parser(); print([m for m in sys.modules if 'fastapi' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_ends_at_a_signal(ending: signal.Signals) -> None:
    with LiveServer() as server:
        assert identify(server.url).json()["currency"] == "USD"
        os.kill(server.pid, ending)
        assert server.end() == 0
        assert server.log == [f"Serving at {server.url}/v1/identify, described at /docs. Ctrl-C ends it."]


def test_pressing_ctrl_c_twice_ends_it_without_a_traceback() -> None:
    with LiveServer() as server:
        for _ in range(2):
            os.kill(server.pid, signal.SIGINT)
            time.sleep(0.02)  # two signals at once would be one, and nothing shows that the first was handled
        assert server.end() == 0
        assert len(server.log) == 1


HANG_UP = pytest.param("SIGHUP", marks=pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP"))


@pytest.mark.parametrize("ending", ["SIGTERM", HANG_UP])
def test_a_request_that_was_let_in_is_answered_before_the_end(ending: str) -> None:
    """Also if the terminal is closed in which it was started."""
    jpeg = note_jpeg()
    with LiveServer() as server:
        with socket.create_connection(address_of(server), timeout=60) as connection:
            connection.sendall(HEAD % len(jpeg) + jpeg[:1000])
            wait_until(lambda: requests_in_progress(server.url) == 1)
            os.kill(server.pid, getattr(signal, ending))
            wait_until(lambda: not listens(server))
            connection.sendall(jpeg[1000:])
            assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        assert server.end() == 0


@pytest.mark.load
def test_memory_of_large_pictures_is_given_back() -> None:
    """Each takes some hundred megabytes while it is read."""
    bomb = bomb_of_25_megapixels()
    with LiveServer("--threads", "2", "--answer-seconds", "120") as server, ThreadPoolExecutor(4) as clients:
        before = server.resident_mb()
        answers = [clients.submit(identify, server.url, bomb) for _ in range(6)]
        assert {answer.result().status_code for answer in answers} == {200}
        assert server.resident_mb() < before + 60


def test_the_key_comes_from_the_environment() -> None:
    with LiveServer(environment={**os.environ, "CURRENCY_APP_API_KEY": "secret"}) as server:
        assert identify(server.url).status_code == 401
        assert identify(server.url, Authorization="Bearer secret").status_code == 200


def test_an_open_address_without_a_key_is_pointed_out() -> None:
    # Set where programs under gunicorn share a folder, which is none of this server's business.
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": "nowhere"}
    with LiveServer("--host", "0.0.0.0", environment=environment) as server:
        assert "currency_app_requests" in httpx.get(f"{server.url}/metrics", verify=LOOPBACK_TLS).text
        assert "CURRENCY_APP_API_KEY" in server.log[-1]


def test_an_address_of_ipv6_keeps_its_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as fe80::1%eth0, which without it is no address of any machine."""
    address, made = ("fe80::1", 0, 0, 2), []
    found = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    monkeypatch.setattr(socket, "create_server", lambda address, **options: made.append(address))
    _listen("fe80::1%eth0", 0)
    assert made == [address]


def test_several_workers_answer_alike_and_add_up_their_metrics() -> None:
    with LiveServer("--workers", "2", "--threads", "1") as server:
        first = identify(server.url).json()
        for _ in range(19):
            assert {**identify(server.url).json(), "milliseconds": 0} == {**first, "milliseconds": 0}
        page = httpx.get(f"{server.url}/metrics", verify=LOOPBACK_TLS).text
        assert 'currency_app_requests_total{route="/v1/identify",status="200"} 20.0' in page
        assert "currency_app_requests_in_progress 1.0" in page
        if sys.platform == "win32":
            assert server.end() == 0
            return
        for process in server.processes():  # as a terminal that is closed tells all that run in it
            process.send_signal(signal.SIGHUP)
        wait_until(lambda: server.exit_code() is not None)
        assert server.exit_code() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
@pytest.mark.parametrize(("before", "ends"), [(signal.SIG_IGN, False), (signal.SIG_DFL, True)])
def test_under_nohup_the_end_of_the_terminal_ends_no_workers(before: signal.Handlers, ends: bool) -> None:
    kept = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        signal.signal(signal.SIGHUP, before)
        supervisor = _Supervisor(server_config(ServerSettings(), FastAPI, workers=2), [])
        signal.raise_signal(signal.SIGHUP)
        supervisor.handle_signals()
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert supervisor.should_exit.is_set() is ends


def test_a_worker_that_dies_is_replaced_and_no_longer_counted() -> None:
    with LiveServer("--workers", "2", "--threads", "1") as server:
        workers = [process for process in server.processes()[1:] if "spawn_main" in " ".join(process.cmdline())]
        assert len(workers) == 2
        # Killed in the middle of requests, which they would count as going on for ever.
        with ExitStack() as stack:

            def is_busy() -> bool:
                connection = stack.enter_context(socket.create_connection(address_of(server), timeout=60))
                connection.sendall(HEAD % 9 + b"1")
                return (
                    "currency_app_requests_in_progress 1.0"
                    not in httpx.get(f"{server.url}/metrics", verify=LOOPBACK_TLS).text
                )

            wait_until(is_busy)
            for worker in workers:
                worker.kill()
        wait_until(
            lambda: not any(worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE for worker in workers)
        )

        def back() -> bool:
            try:
                page = httpx.get(f"{server.url}/metrics", timeout=5, verify=LOOPBACK_TLS).text
            except httpx.HTTPError:
                return False
            return "currency_app_requests_in_progress 1.0" in page

        wait_until(back, 120)  # the parent waits 30 s for one that dies while it is asked how it is
        wait_until(lambda: identify(server.url).status_code == 200)
        assert server.end() == 0
