"""Draw the room of the demonstration: what a webcam on a desk sees while nobody shows it a note."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Image
from currency_app.demo.notes.sheet import Colour, Sheet, blend, ellipse_points, round_corners

_SUPERSAMPLING = 2.0
"""How many times larger the room is drawn, before it is resized: this smooths edges as a lens does."""
_WALL: Colour = (176, 190, 198)
_WOOD: Colour = (74, 108, 148)
_DARK_WOOD: Colour = (48, 72, 100)


def draw_room(width: int, height: int) -> Image:
    """Draw the room, uint8 [height, width, 3] BGR. It is laid out for 4:3."""
    size = (round(width * _SUPERSAMPLING), round(height * _SUPERSAMPLING))
    # All positions below are pixels of a 640 x 480 picture.
    sheet = Sheet(np.zeros((size[1], size[0], 3), np.uint8), size[0] / 640)
    _wall(sheet)
    _window(sheet)
    _picture(sheet)
    _shelf(sheet)
    _desk(sheet)
    _lamp(sheet)
    _mug(sheet)
    # A webcam is focused on what is near it, so the room behind is blurred.
    small = cv2.GaussianBlur(cv2.resize(sheet.pixels, (width, height), interpolation=cv2.INTER_AREA), (0, 0), 1.3)
    return _lit(np.asarray(small, np.uint8))


def _wall(sheet: Sheet) -> None:
    sheet.pixels[:] = _WALL
    sheet.box(0, 352, 640, 372, blend(_WALL, (255, 255, 255), 0.35))
    sheet.line([(0, 352), (640, 352)], blend(_WALL, (0, 0, 0), 0.25), 1.5)


def _window(sheet: Sheet) -> None:
    frame: Colour = (226, 232, 234)
    sheet.box(28, 34, 178, 250, frame)
    sheet.box(38, 44, 168, 240, (236, 222, 196))
    sheet.tint((103, 70), (90, 60), (250, 244, 236), 0.9)
    hills = [(38, 196), (70, 176), (104, 190), (140, 170), (168, 184), (168, 240), (38, 240)]
    sheet.fill(hills, (120, 158, 132))
    for x, y, r in ((62, 190, 15), (84, 198, 12), (148, 188, 17)):
        sheet.ellipse((x, y), (r, r * 1.15), (78, 124, 92))
    sheet.box(100, 44, 106, 240, frame)
    sheet.box(38, 138, 168, 143, frame)
    sheet.box(18, 250, 188, 262, blend(frame, (0, 0, 0), 0.12))
    curtain: Colour = (150, 132, 108)
    for left, sign in ((12.0, 1.0), (196.0, -1.0)):
        cloth = [(left, 22), (left + sign * 40, 22), (left + sign * 32, 130), (left + sign * 22, 276), (left, 276)]
        sheet.fill(cloth, curtain)
        for fold in (8.0, 17.0, 26.0):
            low = left + sign * fold * 0.65
            sheet.line([(left + sign * fold * 1.2, 24), (low, 274)], blend(curtain, (0, 0, 0), 0.2), 3)
    sheet.line([(4, 20), (204, 20)], _DARK_WOOD, 5)


def _picture(sheet: Sheet) -> None:
    sheet.box(268, 58, 352, 168, _DARK_WOOD)
    sheet.box(275, 65, 345, 161, (228, 234, 236))
    sheet.box(286, 78, 334, 148, (196, 170, 128))
    sheet.ellipse((318, 96), (9, 9), (112, 190, 236))
    sheet.fill([(286, 132), (302, 108), (316, 130), (326, 118), (334, 130), (334, 148), (286, 148)], (104, 116, 84))


def _shelf(sheet: Sheet) -> None:
    rng = np.random.default_rng(5)
    colours: list[Colour] = [(62, 62, 150), (120, 92, 56), (84, 122, 70), (60, 140, 190), (110, 110, 118), (96, 60, 96)]
    for row, base in enumerate((158.0, 258.0)):
        x = 430.0
        while x < 596 - 60 * row:
            wide, high = float(rng.uniform(9, 18)), float(rng.uniform(52, 78))
            colour = colours[int(rng.integers(len(colours)))]
            sheet.box(x, base - high, x + wide, base, colour)
            sheet.box(x + 2, base - high + 9, x + wide - 2, base - high + 14, blend(colour, (255, 255, 255), 0.5))
            sheet.line([(x + wide, base - high), (x + wide, base)], blend(colour, (0, 0, 0), 0.4), 1)
            x += wide + 0.6
        sheet.box(416, base, 626, base + 9, _WOOD)
        sheet.box(416, base + 9, 626, base + 13, blend(_WALL, (0, 0, 0), 0.3))
    sheet.fill([(566, 228), (598, 228), (593, 258), (571, 258)], (70, 104, 176))
    for turn in np.linspace(-70, 70, 8):
        leaf = ellipse_points((582 + 16 * float(np.sin(np.radians(turn))), 206), (5, 22), float(turn))
        sheet.fill(leaf, blend((66, 128, 70), (40, 80, 44), abs(float(turn)) / 90))


def _desk(sheet: Sheet) -> None:
    sheet.fill([(0, 398), (640, 398), (640, 480), (0, 480)], _WOOD)
    sheet.line([(0, 399), (640, 399)], blend(_WOOD, (255, 255, 255), 0.35), 3)
    rng = np.random.default_rng(8)
    x = np.linspace(0, 640, 60)
    for y in np.linspace(408, 478, 9):
        grain = y + 1.6 * np.sin(x / rng.uniform(40, 90) + rng.uniform(0, 6))
        sheet.line(np.stack([x, grain], 1), blend(_WOOD, (0, 0, 0), 0.12), 1.2)


def _lamp(sheet: Sheet) -> None:
    metal: Colour = (70, 74, 78)
    sheet.ellipse((232, 404), (30, 8), blend(_WOOD, (0, 0, 0), 0.35))
    sheet.ellipse((228, 400), (27, 7), metal)
    sheet.line([(228, 398), (206, 322), (248, 268)], metal, 5)
    sheet.ellipse((206, 322), (5, 5), blend(metal, (255, 255, 255), 0.3))
    sheet.fill([(240, 262), (256, 274), (292, 296), (280, 318), (232, 290)], (66, 120, 168))
    sheet.fill(ellipse_points((283, 308), (6, 15), 55), (206, 236, 250))


def _mug(sheet: Sheet) -> None:
    colour: Colour = (150, 118, 74)
    sheet.ellipse((560, 424), (34, 8), blend(_WOOD, (0, 0, 0), 0.35))
    sheet.ellipse((586, 398), (13, 14), colour, 5)
    sheet.fill(round_corners([(536, 372), (582, 372), (581, 424), (537, 424)], closed=False), colour)
    sheet.ellipse((559, 372), (23, 6), blend(colour, (255, 255, 255), 0.3))
    sheet.ellipse((559, 373), (19, 4), (40, 52, 66))


def _lit(room: Image) -> Image:
    """Light the room from the window and the lamp, and add the vignetting of a small lens."""
    height, width = room.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = x / width, y / height
    light = 0.80 + 0.26 * np.exp(-((x - 0.16) ** 2 / 0.12 + (y - 0.3) ** 2 / 0.22))
    light += 0.16 * np.exp(-((x - 0.46) ** 2 + (y - 0.74) ** 2) / 0.02)
    light *= 1 - 0.30 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
    return np.asarray(np.clip(room * light[..., None], 0, 255).astype(np.uint8))
