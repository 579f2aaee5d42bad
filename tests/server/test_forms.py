"""The parts of multipart bodies, whole and broken."""

from __future__ import annotations

import pytest

from currency_app.server.problems import ProblemError
from currency_app.server.requests.forms import parse_form

KIND = "multipart/form-data; boundary=x"


def part(data: bytes, name: str = "image", filename: str | None = "a.jpg") -> bytes:
    named = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    return f"--x\r\nContent-Disposition: {named}\r\nContent-Type: image/jpeg\r\n\r\n".encode() + data + b"\r\n"


def refused(body: bytes, kind: str = KIND, max_parts: int = 3) -> tuple[int, str]:
    with pytest.raises(ProblemError) as raised:
        parse_form(body, kind, "image", max_parts)
    return raised.value.status, raised.value.detail


def test_parts_in_their_order() -> None:
    data = b"\x00\xff\r\n--y\r\n-" * 1000
    parts = parse_form(
        part(data) + part(b"", filename=None) + part(b"2", filename="ä.png") + b"--x--\r\n", KIND, "image", 3
    )
    assert [(bytes(one.data), one.filename) for one in parts] == [(data, "a.jpg"), (b"", ""), (b"2", "ä.png")]


def test_a_quoted_boundary() -> None:
    assert len(parse_form(part(b"1") + b"--x--", 'multipart/form-data; boundary="x"', "image", 1)) == 1


@pytest.mark.parametrize(
    ("body", "kind", "status", "sentence"),
    [
        (part(b"1") + b"--x--\r\n", "multipart/form-data", 400, "boundary"),
        (part(b"1") + b"--x--\r\n", "multipart/form-data; boundary=" + "x" * 300, 400, "not multipart/form-data"),
        (part(b"1") + b"--x--\r\n", "multipart/form-data; boundary=y", 400, "not multipart/form-data"),
        (part(b"1"), KIND, 400, "cut short"),
        (b"nothing of the kind", KIND, 400, "not multipart/form-data"),
        (b"--x\r\n" + b"a: b\r\n" * 1_000 + b"\r\n\r\n--x--\r\n", KIND, 400, "not multipart/form-data"),
        (b"--x--\r\n", KIND, 422, "no field 'image'"),
        (part(b"1", name="photo") + b"--x--\r\n", KIND, 422, "other than 'image'"),
        (b"--x\r\nContent-Type: image/jpeg\r\n\r\n1\r\n--x--\r\n", KIND, 422, "other than 'image'"),
        (part(b"1") * 4 + b"--x--\r\n", KIND, 422, "3 at most"),
    ],
)
def test_what_is_no_form_of_images(body: bytes, kind: str, status: int, sentence: str) -> None:
    found, detail = refused(body, kind)
    assert found == status
    assert sentence in detail
