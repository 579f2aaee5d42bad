"""Lay out and colour each side of the drawn notes, front and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from currency_app.demo.notes.emblems import EMBLEMS
from currency_app.demo.notes.guilloche import rosette, seal, wave_band
from currency_app.demo.notes.portraits import BUSTS, draw_bust
from currency_app.demo.notes.sheet import Colour, Sheet, blend, numeral_mask
from currency_app.demo.notes.vignettes import BUILDINGS, draw_building, draw_circles, draw_gathering

_WORDS = {1: "ONE", 2: "TWO", 5: "FIVE", 10: "TEN", 20: "TWENTY", 50: "FIFTY", 100: "ONE HUNDRED"}
_NAMES = {1: "WASHINGTON", 2: "JEFFERSON", 5: "LINCOLN", 10: "HAMILTON", 20: "JACKSON", 50: "GRANT", 100: "FRANKLIN"}


@dataclass(frozen=True)
class Palette:
    """The colours of one value, BGR."""

    paper: Colour
    """The paper."""
    edge: Colour
    """Tint of the paper at the left and right edges."""
    middle: Colour
    """Tint of the paper in the middle."""
    front_ink: Colour
    """Ink of the front."""
    back_ink: Colour
    """Ink of the back."""
    accent: Colour
    """The big numeral at the lower right."""


PALETTES: dict[int, Palette] = {
    1: Palette((212, 226, 224), (205, 222, 216), (220, 232, 230), (62, 66, 60), (72, 104, 62), (62, 66, 60)),
    2: Palette((214, 226, 222), (204, 222, 212), (222, 232, 228), (62, 62, 56), (82, 108, 52), (62, 62, 56)),
    5: Palette((218, 224, 222), (206, 214, 210), (222, 186, 204), (72, 62, 66), (92, 92, 82), (132, 62, 122)),
    10: Palette((206, 226, 234), (190, 210, 226), (150, 200, 246), (58, 62, 72), (72, 92, 92), (62, 108, 176)),
    20: Palette((204, 226, 218), (188, 222, 196), (182, 208, 240), (56, 62, 56), (72, 100, 64), (82, 136, 92)),
    50: Palette((224, 224, 226), (226, 206, 190), (190, 178, 236), (72, 58, 58), (98, 86, 76), (116, 96, 168)),
    100: Palette((228, 226, 216), (228, 210, 184), (230, 224, 204), (78, 66, 56), (96, 102, 72), (64, 140, 186)),
}
"""Colours by value in dollars, judged by eye."""
_YELLOW: Colour = (80, 196, 232)


def draw_front(sheet: Sheet, value: int, numerals: int | None = None) -> None:
    """Draw the front of a value in dollars on the whole sheet, without serial numbers and treasury seal.

    numerals: the value that the numerals are of, if it is another.
    """
    colours, printed = PALETTES[value], numerals or value
    _paper(sheet, colours)
    if value in (1, 2):
        _old_front(sheet, value, colours, printed)
    else:
        _new_front(sheet, value, colours, printed)


def draw_back(sheet: Sheet, value: int, numerals: int | None = None) -> None:
    """Draw the back of a value in dollars on the whole sheet. numerals: as in `draw_front`."""
    colours, printed = PALETTES[value], numerals or value
    _paper(sheet, colours)
    if value in (1, 2):
        _old_back(sheet, value, colours, printed)
    else:
        _new_back(sheet, value, colours, printed)


def _paper(sheet: Sheet, colours: Palette) -> None:
    sheet.pixels[:] = colours.paper
    sheet.tint((0, 33), (30, 60), colours.edge, 0.9)
    sheet.tint((156, 33), (30, 60), colours.edge, 0.9)
    sheet.tint((78, 33), (46, 60), colours.middle, 0.95)


def _fine_lines(sheet: Sheet, colour: Colour, top: float, low: float, left: float = 4, right: float = 152) -> None:
    x = np.linspace(left, right, 160)
    for index, y in enumerate(np.arange(top, low, 1.6)):
        sheet.line(np.stack([x, y + 0.7 * np.sin(x / 5 + index * 0.6)], 1), colour, 0.12)


def _frame(sheet: Sheet, ink: Colour, paper: Colour, depth: float) -> None:
    """Draw the ornate border of the older notes: a dark band with plaited lines, `depth` millimetres wide."""
    for box in ((3, 3, 153, 3 + depth), (3, 63 - depth, 153, 63), (3, 3, 3 + depth, 63), (153 - depth, 3, 153, 63)):
        sheet.box(box[0], box[1], box[2], box[3], ink)
    m = 3 + depth / 2
    pale = blend(ink, paper, 0.75)
    for start, end in (
        ((4, m), (152, m)),
        ((4, 66 - m), (152, 66 - m)),
        ((m, 4), (m, 62)),
        ((156 - m, 4), (156 - m, 62)),
    ):
        wave_band(sheet, start, end, depth * 0.7, pale)
    sheet.box(3, 3, 153, 63, pale, 0.3)
    sheet.box(3 + depth, 3 + depth, 153 - depth, 63 - depth, ink, 0.4)


def _old_front(sheet: Sheet, value: int, colours: Palette, printed: int) -> None:
    ink, paper = colours.front_ink, colours.paper
    _frame(sheet, ink, paper, 4.0)
    _fine_lines(sheet, blend(ink, paper, 0.82), 9, 58, 8, 148)
    for x, y in ((13, 12), (143, 12), (13, 54), (143, 54)):
        rosette(sheet, (x, y), 9.4, ink, 10, 3)
        sheet.ellipse((x, y), (7.2, 7.2), ink)
        sheet.numeral(str(printed), (x, y), 11.5, paper, stretch=_into_circle(printed))
    _oval_portrait(sheet, value, (78, 33.5), ink, paper)
    sheet.text("FEDERAL RESERVE NOTE", (78, 5.1), 2.2, paper, 50)
    sheet.text("THE UNITED STATES OF AMERICA", (78, 10.0), 3.2, ink, 92)
    seal(sheet, (41, 33), 8.0, ink, paper, treasury=False)
    sheet.text(_WORDS[value], (114, 32.5), 9.0, blend(ink, paper, 0.3), 30)
    sheet.text(f"{_WORDS[value]} DOLLAR{'S' if value > 1 else ''}", (78, 60.6), 3.2, paper, 46)
    sheet.text("WASHINGTON, D.C.", (114, 22.5), 1.7, ink, 20)
    sheet.text("DEMONSTRATION", (112, 51), 2.0, ink, 26)
    for x in (34, 122):
        sheet.line([(x - 10, 54.5), (x - 4, 53), (x, 54.8), (x + 5, 53.2), (x + 10, 54.5)], ink, 0.25)


def _oval_portrait(sheet: Sheet, value: int, centre: tuple[float, float], ink: Colour, paper: Colour) -> None:
    x, y = centre
    sheet.ellipse((x, y), (18.5, 23.0), ink)
    rosette(sheet, (x, y), 18.0, blend(ink, paper, 0.6), 28, 2)
    # Washington stands before a dark ground, Jefferson before a pale one.
    sheet.ellipse((x, y), (16.2, 20.6), blend(ink, paper, 0.35 if value == 1 else 0.85))
    keep = sheet.pixels.copy()
    draw_bust(sheet, BUSTS[value], (x, y - 3.5), 7.0, ink, paper)
    # The shoulders end at the edge of the oval.
    rows, columns = np.ogrid[: keep.shape[0], : keep.shape[1]]
    outside = ((columns / sheet.scale - x) / 16.2) ** 2 + ((rows / sheet.scale - y) / 20.6) ** 2 > 1
    sheet.pixels[outside] = keep[outside]
    sheet.box(x - 13, 54.2, x + 13, 57.4, paper)
    sheet.text(_NAMES[value], (x, 55.8), 1.9, ink, 22)


def _new_front(sheet: Sheet, value: int, colours: Palette, printed: int) -> None:
    ink, paper = colours.front_ink, colours.paper
    _fine_lines(sheet, blend(ink, paper, 0.78), 5, 62)
    EMBLEMS[value](sheet)
    sheet.ellipse((64, 34), (21, 27), blend(colours.middle, (245, 245, 245), 0.25))
    for ring in (19.5, 18.0, 16.5):
        sheet.ellipse((64, 33), (ring, ring * 1.3), blend(ink, paper, 0.7), 0.15)
    draw_bust(sheet, BUSTS[value], (64, 28.0), 9.0, ink, paper)
    sheet.box(50, 60.6, 78, 63.6, paper)
    sheet.text(_NAMES[value], (64, 62.1), 2.0, ink, 20)
    for y in (2.5, 63.8):
        wave_band(sheet, (4, y), (152, y), 1.6, ink, 4.0)
    _corner(sheet, printed, (14, 10.5), 12.0, ink, paper)
    _corner(sheet, printed, (143, 10.5), 10.0, ink, paper)
    _corner(sheet, printed, (14, 56.0), 10.0, ink, paper)
    stretch = 1.0 if printed < 100 else 0.82
    sheet.numeral(str(printed), (139, 53.5), 16.0, colours.accent, rim=blend(ink, paper, 0.75), stretch=stretch)
    sheet.text("FEDERAL RESERVE NOTE", (46, 5.6), 2.2, ink, 42)
    sheet.text("THE UNITED STATES OF AMERICA", (105, 8.0), 2.8, ink, 58)
    x, width = (106.5, 34.0) if value < 100 else (111.5, 28.0)
    sheet.text(f"{_WORDS[value]} DOLLARS", (x, 59.0), 3.2, ink, width)
    sheet.text(_WORDS[value], (110, 41.5), 3.2, ink, 18 if value < 100 else 26)
    seal(sheet, (33, 32.5), 7.6, ink, paper, treasury=False)
    sheet.text("DEMONSTRATION", (33, 47.5), 1.9, ink, 22)
    sheet.line([(94, 54.5), (98, 53), (102, 55), (110, 53.2)], ink, 0.25)


def _corner(sheet: Sheet, value: int, centre: tuple[float, float], height: float, ink: Colour, paper: Colour) -> None:
    rosette(sheet, centre, height * 0.75, blend(ink, paper, 0.45), 12, 2)
    sheet.numeral(str(value), centre, height, ink, rim=paper)


def _old_back(sheet: Sheet, value: int, colours: Palette, printed: int) -> None:
    ink, paper = colours.back_ink, colours.paper
    _frame(sheet, ink, paper, 5.0)
    corner = 13.0 if value == 1 else 12.0
    if value == 1:
        _fine_lines(sheet, blend(ink, paper, 0.5), 9, 58, 9, 147)
        draw_circles(sheet, ink, paper)
        sheet.text("IN GOD WE TRUST", (78, 22.0), 2.6, ink, 40)
        sheet.text("ONE", (78, 35.0), 17.0, paper, 47, weight=900)
        sheet.text("ONE", (78, 35.0), 15.4, ink, 45, weight=900)
    else:
        draw_gathering(sheet, ink, paper)
        sheet.text("DECLARATION OF INDEPENDENCE", (78, 55.0), 1.6, ink, 40)
    sheet.box(34, 2.6, 122, 9.6, ink)
    sheet.text("THE UNITED STATES OF AMERICA", (78, 6.0), 3.8, paper, 82)
    sheet.box(48, 56.8, 108, 63.4, ink)
    sheet.text(f"{_WORDS[value]} DOLLAR{'S' if value > 1 else ''}", (78, 60.2), 4.0, paper, 48)
    for x, y in ((13, 13), (143, 13), (13, 53), (143, 53)):
        sheet.ellipse((x, y), (9.5, 9.5), ink)
        rosette(sheet, (x, y), 9.2, blend(ink, paper, 0.7), 12, 2)
        sheet.ellipse((x, y), (7.4, 7.4), ink)
        sheet.numeral(str(printed), (x, y), corner, paper, stretch=_into_circle(printed))
    sheet.text("DEMONSTRATION", (78, 49.5 if value == 1 else 10.9), 1.5, ink, 22)


def _new_back(sheet: Sheet, value: int, colours: Palette, printed: int) -> None:
    ink, paper = colours.back_ink, colours.paper
    _fine_lines(sheet, blend(ink, paper, 0.72), 5, 62)
    x = 74.0 if value < 100 else 64.0
    sheet.tint((x, 33), (42, 20), blend(colours.middle, colours.accent, 0.12), 0.85)
    draw_building(sheet, BUILDINGS[value], x, 51.0, ink, paper)
    for y in (2.5, 63.8):
        wave_band(sheet, (4, y), (152, y), 1.6, ink, 4.0)
    for cx in (14.0, 143.0):
        _corner(sheet, printed, (cx, 10.5), 11.0, ink, paper)
    _corner(sheet, printed, (14, 56.0), 9.0, ink, paper)
    sheet.text("THE UNITED STATES OF AMERICA", (78, 6.2), 3.2, ink, 74)
    sheet.text("IN GOD WE TRUST", (x, 10.6), 1.7, ink, 26)
    sheet.text(f"{_WORDS[value]} DOLLARS", (x, 60.3), 3.8, ink, 46)
    sheet.text("DEMONSTRATION", (x, 56.5), 1.6, ink, 24)
    if value == 100:
        _vertical_numeral(sheet, printed)
    else:
        big = 24.0 if printed == 5 else 15.0
        accent = colours.accent if value == 5 else blend(colours.accent, ink, 0.35)
        sheet.numeral(str(printed), (140, 61.5 - big / 2), big, accent, rim=paper)
    _small_numerals(sheet, printed)


def _into_circle(printed: int) -> float:
    """Return the stretch of a numeral in a round corner of an older note, which has room for one digit."""
    return {1: 1.0, 2: 0.9, 3: 0.66}[len(str(printed))]


def _vertical_numeral(sheet: Sheet, printed: int) -> None:
    """Print the tall gold numeral that is turned by 90 degrees, at the right of the back of a hundred."""
    digits = str(printed)
    mask = np.ascontiguousarray(np.rot90(numeral_mask(digits)))
    high = 44.0 * len(digits) / 3
    sheet.stamp(mask, 122.5, 39.0 - high / 2, 19.0, high, (74, 150, 196))


def _small_numerals(sheet: Sheet, value: int) -> None:
    """Scatter the small yellow numerals of the newer backs."""
    spots = np.random.default_rng(value).uniform((18, 20), (34, 46), (7, 2))
    for x, y in spots:
        sheet.numeral("05" if value == 5 else str(value), (float(x), float(y)), 2.6, _YELLOW)
