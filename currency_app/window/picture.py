"""The live picture: the newest frame with the note outlined."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from currency_app.arrays import Image
from currency_app.milestones import reach
from currency_app.window.model import LivePicture
from currency_app.window.picture_scaling import fitted_size, outline_points, screen_picture
from currency_app.window.themes import Theme

_OUTLINE_PX = 4
"""Width of the outline, logical pixels, with half as much of its halo on both sides. Judged by eye at arm's length."""
_PREFERRED = QSize(640, 480)
"""Logical pixels, what most webcams give."""


class PictureLabel(QLabel):
    """Draws the newest frame, mirrored as people know it from other programs if the camera faces them.

    A screen reader finds an image with a name. Nothing is copied or drawn until Qt asks for it, and frames that come
    faster are left out, never queued. The outline is whole if the value is sure, dashed until then.
    """

    def __init__(self, *, mirrored: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.painted = 0
        self._mirrored = mirrored
        self._live: LivePicture | None = None
        self._drawn: Image | None = None  # a QImage does not keep its pixels alive
        self._outline, self._halo = QColor("yellow"), QColor("black")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setPixmap(QPixmap(1, 1))  # what makes a label an image for screen readers

    def use_theme(self, theme: Theme) -> None:
        """Draw the outline in a theme's colours."""
        self._outline, self._halo = QColor(theme.outline), QColor(theme.outline_halo)
        self.update()

    def show_picture(self, live: LivePicture | None) -> None:
        """Show a frame soon; None for black."""
        self._live = live
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size that it has if there is room."""
        return _PREFERRED

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the newest frame."""
        self.painted += 1
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("black"))
        if self._live is not None:
            self._draw(painter, self._live)
        painter.end()
        reach("drawn")

    def _draw(self, painter: QPainter, live: LivePicture) -> None:
        ratio = self.devicePixelRatioF()
        space = round(self.width() * ratio), round(self.height() * ratio)
        width, height = fitted_size(live.image, *space)
        picture = self._drawn = screen_picture(live.image, width, height, mirrored=self._mirrored)
        high, wide = picture.shape[:2]
        pixels = QImage(picture.data, wide, high, picture.strides[0], QImage.Format.Format_RGB32)
        place = QRectF((space[0] - width) / 2, (space[1] - height) / 2, width, height)
        painter.scale(1 / ratio, 1 / ratio)
        painter.drawImage(place, pixels)
        if live.corners is None:
            return
        corners = outline_points(live.corners, width, height, mirrored=self._mirrored)
        outline = QPolygonF([QPointF(place.x() + float(x), place.y() + float(y)) for x, y in corners])
        painter.setClipRect(place)
        thick = _OUTLINE_PX * ratio
        painter.setPen(QPen(self._halo, 2 * thick))
        painter.drawPolygon(outline)
        painter.setPen(QPen(self._outline, thick, Qt.PenStyle.SolidLine if live.sure else Qt.PenStyle.DashLine))
        painter.drawPolygon(outline)
