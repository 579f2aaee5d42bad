"""Keeps pages of other sites from using the server through the browser of somebody who may reach it.

A browser sends some requests for any page without asking first: forms, pictures, and `fetch` with `no-cors`. The page
cannot read the answers, but the server would work for it. A page may also have its own name point at this machine
("DNS rebinding"); then the browser takes the server for the page's own site, and the page reads the answers, too.
Programs other than browsers send none of the headers that are looked at here, except Host.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from fastapi import Request

from currency_app.server.problems import ProblemError

OTHER_SITE = "Pages of other sites may not use this server. Open /docs to try it in a browser."
"""The sentence that refuses a request of another site's page."""

_OWN_PAGES = ("same-origin", "none")
"""Values of Sec-Fetch-Site for a page of the server itself and for what the user typed; W3C Fetch Metadata."""


def refuse_other_sites(hosts: Collection[str] | None) -> Callable[[Request], None]:
    """Return a FastAPI dependency that raises ProblemError 403 for requests of other sites' pages.

    hosts: names, in lower case, by which the server may be asked beside those that no other site can have; None for
    any name.
    """

    def check(request: Request) -> None:
        host = _name(request.headers.get("host", ""))
        if hosts is not None and host not in hosts and not _is_local(host):
            raise ProblemError(
                403, f"This server answers to local names only. To let it answer to {host}, add --allow-host {host}."
            )
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            foreign = site.strip().lower() not in _OWN_PAGES
        else:  # an older browser, or one that does not trust the connection
            origin = request.headers.get("origin")
            foreign = origin is not None and not request.scope.get("root_path") and not _is_same(origin, request)
        if foreign:
            raise ProblemError(403, OTHER_SITE)

    return check


def _is_local(host: str) -> bool:
    """Whether no site of the internet can have this name: an address, `localhost`, or a name without a dot."""
    if "." not in host or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _name(host: str) -> str:
    """Return the name or address in a Host header, in lower case, without port, brackets and final dot."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].rstrip(".").lower()


def _is_same(origin: str, request: Request) -> bool:
    try:
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    except ValueError:
        return False
