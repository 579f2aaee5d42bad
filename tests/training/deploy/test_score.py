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
from typing import Any, cast

import pytest
from PIL import Image

from currency_app.errors import BundleError
from currency_app.server import ServerSettings
from tests.support.server.hostile_images import many_scans
from tests.support.server.hostile_parsing import floods
from tests.support.server.pictures import encoded, note_jpeg, scene
from tests.support.sources import CHECKOUT
from tests.support.tiny import copy_bundle

SCRIPT = CHECKOUT / "training" / "deploy" / "azure" / "score.py"
AS_BODY = "Send the image's bytes as the body"


class Score:
    """The scoring script with a model, as Azure ML's server has it after its start."""

    def __init__(self, script: Any) -> None:
        self._script = script

    def __call__(
        self, body: bytes, content_type: str | None = None, method: str = "POST", **parameters: str
    ) -> tuple[int, dict[str, Any]]:
        """The status and the members of the answer to a request."""
        request = SimpleNamespace(method=method, args=parameters, stream=io.BytesIO(body), content_type=content_type)
        status, members = self._script.run(request)
        return status, members


@pytest.fixture(scope="module")
def script(tiny_bundle: Path) -> Any:
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
        yield script


@pytest.fixture(scope="module")
def score(script: Any) -> Score:
    script.init()
    return Score(script)


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


def test_two_mounted_models_of_one_currency_are_refused(
    script: Any, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both would be sure of every note, so that none would ever be to be spoken."""
    for name in ("usd", "usd-before"):
        copy_bundle(tiny_bundle, tmp_path / name)
    monkeypatch.setenv("AZUREML_MODEL_DIR", str(tmp_path))
    with pytest.raises(BundleError, match=f"{tmp_path} holds USD twice"):
        script.init()


def test_of_several_notes_every_column_that_is_collected_has_one_value(
    script: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows: list[dict[str, Any]] = []
    monkeypatch.setitem(sys.modules, "pandas", cast(Any, SimpleNamespace(DataFrame=rows.extend)))
    monkeypatch.setattr(script, "_collectors", [SimpleNamespace(collect=lambda table: None)])
    corners = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.3], [0.1, 0.3]]
    entry = {"currency": "USD", "value": 20, "corners": corners, "unknown": False}
    script._collect({**entry, "notes": [entry, {**entry, "value": 100}]})
    (row,) = rows
    assert not any(isinstance(told, list | dict) for told in row.values())
    assert [note["value"] for note in json.loads(row["notes"])] == [20, 100]


@pytest.mark.parametrize("parameters", [{"camera_face": "note"}, {"mirrored": "true", "Mirrored": "true"}])
def test_a_parameter_that_is_none_is_not_passed_over(score: Score, parameters: dict[str, str]) -> None:
    """A hint would be for the wrong side, and nobody would know why."""
    assert score(note_jpeg(), camera_faces="note", mirrored="false")[0] == 200
    status, answer = score(note_jpeg(), **parameters)
    assert (status, answer["message"].startswith("There is no parameter ")) == (400, True)
