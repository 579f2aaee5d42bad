"""Images posted to Azure ML's inference server: the same answers as `identify`, and one sentence for what is none."""

from __future__ import annotations

import json
import shutil
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from currency_app.identify import as_answer, identify
from currency_app.recognition.bundle import find_bundle, load_bundle
from currency_app.recognition.recognizer import Recognizer
from tests.support.azure_server import Server, Sink, running, started
from tests.support.drawn_data import photo
from tests.support.painted import colour_of, paint, printed
from tests.support.tiny import copy_bundle

USD = (1, 2, 5, 10, 20, 50, 100)


def as_bytes(picture: Any, kind: str = ".png") -> bytes:
    packed, data = cv2.imencode(kind, picture)
    assert packed
    return data.tobytes()


def decoded(body: bytes) -> Any:
    return np.asarray(cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def alone(bundle: Path, body: bytes, **how: bool) -> dict[str, Any]:
    """What `identify` says of the same image."""
    loaded = load_bundle(bundle)
    return as_answer(loaded.currency, identify(Recognizer(loaded), decoded(body), **how))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server with the model that the repository ships, as where Azure ML has mounted none."""
    with running(tmp_path_factory.mktemp("shipped")) as server:
        yield server


@pytest.fixture(scope="module")
def tiny(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server with a mounted model, nested as Azure ML nests it, that reads colours."""
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copytree(tiny_bundle, folder / "models" / "currency-model" / "1" / "model" / "usd")
    with running(folder, AZUREML_MODEL_DIR=str(folder / "models" / "currency-model" / "1")) as server:
        yield server


@pytest.mark.parametrize("kind", [".png", ".jpg", ".webp"])
@pytest.mark.parametrize(("value", "side"), [(20, "front"), (5, "back")])
def test_a_drawn_note_gets_the_same_answer_as_from_identify(shipped: Server, value: int, side: str, kind: str) -> None:
    picture, _ = photo(value, side, 3)
    body = as_bytes(picture, kind)
    code, answer = shipped.post(body)
    assert code == 200
    expected = alone(find_bundle("usd"), body)
    assert answer == expected
    assert expected["value"] is not None, "there is a note to answer about"


def test_real_photographs_get_the_same_answer_as_from_identify(shipped: Server, data_dir: Path) -> None:
    from training.dataset.manifest import measurable, read_data

    notes = [image for image in measurable(read_data(data_dir), ["test"]) if image.source == "zelects"][::10]
    assert notes
    for image in notes:
        body = image.path.read_bytes()
        assert shipped.post(body) == (200, alone(find_bundle("usd"), body))


def test_the_mounted_model_is_found(tiny: Server, tiny_bundle: Path) -> None:
    for value in USD:
        body = as_bytes(printed(paint(colour_of(USD, value, "back"), frame=(320, 240))))
        code, answer = tiny.post(body)
        assert (code, answer["value"], answer["side"], answer["spoken"]) == (200, value, "back", True)
        assert answer == alone(tiny_bundle, body)
    assert tiny.post(as_bytes(np.full((48, 64, 3), 4, np.uint8)))[1]["value"] is None


@pytest.mark.parametrize(("query", "how"), [
    ("", {}),
    ("?camera_faces=user", {}),
    ("?camera_faces=note", {"mirror_left": False}),
    ("?mirrored=true", {"mirrored": True}),
    ("?camera_faces=note&mirrored=true", {"mirror_left": False, "mirrored": True}),
])  # fmt: skip
def test_left_is_the_users_with_every_camera(tiny: Server, tiny_bundle: Path, query: str, how: dict[str, bool]) -> None:
    body = as_bytes(printed(paint(colour_of(USD, 20, "front"), (0.2, 0.5), (640, 480), (0.4, 0.62))))
    code, answer = tiny.post(body, query)
    assert (code, answer) == (200, alone(tiny_bundle, body, **how))
    assert answer["hint"] in ("move_left", "move_right")


def claims_to_be_large() -> bytes:
    """A PNG of a few bytes that says it has 400 million pixels."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(
    ("body", "query", "code", "said"),
    [
        (b"This is a text.", "", 400, "Send the image's bytes as the body"),
        (b"GIF89a" + bytes(50), "", 400, "JPEG, PNG and WebP only"),
        (b"", "", 400, "The body is empty"),
        (as_bytes(np.zeros((64, 64, 3), np.uint8))[:80], "", 400, "damaged or cut short"),
        (b"0" * 10_000_001, "", 413, "10 megabytes are allowed"),
        (claims_to_be_large(), "", 413, "25 million pixels"),
        (b"x", "?mirrored=maybe", 400, "mirrored true or false"),
        (b"x", "?camera_faces=up", 400, "must be user or note"),
    ],
)
def test_what_is_no_image_gets_one_sentence(tiny: Server, body: bytes, query: str, code: int, said: str) -> None:
    answered, answer = tiny.post(body, query)
    assert answered == code
    assert list(answer) == ["message"]
    assert said in answer["message"]
    assert "Traceback" not in tiny.log.read_text()


def test_only_posts_are_answered(tiny: Server) -> None:
    code, text = tiny.get("/score")
    assert code == 405
    assert "Post an image" in json.loads(text)["message"]


def test_several_mounted_models_answer_as_one(tmp_path: Path, tiny_bundle: Path) -> None:
    """The colours are notes of both, so that neither value is to be spoken."""
    shutil.copytree(tiny_bundle, tmp_path / "model" / "usd")
    copy_bundle(tiny_bundle, tmp_path / "model" / "eur", currency="eur")
    with running(tmp_path, AZUREML_MODEL_DIR=str(tmp_path / "model")) as server:
        code, answer = server.post(as_bytes(printed(paint(colour_of(USD, 20, "front")))))
        assert (code, answer["value"], answer["spoken"]) == (200, 20, False)
        assert server.post(as_bytes(np.full((48, 64, 3), 4, np.uint8)))[1]["currency"] is None


@pytest.mark.parametrize("asked_for", [True, False])
def test_answers_are_collected_only_where_it_is_asked_for(tmp_path: Path, tiny_bundle: Path, asked_for: bool) -> None:
    """By Azure ML's own collector; what it hands on holds the answer and no image."""
    body = as_bytes(printed(paint(colour_of(USD, 20, "front"))))
    surroundings = {
        "AZUREML_MODEL_DIR": str(tiny_bundle),
        "COLLECT_ANSWERS": str(asked_for).lower(),
        "AZUREML_MDC_ENABLED": "true",
    }
    with Sink() as sink, running(tmp_path, AZUREML_MDC_PORT=str(sink.server_port), **surroundings) as server:
        assert server.post(body)[1]["value"] == 20
        deadline = time.monotonic() + (30 if asked_for else 2)
        while not sink.taken and time.monotonic() < deadline:
            time.sleep(0.1)
        sink.shutdown()
    if not asked_for:
        assert sink.taken == []
        return
    (taken,) = sink.taken
    (row,) = json.loads(taken)
    assert (row["currency"], row["value"], row["spoken"]) == ("USD", 20, True)
    assert set(row) == {"currency", "value", "side", "confidence", "spoken", "corners", "hint", "unknown"}
    assert len(taken) < 1000


def test_a_damaged_model_ends_the_server(tmp_path: Path, tiny_bundle: Path) -> None:
    """Azure ML then says that the deployment has failed, and shows its log."""
    shutil.copytree(tiny_bundle, tmp_path / "model")
    (tmp_path / "model" / "model.tflite").write_bytes(b"cut")
    with started(tmp_path, AZUREML_MODEL_DIR=str(tmp_path / "model")) as process:
        assert process.wait(60) != 0
    assert "not the file that its bundle.json describes" in (tmp_path / "server.log").read_text()
