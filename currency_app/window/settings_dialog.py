"""The dialog of the settings that stay, written through the room of settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from currency_app.errors import CurrencyAppError
from currency_app.settings import AUTO_VALUE, MAX_RATE, MIN_RATE, SettingValue, StoredSettings, write_setting
from currency_app.speech.phrases import Phrases
from currency_app.window.choices import choices_for

_STEP_WPM = 10
"""Words per minute by which an arrow key changes the rate: just heard."""
_MIN_WIDTH_SIDE_BY_SIDE = 480
"""Logical pixels of the window under which a field is put below its name, as on a small screen at 400 %."""


class SettingsDialog(QDialog):
    """Lets the user choose what stays. Letters do no actions while it is open, as fields take them.

    stored: what holds now. changed: called with each setting that was kept. failed: called with a sentence if one
    cannot be kept.
    """

    def __init__(
        self,
        parent: QWidget,
        phrases: Phrases,
        stored: StoredSettings,
        changed: Callable[[str, SettingValue], None],
        failed: Callable[[str], None],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(phrases.window("settings"))
        self._changed, self._failed = changed, failed
        self._before = {
            name: stored.value(name) for name in ("voice", "rate", "hints", "tones", "count", "theme", "language")
        }
        self._lists = {name: QComboBox() for name in ("voice", "hints", "theme", "language")}
        self._switches = {name: QCheckBox() for name in ("tones", "count")}
        self._rate = QSpinBox()
        self._fill(phrases)
        fields = QWidget()
        form = QFormLayout(fields)
        narrow = parent.width() < _MIN_WIDTH_SIDE_BY_SIDE
        wrap = QFormLayout.RowWrapPolicy.WrapAllRows if narrow else QFormLayout.RowWrapPolicy.WrapLongRows
        form.setRowWrapPolicy(wrap)
        for box in (*self._lists.values(), self._rate):
            box.setMinimumWidth(1)
        for name, field in (
            ("voice", self._lists["voice"]),
            ("rate", self._rate),
            ("hints", self._lists["hints"]),
            ("tones", self._switches["tones"]),
            ("count", self._switches["count"]),
            ("theme", self._lists["theme"]),
            ("language", self._lists["language"]),
        ):
            label = QLabel(phrases.window(name))
            label.setWordWrap(True)
            label.setBuddy(field)
            field.setAccessibleName(label.text())
            form.addRow(label, field)
        note = QLabel(phrases.window("settings_note"))
        note.setWordWrap(True)
        form.addRow(note)
        # It scrolls, and follows the focus, if a small screen at 400 % has no room for all.
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setWidget(fields)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the fields have it
        column = QVBoxLayout(self)
        column.addWidget(scrolled)
        column.addLayout(self._buttons(phrases))
        self._lists["voice"].setFocus()

    def accept(self) -> None:
        """Keep what has changed."""
        for name, value in self.values().items():
            if value == self._before[name]:
                continue
            try:
                write_setting(name, value)
            except CurrencyAppError as error:
                self._failed(str(error))
                break
            self._changed(name, value)
        super().accept()

    def values(self) -> Mapping[str, SettingValue]:
        """Return what is chosen now, by the settings' names."""
        rate = self._rate.value()
        chosen: dict[str, SettingValue] = {name: str(field.currentData()) for name, field in self._lists.items()}
        chosen |= {name: box.isChecked() for name, box in self._switches.items()}
        return {**chosen, "rate": rate if rate >= MIN_RATE else AUTO_VALUE}

    def _fill(self, phrases: Phrases) -> None:
        for name, field in self._lists.items():
            for value, words in choices_for(name, str(self._before[name]), phrases).items():
                field.addItem(words, value)
            field.setCurrentIndex(field.findData(self._before[name]))
        self._rate.setRange(MIN_RATE - _STEP_WPM, MAX_RATE)
        self._rate.setSingleStep(_STEP_WPM)
        self._rate.setSpecialValueText(phrases.window("rate_auto"))
        rate = self._before["rate"]
        self._rate.setValue(rate if isinstance(rate, int) else self._rate.minimum())
        for name, box in self._switches.items():
            box.setChecked(bool(self._before[name]))

    def _buttons(self, phrases: Phrases) -> QHBoxLayout:
        row = QHBoxLayout()
        save, cancel = QPushButton(phrases.window("save")), QPushButton(phrases.window("cancel"))
        save.setDefault(True)
        save.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        row.addWidget(save)
        row.addWidget(cancel)
        return row
