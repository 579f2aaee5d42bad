"""Asks which of the listed packages have known faults: `python tools/audit.py`, in an environment with pip-audit.

What its service does not answer for is skipped, and said to be. It ends with 1 only if a fault is known.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"
LISTS = ("dev.txt", "azure.txt", "audit.txt")
TIMEOUT_S = 20
"""Seconds that the service has for each answer."""


def verdict(name: str, report: dict[str, Any] | None) -> tuple[bool, str]:
    """Return whether a fault is known, and what to print about one list. report: of pip-audit; None without one."""
    asked = [] if report is None else report["dependencies"]
    answered = [package for package in asked if "skip_reason" not in package]
    faults = [(package, fault) for package in answered for fault in package["vulns"]]
    if not answered:
        return False, f"{name}: skipped, for pip-audit's service does not answer here"
    lines = [f"{name}: {len(answered)} of {len(asked)} packages asked about, {len(faults)} known faults"]
    for package, fault in faults:
        fixed = ", ".join(fault["fix_versions"]) or "no version yet"
        lines.append(f"  {package['name']} {package['version']}: {fault['id']}, fixed in {fixed}")
    return bool(faults), "\n".join(lines)


def ask(file: Path) -> dict[str, Any] | None:
    """Return what pip-audit reports of a list; None if it ends without a report."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "--format", "json", "--progress-spinner", "off"]
    command += ["--require-hashes", "--disable-pip", "--timeout", str(TIMEOUT_S), "--requirement", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return report


def main() -> int:
    """Ask about every list."""
    known = False
    for name in LISTS:
        fault, text = verdict(name, ask(REQUIREMENTS / name))
        print(text, flush=True)
        known = known or fault
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())
