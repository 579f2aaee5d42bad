"""The window itself: how its parts lie, what its keys do, and what it draws when."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from currency_app.controls.actions import ACTIONS, Action, keys_of
from currency_app.settings import SettingValue, read_settings
from currency_app.speech.phrases import Phrases
from currency_app.window.announcements import FocusDescription
from currency_app.window.app_window import AppWindow
from currency_app.window.labels import TextLabel, ValueLabel
from currency_app.window.model import ValueKind, WindowText
from currency_app.window.picture import PictureLabel
from currency_app.window.settings_dialog import SettingsDialog
from currency_app.window.themes import Theme

_DRAW_EVERY_S = 1 / 31
"""Seconds between two pictures, at least: that of a camera of 30 frames/s is just let through."""
_DRAW_BEHIND_EVERY_S = 1 / 15
"""Seconds between two pictures while another window is in front."""
_MIN_HEIGHT_WITH_PICTURE = 400
"""Logical pixels under which the picture gives its room to the words, as on a small screen at 400 %."""
_MIN_WIDTH_WITH_BUTTONS = 420
"""Logical pixels under which all buttons but the menu are left out; the menu has them all."""
_DIALOG_LARGER = 1.25
"""Times the size that the dialog's parts ask for, since those that scroll ask for little."""
_HINT_LARGER = 1.3
"""Times the letters of buttons: a hint is read with a note in one hand. Judged by eye."""
_SETTINGS_KEY = "Ctrl+,"
"""Opens the settings, as in many programs: no letter, which may be an action's or a screen reader's."""
_BUTTONS = ("repeat", "total", "undo")
"""The actions that have a button beside the menu, as those that are asked for with every note."""


