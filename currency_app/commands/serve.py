"""`currency-app serve`: its options, and the checks before it starts."""

from __future__ import annotations

import argparse
import codecs
import contextlib
import ipaddress
import os
import socket
from pathlib import Path

from currency_app.command_line import whole_number
from currency_app.errors import CurrencyAppError

KEY_VARIABLE = "CURRENCY_APP_API_KEY"
"""The environment variable with the key that clients must send."""

_SHARED_METRICS = ("PROMETHEUS_MULTIPROC_DIR", "prometheus_multiproc_dir")
"""Environment variables by which prometheus_client, when it is imported, shares metrics among processes."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `serve`, except --currency, which other commands have too."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at; 0.0.0.0 for all (127.0.0.1)")
    parser.add_argument("--port", type=whole_number(0, 65535), default=8000, help="0 for any free one (8000)")
    parser.add_argument("--workers", type=whole_number(1, 64), default=1, metavar="N", help="processes (1)")
    parser.add_argument(
        "--threads",
        type=whole_number(1, 64),
        metavar="N",
        help="images read at once by each worker (as many as there are processors for it, at most 4)",
    )
    parser.add_argument(
        "--concurrency",
        type=whole_number(1, 10_000),
        default=32,
        metavar="N",
        help="requests taken in at once by each worker; more are answered 429 (32)",
    )
    parser.add_argument(
        "--max-megabytes", type=whole_number(1, 1000), default=10, metavar="N", help="of a request's body (10)"
    )
    parser.add_argument(
        "--max-megapixels", type=whole_number(1, 89), default=25, metavar="N", help="of an image, before decoding (25)"
    )
    parser.add_argument("--max-images", type=whole_number(1, 1000), default=16, metavar="N", help="of a batch (16)")
    parser.add_argument(
        "--body-seconds", type=whole_number(1, 3600), default=10, metavar="S", help="for a body to arrive (10)"
    )
    parser.add_argument(
        "--answer-seconds", type=whole_number(1, 3600), default=20, metavar="S", help="for a request's answer (20)"
    )
    parser.add_argument(
        "--api-key-file",
        metavar="FILE",
        help=f"a file with the key that clients must send; or set {KEY_VARIABLE} (no key)",
    )
    parser.add_argument("--root-path", default="", metavar="PATH", help="path under which a proxy shows the server")
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which others may ask this server, such as example.org; may be repeated (local names only, "
        "if it listens at this machine's own address and has neither a key nor a --root-path; otherwise any name)",
    )
    parser.set_defaults(command=run_serve)


def run_serve(args: argparse.Namespace) -> int:
    """Serve until interrupted, and return the exit code."""
    from currency_app.server.settings import ServerSettings, default_threads

    api_key, root_path = _api_key(args.api_key_file), _root_path(args.root_path)
    settings = ServerSettings(
        currency=args.currency,
        threads=args.threads or default_threads(args.workers),
        max_requests=args.concurrency,
        max_bytes=args.max_megabytes * 1_000_000,
        max_pixels=args.max_megapixels * 1_000_000,
        max_images=args.max_images,
        body_timeout_s=args.body_seconds,
        answer_timeout_s=args.answer_seconds,
        api_key=api_key,
        root_path=root_path,
        hosts=_hosts(args.allow_host, args.host, guarded=bool(api_key or root_path)),
    )
    for name in _SHARED_METRICS:  # of another program, such as gunicorn: the server makes its own where it needs one
        os.environ.pop(name, None)
    try:
        from currency_app.server.serving import serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("currency_app"):
            raise
        raise CurrencyAppError('The REST API needs packages that are not installed: pip install ".[serve]"') from error
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how users end it
        serve(settings, args.host, args.port, args.workers)
    return 0


def _api_key(file: str | None) -> str | None:
    """Return the key from a file or the environment. Raises CurrencyAppError if no header can carry it."""
    key, source = os.environ.get(KEY_VARIABLE), KEY_VARIABLE
    if file is not None:
        source = file
        try:
            content = Path(file).read_bytes()
        except (OSError, ValueError) as error:
            raise CurrencyAppError(f"The key's file {file} cannot be read: check its name and rights.") from error
        # As Windows saves texts. Bytes that are no text become replacement characters, which no key may have.
        code = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
        key = content.decode(code, errors="replace").strip()
    if key is None:
        return None
    if not (key and key.isascii() and key.isprintable() and " " not in key):
        raise CurrencyAppError(f"{source} holds no key: put letters and digits there, such as 32 random ones.")
    return key


def _root_path(text: str) -> str:
    path = text.rstrip("/")
    if path and not path.startswith("/"):
        raise CurrencyAppError(f"--root-path {text} does not start with a slash: give one such as /notes.")
    return path


def _hosts(allowed: list[str], host: str, guarded: bool) -> frozenset[str] | None:
    """Return the names by which the server may be asked, None for any.

    Any, unless some were named, where a key keeps pages of other sites out, a proxy passes on the names by which it is
    asked, or others may reach the server by names that are not known here.
    """
    wrong = next((name for name in allowed if not name or set(name) & set("/:@[] ")), None)
    if wrong is not None:
        raise CurrencyAppError(f"--allow-host {wrong} is no name: give one such as example.org, without port or slash.")
    if not allowed and (guarded or not _is_loopback(host)):
        return None
    return frozenset(name.rstrip(".").lower() for name in (*allowed, host))


def _is_loopback(host: str) -> bool:
    """Whether the address that a server would listen at is this machine's own, however it is written.

    So it is for 127.1 and, on Debian, for the machine's own name.
    """
    try:
        *_, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return ipaddress.ip_address(address[0]).is_loopback
    except (OSError, ValueError):  # no address of this machine, which whoever listens tells
        return False
