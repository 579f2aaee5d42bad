"""What the pages that this package writes share: their style, their frame, and small pictures inside them."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

STYLE = """
:root { color-scheme: light dark; }
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 1rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } caption { text-align: left; font-weight: bold; }
th, td { padding: .2rem .8rem; border: 1px solid #767676; text-align: right; } th[scope=row] { text-align: left; }
ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .8rem; }
li { display: flex; gap: .4rem; border: 1px solid #767676; padding: .4rem; }
figure { margin: 0; width: 12rem; } figcaption { font-size: .9rem; overflow-wrap: anywhere; }
"""
"""The CSS of a page, for light and dark screens."""


def page_start(title: str, style: str = STYLE) -> str:
    """Return everything before a page's first heading.

    title: already escaped. style: CSS.
    """
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{style}</style>\n</head>\n<body>\n<main>'
    )


PAGE_END = "</main>\n</body>\n</html>\n"
"""Everything after a page's last paragraph."""


def small_jpeg(pixels: npt.NDArray[Any], outline: npt.NDArray[Any] | None, widest: int) -> str:
    """Return a picture as a JPEG of at most `widest` pixels across and down, in base64.

    pixels: uint8 [h, w, 3] BGR. outline: [4, 2] in its pixels, drawn in with the first corner marked, or None.
    """
    scale = min(widest / pixels.shape[1], widest / pixels.shape[0], 1.0)
    size = (max(round(pixels.shape[1] * scale), 1), max(round(pixels.shape[0] * scale), 1))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    if outline is not None:
        # OpenCV draws with 16 bit coordinates; what lies this far out is not in the picture anyway.
        points = np.clip(outline * scale, -9999, 9999).round().astype(np.int32)
        cv2.polylines(small, [points], True, (0, 255, 0), 2)
        cv2.circle(small, (int(points[0, 0]), int(points[0, 1])), 4, (0, 0, 255), -1)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 75])
    return base64.b64encode(data.tobytes()).decode("ascii")
