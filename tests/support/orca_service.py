"""Stands in for the D-Bus service of Orca 49 and later: takes messages, "says" them in time, and can be interrupted.

orca_service.py VERSION FILE, with Debian's own Python, which has GLib. VERSION: 49, 50 or 51, of which each has other
names for the same. A line in FILE tells when each message began, was said to its end, was cut off, or was dropped.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402 - only after the version was asked for

_LETTER_S = 0.06
"""Seconds that a letter takes to say."""
_MESSAGES = """<node><interface name="{name}">
<method name="PresentMessage"><arg type="s" direction="in"/><arg type="b" direction="out"/></method>
<method name="GetVersion"><arg type="s" direction="out"/></method>
</interface></node>"""
_COMMANDS = """<node><interface name="org.gnome.Orca.Module">
<method name="ListCommands"><arg type="a(ss)" direction="out"/></method>
<method name="ExecuteCommand">
<arg type="s" direction="in"/><arg type="b" direction="in"/><arg type="b" direction="out"/>
</method>
</interface></node>"""
_SPEECH = """<node><interface name="org.gnome.Orca1.SpeechManager">
<method name="InterruptSpeech"><arg type="b" direction="in"/><arg type="b" direction="out"/></method>
<property name="Rate" type="u" access="read"/>
</interface></node>"""


class Speech:
    """Says one message after the other, as Orca's speech server does."""

    def __init__(self, path: str) -> None:
        self._log = Path(path).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115 - until it is killed
        self._waiting: list[str] = []
        self._saying = ""
        self._timer = 0

    def log(self, what: str, text: str = "") -> None:
        self._log.write(f"{time.monotonic():.3f} {what} {text}\n")

    def say(self, text: str) -> None:
        self._waiting.append(text)
        if not self._saying:
            self._next()

    def interrupt(self) -> None:
        if self._saying:
            GLib.source_remove(self._timer)
            self.log("cut", self._saying)
        for text in self._waiting:
            self.log("dropped", text)
        self._waiting, self._saying = [], ""

    def _next(self) -> None:
        if self._waiting:
            self._saying = self._waiting.pop(0)
            self.log("began", self._saying)
            self._timer = GLib.timeout_add(round(1000 * _LETTER_S * len(self._saying)), self._ended)

    def _ended(self) -> bool:
        self.log("said", self._saying)
        self._saying = ""
        self._next()
        return False


def main() -> None:
    """Serve until it is killed."""
    version, path = int(sys.argv[1]), sys.argv[2]
    name = "org.gnome.Orca1.Service" if version >= 51 else "org.gnome.Orca.Service"
    root = "/" + name.replace(".", "/")
    module = f"{root}/SpeechAndVerbosityManager" if version == 49 else f"{root}/SpeechManager"
    speech = Speech(path)

    def called(_c: Any, _s: str, _p: str, _i: str, method: str, arguments: Any, invocation: Any) -> None:
        answer = GLib.Variant("(b)", (True,))
        values = arguments.unpack()
        if method == "PresentMessage":
            speech.say(values[0])
        elif method == "InterruptSpeech" or (method == "ExecuteCommand" and values[0] == "InterruptSpeech"):
            speech.interrupt()
        elif method == "GetVersion":
            answer = GLib.Variant("(s)", (f"{version}.0",))
        elif method == "ListCommands":
            answer = GLib.Variant("(a(ss))", ([("InterruptSpeech", "Stops speech")],))
        else:
            speech.log("asked", f"{method} {values}")
        invocation.return_value(answer)

    def acquired(connection: Any, _name: str) -> None:
        for folder, described in (
            (root, _MESSAGES.format(name=name)),
            (module, _SPEECH if version >= 51 else _COMMANDS),
        ):
            interface = Gio.DBusNodeInfo.new_for_xml(described).interfaces[0]
            connection.register_object(folder, interface, called, lambda *_: GLib.Variant("u", 50), None)

    Gio.bus_own_name(Gio.BusType.SESSION, name, 0, acquired, lambda *_: speech.log("ready"), None)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
