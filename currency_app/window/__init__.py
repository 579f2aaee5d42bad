"""The desktop window: the live picture, the value in large letters, and every action by key.

Qt is imported only once a window is to open, and by no other room. It needs the extra `window`.
"""

from __future__ import annotations

from collections.abc import Callable

from currency_app.settings import Settings
from currency_app.window.app_window import AppWindow
from currency_app.window.desktop_entry import install_entry, remove_entry
from currency_app.window.display import can_open_window, require_window

__all__ = ["AppWindow", "can_open_window", "install_entry", "remove_entry", "require_window", "run_with_window"]


def run_with_window(settings: Settings, run_app: Callable[[AppWindow], None], *, show_errors: bool = False) -> None:
    """Open the window, and run the app on another thread until it ends; raise what it raises.

    run_app: builds and runs the app, with the window's model among its listeners. Call it on the main thread, after
    `require_window`. show_errors: show what ends the app by mistake, and wait until somebody has closed that: nobody
    sees what is printed by a program that was started from a menu.
    """
    from currency_app.window.running import run_in_qt

    run_in_qt(settings, run_app, show_errors)
