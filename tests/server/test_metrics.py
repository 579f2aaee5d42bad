"""The metrics for Prometheus, of one process and of several that share them."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from currency_app.server.metrics import Metrics
from currency_app.testing import FakePictureReader
from tests.server.conftest import Start
from tests.support.server.pictures import note_jpeg

JPEG = {"Content-Type": "image/jpeg"}


def figures(client: httpx.Client) -> dict[tuple[str, ...], float]:
    """Every sample by its name and its labels' values."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(response.text)
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


@pytest.fixture
def client(start: Start) -> httpx.Client:
    return start(FakePictureReader())


def test_requests_by_route_and_status(client: httpx.Client) -> None:
    for _ in range(3):
        client.post("/v1/identify", content=note_jpeg(), headers=JPEG)
    client.post("/v1/identify", content=b"x", headers=JPEG)
    client.post("/v1/identify", content=b"x", headers={"Content-Type": "text/plain"})
    client.get("/nowhere/1")
    client.get("/nowhere/2")
    seen = figures(client)
    assert seen["currency_app_requests_total", "/v1/identify", "200"] == 3
    assert seen["currency_app_requests_total", "/v1/identify", "400"] == 1
    assert seen["currency_app_requests_total", "/v1/identify", "415"] == 1
    assert seen["currency_app_requests_total", "none", "404"] == 2, "addresses that clients make up have one name"
    assert seen["currency_app_request_seconds_count", "/v1/identify"] == 5
    assert 0 < seen["currency_app_request_seconds_sum", "/v1/identify"] < 60


def test_images_by_outcome_and_stages(client: httpx.Client) -> None:
    files = [("images", ("a", note_jpeg())), ("images", ("b", b"x"))]
    assert client.post("/v1/identify/batch", files=files).status_code == 200
    seen = figures(client)
    assert seen["currency_app_images_total", "not_sure"] == 1
    assert seen["currency_app_images_total", "refused"] == 1
    assert seen["currency_app_stage_seconds_count", "wait"] == 2
    assert seen["currency_app_stage_seconds_count", "decode"] == 1
    assert seen["currency_app_stage_seconds_sum", "recognise"] == pytest.approx(0.002)


def test_no_value_of_a_note_is_in_them(client: httpx.Client) -> None:
    client.post("/v1/identify", content=note_jpeg(), headers=JPEG)
    assert "xts" not in client.get("/metrics").text.lower()


def test_what_goes_on_now(client: httpx.Client) -> None:
    assert figures(client)["currency_app_requests_in_progress",] == 1, "this one"
    assert figures(client)["process_resident_memory_bytes",] > 1e6


def test_a_shared_folder_that_was_cleaned_away_is_made_again(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"
    metrics = Metrics(str(folder))
    assert folder.is_dir(), "a worker that takes the place of one that died would not start without it"
    shutil.rmtree(folder)
    assert metrics.page() == b""
    assert folder.is_dir()
