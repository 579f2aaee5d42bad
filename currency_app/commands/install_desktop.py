"""`currency-app install-desktop`: puts the window into the desktop's menu."""

from __future__ import annotations

import argparse


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `install-desktop`."""
    parser.add_argument("--remove", action="store_true", help="take the menu entry and the icon out again")
    parser.set_defaults(command=_install_desktop)


def _install_desktop(args: argparse.Namespace) -> int:
    from currency_app.paths import printable
    from currency_app.window import install_entry, remove_entry

    files = remove_entry() if args.remove else install_entry()
    for file in files:
        print(f"{'Removed' if args.remove else 'Written'}: {printable(str(file))}")
    if not files:
        print("There was no menu entry.")
    return 0
