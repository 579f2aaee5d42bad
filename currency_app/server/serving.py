"""Listens on a port and serves there, with one process or several, until a signal ends it."""

from __future__ import annotations

import errno
import functools
import ipaddress
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from currency_app.errors import CurrencyAppError
from currency_app.server.app import create_app
from currency_app.server.reading.readers import BundleReader
from currency_app.server.requests.connections import BoundedConnection
from currency_app.server.settings import ServerSettings


def serve(settings: ServerSettings, host: str, port: int, workers: int) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP, then answer the requests that were let in, and return.

    Args:
        settings: the server's settings; several workers get a metrics folder of their own.
        host: a host name or an address of this machine.
        port: 0 for any that is free.
        workers: how many processes serve.

    Raises:
        CurrencyAppError: the address or the port cannot be used, or several workers have no folder in common.
        BundleError: there is no model that can be run.
    """
    BundleReader(settings.currency)  # raises now, else every worker would report the error again and again
    with ExitStack() as stack:
        listening = stack.enter_context(_listen(host, port))
        if workers > 1:
            folder = stack.enter_context(_metrics_folder())
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder  # workers read it when they start
            settings = replace(settings, metrics_folder=folder)
        config = server_config(settings, functools.partial(_app_of_process, settings), workers)
        _announce(listening, settings)
        if workers > 1:
            _Supervisor(config, [listening]).run()
        else:
            uvicorn.Server(config).run([listening])


def _metrics_folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="currency-app-metrics-")
    except OSError as error:
        raise CurrencyAppError(
            "Several workers share their metrics in a folder for temporary files, and none can be written: name one in "
            "TMPDIR, or leave --workers out."
        ) from error


def server_config(settings: ServerSettings, make_app: Callable[[], FastAPI], workers: int = 1) -> uvicorn.Config:
    """Return uvicorn's configuration; make_app: called once by each worker."""
    return uvicorn.Config(
        make_app,
        factory=True,
        workers=workers,
        http=BoundedConnection,
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        # Seconds. By then every request that was let in has its answer, so that none is cut off.
        timeout_graceful_shutdown=round(settings.body_timeout_s + settings.answer_timeout_s) + 5,
        # Seconds. A worker answers its parent only once it has imported everything, for which 5 s were not enough on a
        # slow machine. A worker that dies while its parent waits for its answer is replaced only after this time.
        timeout_worker_healthcheck=30,
    )


def _app_of_process(settings: ServerSettings) -> FastAPI:
    """Return the application of this process, which also ends when the terminal is closed, as at SIGTERM.

    By default that would end it in the middle of its answers.
    """
    if not _ignores_hang_up():
        signal.signal(signal.SIGHUP, lambda number, frame: signal.raise_signal(signal.SIGTERM))
    return create_app(settings)


def _ignores_hang_up() -> bool:
    """Whether the end of the terminal is none of this process's business: under nohup, and on Windows."""
    return not hasattr(signal, "SIGHUP") or signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


class _Supervisor(Multiprocess):
    """uvicorn's supervisor, except that it ends with its terminal, where its own restarts all workers.

    It also removes a worker that died from the metric of requests in progress.
    """

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        ignores_hang_up = _ignores_hang_up()
        super().__init__(config, sockets)
        if ignores_hang_up and hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def handle_hup(self) -> None:
        self.should_exit.set()

    def keep_subprocess_alive(self) -> None:
        before = {process.pid for process in self.processes}
        super().keep_subprocess_alive()
        for gone in before - {process.pid for process in self.processes}:
            from prometheus_client.multiprocess import mark_process_dead

            mark_process_dead(gone)  # type: ignore[no-untyped-call]


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address, family=family, backlog=2048)  # of IPv6 with its zone, fe80::1%eth0
    except (OSError, UnicodeError) as error:
        code = error.errno if isinstance(error, OSError) else None
        if code == errno.EADDRINUSE:
            raise CurrencyAppError(f"Port {port} is in use: end what uses it, or choose another by --port.") from error
        if code == errno.EACCES:
            raise CurrencyAppError(f"Port {port} may not be used by this account: choose one above 1023.") from error
        raise CurrencyAppError(f"{host} is no address of this machine: choose another by --host.") from error


def _announce(listening: socket.socket, settings: ServerSettings) -> None:
    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"Serving at http://{shown}:{port}/v1/identify, described at /docs. Ctrl-C ends it.", file=sys.stderr)
    if settings.api_key is None and not ipaddress.ip_address(host).is_loopback:
        print("Whoever reaches this address may use it: set CURRENCY_APP_API_KEY to ask for a key.", file=sys.stderr)
    sys.stderr.flush()
