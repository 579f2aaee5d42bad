"""Malformed requests to a server, with its replies and whether these are as promised."""

from __future__ import annotations

import json
import socket
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np

from tests.support.server.hostile_images import KINDS, cut_short, damaged, good
from tests.support.server.live import LOOPBACK_TLS

TIMEOUT_S = 60.0
IDENTIFY, BATCH = "/v1/identify", "/v1/identify/batch"


@dataclass(frozen=True)
class Reply:
    """A server's reply, judged."""

    status: int
    """The HTTP status; 0 if the connection was closed without one."""
    wrong: str = ""
    """What is not as promised; empty if nothing."""


_TYPES = (
    "text/plain",
    "application/json",
    "application/x-www-form-urlencoded",
    "image/svg+xml",
    "image/gif",
    "image/jpeg;;;",
    "image/",
    "video/mp4",
    "multipart/form-data",
    "multipart/mixed; boundary=x",
    "",
    "*/*",
    "\xe4",
    "a" * 9_000,
)

Attempt = Callable[[np.random.Generator, str], Reply]


def judged(status: int, media_type: str, body: bytes, what: str) -> Reply:
    """Judge a reply: it is wrong if it is a server error, or an error without a problem of its status."""
    if status >= 500:
        return Reply(status, f"{what}: {status} {body[:300]!r}")
    if status >= 400:
        try:
            problem = json.loads(body)
            as_promised = media_type == "application/problem+json" and problem["status"] == status and problem["detail"]
        except (ValueError, KeyError, TypeError):
            as_promised = False
        if not as_promised:
            return Reply(status, f"{what}: {status} {media_type} {body[:300]!r}")
        if "Traceback" in problem["detail"]:
            return Reply(status, f"{what}: a traceback")
    return Reply(status)


def image(make: Callable[[np.random.Generator, str], bytes]) -> Attempt:
    """Send what `make` returns, raw or in a form, to either address."""

    def attempt(rng: np.random.Generator, url: str) -> Reply:
        kind = str(rng.choice(list(KINDS)))
        data = make(rng, kind)
        way = int(rng.integers(4))
        if way < 2:
            response = _post(url + IDENTIFY, content=data, headers={"Content-Type": kind})
        elif way == 2:
            response = _post(url + IDENTIFY, files={"image": ("a", data)})
        else:
            files = [("images", ("a.jpg", data)), ("images", ("b.png", good("image/png")))]
            response = _post(url + BATCH, files=files)
        if way == 3 and response.status_code == 200:
            items = response.json()["images"]
            if len(items) != 2 or "answer" not in items[1]:
                return Reply(200, f"{make.__name__}: the good image beside it was not answered: {items}")
        return _of(response, make.__name__)

    return attempt


def wrong_type(rng: np.random.Generator, url: str) -> Reply:
    """A body of a type that is not accepted, or that is not what its type says."""
    kind = str(rng.choice(_TYPES))
    headers = {b"Content-Type": kind.encode("latin-1")}
    if rng.random() < 0.2:
        headers[b"Content-Encoding"] = str(rng.choice(["gzip", "br", "deflate", "x"])).encode()
    contents = (good("image/jpeg"), b"{}", b"GIF89a", zlib.compress(good("image/png")), b"", rng.bytes(50))
    content = contents[int(rng.integers(len(contents)))]
    return _of(_post(url + IDENTIFY, content=content, headers=headers), f"type {kind[:99]!r}")


def broken_form(rng: np.random.Generator, url: str) -> Reply:
    """A multipart body that is damaged, endless, or holds what it should not."""
    jpeg = good("image/jpeg")
    disposition = b'Content-Disposition: form-data; name="image"; filename="a.jpg"\r\n'
    whole = b"--x\r\n" + disposition + b"\r\n" + jpeg + b"\r\n--x--\r\n"
    bodies = (
        whole[: int(rng.integers(1, len(whole)))],
        whole.replace(b"--x", b"--y"),
        whole.replace(b'name="image"', b'name="' + rng.bytes(20).replace(b'"', b"") + b'"'),
        whole.replace(b"form-data", b"attachment"),
        whole.replace(disposition, b""),
        whole.replace(disposition, disposition * 50),
        whole.replace(disposition, b"X-Long: " + b"a" * 20_000 + b"\r\n" + disposition),
        b"--x\r\n" + disposition + b"\r\n" + b"\r\n--" * 20_000 + b"\r\n--x--\r\n",
        (b"--x\r\n" + disposition + b"\r\n\r\n") * int(rng.integers(2, 3_000)) + b"--x--\r\n",
        b"--x--\r\n",
        b"\r\n" * 5_000,
        damaged(rng, "image/jpeg").join([b"--x\r\n" + disposition + b"\r\n", b"\r\n--x--\r\n"]),
        rng.bytes(500),
    )
    body = bodies[int(rng.integers(len(bodies)))]
    kinds = ("multipart/form-data; boundary=x",) * 6 + (
        'multipart/form-data; boundary="x',
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 500,
        "multipart/form-data",
        "MULTIPART/FORM-DATA; boundary=x; charset=utf-99",
    )
    kind = str(rng.choice(kinds))
    address = url + str(rng.choice([IDENTIFY, BATCH]))
    return _of(_post(address, content=body, headers={"Content-Type": kind}), f"form {kind!r}")


