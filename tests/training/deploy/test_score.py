"""What the scoring script says to bodies, by the limits of `currency-app serve`; Azure ML's server is played."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from currency_app.server import ServerSettings
from tests.support.server.hostile_images import many_scans
from tests.support.server.hostile_parsing import floods
from tests.support.server.pictures import encoded, note_jpeg, scene
from tests.support.sources import CHECKOUT

SCRIPT = CHECKOUT / "training" / "deploy" / "azure" / "score.py"
AS_BODY = "Send the image's bytes as the body"


class Score:
    """The scoring script with a model, as Azure ML's server has it after its start."""

    def __init__(self, script: Any) -> None:
        self._script = script

    def __call__(
        self, body: bytes, content_type: str | None = None, method: str = "POST"
    ) -> tuple[int, dict[str, Any]]:
        """The status and the members of the answer to a request."""
        request = SimpleNamespace(method=method, args={}, stream=io.BytesIO(body), content_type=content_type)
        status, members = self._script.run(request)
        return status, members


@pytest.fixture(scope="module")
def score(tiny_bundle: Path) -> Any:
    server, names = "azureml_inference_server_http", ("", ".api", ".api.aml_request", ".api.aml_response")
    played = {server + name: ModuleType(server + name) for name in names}
    vars(played[f"{server}.api.aml_request"]).update(AMLRequest=object, rawhttp=lambda function: function)
    vars(played[f"{server}.api.aml_response"])["AMLResponse"] = lambda answer, code, json_str: (code, answer)
    with pytest.MonkeyPatch.context() as patch:
        for name, module in played.items():
            patch.setitem(sys.modules, name, module)
        patch.setenv("CURRENCY", str(tiny_bundle))
        patch.delenv("AZUREML_MODEL_DIR", raising=False)
        spec = importlib.util.spec_from_file_location("score", SCRIPT)
        assert spec is not None and spec.loader is not None
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.init()
        yield Score(script)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("content_type", ["image/jpeg", "application/json", "application/x-www-form-urlencoded", None])
def test_an_image_is_answered_whatever_its_type_says(score: Score, kind: str, content_type: str | None) -> None:
    """Azure's own command sends every file as JSON, and curl as a form."""
    status, answer = score(encoded(scene(3), kind), content_type)
    assert status == 200
    assert "value" in answer


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps({"data": base64.b64encode(note_jpeg()).decode()}).encode(), "application/json"),
        (json.dumps({"input_data": [1]}, indent=2).encode(), None),
        (json.dumps({"image": "Banknote \u00e4"}, ensure_ascii=False).encode(), "application/json; charset=utf-8"),
        (
            b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\n' + note_jpeg() + b"\r\n--x--",
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="image"\r\nContent-Type: image/jpeg\r\n\r\n' + note_jpeg(),
            "application/octet-stream",
        ),
        (b"image=note.jpg", "application/x-www-form-urlencoded"),
        (base64.b64encode(note_jpeg()), "text/plain"),
        (b"data:image/jpeg;base64," + base64.b64encode(note_jpeg()), None),
        (b"@note.jpg", "application/x-www-form-urlencoded"),
        (b"", "application/json"),
    ],
)
def test_what_wraps_an_image_is_told_to_send_its_bytes(score: Score, body: bytes, content_type: str | None) -> None:
    status, answer = score(body, content_type)
    assert status == 400
    assert AS_BODY in answer["message"]


def test_other_kinds_are_named_as_by_the_server(score: Score) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (64, 64)).save(stream, "TIFF")
    status, answer = score(stream.getvalue(), "image/tiff")
    assert (status, answer["message"].startswith("The server takes JPEG, PNG and WebP only")) == (400, True)


def test_a_damaged_image_is_no_wrapped_one(score: Score) -> None:
    status, answer = score(note_jpeg()[:400], "application/json")
    assert status == 400
    assert "damaged" in answer["message"]


@pytest.mark.parametrize("name", ["jpeg: fill bytes", "png: profiles that unpack", "webp: EXIF fractions"])
def test_floods_are_bounded_as_by_the_server(score: Score, name: str) -> None:
    data = floods(4_000_000)[name]
    started = time.thread_time()
    assert score(data)[0] in (200, 400)
    assert time.thread_time() - started < 0.5


def test_scans_are_bounded_as_by_the_server(score: Score) -> None:
    status, answer = score(many_scans(64, 64, 1_000))
    assert status == 400
    assert "scans" in answer["message"]


def test_bytes_and_pixels_are_bounded_as_by_the_server(score: Score) -> None:
    assert score(bytes(ServerSettings.max_bytes + 1))[0] == 413
    stream = io.BytesIO()
    Image.new("1", (5_001, 5_000)).save(stream, "PNG")
    status, answer = score(stream.getvalue())
    assert (status, "25 million pixels" in answer["message"]) == (413, True)
