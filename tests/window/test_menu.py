"""The menu as a screen reader finds it, on Qt's offscreen platform in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.support.sources import CHECKOUT

pytest.importorskip("PySide6", reason="needs the extra window")

OPENED = """
import json
from PySide6.QtWidgets import QApplication, QMenu
from currency_app.speech.phrases import Phrases
from currency_app.window.app_window import AppWindow
from currency_app.window.main_window import ReaderWindow

application = QApplication([])
app_window = AppWindow(Phrases("en"))
window = ReaderWindow(app_window, Phrases("en"), mirrored=False)
window.show()
window.activateWindow()
application.processEvents()
menu = window.findChild(QMenu)
heard = [app_window.in_front()]
window.menu_button.click()
heard.append(app_window.in_front())
active = menu.activeAction()
found = [menu.accessibleName(), active and active.text()]
menu.close()
application.processEvents()
heard.append(app_window.in_front())
print(json.dumps([heard, found]))
"""


def test_it_opens_at_its_first_entry_and_words_go_another_way_meanwhile() -> None:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_ACCESSIBILITY": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", OPENED], env=environ, cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == [[True, False, True], ["Menu", "Repeat\tR"]]
