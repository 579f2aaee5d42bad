"""Python imports this at its start when it is on the path: it denies what `tests.support.privacy` must not let happen.

GUARD_LOG: a file for a line about everything that was denied. GUARD_WRITABLE: folders in which files may be written.
Loopback addresses and sockets of this machine's own file system are no network.
"""

import _thread
import os
import sys

_LOG = os.environ.get("GUARD_LOG", "")
_WRITABLE = [os.path.realpath(folder) for folder in os.environ.get("GUARD_WRITABLE", "").split(os.pathsep) if folder]
_DEVICES = ("/dev/null", "/dev/tty", "/proc/self/")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {"os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.truncate"}
_LOCAL_NAMES = (None, "", "localhost", b"localhost")
_busy: set[int] = set()  # threads in which this guard itself is at work


def _deny(what: str, kind: type[OSError], number: int) -> None:
    log = os.open(_LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(log, (what + "\n").encode())
    finally:
        os.close(log)
    raise kind(number, os.strerror(number), what)


def _is_local(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    return host in _LOCAL_NAMES or name == "::1" or name.startswith("127.")


def _may_be_written(path: object, folder: object = -1) -> bool:
    """Whether a path may be changed. folder: the descriptor of the folder that it is relative to; -1 for the usual."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return True  # a descriptor, which was opened before
    beside = os.readlink(f"/proc/self/fd/{folder}") if isinstance(folder, int) and folder >= 0 else ""
    name = os.path.realpath(os.path.join(beside, os.fsdecode(path)))
    return name.startswith(_DEVICES) or any(name == folder or name.startswith(folder + os.sep) for folder in _WRITABLE)


def _guard(event: str, arguments: tuple[object, ...]) -> None:
    thread = _thread.get_ident()
    if thread in _busy:
        return
    _busy.add(thread)
    try:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"):
            address = arguments[1]
            if isinstance(address, tuple) and not _is_local(address[0]):
                _deny(f"{event} {address}", OSError, 101)
        elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
            if not _is_local(arguments[0]):
                _deny(f"{event} {arguments[0]}", OSError, 101)
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITES:
            if not _may_be_written(arguments[0]):
                _deny(f"{event} {arguments[0]}", PermissionError, 13)
        elif event in _CHANGES and not all(_may_be_written(path, arguments[-1]) for path in arguments[:2]):
            _deny(f"{event} {arguments[0]}", PermissionError, 13)
    finally:
        _busy.discard(thread)


if _LOG:
    sys.addaudithook(_guard)
