"""What the user chooses: plain values for a run, and those that stay from start to start in a file.

`Settings` is the choices of one run. A program fills them in by itself and reads no file; the commands put them
together with `read_settings` from the command line, the environment and the file, in this order. `keep` writes one.
"""

from __future__ import annotations

from currency_app.settings.choices import HINT_LEVELS, MAX_RATE, MIN_RATE, THEMES, VOICE_KINDS, Settings
from currency_app.settings.keys import AUTO_VALUE, KEYS, SettingCheck, SettingKey, SettingValue, find_key, setting_text
from currency_app.settings.stored import StoredSettings, read_settings, settings_file
from currency_app.settings.writing import keep, write_setting

__all__ = [
    "AUTO_VALUE",
    "HINT_LEVELS",
    "KEYS",
    "MAX_RATE",
    "MIN_RATE",
    "THEMES",
    "VOICE_KINDS",
    "SettingCheck",
    "SettingKey",
    "SettingValue",
    "Settings",
    "StoredSettings",
    "find_key",
    "keep",
    "read_settings",
    "setting_text",
    "settings_file",
    "write_setting",
]