def odd_request(rng: np.random.Generator, url: str) -> Reply:
    """A request line, head or framing that nobody should send."""
    jpeg = good("image/jpeg")
    size = str(len(jpeg)).encode()
    post, typed = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\n", b"Content-Type: image/jpeg\r\n"
    get = b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    sent = (
        b"GET /v1/identify" + get,
        b"DELETE /healthz" + get,
        b"BREW /v1/identify" + get,
        b"GET /static-offline-docs/%00" + get,
        b"GET /static-offline-docs/swagger-ui.css HTTP/1.1\r\nRange: bytes=9-1,\r\nConnection: close\r\n\r\n",
        b"GET /static-offline-docs/../../etc/passwd" + get,
        b"GET /static-offline-docs/%2e%2e/%2e%2e/" + b"a" * 5_000 + get,
        b"GET /" + b"a" * 60_000 + get,
        b"GET /\xff\xfe" + get,
        b"GET //" + get,
        b"GET /v1/identify/" + get,
        b"GET http://other/healthz" + get,
        b"CONNECT other:443" + get,
        b"OPTIONS *" + get,
        b"HEAD /healthz" + get,
        b"POST /v1/identify?camera_faces=%FF&mirrored=maybe&x=1" + get,
        b"POST /v1/identify?" + b"mirrored=1&" * 3_000 + get,
        post
        + typed
        + b"Content-Length: "
        + size
        + b"\r\nConnection: close\r\nX: "
        + b"a" * 60_000
        + b"\r\n\r\n"
        + jpeg,
        post + typed + b"Content-Length: -1\r\n\r\n" + jpeg,
        post + typed + b"Content-Length: 99999999999999999999\r\n\r\n" + jpeg,
        post + typed + b"Content-Length: 20000000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        post + typed + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + jpeg,
        post + typed + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + jpeg,
        post + typed + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + jpeg,
        post + typed + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        post + typed + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
        post + typed + b"Connection: close\r\nAuthorization: Bearer \xff\xfe\r\nContent-Length: 0\r\n\r\n",
        post + b"X" * 300_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + rng.bytes(200),
        rng.bytes(300) + b"\r\n\r\n",
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n") * 200 + b"GET /healthz" + get,
    )
    which = int(rng.integers(len(sent)))
    return _exchange(url, [sent[which]], f"request {which}")


def slow_body(rng: np.random.Generator, url: str) -> Reply:
    """A body that comes byte by byte and never ends."""
    head = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: 5000\r\n\r\n"
    reply = _exchange(url, [head, *(bytes([byte]) for byte in good("image/jpeg")[:30])], "slow body", pause_s=0.1)
    return reply if reply.status == 408 or reply.wrong else Reply(reply.status, f"slow body: {reply.status}")


def hang_up(rng: np.random.Generator, url: str) -> Reply:
    """A client that goes away, in its head, in its body or before its answer."""
    data = cut_short(rng, "image/jpeg")
    head = b"POST /v1/identify HTTP/1.1\r\nHost: a\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
    claimed = len(data) + int(rng.integers(0, 2)) * 100
    whole = head % claimed + data
    with _connected(url) as connection:
        connection.sendall(whole[: int(rng.integers(1, len(whole) + 1))])
    return Reply(0)


def _post(url: str, **sent: Any) -> httpx.Response:
    return httpx.post(url, timeout=TIMEOUT_S, verify=LOOPBACK_TLS, **sent)


def _of(response: httpx.Response, what: str) -> Reply:
    return judged(response.status_code, response.headers.get("content-type", ""), response.content, what)


def _exchange(url: str, pieces: list[bytes], what: str, pause_s: float = 0.0) -> Reply:
    """Send pieces with pauses between them, until there is an answer; return it, or the last of several."""
    with _connected(url) as connection:
        received = b"".join(_sent_and_received(connection, pieces, pause_s))
    start = received.rfind(b"HTTP/1.1 ")
    if start < 0:
        return Reply(0)
    head, _, body = received[start:].partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    types = [
        line.split(b":", 1)[1].strip() for line in head.lower().split(b"\r\n") if line.startswith(b"content-type:")
    ]
    if not body and b"HEAD" in pieces[0][:4]:
        return Reply(status)
    return judged(status, types[0].decode() if types else "", body, what)


def _connected(url: str) -> socket.socket:
    host, _, port = urlsplit(url).netloc.partition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT_S)


def _sent_and_received(connection: socket.socket, pieces: list[bytes], pause_s: float) -> Iterator[bytes]:
    try:
        connection.settimeout(pause_s or TIMEOUT_S)
        for piece in pieces:
            connection.sendall(piece)
            if pause_s:
                try:
                    early = connection.recv(65_536)
                except TimeoutError:
                    continue
                yield early
                if not early:
                    return
        connection.settimeout(TIMEOUT_S)
        while data := connection.recv(65_536):
            yield data
    except OSError:  # closed while we were sending; what had come counts
        return