class ReaderWindow(QMainWindow):
    """The window of the app.

    app_window: hands on between this and the app. mirrored: draw the picture as in a mirror.

    Every control has a name, a role and a key: letters do the actions, whatever has the focus; F10 opens their menu.
    """

    changed = Signal()
    """The model has something to show; may be emitted from any thread."""
    theme_chosen = Signal(str)
    """The user has chosen another theme, one of THEMES."""
    announced = Signal(str)
    """Words for the screen reader; may be emitted from any thread."""

    translated = Signal(object)
    """The phrases of another language are to be shown; may be emitted from any thread."""

    def __init__(self, app_window: AppWindow, phrases: Phrases, *, mirrored: bool) -> None:
        super().__init__()
        self._model = app_window.model
        self._app_window = app_window
        self._shown: WindowText | None = None
        self._drawn_s = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.show_newest)
        self.value = ValueLabel()
        self._described = FocusDescription(self.value)
        self.picture = PictureLabel(mirrored=mirrored)
        self.message = TextLabel("message")
        self.details = TextLabel("details")
        self.menu_button = QPushButton()
        self.buttons = {action.name: QPushButton() for action in ACTIONS if action.name in _BUTTONS}
        self._menu = QMenu(self)
        self._lay_out()
        self._bind()
        self.translate(phrases)
        self.changed.connect(self._show_soon)
        self.announced.connect(self._described.announce)
        self.translated.connect(self.translate)
        self._model.on_changed, app_window.on_announced = self.changed.emit, self.announced.emit
        app_window.on_language = self.translated.emit
        # Kept here, since other threads ask: Qt's own objects belong to this one.
        self._has_keyboard = False
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusWindowChanged.connect(self._focus_moved)
        # While an entry of the menu has the focus, Orca says nothing of what else changes.
        self._menu_is_open = False
        self._menu.aboutToShow.connect(lambda: self._menu_shows(True))
        self._menu.aboutToHide.connect(lambda: self._menu_shows(False))
        app_window.in_front = lambda: self._has_keyboard and not self._menu_is_open
        self.show_newest()
        self.value.setFocus()

    def translate(self, phrases: Phrases) -> None:
        """Call everything by the words of a language."""
        self.setWindowTitle(phrases.window("title"))
        self.picture.setAccessibleName(phrases.window("picture"))
        self.menu_button.setText(f"{phrases.window('menu')} (F10)")
        self._menu.setAccessibleName(phrases.window("menu"))
        self._menu.clear()
        for action in ACTIONS:
            name = phrases.action(action.name)
            if action.name in self.buttons:
                self.buttons[action.name].setText(f"{name} ({action.key.upper()})")
            # Not QAction's own shortcut: the key would be ambiguous with the window's, and do nothing.
            entry = self._menu.addAction(f"{name}\t{action.key.upper()}")
            entry.triggered.connect(lambda _=False, action=action: self._perform(action))
        settings = QAction(f"{phrases.window('settings')}\t{_SETTINGS_KEY}", self._menu)
        settings.triggered.connect(self.open_settings)
        self._menu.insertAction(self._menu.actions()[-1], settings)  # the last is the one that ends the app
        self._phrases = phrases

    def use_theme(self, theme: Theme) -> None:
        """Draw in a theme's colours what no style sheet reaches."""
        self.picture.use_theme(theme)

    def open_settings(self) -> SettingsDialog:
        """Open the dialog of the settings that stay; the picture goes on behind it."""
        stored = read_settings({}, telling=False)
        dialog = SettingsDialog(self, self._phrases, stored, self._kept, self._not_kept)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.resize(self.size().boundedTo(dialog.sizeHint() * _DIALOG_LARGER))
        dialog.open()
        return dialog

    def _not_kept(self, why: str) -> None:
        self._app_window.say_unkept()
        self._model.show_message(why)

    def _kept(self, name: str, value: SettingValue) -> None:
        if name == "theme":
            self.theme_chosen.emit(str(value))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give the room to the words where it is scarce."""
        super().resizeEvent(event)
        size = event.size()
        self.picture.setVisible(size.height() >= _MIN_HEIGHT_WITH_PICTURE)
        narrow = size.width() < _MIN_WIDTH_WITH_BUTTONS
        for button in self.buttons.values():
            button.setVisible(not narrow)
        low = size.height() < _MIN_HEIGHT_WITH_PICTURE
        self._bottom.setDirection(QBoxLayout.Direction.LeftToRight if low else QBoxLayout.Direction.TopToBottom)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """End the app, as its key does."""
        self._app_window.stop()
        event.accept()

    def _lay_out(self) -> None:
        self._row = QHBoxLayout()
        letters = self.message.font()
        letters.setPointSizeF(letters.pointSizeF() * _HINT_LARGER)
        self.message.setFont(letters)
        for button in (*self.buttons.values(), self.menu_button):
            button.setAutoDefault(False)
            self._row.addWidget(button)
        self._bottom = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._bottom.addWidget(self.details, 1)
        self._bottom.addLayout(self._row)
        # A plain widget is no window to screen readers: only a main window has the role of one.
        parts = QWidget()
        parts.setMinimumSize(1, 1)
        self.setCentralWidget(parts)
        column = QVBoxLayout(parts)
        # The window may be narrower than its parts, as on a small screen at 400 %: then it leaves some out.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(4)
        column.addWidget(self.value, 4)
        column.addWidget(self.message)
        column.addWidget(self.picture, 5)
        column.addLayout(self._bottom)

    def _bind(self) -> None:
        for action in ACTIONS:
            # The help says "R", and a terminal takes it with and without Shift.
            for key in (*keys_of(action), *([f"Shift+{action.key}"] if action.key.isalpha() else [])):
                shortcut = QShortcut(QKeySequence(key), self)
                shortcut.setAutoRepeat(False)
                shortcut.activated.connect(lambda action=action: self._perform(action))
            button = self.buttons.get(action.name)
            if button is not None:
                button.clicked.connect(lambda _=False, action=action: self._perform(action))
        QShortcut(QKeySequence(_SETTINGS_KEY), self).activated.connect(self.open_settings)
        QShortcut(QKeySequence("F10"), self).activated.connect(self._open_menu)
        self.menu_button.clicked.connect(self._open_menu)

    def _perform(self, action: Action) -> None:
        self._app_window.perform(action)
        if action.name == "stop":
            self.hide()  # at once, though last words may still be heard

    def _open_menu(self) -> None:
        self._menu.popup(
            self.menu_button.mapToGlobal(self.menu_button.rect().topLeft() - self._menu.rect().bottomLeft())
        )
        self._menu.setActiveAction(self._menu.actions()[0])  # without one, no screen reader tells that it is open

    def _menu_shows(self, shows: bool) -> None:
        self._menu_is_open = shows

    def _show_soon(self) -> None:
        """Show what is newest, now or as soon as the pace allows."""
        if self._timer.isActive():
            return
        every_s = _DRAW_EVERY_S if self.isActiveWindow() else _DRAW_BEHIND_EVERY_S
        wait_s = self._drawn_s + every_s - time.monotonic()
        if wait_s <= 0:
            self.show_newest()
        else:
            self._timer.start(round(wait_s * 1000))

    def show_newest(self) -> None:
        """Show what is newest now, whatever the pace."""
        self._drawn_s = time.monotonic()
        text, picture = self._model.take()
        if text != self._shown:
            self._show_text(text)
        if picture is not None:
            self.picture.show_picture(picture)

    def _show_text(self, text: WindowText) -> None:
        before, self._shown = self._shown, text
        # The first prompt is said as well: a screen reader that reads it with the focus would say it twice.
        prompts = before is not None and before.kind is text.kind is ValueKind.PROMPT
        if not prompts or not self._described.call_when_read(self._show_prompt):
            self.value.show_value(text.value, text.kind)
        self.message.show_text(text.message)
        self.details.show_text(". ".join(part for part in (text.last, text.total) if part))
        if not text.camera_works:
            self.picture.show_picture(None)

    def _show_prompt(self) -> None:
        """Show the newest words anew, whose prompt had to wait."""
        if self._shown is not None:
            self._show_text(self._shown)

    def _focus_moved(self, window: object) -> None:
        """Hear which window of the app has the keyboard now, the menu's and dialogs' too; None if another program's."""
        self._has_keyboard = window is not None

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Show at once what is newest if the window comes to the front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._show_soon()
