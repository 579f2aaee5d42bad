"""A braille display of 40 cells: a client of BRLTTY's driver "vr" that prints the line each time it changes."""

from __future__ import annotations

import socket
import sys
import time


def _connect(port: int) -> socket.socket:
    for _ in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1)
        except OSError:
            time.sleep(0.1)
    sys.exit("BRLTTY does not answer")


def main() -> None:
    """Print lines until it is killed."""
    display = _connect(int(sys.argv[1]))
    display.settimeout(None)
    display.sendall(b"cells 40\n")
    last = None
    for line in display.makefile("r", encoding="utf-8", errors="replace"):
        if line.lower().startswith("visual") and line != last:
            print(line.strip(), flush=True)
            last = line


if __name__ == "__main__":
    main()
