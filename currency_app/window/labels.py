"""Labels of the window: text that the keyboard can reach, and the value as large as its place allows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from currency_app.window.model import ValueKind

_MIN_VALUE_PX, _MAX_VALUE_PX = 14, 600
"""Pixels of the value's letters: never smaller than any other text, never larger than a screen needs."""
_FITTING_STEPS = 10
"""Halvings of that range: to within a pixel."""


class TextLabel(QLabel):
    """Words that Tab reaches while there are any, so that magnifiers and screen readers come to them.

    It has no accessible name of its own: one would hide the words from screen readers.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumWidth(1)  # words wrap; they do not widen the window

    def show_text(self, text: str) -> None:
        """Show other words."""
        if text != self.text():
            self.setText(text)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if text else Qt.FocusPolicy.NoFocus)


class ValueLabel(TextLabel):
    """The value, as large as its place allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("value", parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def show_value(self, text: str, kind: ValueKind) -> None:
        """Show another value, in the colour of its kind."""
        if kind.value != self.property("kind"):
            self.setProperty("kind", kind.value)
            self.style().unpolish(self)
            self.style().polish(self)
        if text != self.text():
            self.show_text(text)
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Fit the letters to the new size."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Take the largest letters with which all words fit, none of them broken."""
        space = QRectF(self.contentsRect())
        smallest, largest = _MIN_VALUE_PX, _MAX_VALUE_PX
        for _ in range(_FITTING_STEPS):
            middle = (smallest + largest) // 2
            if self._fits(middle, space):
                smallest = middle
            else:
                largest = middle
        self.setFont(self._font(smallest))

    def _fits(self, pixels: int, space: QRectF) -> bool:
        metrics = QFontMetricsF(self._font(pixels))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        taken = metrics.boundingRect(space, flags, self.text())
        return taken.width() <= space.width() and taken.height() <= space.height()

    def _font(self, pixels: int) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        font.setPixelSize(pixels)
        return font
