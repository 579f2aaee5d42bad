"""`python -m currency_app` is `currency-app`."""

from __future__ import annotations

import signal
import sys


def start() -> int:
    """Run the `currency-app` command, which an interrupt may end from the first moment on, and return its exit code."""
    # Until the command handles it, there is nothing to tidy up, and Python would print where it was just then.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from currency_app.errors import TOO_LITTLE_MEMORY, lacks_memory

    try:
        from currency_app.commands.cli import main
    except Exception as error:
        if not lacks_memory(error):
            raise
        print(f"currency-app: {TOO_LITTLE_MEMORY}", file=sys.stderr)
        return 2
    return main()


if __name__ == "__main__":
    sys.exit(start())
