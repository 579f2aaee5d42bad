"""Draws the window in each theme on Qt's offscreen platform, and prints what was measured in the pictures.

QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=2 python -m tests.support.window_views WIDTH HEIGHT [FOLDER]

WIDTH, HEIGHT: of the screen, device pixels. FOLDER: where to write the pictures, for whoever wants to look at them.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from currency_app.events import Frame, Hint, HintKind, Sighting
from currency_app.speech.phrases import Phrases
from currency_app.window.app_window import AppWindow
from currency_app.window.main_window import ReaderWindow
from currency_app.window.running import prepare
from currency_app.window.style import style_sheet
from currency_app.window.themes import WINDOW_THEMES, contrast_ratio
from tests.support.observations import note


def pixels(widget: QWidget) -> npt.NDArray[np.uint8]:
    """What a widget looks like: RGB, in device pixels."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def colours(picture: npt.NDArray[np.uint8]) -> list[tuple[str, int]]:
    """The colours of a picture, #rrggbb, the most frequent first, with how many pixels have each."""
    found, counts = np.unique(picture.reshape(-1, 3), axis=0, return_counts=True)
    order = np.argsort(-counts)
    return [("#" + bytes(found[index].tolist()).hex(), int(counts[index])) for index in order]


def text_contrast(widget: QWidget, inset: int) -> float:
    """The contrast of a widget's two main colours, its edge left out: those of words and of what is behind them."""
    picture = pixels(widget)[inset:-inset, inset:-inset]
    main = colours(picture)
    return contrast_ratio(main[0][0], main[1][0]) if len(main) > 1 else 1.0


def measured(window: ReaderWindow, inset: int) -> dict[str, Any]:
    visible = [button for button in (*window.buttons.values(), window.menu_button) if button.isVisible()]
    parts: list[QLabel | QPushButton] = [window.value, window.message, window.details, *visible]
    room = QRect(0, 0, window.width(), window.height())
    value = pixels(window.value)
    focused = colours(value[: inset // 2])[0][0]
    window.menu_button.setFocus()
    return {
        "contrast": {part.objectName() or part.text(): text_contrast(part, inset) for part in parts if part.text()},
        "ring": contrast_ratio(focused, colours(pixels(window.value)[: inset // 2])[0][0]),
        "inside": all(room.contains(part.geometry()) for part in parts),
        "letters_px": window.value.font().pixelSize(),
        "other_letters_px": window.message.fontInfo().pixelSize(),
        "picture": window.picture.isVisible(),
        "buttons": [button.text() for button in visible],
        "size": [window.width(), window.height()],
    }


def main() -> None:
    application = QApplication(["currency-app"])
    prepare(application)
    scale = float(os.environ.get("QT_SCALE_FACTOR", "1"))
    found = {}
    for theme in WINDOW_THEMES.values():
        application.setStyleSheet(style_sheet(theme))
        phrases = Phrases("en")
        app_window = AppWindow(phrases)
        app_window.model.follow(lambda: "Total 20 dollars, 1 note", phrases)
        window = ReaderWindow(app_window, phrases, mirrored=True)
        window.use_theme(theme)
        window.resize(min(760, round(int(sys.argv[1]) / scale)), min(860, round(int(sys.argv[2]) / scale) - 40))
        window.show()
        image = np.full((480, 640, 3), 128, np.uint8)
        app_window.model.on_event(Sighting(1.0, "USD", 20, "front", 0.99), "20 dollars")
        app_window.model.on_event(Hint(1.0, HintKind.MOVE_CLOSER), "Move the note closer")
        app_window.model.on_frame(Frame(image, 1.0, 0), note(1.0))
        window.activateWindow()
        window.value.setFocus()
        window.show_newest()
        application.processEvents()
        if len(sys.argv) > 3:
            window.grab().save(str(Path(sys.argv[3]) / f"{theme.name}-{round(scale * 100)}.png"))
        found[theme.name] = measured(window, round(8 * scale))
        window.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
