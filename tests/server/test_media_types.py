"""The names that programs have for JPEG, PNG and WebP are taken, for the bytes decide; other kinds are refused."""

from __future__ import annotations

import httpx
import pytest

from currency_app.testing import FakePictureReader
from tests.server.conftest import Start, problem_of
from tests.support.server.pictures import encoded, held_note, note_jpeg

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def client(start_once: Start) -> httpx.Client:
    return start_once(FakePictureReader())


@pytest.mark.parametrize(
    "kind",
    [
        "image/jpg", "image/pjpeg", "image/x-png", "IMAGE/JPG", "image/jpg; charset=binary", "image/jfif", "image/pjp",
        "image/x-jpeg", "image/x-citrix-jpeg", "image/apng", "image/x-webp", "image/*", "binary/octet-stream", "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_file", ["JPEG", "PNG", "WEBP"])
def test_other_names_are_taken_for_any_of_the_kinds(client: httpx.Client, kind: str, as_file: str) -> None:
    data = encoded(held_note()[::4, ::4], as_file)
    assert client.post("/v1/identify", content=data, headers={"Content-Type": kind}).status_code == 200


@pytest.mark.parametrize(
    "kind", ["image/gif", "image/heic", "image/svg+xml", "image/", "image/jpgx", "xximage/jpg", "text/plain", "*/*"]
)
def test_other_kinds_are_refused(client: httpx.Client, kind: str) -> None:
    refused = client.post("/v1/identify", content=note_jpeg(), headers={"Content-Type": kind})
    assert "image/jpeg, image/png, image/webp" in problem_of(refused, 415)


def test_a_batch_is_a_form_whatever_its_images_are_called(client: httpx.Client) -> None:
    problem_of(client.post("/v1/identify/batch", content=note_jpeg(), headers={"Content-Type": "image/jpg"}), 415)
    files = {"images": ("a.jpg", note_jpeg(), "image/pjpeg")}
    assert client.post("/v1/identify/batch", files=files).status_code == 200
