"""Words in a terminal, written so that the screen reader says them and the braille display keeps them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from currency_app.streams import end_line, open_line, write_words

_READABLE = ("VTE_VERSION", "KONSOLE_VERSION")
"""What terminals set whose text Orca can read: those of GNOME, MATE, Xfce and Tilix, and KDE's. It reads nothing of
xterm, Alacritty and their like."""

_OTHERS = ("XTERM_VERSION", "ALACRITTY_WINDOW_ID", "KITTY_WINDOW_ID", "WEZTERM_PANE", "INSIDE_EMACS")
"""What terminals set that Orca cannot read. Those that were started from a readable one have its variable as well."""
_OTHER_PROGRAMS = ("vscode", "WezTerm", "ghostty", "zed", "Hyper", "rio", "WarpTerminal")
"""What further ones call themselves in TERM_PROGRAM."""
_OTHER_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "rxvt", "st-", "eterm", "wezterm", "linux", "dumb")
"""How their TERM begins."""


def writes_to_terminal(stream: TextIO) -> bool:
    """Return whether a stream writes into a terminal."""
    try:
        return stream.isatty()
    except ValueError:  # it is closed
        return False


def orca_reads(stream: TextIO, environ: Mapping[str, str] | None = None) -> bool:
    """Return whether a stream writes into a terminal that Orca can read.

    Where that is not certain it is False: then the app speaks by itself, and nothing is lost.
    """
    environ = os.environ if environ is None else environ
    other = (
        any(environ.get(variable) for variable in _OTHERS)
        or environ.get("TERM_PROGRAM") in _OTHER_PROGRAMS
        or environ.get("TERM", "").startswith(_OTHER_TERMS)
    )
    return writes_to_terminal(stream) and not other and any(environ.get(variable) for variable in _READABLE)


class TerminalLines:
    """Writes each text so that screen readers say it, whatever key was pressed last.

    On Linux the line's end comes before its text, not after. Orca says a whole line only if the last key was a certain
    one, such as Return, and a braille display shows the line with the cursor, which would be the empty one below. What
    is written after the line's end is said always, and stays under the fingers. Consoles of other systems get whole
    lines, which their screen readers look for.
    """

    def __init__(self, stream: TextIO, platform: str = sys.platform) -> None:
        self._stream = stream
        self._end_first = platform not in ("win32", "darwin")

    def show(self, text: str) -> None:
        """Write a text."""
        if self._end_first:
            open_line(self._stream, text, self)
        else:
            write_words(self._stream, text)

    def close(self) -> None:
        """End the last line, unless another voice has begun one: that one stays under the fingers."""
        end_line(self._stream, self)
