"""What the API answers for images: the same as `identify --json`, however they are sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image

from currency_app.events import HintKind
from currency_app.identify import as_json, identify
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.server.reading.decoding import decode
from tests.server.conftest import Start, problem_of
from tests.support.painted import NOTE_SIZE, colour_of, paint, printed
from tests.support.server.pictures import encoded
from tests.support.tiny import copy_bundle

USD = (1, 2, 5, 10, 20, 50, 100)
NOTE = printed(paint(colour_of(USD, 20, "front"), frame=(640, 480)))
DOUBTFUL = tuple(0.5 * (a + b) for a, b in zip(colour_of(USD, 20, "front"), colour_of(USD, 2, "back"), strict=True))
AT_LEFT = printed(paint(DOUBTFUL, (0.2, 0.5), (640, 480), (0.4, 0.62)))


@pytest.fixture(scope="module")
def client(start_once: Start, tiny_bundle: Path) -> httpx.Client:
    return start_once(currency=str(tiny_bundle))


def sent_raw(client: httpx.Client, data: bytes, kind: str = "image/png", **query: Any) -> dict[str, Any]:
    response = client.post("/v1/identify", content=data, headers={"Content-Type": kind}, params=query)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def as_identify_has_it(folder: Path, data: bytes, mirror_left: bool = True, mirrored: bool = False) -> dict[str, Any]:
    found = identify(Recognizer(load_bundle(folder)), decode(data, 10**7), mirror_left, mirrored)
    entry = as_json(Path("a.jpg"), "USD", found)
    del entry["path"]
    return entry


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("PNG", "application/octet-stream")],
)
def test_the_answer_is_that_of_identify(client: httpx.Client, tiny_bundle: Path, kind: str, media_type: str) -> None:
    data = encoded(NOTE, kind)
    answer = sent_raw(client, data, media_type)
    assert (answer["value"], answer["side"], answer["spoken"]) == (20, "front", True)
    expected = as_identify_has_it(tiny_bundle, data)
    assert {name: answer[name] for name in expected} == expected
    assert list(answer) == [*expected, "probabilities", "model_version", "milliseconds"]


def test_how_sure_of_what_by_which_model(client: httpx.Client, tiny_bundle: Path) -> None:
    answer = sent_raw(client, encoded(AT_LEFT, "PNG"))
    bundle = load_bundle(tiny_bundle)
    assert list(answer["probabilities"]) == [label.name for label in bundle.labels]
    assert sum(answer["probabilities"].values()) == pytest.approx(1, abs=1e-4)
    both_sides = [answer["probabilities"][f"usd_{answer['value']}_{side}"] for side in ("front", "back")]
    assert sum(both_sides) == pytest.approx(answer["confidence"], abs=1e-4)
    assert bundle.raw["model"]["sha256"].startswith(answer["model_version"])
    assert len(answer["model_version"]) == 12
    assert 0 < answer["milliseconds"] < 60_000


def test_no_note(client: httpx.Client) -> None:
    answer = sent_raw(client, encoded(np.full((48, 64, 3), 4, np.uint8), "PNG"))
    assert (answer["value"], answer["side"], answer["corners"], answer["spoken"]) == (None, None, None, False)


def test_a_form_with_the_image_is_the_same(client: httpx.Client) -> None:
    data = encoded(NOTE, "PNG")
    response = client.post("/v1/identify", files={"image": ("anything", data, "text/plain")})
    assert response.status_code == 200
    assert {**response.json(), "milliseconds": 0} == {**sent_raw(client, data), "milliseconds": 0}


def test_exif_orientation_is_honoured(client: httpx.Client) -> None:
    """The picture lies on its side in the file, and its corners are those of the upright one."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it 90 degrees clockwise to see it upright
    on_its_side = np.ascontiguousarray(np.rot90(AT_LEFT))
    upright, turned = (
        sent_raw(client, encoded(AT_LEFT, "PNG")),
        sent_raw(client, encoded(on_its_side, "PNG", exif=exif)),
    )
    assert turned["corners"] == upright["corners"]
    assert np.mean(upright["corners"], axis=0)[0] == pytest.approx(0.2, abs=0.04)
    assert turned["hint"] == upright["hint"]


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("faces", ["user", "note"])
def test_how_the_picture_was_taken(client: httpx.Client, tiny_bundle: Path, faces: str, mirrored: bool) -> None:
    data = encoded(AT_LEFT, "PNG")
    answer = sent_raw(client, data, camera_faces=faces, mirrored=str(mirrored).lower())
    at_users_left = (faces == "user") == mirrored
    assert answer["hint"] == (HintKind.MOVE_RIGHT if at_users_left else HintKind.MOVE_LEFT).value
    expected = as_identify_has_it(tiny_bundle, data, faces == "user", mirrored)
    assert {name: answer[name] for name in expected} == expected


