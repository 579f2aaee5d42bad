"""What is fuzzed: each target takes any bytes, and fails only by raising something that it should not.

Each has seeds, small files made in code. `run.py` lets atheris change them for minutes; `test_corpus.py` tries the
seeds and what was found and kept, in seconds.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from currency_app.camera.video import open_video
from currency_app.errors import ImageError, SourceError
from currency_app.events import Frame
from currency_app.images import decode_image
from currency_app.server.problems import ProblemError
from currency_app.server.reading.decoding import decode
from currency_app.server.requests.forms import parse_form
from tests.fuzzing.connection import talk
from tests.fuzzing.seeds import form_seeds, http_seeds, image_seeds, video_seeds
from tests.fuzzing.sentences import is_sentence

CORPUS = Path(__file__).parent / "corpus"
"""What was found and kept, a folder for each target."""
_MAX_PIXELS = 200_000
"""Of pictures that are decoded: so that an example takes milliseconds."""
_FRAMES = 8
"""Frames of a film that are read."""


@dataclass(frozen=True)
class Target:
    """Something that takes bytes from outside."""

    run: Callable[[bytes], None]
    """Takes them; raises if a promise is broken."""
    seeds: Callable[[], list[bytes]]
    """Makes good examples."""


def read_picture(data: bytes) -> None:
    """Decode an image as `identify` does, and as the server does."""
    try:
        picture = decode_image(io.BytesIO(data), "a.jpg", max_pixels=_MAX_PIXELS)
    except ImageError as error:
        assert is_sentence(str(error))
    else:
        check_picture(picture)
    try:
        picture = decode(data, _MAX_PIXELS)
    except ProblemError as problem:
        assert problem.status in (400, 413)
        assert is_sentence(problem.detail)
    else:
        check_picture(picture)


def check_picture(picture: np.ndarray) -> None:
    """A picture has the promised form."""
    assert picture.dtype == np.uint8
    assert picture.ndim == 3
    assert picture.shape[2] == 3
    assert 0 < picture.shape[0] * picture.shape[1] <= _MAX_PIXELS


def play_film(data: bytes) -> None:
    """Open a film, and read its first frames: their times ascend."""
    with _file(data) as file:
        try:
            film = open_video(file, realtime=False)
        except SourceError as error:
            assert is_sentence(str(error))
            return
        last = -1.0
        try:
            for frame in islice(film.events(), _FRAMES):
                assert isinstance(frame, Frame)
                assert frame.image.dtype == np.uint8
                assert frame.t > last
                last = frame.t
        finally:
            film.close()


def read_form(data: bytes) -> None:
    """Parse a multipart body. The first line is the Content-Type header."""
    header, _, body = data.partition(b"\n")
    try:
        parts = parse_form(body, header.decode("latin-1"), "image", max_parts=3)
    except ProblemError as problem:
        assert problem.status in (400, 422)
        assert is_sentence(problem.detail)
        return
    assert 1 <= len(parts) <= 3
    assert sum(len(part.data) for part in parts) <= len(body)


def send_http(data: bytes) -> None:
    """Send bytes to the server over one connection, in pieces; all that it answers is HTTP as promised."""
    for status, media_type, body in talk(data):
        assert status < 500, (status, body[:200])
        if status >= 400:
            assert media_type.startswith("application/problem+json"), (status, media_type, body[:200])
            problem = json.loads(body) if body else None  # none to a HEAD
            assert problem is None or (problem["status"] == status and is_sentence(problem["detail"]))


TARGETS = {
    "images": Target(read_picture, image_seeds),
    "videos": Target(play_film, video_seeds),
    "forms": Target(read_form, form_seeds),
    "http": Target(send_http, http_seeds),
}
"""All targets by name."""


@contextmanager
def _file(data: bytes) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(suffix=".avi") as file:
        file.write(data)
        file.flush()
        yield Path(file.name)
