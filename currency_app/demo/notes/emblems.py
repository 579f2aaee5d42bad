"""Draw what is printed beside the portraits of the newer fronts: stars, torch, eagle, flag, ribbon, inkwell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from currency_app.demo.notes.sheet import Colour, Points, Sheet, blend

_BLUE: Colour = (176, 112, 46)
_PALE_BLUE: Colour = (206, 166, 118)
_RED: Colour = (88, 84, 196)


def _star(centre: tuple[float, float], radius: float) -> Points:
    """Return the outline of a five-pointed star with one point up, float64 [10, 2]."""
    turn = np.arange(10) * np.pi / 5 - np.pi / 2
    r = radius * np.where(np.arange(10) % 2, 0.42, 1.0)
    return np.stack([centre[0] + r * np.cos(turn), centre[1] + r * np.sin(turn)], 1)


def _five(sheet: Sheet) -> None:
    """Draw an arc of purple stars, and the great seal's eagle as a pale spot at the right."""
    for turn in np.linspace(-2.3, 2.3, 13):
        sheet.fill(_star((64 + 27 * float(np.sin(turn)), 33 - 25 * float(np.cos(turn))), 2.0), (168, 108, 160))
    sheet.tint((128, 30), (16, 16), (186, 120, 176), 0.7)
    for lift in (0.0, 3.0, 6.0):
        sheet.line(
            [(117, 22 + lift), (124, 27 + lift), (129, 31 + lift), (134, 27 + lift), (141, 22 + lift)],
            (168, 108, 160),
            1.0,
        )


def _ten(sheet: Sheet) -> None:
    """Draw a red torch at the left, and a red "We the People" at the right."""
    for x, y, w in ((24.0, 27.0, 5.5), (95.0, 20.0, 3.0)):
        sheet.fill(
            [(x - w, y), (x + w, y), (x + w * 0.35, y + w * 5), (x - w * 0.35, y + w * 5)],
            blend(_RED, (210, 220, 235), 0.35),
        )
        flame = [
            (x - w * 0.8, y),
            (x - w, y - w),
            (x - w * 0.2, y - w * 1.6),
            (x, y - w * 2.4),
            (x + w * 0.5, y - w * 1.4),
            (x + w, y - w),
            (x + w * 0.8, y),
        ]
        sheet.fill(flame, _RED)
    for row, words in enumerate(("WE THE", "PEOPLE")):
        sheet.text(words, (131, 25 + row * 7), 5.0, blend(_RED, (190, 205, 235), 0.35), 26)


def _twenty(sheet: Sheet) -> None:
    """Draw a blue eagle at the left, and a green TWENTY USA at the right."""
    eagle = _PALE_BLUE
    for sign in (-1.0, 1.0):
        wing = [
            (26 + sign * 1, 30.0),
            (26 + sign * 8, 19),
            (26 + sign * 15, 18),
            (26 + sign * 13, 25),
            (26 + sign * 10, 34),
            (26 + sign * 3, 40),
        ]
        sheet.fill(wing, eagle)
    sheet.ellipse((26, 34), (3.4, 9), eagle)
    sheet.ellipse((26, 24), (2.4, 2.8), eagle)
    for row in range(3):
        sheet.text("TWENTY USA", (128, 20 + row * 8.5), 4.6, blend((150, 176, 110), (200, 220, 210), 0.15 * row), 42)


def _fifty(sheet: Sheet) -> None:
    """Draw a flag: a blue field with stars at the left, and red stripes at the right."""
    sheet.tint((26, 30), (22, 24), (196, 132, 92), 0.85)
    for index in range(12):
        sheet.fill(_star((12 + (index % 4) * 8.5, 20 + (index // 4) * 9.5), 2.2), (238, 226, 214))
    x = np.linspace(86, 150, 40)
    for row in range(5):
        y = 14 + row * 8.0 + 2.0 * np.sin((x - 86) / 12)
        stripe = np.concatenate([np.stack([x, y], 1), np.stack([x, y + 3.6], 1)[::-1]])
        sheet.fill(stripe, blend(_RED, (210, 205, 235), 0.35))
    sheet.fill(_star((94, 52), 4.0), (170, 150, 130))


def _hundred(sheet: Sheet) -> None:
    """Draw a blue ribbon right of the portrait, a copper inkwell with its bell, and a quill."""
    sheet.box(88, 1, 96, 65, _BLUE)
    for y in np.arange(2, 64, 3.2):
        sheet.fill([(88.6, y), (91.5, y), (91.0, y + 2), (88.6, y + 2)], (226, 190, 140))
        sheet.numeral("100", (94, float(y) + 1), 1.8, (232, 208, 170))
    well = [(131, 27), (142, 27), (143, 30), (146, 41), (127, 41), (130, 30)]
    sheet.fill(well, (70, 140, 190))
    sheet.line(well, (44, 92, 140), 0.4, closed=True)
    sheet.fill([(133.5, 40), (139.5, 40), (138.5, 33.5), (136.5, 31.5), (134.5, 33.5)], (96, 140, 90))
    quill = [(133, 27), (126, 19), (122, 12), (130, 17), (136, 27)]
    sheet.fill(quill, (150, 190, 220))
    sheet.line([(135, 29), (123, 13)], (60, 110, 160), 0.4)


EMBLEMS: dict[int, Callable[[Sheet], None]] = {5: _five, 10: _ten, 20: _twenty, 50: _fifty, 100: _hundred}
"""Draws the emblems of a front, by value in dollars; $1 and $2 have none."""