def test_a_batch_answers_each_image_and_goes_on_after_a_bad_one(client: httpx.Client) -> None:
    fifty = encoded(printed(paint(colour_of(USD, 50, "back"), frame=(320, 240))), "PNG")
    files = [
        ("images", ("a.png", encoded(NOTE, "PNG"))),
        ("images", ("b.png", fifty[:200])),
        ("images", ("ä.png", fifty)),
    ]
    response = client.post("/v1/identify/batch", files=files)
    assert response.status_code == 200
    first, second, third = response.json()["images"]
    assert (first["name"], first["answer"]["value"]) == ("a.png", 20)
    assert (second["name"], second["problem"]["status"]) == ("b.png", 400)
    assert "damaged" in second["problem"]["detail"]
    assert (third["name"], third["answer"]["value"], third["answer"]["side"]) == ("ä.png", 50, "back")
    assert {**first["answer"], "milliseconds": 0} == {**sent_raw(client, encoded(NOTE, "PNG")), "milliseconds": 0}


def test_several_currencies_answer_alone(
    start: Start, tiny_bundle: Path, four_value_bundle: Path, tmp_path: Path
) -> None:
    """What both are sure of is not to be spoken; what one sees has its currency."""
    values = (5, 10, 20, 50, 100, 200, 500)
    test_money = copy_bundle(tiny_bundle, tmp_path / "xts", currency="xts", values=values)
    client = start(currency=f"{four_value_bundle},{test_money}")
    hundred = sent_raw(client, encoded(printed(paint(colour_of(values, 100, "front"), frame=(640, 480))), "PNG"))
    assert (hundred["currency"], hundred["value"]) == ("XTS", 100)
    assert "xts_100_front" in hundred["probabilities"]
    five = sent_raw(client, encoded(printed(paint(colour_of(values, 5, "front"), frame=(640, 480))), "PNG"))
    assert (five["value"], five["spoken"]) == (5, False)
    nothing = sent_raw(client, encoded(np.full((48, 64, 3), 4, np.uint8), "PNG"))
    assert (nothing["currency"], nothing["value"]) == (None, None)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([("picture", ("a.png", b"x"))], "other than 'image'"),
        ([("image", ("a.png", b"x")), ("image", ("b.png", b"x"))], "1 at most"),
    ],
)
def test_a_form_of_something_else(client: httpx.Client, files: Any, sentence: str) -> None:
    assert sentence in problem_of(client.post("/v1/identify", files=files), 422)


def test_too_many_images(start: Start, tiny_bundle: Path) -> None:
    client = start(currency=str(tiny_bundle), max_images=2)
    files = [("images", ("a.png", encoded(NOTE, "PNG")))] * 3
    assert "2 at most" in problem_of(client.post("/v1/identify/batch", files=files), 422)
    assert client.post("/v1/identify/batch", files=files[:2]).status_code == 200


assert NOTE_SIZE == (0.5, 0.5), "the corners above are of a note of this size"
