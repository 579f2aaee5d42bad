"""Runs the app on a thread of its own while the window has the main one, as Qt needs it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from currency_app.errors import CurrencyAppError
from currency_app.milestones import reach
from currency_app.settings import Settings
from currency_app.speech.language import spoken_language
from currency_app.speech.phrases import Phrases
from currency_app.window.app_window import AppWindow
from currency_app.window.main_window import ReaderWindow
from currency_app.window.shown_voice import also_heard
from currency_app.window.style import TEXT_LARGER, style_sheet
from currency_app.window.themes import Theme, window_theme

_SIGNALS_EVERY_MS = 200
"""Milliseconds between two moments at which Python sees Ctrl+C, which Qt does not let it meanwhile."""
_SIZE = (760, 900)
"""Logical pixels of a new window, at most: the words above a picture of 640 x 480."""


_FRAME_PX = 40
"""Logical pixels of a window's title and frame, more than most have: Qt does not know them before it is shown."""


class _Worker(QObject):
    """Runs a function on a thread; `ended` is emitted there at its end."""

    ended = Signal()

    def __init__(self, function: Callable[[], None]) -> None:
        super().__init__()
        self.error: BaseException | None = None
        self._function = function
        self.thread_of_app = threading.Thread(target=self._run, name="app", daemon=True)

    def _run(self) -> None:
        try:
            self._function()
        except BaseException as error:
            self.error = error
        self.ended.emit()


def run_in_qt(settings: Settings, run_app: Callable[[AppWindow], None], show_errors: bool) -> None:
    """Do what `currency_app.window.run_with_window` says."""
    application = QApplication.instance() or QApplication(["currency-app"])
    assert isinstance(application, QApplication)
    prepare(application)
    phrases = Phrases(spoken_language(settings.language))
    app_window = AppWindow(phrases, demonstration=settings.demonstration)
    window = ReaderWindow(app_window, phrases, mirrored=settings.camera_faces_user)
    worker = _Worker(lambda: run_app(app_window))
    worker.ended.connect(application.quit, Qt.ConnectionType.QueuedConnection)
    with _dressed(application, window, settings.theme), _interrupts(app_window.stop):
        _show(window)
        reach("window")
        worker.thread_of_app.start()
        application.exec()
        worker.thread_of_app.join()
        window.hide()
        if show_errors and isinstance(worker.error, CurrencyAppError):
            with also_heard(str(worker.error), settings):
                QMessageBox(QMessageBox.Icon.Critical, window.windowTitle(), str(worker.error)).exec()
    window.close()
    if worker.error is not None:
        raise worker.error


def prepare(application: QApplication) -> None:
    """Give the program its name, icon, style and larger letters."""
    application.setApplicationName("currency-app")
    QGuiApplication.setDesktopFileName("currency-app")  # with which desktops find the icon and group windows
    application.setWindowIcon(QIcon(str(Path(__file__).parent / "icon.svg")))
    application.setStyle("Fusion")
    application.setQuitOnLastWindowClosed(False)  # the app ends first
    if application.property("letters") is None:
        font = application.font()
        font.setPointSizeF(font.pointSizeF() * TEXT_LARGER)
        application.setFont(font)
        application.setProperty("letters", "larger")


def _show(window: ReaderWindow) -> None:
    """Show the window, no larger than the screen."""
    room = window.screen().availableSize()
    window.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height() - _FRAME_PX))
    window.show()


@contextmanager
def _dressed(application: QApplication, window: ReaderWindow, setting: str) -> Iterator[None]:
    """Dress the window in the theme of a setting, and again whenever the system's colours change."""
    chosen = [setting]

    def choose(theme: str) -> None:
        chosen[0] = theme
        dress()

    def dress() -> None:
        theme = _theme(chosen[0])
        application.setStyleSheet(style_sheet(theme))
        window.use_theme(theme)

    hints = application.styleHints()
    changes = (hints.colorSchemeChanged, hints.accessibility().contrastPreferenceChanged)
    for change in changes:
        change.connect(dress)
    window.theme_chosen.connect(choose)
    dress()
    try:
        yield
    finally:
        for change in changes:
            change.disconnect(dress)


def _theme(setting: str) -> Theme:
    hints = QGuiApplication.styleHints()
    dark = hints.colorScheme() is Qt.ColorScheme.Dark
    contrast = hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
    return window_theme(setting, system_dark=dark, system_contrast=contrast)


@contextmanager
def _interrupts(stop: Callable[[], None]) -> Iterator[None]:
    """End the app on Ctrl+C and the system's signals, which would otherwise wait for Qt's end; a second one kills."""
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {}

    def interrupt(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop()

    for name in names:
        number = getattr(signal, name)
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, interrupt)
    wake = QTimer()
    wake.timeout.connect(lambda: None)
    wake.start(_SIGNALS_EVERY_MS)
    try:
        yield
    finally:
        wake.stop()
        for number, handler in before.items():
            signal.signal(number, handler)
