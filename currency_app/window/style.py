"""What the window looks like in a theme, as a Qt style sheet: text, and no Qt."""

from __future__ import annotations

from currency_app.window.themes import Theme

TEXT_LARGER = 1.35
"""Times the system's own letters: these are read at arm's length, beside the note. Judged by eye."""
MIN_TARGET_PX = 44
"""Height of what is clicked, logical pixels: WCAG 2.2's enhanced target size (2.5.5)."""


def style_sheet(theme: Theme) -> str:
    """Return the style sheet of a theme.

    The ring of the focus takes no extra room, so that nothing moves when the focus does.
    """
    return f"""
QWidget {{ background: {theme.background}; color: {theme.text}; }}
QLabel {{ border: 4px solid transparent; border-radius: 6px; padding: 2px; }}
QLabel#value {{ color: {theme.value}; font-weight: bold; }}
QLabel#value[kind="doubtful"] {{ color: {theme.doubtful}; }}
QLabel#value[kind="prompt"] {{ color: {theme.text}; }}
QLabel#message {{ font-weight: bold; }}
QPushButton {{ background: {theme.button}; border: 2px solid {theme.edge}; border-radius: 6px; margin: 2px;
    padding: 4px 12px; min-height: {MIN_TARGET_PX - 12}px; }}
QPushButton:focus {{ border: 4px solid {theme.focus}; margin: 0; }}
QPushButton:pressed {{ background: {theme.focus}; color: {theme.on_focus}; }}
QPushButton:disabled {{ border-style: dashed; }}
QPushButton::menu-indicator {{ width: 0; }}
QLabel:focus {{ border-color: {theme.focus}; }}
QComboBox, QSpinBox {{ background: {theme.button}; border: 2px solid {theme.edge}; border-radius: 6px; margin: 2px;
    padding: 4px 8px; min-height: {MIN_TARGET_PX - 14}px; }}
QComboBox:focus, QSpinBox:focus {{ border: 4px solid {theme.focus}; margin: 0; }}
QComboBox QAbstractItemView {{ border: 2px solid {theme.edge}; selection-background-color: {theme.focus};
    selection-color: {theme.on_focus}; }}
QCheckBox {{ border: 4px solid transparent; border-radius: 6px; padding: 4px; spacing: 10px;
    min-height: {MIN_TARGET_PX - 16}px; }}
QCheckBox:focus {{ border-color: {theme.focus}; }}
QCheckBox::indicator {{ width: 24px; height: 24px; border: 2px solid {theme.edge}; background: {theme.button}; }}
QCheckBox::indicator:checked {{ background: {theme.focus}; border: 6px solid {theme.button};
    outline: 2px solid {theme.edge}; }}
QScrollArea {{ border: none; }}
QMenu {{ background: {theme.background}; border: 2px solid {theme.edge}; padding: 4px; }}
QMenu::item {{ padding: 8px 24px; border: 2px solid transparent; }}
QMenu::item:selected {{ background: {theme.focus}; color: {theme.on_focus}; }}
"""
