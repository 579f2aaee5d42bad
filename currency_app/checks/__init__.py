"""What `currency-app doctor` looks at: each check finds out whether one thing works, and says what to do if not."""

from __future__ import annotations

from currency_app.checks.base import Check, CheckResult, perform
from currency_app.checks.hearing import HearingChecks
from currency_app.checks.machine import check_model, check_speed, check_threads
from currency_app.checks.seeing import CameraChecks

__all__ = [
    "CameraChecks",
    "Check",
    "CheckResult",
    "HearingChecks",
    "check_model",
    "check_speed",
    "check_threads",
    "perform",
]
