"""Confines this process, then becomes a command: python -m tests.support.privacy.confined [FOLDER ...] -- COMMAND ...

FOLDER: may be written in. In a network namespace of its own the loopback is down at first, and is set up here.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

from tests.support.privacy.landlock import close_files, version

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1
"""Requests to a network device, and the flag that sets it up: netdevice(7)."""


def set_up_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(asked, _GET_FLAGS, request))[1]
        fcntl.ioctl(asked, _SET_FLAGS, struct.pack("16sH14x", b"lo", flags | _UP))


def main() -> None:
    border = sys.argv.index("--")
    folders, command = sys.argv[1:border], sys.argv[border + 1 :]
    with contextlib.suppress(PermissionError):  # outside a namespace of its own it is up, and nobody may change it
        set_up_loopback()
    if version():
        close_files(map(Path, folders))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
