"""The OpenAPI page: its examples are what it says they are, and it needs nobody else."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from currency_app import __version__
from currency_app.server.requests.body import FORM_TYPE, RAW_TYPES
from currency_app.server.schema import Answer, Batch, Note, Problem
from currency_app.testing import ANSWER, FakePictureReader
from tests.server.conftest import Start
from tests.support.server.pictures import note_jpeg


@pytest.fixture(scope="module")
def client(start_once: Start) -> httpx.Client:
    return start_once(FakePictureReader())


@pytest.fixture(scope="module")
def page(client: httpx.Client) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/openapi.json").json()
    return described


def test_what_is_described(page: dict[str, Any]) -> None:
    assert page["info"]["version"] == __version__
    assert "genuine" in page["info"]["description"]
    assert list(page["paths"]) == ["/v1/identify", "/v1/identify/batch", "/metrics", "/healthz", "/readyz"]
    identify = page["paths"]["/v1/identify"]["post"]
    assert set(identify["requestBody"]["content"]) == {*RAW_TYPES, FORM_TYPE}
    assert set(identify["responses"]) == {"200", "400", "403", "408", "413", "415", "422", "429", "503"}
    assert [parameter["name"] for parameter in identify["parameters"]] == ["camera_faces", "mirrored"]


def test_examples_are_as_described(page: dict[str, Any]) -> None:
    answers = page["paths"]["/v1/identify"]["post"]["responses"]
    Answer.model_validate(answers["200"]["content"]["application/json"]["example"], strict=False)
    batch = page["paths"]["/v1/identify/batch"]["post"]["responses"]["200"]["content"]["application/json"]["example"]
    assert len(Batch.model_validate(batch).images) == 2
    for status, response in answers.items():
        if status != "200":
            example = Problem.model_validate(response["content"]["application/problem+json"]["example"])
            assert str(example.status) == status


def test_the_example_is_of_no_model_and_agrees_with_itself(client: httpx.Client, page: dict[str, Any]) -> None:
    responses = page["paths"]["/v1/identify"]["post"]["responses"]
    example = responses["200"]["content"]["application/json"]["example"]
    assert list(example) == [name for name in Answer.model_fields if name != "notes"], "there is one note"
    shares = example["probabilities"]
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["usd_20_front"] + shares["usd_20_back"] == pytest.approx(example["confidence"])
    assert max(shares, key=shares.get) == f"usd_{example['value']}_{example['side']}"
    assert example["model_version"] == "0123456789ab"


@pytest.mark.parametrize("address", ["/v1/identify", "/v1/identify/batch"])
def test_examples_of_refusals_are_what_the_address_says(
    client: httpx.Client, page: dict[str, Any], address: str
) -> None:
    responses = page["paths"][address]["post"]["responses"]
    for status, kind, body in (("415", "text/plain", b"x"), ("422", "multipart/form-data; boundary=x", b"--x--\r\n")):
        refused = client.post(address, content=body, headers={"Content-Type": kind})
        assert refused.json() == responses[status]["content"]["application/problem+json"]["example"]


def test_answers_are_as_described(client: httpx.Client) -> None:
    answer = client.post("/v1/identify", content=note_jpeg(), headers={"Content-Type": "image/jpeg"}).json()
    assert Answer.model_validate(answer).model_dump(mode="json", exclude_unset=True) == answer

    files = [("images", ("a", note_jpeg())), ("images", ("b", b"x"))]
    batch = client.post("/v1/identify/batch", files=files).json()
    assert Batch.model_validate(batch).model_dump(mode="json", exclude_unset=True) == batch


def test_an_answer_of_several_notes_is_as_described() -> None:
    first = {name: ANSWER[name] for name in Note.model_fields}
    answer = {**ANSWER, "notes": [first, {**first, "value": 9}], "milliseconds": 3.0}
    assert Answer.model_validate(answer).model_dump(mode="json", exclude_unset=True) == answer


def test_the_key_is_described_where_there_is_one(start: Start) -> None:
    page = start(FakePictureReader(), api_key="secret").get("/openapi.json").json()
    identify = page["paths"]["/v1/identify"]["post"]
    assert identify["security"] == [{"HTTPBearer": []}]
    assert "401" in identify["responses"]
    metrics = page["paths"]["/metrics"]["get"]
    assert set(metrics["responses"]) == {"200", "401", "403"}
    assert metrics["security"] == [{"HTTPBearer": []}]
    assert "security" not in page["paths"]["/healthz"]["get"]


def test_no_key_is_described_where_there_is_none(page: dict[str, Any]) -> None:
    assert set(page["paths"]["/metrics"]["get"]["responses"]) == {"200", "403"}


def test_the_page_to_look_at_fetches_nothing_from_elsewhere(client: httpx.Client) -> None:
    html = client.get("/docs").text
    fetched = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(fetched) >= 3
    assert all(address.startswith("/") for address in fetched)
    assert all(client.get(address).status_code == 200 for address in fetched)


def test_under_a_proxys_path(start: Start) -> None:
    client = start(FakePictureReader(), root_path="/notes")
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/notes"}]
    assert 'src="/notes/static-offline-docs/' in client.get("/docs").text
    answer = client.post("/v1/identify", content=note_jpeg(), headers={"Content-Type": "image/jpeg"})
    assert answer.status_code == 200
