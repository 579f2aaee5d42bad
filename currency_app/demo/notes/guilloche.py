"""Draw the line work of banknotes: rosettes, plaited bands and seals."""

from __future__ import annotations

import numpy as np

from currency_app.demo.notes.sheet import Colour, Sheet, round_corners


def rosette(
    sheet: Sheet, centre: tuple[float, float], radius: float, colour: Colour, lobes: int = 8, rings: int = 4
) -> None:
    """Draw a guilloche rosette: waves around a circle, each ring turned against the one before.

    centre, radius: millimetres. lobes: periods of each wave.
    """
    turn = np.linspace(0, 2 * np.pi, 24 * lobes, endpoint=False)
    for ring in range(rings):
        r = radius * (0.78 + 0.22 * np.cos(lobes * turn + np.pi * ring * 2 / rings)) * (1 - 0.12 * (ring % 2))
        sheet.line(np.stack([centre[0] + r * np.cos(turn), centre[1] + r * np.sin(turn)], 1), colour, 0.15, closed=True)


def wave_band(
    sheet: Sheet,
    start: tuple[float, float],
    end: tuple[float, float],
    height: float,
    colour: Colour,
    period: float = 6.0,
) -> None:
    """Draw a plaited band of four sine waves from start to end.

    start, end, height, period: millimetres.
    """
    a, b = np.asarray(start), np.asarray(end)
    length = float(np.hypot(*(b - a)))
    along = np.linspace(0, length, max(8, int(length * 3)))
    direction = (b - a) / length
    normal = np.asarray([-direction[1], direction[0]])
    for phase in range(4):
        offset = height / 2 * np.sin(2 * np.pi * (along / period + phase / 4))
        sheet.line(a + along[:, None] * direction + offset[:, None] * normal, colour, 0.15)


def seal(
    sheet: Sheet, centre: tuple[float, float], radius: float, colour: Colour, paper: Colour, treasury: bool
) -> None:
    """Draw a round seal with teeth: the treasury's, or else the Federal Reserve's.

    centre, radius: millimetres. The treasury's has scales, a chevron and a key, the other one a shield like an eagle's.
    """
    turn = np.linspace(0, 2 * np.pi, 144, endpoint=False)
    r = radius * (1 - 0.08 * (np.arange(144) % 4 > 1))
    sheet.fill(np.stack([centre[0] + r * np.cos(turn), centre[1] + r * np.sin(turn)], 1), colour)
    sheet.ellipse(centre, (radius * 0.84,) * 2, paper, 0.2)
    sheet.ellipse(centre, (radius * 0.62,) * 2, paper)
    x, y, k = centre[0], centre[1], radius * 0.5
    shield = round_corners(
        [
            (x - k, y - k * 0.8),
            (x + k, y - k * 0.8),
            (x + k * 0.9, y + k * 0.3),
            (x, y + k * 1.1),
            (x - k * 0.9, y + k * 0.3),
        ],
        closed=True,
    )
    sheet.fill(shield, colour)
    if treasury:
        sheet.line([(x - k, y + 0.15 * k), (x, y - 0.25 * k), (x + k, y + 0.15 * k)], paper, radius * 0.09)
        sheet.line([(x - k * 0.5, y - k * 0.5), (x + k * 0.5, y - k * 0.5)], paper, radius * 0.05)
        sheet.line([(x, y + 0.3 * k), (x, y + 0.8 * k)], paper, radius * 0.07)
    else:
        for bar in (-0.5, 0.0, 0.5):
            sheet.line([(x + bar * k, y - 0.1 * k), (x + bar * k, y + 0.7 * k)], paper, radius * 0.06)
        sheet.line([(x - k, y - 0.2 * k), (x + k, y - 0.2 * k)], paper, radius * 0.05)
    for tick in np.linspace(0, 2 * np.pi, 30, endpoint=False):
        c, s = np.cos(tick), np.sin(tick)
        inner, outer = radius * 0.68, radius * 0.78
        sheet.line([(x + inner * c, y + inner * s), (x + outer * c, y + outer * s)], paper, radius * 0.07)
