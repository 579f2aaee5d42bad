"""Passwords are never shown, however the address that holds them is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.camera import open_source
from currency_app.errors import SourceError
from currency_app.paths import printable, public_name, without_passwords
from tests.support.app_command import Command

LEAKY = [
    "rtmp://anna:geheim@cam/1",
    "rtsp:/anna:geheim@cam/1",
    "rtsp:anna:geheim@cam/1",
    "rtsp//anna:geheim@cam/1",
    "anna:geheim@cam/1",
    "//anna:geheim@cam/1",
    "http:\\\\anna:geheim@cam\\1",
    "ftp://anna:ge@geheim@cam/1",
    "ftp://anna:ge/geheim@cam/1",
    "ftp://anna:ge?geheim@cam/1",
    "ftp://anna:ge#geheim@cam/1",
    "ftp://anna:ge geheim@cam/1",
    "ftp://anna:geheim@/1",
    "ftp://anna:geheim/1",
    "ftp://geheim@cam/1",
    "ftp://anna%3Ageheim%40cam/1",
    "anna%3Ageheim%40cam/1",
    "ftp://cam/video?user=anna&pwd=geheim",
    "ftp://cam/video?pwd=ge@geheim",
    "ftp://cam/user=anna&password=geheim&channel=1",
    "ftp://cam/user=anna_password=geheim_channel=1",
    "cam/video.cgi?usr=anna&pwd=geheim",
    "ftp://[::1/anna:geheim@",
    " ftp://anna:geheim@cam/1 ",
    "ftp://anna:geheim@cam/\udcff",
]


@pytest.mark.parametrize("text", LEAKY)
def test_no_form_of_an_address_shows_its_password(text: str) -> None:
    shown = public_name(text) or ""
    assert "geheim" not in shown
    assert "anna" not in shown
    with pytest.raises(SourceError) as caught:
        open_source(text, realtime=False)
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", LEAKY)
@pytest.mark.parametrize(
    "words", [("run",), ("run", "--source"), ("identify",), ("benchmark", "--source"), ("--rate",)]
)
def test_no_command_prints_a_password(
    tiny_bundle: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], text: str
) -> None:
    command = Command(tiny_bundle, capfd)
    assert "geheim" not in " ".join(command(*words, text).err)
    assert command.code == 2
    assert "geheim" not in " ".join(command(*words[:-1], f"{words[-1]}={text}").err)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("clips/me@home", None),
        ("clips/20 dollars.mp4", "clips/20 dollars.mp4"),
        ("C:\\clips\\a.mp4", "C:\\clips\\a.mp4"),
        ("http://192.168.1.5:8080/video", "http://192.168.1.5:8080/video"),
        ("rtsp://anna:geheim@[fe80::1]:554/ch0", "rtsp://[fe80::1]:554/ch0"),
        ("http://cam/video?size=640", "http://cam/video"),
        ("a\nb", "a?b"),
        ("dir\udcff/a.mp4", "dir\ufffd/a.mp4"),
    ],
)
def test_the_rest_is_shown(text: str, shown: str | None) -> None:
    assert public_name(text) == shown


def test_only_the_words_that_may_hold_one_are_replaced() -> None:
    message = "No file or folder http:/anna:geheim@cam/a.jpg was found, nor a@b.jpg"
    assert "geheim" not in without_passwords(message, ["http://anna:geheim@cam/a.jpg", "a@b.jpg"])
    assert without_passwords(message, ["a@b.jpg"]) == message


def test_every_name_is_printable() -> None:
    printable("\ud800\udcff\n\t20 \u20ac").encode()
