"""The demonstration: drawn US banknotes that a drawn hand holds before a drawn room, as one more source."""

from __future__ import annotations

from currency_app.demo.room import draw_room
from currency_app.demo.scene import DEMO_FPS, DemoScene

__all__ = ["DEMO_FPS", "DemoScene", "draw_room"]
