"""The window's colours, and how far apart two of them are as WCAG 2.2 measures it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One set of colours, each written as #rrggbb.

    Text is at least 7:1 from its background, WCAG's level AAA; edges, the focus ring and the note's outline 3:1.
    """

    name: str
    """As the setting calls it."""
    background: str
    """Behind all text."""
    text: str
    """All words but the value."""
    value: str
    """A sure value."""
    doubtful: str
    """A value that may be wrong."""
    button: str
    """Inside a button."""
    edge: str
    """Around buttons and fields."""
    focus: str
    """The ring around what has the focus, and what is chosen in a list."""
    on_focus: str
    """Text on that colour."""
    outline: str
    """The line around the note, which has one of `outline_halo` on both sides, as a picture has all colours."""
    outline_halo: str
    """Beside the outline."""


LIGHT = Theme(
    name="light",
    background="#ffffff",
    text="#1a1a1a",
    value="#000000",
    doubtful="#6b2f00",
    button="#f0f0f0",
    edge="#5c5c5c",
    focus="#0b3fa8",
    on_focus="#ffffff",
    outline="#ffd400",
    outline_halo="#000000",
)
DARK = Theme(
    name="dark",
    background="#121212",
    text="#f2f2f2",
    value="#ffffff",
    doubtful="#ffc48a",
    button="#2a2a2a",
    edge="#9a9a9a",
    focus="#ffd400",
    on_focus="#000000",
    outline="#ffd400",
    outline_halo="#000000",
)
CONTRAST = Theme(
    name="contrast",
    background="#000000",
    text="#ffffff",
    value="#ffff00",
    doubtful="#ffffff",
    button="#000000",
    edge="#ffffff",
    focus="#00ffff",
    on_focus="#000000",
    outline="#ffff00",
    outline_halo="#000000",
)
WINDOW_THEMES = {theme.name: theme for theme in (LIGHT, DARK, CONTRAST)}
"""All of them, by name."""


def window_theme(setting: str, *, system_dark: bool, system_contrast: bool) -> Theme:
    """Return the theme that a setting names; "auto" follows the system, whose high contrast goes first."""
    if setting in WINDOW_THEMES:
        return WINDOW_THEMES[setting]
    if system_contrast:
        return CONTRAST
    return DARK if system_dark else LIGHT


def contrast_ratio(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.2 defines it."""
    lighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def relative_luminance(colour: str) -> float:
    """Return how light a colour, #rrggbb, is to the eye, 0..1, as WCAG 2.2 defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
