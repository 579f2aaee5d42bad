"""Silence converters, which print much that is of no use to the user.

They do so on standard output and standard error, from Python and from native code.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path


def load_tensorflow() -> None:
    """Load TensorFlow without its news about the processor, which its log level does not silence."""
    with quietly():
        import tensorflow as tf

        # Its logger keeps the standard error of this moment, which is gone after it.
        tf.get_logger().setLevel("ERROR")


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Print nothing on standard output and standard error, and no warnings. Exceptions pass."""
    with Path(os.devnull).open("w") as nowhere, contextlib.ExitStack() as undone:
        for number, stream in ((1, sys.stdout), (2, sys.stderr)):
            stream.flush()
            with contextlib.suppress(OSError):  # an output that is closed has nothing to silence
                kept = os.dup(number)
                undone.callback(os.close, kept)
                undone.callback(os.dup2, kept, number)
                os.dup2(nowhere.fileno(), number)
        undone.enter_context(contextlib.redirect_stdout(nowhere))
        undone.enter_context(contextlib.redirect_stderr(nowhere))
        undone.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        yield
