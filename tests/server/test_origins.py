"""Pages of other sites may not use the server through somebody's browser; everything else may."""

from __future__ import annotations

import argparse

import httpx
import pytest

from currency_app.commands import serve
from currency_app.errors import CurrencyAppError
from currency_app.server.settings import ServerSettings
from currency_app.testing import FakePictureReader
from tests.server.conftest import Start, problem_of
from tests.support.server.pictures import note_jpeg

LOCAL = frozenset({"127.0.0.1"})
OTHER = "http://other.example"


def answered(client: httpx.Client, headers: dict[str, str]) -> list[int]:
    """The statuses of a raw image, a form as a page may send it unasked, and the metrics."""
    form = client.post("/v1/identify", files={"image": note_jpeg()}, headers=headers)
    raw = client.post("/v1/identify", content=note_jpeg(), headers={"Content-Type": "image/jpeg", **headers})
    return [form.status_code, raw.status_code, client.get("/metrics", headers=headers).status_code]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": OTHER, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:3000"},
        {"Origin": OTHER},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "file://"},
    ],
)
def test_other_sites_are_refused_before_their_body_is_read(start: Start, headers: dict[str, str]) -> None:
    reader = FakePictureReader()
    client = start(reader, hosts=LOCAL)
    assert answered(client, headers) == [403] * 3
    assert "other sites" in problem_of(client.post("/v1/identify/batch", files={"images": b""}, headers=headers), 403)
    assert reader.asked == []
    for open_to_all in ("/healthz", "/readyz", "/docs", "/openapi.json"):
        assert client.get(open_to_all, headers=headers).status_code == 200


def test_its_own_page_and_programs_may(start: Start) -> None:
    client = start(FakePictureReader(), hosts=LOCAL)
    own = f"http://{client.base_url.netloc.decode()}"
    for headers in (
        {},
        {"Origin": own},
        {"Origin": own, "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"User-Agent": "Mozilla/5.0", "Referer": OTHER},
    ):
        assert answered(client, headers) == [200] * 3


def test_a_page_whose_name_points_here_is_refused(start: Start) -> None:
    """The browser takes the server for the page's own site then: everything fits, but the name."""
    client = start(FakePictureReader(), hosts=LOCAL)
    for host in ("rebound.example", "rebound.example:8000", "127.0.0.1.rebound.example", "localhost.example."):
        headers = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        assert answered(client, headers) == [403] * 3
        assert "--allow-host" in problem_of(client.get("/metrics", headers=headers), 403)
        assert client.get("/healthz", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "app.localhost", "127.0.0.1", "127.9.9.9:80", "[::1]:8000", "10.0.0.7", "pi"],
)
def test_names_that_no_site_can_have_are_answered(start: Start, host: str) -> None:
    assert answered(start(FakePictureReader(), hosts=LOCAL), {"Host": host}) == [200] * 3


def test_behind_a_proxy_its_names_are_answered(start: Start) -> None:
    client = start(FakePictureReader(), root_path="/notes")
    assert answered(client, {"Host": "example.org"}) == [200] * 3
    page = {"Origin": "https://example.org"}
    assert answered(client, {**page, "Sec-Fetch-Site": "same-origin"}) == [200] * 3
    assert answered(client, page) == [200] * 3, "an older browser on its own page, where the proxy changes Host"
    assert answered(client, {**page, "Sec-Fetch-Site": "cross-site"}) == [403] * 3


def hosts_by(*options: str, key: str | None = None, monkeypatch: pytest.MonkeyPatch) -> frozenset[str] | None:
    """The names that `currency-app serve` with these options answers to."""
    made: list[ServerSettings] = []
    monkeypatch.setattr("currency_app.server.serving.serve", lambda settings, *rest: made.append(settings))
    monkeypatch.delenv(serve.KEY_VARIABLE, raising=False)
    if key:
        monkeypatch.setenv(serve.KEY_VARIABLE, key)
    parser = argparse.ArgumentParser()
    serve.add_options(parser)
    parser.add_argument("--currency", default="usd")
    args = parser.parse_args(options)
    assert args.command(args) == 0
    return made[0].hosts


def test_which_names_the_command_answers_to(monkeypatch: pytest.MonkeyPatch) -> None:
    def by(*options: str, key: str | None = None) -> set[str] | None:
        found = hosts_by(*options, key=key, monkeypatch=monkeypatch)
        return None if found is None else set(found)

    assert by() == {"127.0.0.1"}
    assert by("--host", "::1") == {"::1"}
    assert by("--host", "localhost") == {"localhost"}
    assert by("--host", "127.1") == {"127.1"}, "as this machine's own name is, where that stands for 127.0.1.1"
    assert by("--allow-host", "Example.org.", "--allow-host", "b.example") == {"127.0.0.1", "example.org", "b.example"}
    assert by("--host", "0.0.0.0", "--allow-host", "a.example") == {"0.0.0.0", "a.example"}
    assert by("--host", "0.0.0.0") is None
    assert by("--root-path", "/notes") is None
    assert by(key="secret") is None


@pytest.mark.parametrize("name", ["", "http://a.example", "a.example:80", "a b", "me@a.example"])
def test_what_is_no_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(CurrencyAppError, match="is no name"):
        hosts_by("--allow-host", name, monkeypatch=monkeypatch)
