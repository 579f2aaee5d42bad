"""The settings that stay: one table of their names, usual values, and what each may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from currency_app.errors import CurrencyAppError
from currency_app.settings.choices import HINT_LEVELS, MAX_RATE, MIN_RATE, THEMES, VOICE_KINDS

SettingValue = str | int | bool
"""A setting's value: what TOML and the command line both can write."""

SettingCheck = Callable[[str], object]
"""Raises CurrencyAppError if a setting cannot be used on this computer, such as a language without phrases."""

AUTO_VALUE = "auto"
"""What stands for the app's own choice."""

_SWITCH = {"on": True, "yes": True, "true": True, "1": True, "off": False, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class SettingKey:
    """One setting that stays. In the file, and as an option of `run`, it has the same name."""

    name: str
    """What it is called, with dashes: "camera-faces"."""
    usual: SettingValue
    """Its value if nobody has set it."""
    about_words: bool
    """Whether it changes how things are said and shown, so that it holds for recordings and the demonstration too.

    The others belong to a camera, or change what is said: a recording gives the same events on every machine.
    """
    help: str
    """What it is, as a part of a sentence."""
    values: str
    """What it may be, to stand after "must be"."""
    convert: Callable[[object], SettingValue | None]
    """Returns what a value out of the file, or a text, means; None if it may not be that."""

    @property
    def variable(self) -> str:
        """The environment variable that goes before the file."""
        return f"CURRENCY_APP_{self.name.upper().replace('-', '_')}"

    def read(self, raw: object, checks: Mapping[str, SettingCheck] | None = None) -> SettingValue:
        """Return what a value out of the file, or a text, means. Raises CurrencyAppError if it may not be that.

        checks: what else must hold for a setting, by name.
        """
        value = self.convert(raw)
        if value is None:
            raise CurrencyAppError(f"The setting {self.name} must be {self.values}.")
        if checks is not None and self.name in checks:
            try:
                checks[self.name](str(value))
            except CurrencyAppError as error:
                raise CurrencyAppError(f"The setting {self.name} cannot be used. {error}") from error
        return value


def setting_text(value: SettingValue) -> str:
    """Return a value as users write it: on and off for the switches."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def find_key(name: str) -> SettingKey:
    """Return a setting by its name, in which _ stands for - too.

    Raises CurrencyAppError, which names the one that was meant or all of them, if there is none.
    """
    import difflib

    wanted = name.strip().lower().replace("_", "-")
    if wanted in KEYS:
        return KEYS[wanted]
    close = difflib.get_close_matches(wanted, KEYS, n=1)
    advice = f"Did you mean {close[0]}?" if close else f"The settings are {', '.join(KEYS)}."
    raise CurrencyAppError(f"There is no setting {name.strip()!r}. {advice}")


def _choice(*choices: str) -> Callable[[object], SettingValue | None]:
    return lambda raw: raw.strip().lower() if isinstance(raw, str) and raw.strip().lower() in choices else None


def _switch(raw: object) -> SettingValue | None:
    return raw if isinstance(raw, bool) else _SWITCH.get(raw.strip().lower()) if isinstance(raw, str) else None


def _switch_or_auto(raw: object) -> SettingValue | None:
    return AUTO_VALUE if isinstance(raw, str) and raw.strip().lower() == AUTO_VALUE else _switch(raw)


def _rate(raw: object) -> SettingValue | None:
    if isinstance(raw, str) and raw.strip().lower() == AUTO_VALUE:
        return AUTO_VALUE
    if isinstance(raw, bool) or not isinstance(raw, int | str) or not str(raw).strip().isdecimal():
        return None
    return int(raw) if len(str(raw).strip()) < 5 and MIN_RATE <= int(raw) <= MAX_RATE else None


def _words(raw: object) -> SettingValue | None:
    """A text of one line, or a number, as of a camera."""
    text = str(raw).strip() if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    return text if text.isprintable() and text else None


def _list_of(choices: tuple[str, ...]) -> str:
    return f"one of {', '.join(choices)}"


_ALL = (
    SettingKey("source", "0", False, "the camera, or the address of a stream", "a camera or an address", _words),
    SettingKey("camera-faces", "user", False, "what the camera looks at", "user or note", _choice("user", "note")),
    SettingKey("mirrored", False, False, "whether the camera's driver gives mirror images", "on or off", _switch),
    SettingKey("currency", "usd", False, "the currency, or several with commas between", "a currency", _words),
    SettingKey("language", AUTO_VALUE, True, "the language of what is said", "a language, or auto", _words),
    SettingKey("voice", AUTO_VALUE, True, "who speaks", _list_of(VOICE_KINDS), _choice(*VOICE_KINDS)),
    SettingKey(
        "rate",
        AUTO_VALUE,
        True,
        "words per minute; auto is the voice's own",
        f"a number from {MIN_RATE} to {MAX_RATE}, or auto",
        _rate,
    ),
    SettingKey("hints", HINT_LEVELS[0], False, "how many hints are said", _list_of(HINT_LEVELS), _choice(*HINT_LEVELS)),
    SettingKey("tones", False, False, "whether short tones tell of a note", "on or off", _switch),
    SettingKey("count", False, False, "whether the total is said after each value", "on or off", _switch),
    SettingKey(
        "window",
        AUTO_VALUE,
        True,
        "whether there is a window; auto is yes where there can be one",
        "on, off or auto",
        _switch_or_auto,
    ),
    SettingKey("theme", THEMES[0], True, "the colours of the window", _list_of(THEMES), _choice(*THEMES)),
)
KEYS = {key.name: key for key in _ALL}
"""All settings that stay, by name, in the order in which users hear them."""
