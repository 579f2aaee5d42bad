"""What a check is, and how one that breaks still gives its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from currency_app.errors import CurrencyAppError

CheckResult = tuple[bool, str]
"""Whether it works, and one line: what was found, or what is wrong and how to fix it."""


@dataclass(frozen=True)
class Check:
    """One thing to look at."""

    name: str
    """One word or two."""
    run: Callable[[], CheckResult | None]
    """Looks; None if there is nothing to tell, as what it needs has failed before.

    A CurrencyAppError that it raises counts as a failure and gives the line.
    """
    without: str = ""
    """What the app does if the check fails; empty for what it cannot do without."""


def perform(check: Check) -> CheckResult | None:
    """Return what a check finds, also if it breaks: one that ended the others would hide what they find."""
    try:
        return check.run()
    except CurrencyAppError as error:
        return False, str(error)
    except Exception as error:
        what = " ".join(str(error).split()) or "no details"
        return False, f"{type(error).__name__}: {what}. Install the app again with `pip install .`."
