"""Draw the pictures in the middle of the backs: buildings, the circles of the $1, the gathering of the $2."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from currency_app.demo.notes.guilloche import rosette
from currency_app.demo.notes.sheet import Colour, Sheet, blend, ellipse_points, round_corners


@dataclass(frozen=True)
class Building:
    """The facade of a building in classical style; lengths in millimetres."""

    wide: float
    """Width of the facade."""
    high: float
    """Height of the facade."""
    columns: int
    """Number of columns over the whole width, unless it has windows."""
    portico: float = 0.0
    """Width of the part that stands forward, 0 for none."""
    pediment: bool = False
    """Whether the portico has a pediment."""
    dome: float = 0.0
    """Height of the dome, 0 for none."""
    tower: float = 0.0
    """Height of the tower, 0 for none."""
    windows: int = 0
    """Rows of windows, which take the place of the columns; 0 for columns."""


BUILDINGS: dict[int, Building] = {
    5: Building(wide=76, high=23, columns=13),
    10: Building(wide=80, high=21, columns=22, portico=22, pediment=True),
    20: Building(wide=80, high=22, columns=6, portico=22, pediment=True, windows=2),
    50: Building(wide=80, high=16, columns=24, portico=20, pediment=True, dome=18),
    100: Building(wide=66, high=18, columns=0, portico=20, pediment=True, tower=20, windows=2),
}
"""The buildings by value in dollars, judged by eye."""


def draw_building(sheet: Sheet, building: Building, centre_x: float, ground: float, ink: Colour, paper: Colour) -> None:
    """Draw a building that stands on the line y = ground (mm), with sky lines, lawn and trees."""
    half = building.wide / 2
    top = ground - building.high
    middle = blend(ink, paper, 0.55)
    _sky(sheet, centre_x, half + 4, ground, ink, paper)
    _trees(sheet, centre_x, half, ground, ink, paper)
    sheet.box(centre_x - half, top, centre_x + half, ground, blend(ink, paper, 0.8))
    sheet.box(centre_x - half, top, centre_x + half, top + 2.2, middle)
    sheet.box(centre_x - half - 0.8, top - 0.9, centre_x + half + 0.8, top, ink)
    if building.windows:
        _windows(sheet, building, centre_x, top + 3, ground, ink)
    else:
        _columns(sheet, centre_x - half, centre_x + half, building.columns, (top + 2.4, ground - 1), ink, paper)
    if building.dome:
        _dome(sheet, centre_x, top, building.dome, ink, paper)
    if building.tower:
        _tower(sheet, centre_x, top, building.tower, ink, paper)
    if building.portico:
        _portico(sheet, building, centre_x, top, ground, ink, paper)
    if not building.portico:
        sheet.box(centre_x - half * 0.86, top - 4, centre_x + half * 0.86, top - 0.9, middle)
    for step in range(3):
        sheet.line(
            [(centre_x - half - step, ground + step * 0.6), (centre_x + half + step, ground + step * 0.6)], ink, 0.25
        )
    for row in np.linspace(ground + 2.2, ground + 5.5, 5):
        sheet.line([(centre_x - half - 5, float(row)), (centre_x + half + 5, float(row))], middle, 0.2)


def draw_circles(sheet: Sheet, ink: Colour, paper: Colour) -> None:
    """Draw the two circles on the back of the $1: a pyramid on the left, an eagle on the right."""
    for x in (37.0, 119.0):
        sheet.ellipse((x, 33.5), (14.5, 14.5), ink)
        rosette(sheet, (x, 33.5), 14.0, blend(ink, paper, 0.7), lobes=24, rings=2)
        sheet.ellipse((x, 33.5), (12.2, 12.2), paper)
        for y in np.linspace(23.5, 43.5, 15):
            reach = float(np.sqrt(max(0.0, 11.8**2 - (y - 33.5) ** 2)))
            sheet.line([(x - reach, float(y)), (x + reach, float(y))], blend(ink, paper, 0.65), 0.15)
    _pyramid(sheet, 37.0, ink, paper)
    _eagle(sheet, 119.0, ink, paper)


def draw_gathering(sheet: Sheet, ink: Colour, paper: Colour) -> None:
    """Draw rows of seated and standing figures around a table, as on the back of the $2."""
    sheet.box(26, 12, 130, 52, blend(ink, paper, 0.72))
    for x in (34.0, 52.0, 104.0, 122.0):
        sheet.box(x - 4.5, 14.5, x + 4.5, 27, blend(ink, paper, 0.45))
        sheet.box(x - 3.2, 16, x + 3.2, 27, blend(ink, paper, 0.85), 0.4)
    sheet.box(66, 13.5, 90, 27, blend(ink, paper, 0.35))
    sheet.box(72, 16, 84, 27, blend(ink, paper, 0.6), 0.5)
    for row in np.linspace(47, 51.4, 6):
        sheet.line([(26, float(row)), (130, float(row))], blend(ink, paper, 0.4), 0.2)
    for index, x in enumerate(np.linspace(30, 72, 12)):
        _figure(sheet, float(x), 31.0 + (index % 3) * 2.6, 0.15 + 0.28 * (index % 3), ink, paper, standing=False)
    for index, x in enumerate(np.linspace(106, 127, 6)):
        _figure(sheet, float(x), 30.0 + (index % 2) * 3.0, 0.2 + 0.4 * (index % 2), ink, paper, standing=False)
    for index, x in enumerate((76.0, 80.5, 85.0, 89.5, 94.0)):
        _figure(sheet, x, 26.0, (0.1, 0.5, 0.2, 0.75, 0.05)[index], ink, paper, standing=True)
    sheet.fill([(92, 39), (112, 39), (115, 49), (91, 49)], blend(ink, paper, 0.12))
    sheet.fill([(96, 38), (106, 38), (107, 40), (95, 40)], paper)
    _figure(sheet, 109.5, 32.0, 0.3, ink, paper, standing=False)
    sheet.box(26, 12, 130, 52, ink, 0.7)


def _sky(sheet: Sheet, x: float, half: float, ground: float, ink: Colour, paper: Colour) -> None:
    for y in np.linspace(ground - 32, ground - 2, 22):
        reach = half * float(np.sqrt(max(0.1, 1 - ((y - ground + 6) / 36) ** 2)))
        sheet.line([(x - reach, float(y)), (x + reach, float(y))], blend(ink, paper, 0.72), 0.15)


def _trees(sheet: Sheet, x: float, half: float, ground: float, ink: Colour, paper: Colour) -> None:
    for sign in (-1.0, 1.0):
        for step, size in ((0.0, 5.5), (5.0, 7.0), (-5.5, 4.0)):
            at = x + sign * (half + step)
            crown = ellipse_points((at, ground - size), (size * 0.75, size))
            crown += np.random.default_rng(int(at)).normal(0, size * 0.06, crown.shape)
            sheet.fill(crown, blend(ink, paper, 0.25 if step else 0.1))


def _columns(
    sheet: Sheet, left: float, right: float, count: int, span: tuple[float, float], ink: Colour, paper: Colour
) -> None:
    top, low = span
    sheet.box(left, top, right, low, blend(ink, paper, 0.12))
    pitch = (right - left) / count
    for index in range(count):
        x = left + (index + 0.5) * pitch
        w = pitch * 0.26
        sheet.box(x - w, top, x + w, low, blend(ink, paper, 0.95))
        sheet.box(x + w * 0.3, top, x + w, low, blend(ink, paper, 0.6))
        sheet.box(x - w * 1.4, top, x + w * 1.4, top + 0.7, paper)
        sheet.box(x - w * 1.4, low - 0.7, x + w * 1.4, low, paper)


def _windows(sheet: Sheet, building: Building, centre_x: float, top: float, ground: float, ink: Colour) -> None:
    half = building.wide / 2
    height = (ground - top) / building.windows
    for row in range(building.windows):
        for x in np.arange(centre_x - half + 3, centre_x + half - 1, 5.0):
            y = top + row * height
            sheet.box(float(x) - 1.1, y + 0.8, float(x) + 1.1, y + height - 1.4, ink)


def _portico(sheet: Sheet, building: Building, x: float, top: float, ground: float, ink: Colour, paper: Colour) -> None:
    half = building.portico / 2
    sheet.box(x - half, top, x + half, ground, blend(ink, paper, 0.9))
    _columns(sheet, x - half, x + half, 6, (top + 2, ground - 0.5), ink, paper)
    if building.pediment:
        sheet.fill([(x - half - 1.2, top + 0.8), (x, top - 5.5), (x + half + 1.2, top + 0.8)], ink)
        sheet.fill([(x - half + 1.6, top), (x, top - 4), (x + half - 1.6, top)], blend(ink, paper, 0.75))


def _dome(sheet: Sheet, x: float, top: float, high: float, ink: Colour, paper: Colour) -> None:
    drum = top - high * 0.42
    sheet.box(x - 9, drum, x + 9, top, blend(ink, paper, 0.8))
    _columns(sheet, x - 8.4, x + 8.4, 11, (drum + 0.6, top - 1), ink, paper)
    crown = [(x - 8.6, drum), (x - 7.6, drum - high * 0.3), (x - 3, drum - high * 0.5), (x + 3, drum - high * 0.5)]
    sheet.fill(
        round_corners([*crown, (x + 7.6, drum - high * 0.3), (x + 8.6, drum)], closed=True), blend(ink, paper, 0.6)
    )
    sheet.box(x - 9.3, drum - 0.8, x + 9.3, drum + 0.4, ink)
    for rib in (-5.5, -2.8, 0.0, 2.8, 5.5):
        sheet.line([(x + rib, drum - 1), (x + rib * 0.45, drum - high * 0.46)], ink, 0.2)
    sheet.box(x - 1.6, drum - high * 0.64, x + 1.6, drum - high * 0.44, blend(ink, paper, 0.3))
    sheet.line([(x, drum - high * 0.64), (x, drum - high * 0.78)], ink, 0.5)


def _tower(sheet: Sheet, x: float, top: float, high: float, ink: Colour, paper: Colour) -> None:
    low = top
    for share, half in ((0.38, 4.6), (0.28, 3.6)):
        above = low - high * share
        sheet.box(x - half, above, x + half, low, blend(ink, paper, 0.7))
        sheet.box(x - half - 0.5, above, x + half + 0.5, above + 0.9, ink)
        sheet.box(x - half * 0.35, above + 1.6, x + half * 0.35, low - 0.5, ink)
        low = above
    sheet.ellipse((x, top - high * 0.22), (2.1, 2.1), paper)
    sheet.ellipse((x, top - high * 0.22), (2.1, 2.1), ink, 0.3)
    sheet.fill(
        round_corners(
            [(x - 3.2, low), (x - 2.2, low - high * 0.14), (x + 2.2, low - high * 0.14), (x + 3.2, low)], closed=True
        ),
        ink,
    )
    sheet.fill([(x - 0.7, low - 2), (x, low - high * 0.34), (x + 0.7, low - 2)], ink)


def _pyramid(sheet: Sheet, x: float, ink: Colour, paper: Colour) -> None:
    base, top = 41.5, 29.5
    sheet.fill([(x - 8.5, base), (x - 2.4, top), (x + 2.4, top), (x + 8.5, base)], blend(ink, paper, 0.8))
    sheet.fill([(x + 2.5, base), (x + 1.2, top), (x + 2.4, top), (x + 8.5, base)], blend(ink, paper, 0.25))
    for row in range(1, 7):
        y = top + (base - top) * row / 6.5
        reach = 2.4 + 6.1 * (y - top) / (base - top)
        sheet.line([(x - reach, y), (x + reach, y)], ink, 0.2)
    sheet.fill([(x - 2.2, 28.4), (x, 24.4), (x + 2.2, 28.4)], paper)
    sheet.line([(x - 2.2, 28.4), (x, 24.4), (x + 2.2, 28.4)], ink, 0.3, closed=True)
    sheet.ellipse((x, 27.1), (0.9, 0.6), ink)


def _eagle(sheet: Sheet, x: float, ink: Colour, paper: Colour) -> None:
    dark = blend(ink, paper, 0.1)
    for sign in (-1.0, 1.0):
        wing = [(1.2, 32.5), (4, 26), (9.5, 25), (9, 29.5), (8.6, 33), (7, 36), (4.5, 37), (2, 37)]
        sheet.fill(round_corners([(x + sign * a, b) for a, b in wing], closed=True), dark)
        for feather in (3.6, 5.4, 7.2):
            sheet.line([(x + sign * feather, 28.5), (x + sign * (feather + 0.4), 35.5)], blend(ink, paper, 0.7), 0.25)
        sheet.line([(x + sign * 1.5, 37.5), (x + sign * 5, 41)], ink, 0.6)
    sheet.fill(
        round_corners(
            [(x - 2.4, 31), (x + 2.4, 31), (x + 1.8, 38), (x + 2.6, 43), (x - 2.6, 43), (x - 1.8, 38)], closed=True
        ),
        dark,
    )
    sheet.fill(round_corners([(x - 2, 32), (x + 2, 32), (x + 1.7, 35.5), (x, 38), (x - 1.7, 35.5)], closed=True), paper)
    for bar in (-0.9, 0.0, 0.9):
        sheet.line([(x + bar, 33.4), (x + bar, 36)], ink, 0.3)
    sheet.ellipse((x, 29.3), (1.6, 1.9), paper)
    sheet.fill([(x - 1.4, 28.8), (x - 3, 29.6), (x - 1.3, 30.2)], ink)
    sheet.ellipse((x, 25.2), (2.0, 1.5), blend(ink, paper, 0.4))


def _figure(sheet: Sheet, x: float, head: float, coat: float, ink: Colour, paper: Colour, standing: bool) -> None:
    low = head + (19.0 if standing else 12.5)
    shade = blend(ink, paper, coat)
    body = [
        (x - 2.5, head + 3),
        (x + 2.5, head + 3),
        (x + 2.8, head + 8),
        (x + 2.1, low),
        (x - 2.1, low),
        (x - 2.8, head + 8),
    ]
    sheet.fill(round_corners(body, closed=True), shade)
    sheet.line(round_corners(body, closed=True), ink, 0.2, closed=True)
    sheet.ellipse((x, head), (1.7, 1.9), blend(ink, paper, 0.75))
    sheet.ellipse((x, head + 0.6), (1.1, 1.5), paper)
    sheet.fill([(x - 0.8, head + 2.2), (x + 0.8, head + 2.2), (x, head + 4.6)], paper)
    if standing:
        sheet.box(x - 0.9, low, x - 0.2, low + 3, blend(ink, paper, 0.9))
        sheet.box(x + 0.2, low, x + 0.9, low + 3, blend(ink, paper, 0.9))
