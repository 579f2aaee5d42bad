"""Paths and addresses: where the app keeps its files, and what may be shown of what the user typed.

The address of a camera often holds a password, and a slip of the finger must not show it: what is not written exactly
as an address should be is not shown at all.
"""

from __future__ import annotations

import ntpath
import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

_ADDRESS = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?P<authority>[^/\\?#;]*)(?P<path>[^?#;]*)(?P<rest>.*)", re.DOTALL
)
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w-][\w.-]*)(:[0-9]{1,5})?")
_PLAIN_PATH = re.compile(r"[\w./~-]*")
# A drive's letter is no scheme, and the colon after it no sign of a password.
_SCHEME_OF_SORTS = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]+:[/\\]|\s*//|\s*\\\\[^\\]*@")
_DRIVE = re.compile(r"[A-Za-z]:(?=[/\\])")
_PARAMETER = re.compile(r"(?i)[?&;][^=\s]*=|(user|login|pass|pwd|token|secret|key|auth)[a-z0-9_-]*=")
_HIDDEN = "(an address)"


def state_folder() -> Path:
    """Return the folder for what the app remembers between starts; it may not exist yet.

    $XDG_STATE_HOME (XDG base directory specification) or, on Windows, %LOCALAPPDATA%; without either,
    ~/.local/state. RuntimeError if none of them is set and the account has no home folder.
    """
    base = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".local" / "state") / "currency-app"


def cache_folder() -> Path:
    """Return the platform's folder for what the app can find out again; it may not exist yet.

    On Linux it is currency-app in $XDG_CACHE_HOME, else in ~/.cache.
    """
    from platformdirs import user_cache_path

    return user_cache_path("currency-app", appauthor=False)


def looks_like_address(text: str) -> bool:
    """Return whether a text is an address, or what is left of one after a slip of the finger."""
    return any(
        "@" in _DRIVE.sub("", form) or _SCHEME_OF_SORTS.match(form) or _PARAMETER.search(form)
        for form in (text, unquote(text))
    )


def public_name(text: str) -> str | None:
    """Return what may be shown of a path or an address, in one line; None if nothing may.

    A path is shown as it is. Of an address, scheme, host, port and a plain path are shown: neither user, password nor
    query, and nothing if it is not certain which part is which.
    """
    if not looks_like_address(text):
        return printable(text)
    parts = _ADDRESS.fullmatch(text.strip())
    if parts is None:
        return None
    host = parts["authority"].rpartition("@")[2]
    # A password may hold a stroke or a question mark: what follows it then looks like a path or a query.
    if "@" in unquote(parts["path"] + parts["rest"]) or not _HOST.fullmatch(host):
        return None
    path = parts["path"] if _PLAIN_PATH.fullmatch(parts["path"]) and not _PARAMETER.search(parts["path"]) else ""
    return printable(f"{parts['scheme']}://{host}{path}")


def without_passwords(message: str, words: Iterable[str]) -> str:
    """Return a message in which those of the user's words are replaced that may hold a password."""
    for word in words:
        # With its option in front, as in --source=ADDRESS, and without.
        for part in (word, word.partition("=")[2]):
            if _may_hold_password(part):
                # As it is, quoted, and as a path, which has no empty parts; all of them also in one line.
                for form in (part, repr(part)[1:-1], str(Path(part))):
                    for written in (form, printable(form)):
                        message = message.replace(written, public_name(part) or _HIDDEN)
    return message


def printable(text: str) -> str:
    """Return a name in one line that every terminal and JSON parser takes.

    Bytes that are no UTF-8, and lone surrogates, become replacement marks; line breaks and the like become "?".
    """
    return "".join(letter if letter.isprintable() else "?" for letter in readable_name(text))


def readable_name(path: str | os.PathLike[str]) -> str:
    """Return a path as text that every page and JSON parser takes: as `printable`, but line breaks in it stay."""
    return os.fspath(path).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def is_path(text: str) -> bool:
    """Whether what a user typed can only be a path.

    That is what has a separator or a drive, begins with ~, or stands for a folder by dots. A bare word, such as usd,
    can be the name of something that is installed.
    """
    separators = [os.sep, os.altsep or os.sep]
    return (
        any(separator in text for separator in separators)
        or text in (os.curdir, os.pardir)
        or text.startswith("~")
        or (os.name == "nt" and bool(ntpath.splitdrive(text)[0]))
    )


def _may_hold_password(word: str) -> bool:
    # A password may stand alone, too: whatever begins like an address may hold one.
    return any(
        re.search(r":.*@", _DRIVE.sub("", form), re.DOTALL) or _SCHEME_OF_SORTS.match(form) or _PARAMETER.search(form)
        for form in (word, unquote(word))
    )
