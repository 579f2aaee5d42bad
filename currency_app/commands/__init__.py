"""The sub-commands of `currency-app`: arguments in, App out. One module each; heavy imports sit in its functions."""

from __future__ import annotations

from currency_app.commands.cli import main

__all__ = ["main"]
