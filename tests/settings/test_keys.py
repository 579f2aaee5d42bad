"""The table of settings: what each may be, and what a slip of the finger gets."""

from __future__ import annotations

import pytest

from currency_app.errors import CurrencyAppError
from currency_app.settings import KEYS, SettingValue, find_key, setting_text


def test_every_usual_value_may_be_written_and_read() -> None:
    for key in KEYS.values():
        assert key.read(key.usual) == key.usual
        assert key.read(setting_text(key.usual)) == key.usual


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("rate", "200", 200),
        ("rate", 80, 80),
        ("rate", " Auto ", "auto"),
        ("tones", "Yes", True),
        ("tones", "off", False),
        ("window", "on", True),
        ("window", "auto", "auto"),
        ("camera-faces", "Note", "note"),
        ("source", 1, "1"),
        ("source", "/dev/video2", "/dev/video2"),
        ("currency", "usd,eur", "usd,eur"),
    ],
)
def test_what_a_value_means(name: str, raw: object, value: SettingValue) -> None:
    found = KEYS[name].read(raw)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "raw", "sentence"),
    [
        *[("rate", raw, "The setting rate must be a number from 80 to 500, or auto.") for raw in (79, 501, "fast")],
        *[
            ("rate", raw, "The setting rate must be a number from 80 to 500, or auto.")
            for raw in (True, 2.5, "9" * 9999)
        ],
        ("tones", 1, "The setting tones must be on or off."),
        ("tones", "", "The setting tones must be on or off."),
        ("window", [], "The setting window must be on, off or auto."),
        ("hints", "some", "The setting hints must be one of all, few, off."),
        ("camera-faces", False, "The setting camera-faces must be user or note."),
        ("source", "two\nlines", "The setting source must be a camera or an address."),
        ("currency", {}, "The setting currency must be a currency."),
    ],
)
def test_what_a_value_may_not_be(name: str, raw: object, sentence: str) -> None:
    with pytest.raises(CurrencyAppError) as refused:
        KEYS[name].read(raw)
    assert str(refused.value) == sentence


def test_a_check_of_this_computer_refuses_too() -> None:
    def check(value: str) -> None:
        raise CurrencyAppError(f"There are no phrases for {value}.")

    with pytest.raises(CurrencyAppError, match=r"The setting language cannot be used\. There are no phrases for xx\."):
        KEYS["language"].read("xx", {"language": check})
    assert KEYS["hints"].read("few", {"language": check}) == "few"


def test_names_are_taken_as_people_write_them() -> None:
    assert find_key(" Camera_Faces").name == "camera-faces"
    assert KEYS["camera-faces"].variable == "CURRENCY_APP_CAMERA_FACES"
    with pytest.raises(CurrencyAppError, match=r"There is no setting 'rte'\. Did you mean rate\?"):
        find_key("rte")
    with pytest.raises(CurrencyAppError, match=r"There is no setting 'colour of money'\. The settings are source, "):
        find_key("colour of money")
