"""Writes `requirements/`: every package that make installs, with its version and the hashes of all its files.

`make lock` runs it after a version in pyproject.toml has changed. uv resolves for every platform and Python at once. A
list begins with the lists that it builds on, and holds what they lack; no list names where packages come from.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = CHECKOUT / "requirements"
CONSTRAINTS = FOLDER / "constraints.in"
OLDEST_PYTHON = "3.11"
# Each list by name: the one that it builds on, and the extras that it is for. The last one holds the most.
LISTS = {
    "run": ("", ()),
    "window": ("run", ("window", "screen-reader")),
    "app": ("window", ("measure", "serve", "dev")),
    "dev": ("app", ("train", "export", "serve", "dev")),
}
# Lists of environments of their own: what they need beside, or in place of, the app.
AZURE = (CHECKOUT / "training/deploy/azure/requirements.txt", FOLDER / "azure.in", CHECKOUT / "pyproject.toml")
AUDIT = (FOLDER / "audit.in",)
HEAD = "# By `make lock`. Every file of each version may be installed; where from is up to your pip.\n"


def build_requirements() -> str:
    """What builds the project itself, which is installed without a network of its own."""
    backend = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    return "\n".join([*backend, "editables", ""])


def compiled(sources: list[Path], extras: tuple[str, ...] = (), *constraints: Path) -> dict[str, str]:
    """Return a resolved list: by package and marker, its lines."""
    uv = str(Path(sys.executable).with_name("uv"))
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", OLDEST_PYTHON]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header"]
    command += [word for extra in extras for word in ("--extra", extra)]
    command += [word for file in (CONSTRAINTS, *constraints) for word in ("--constraint", str(file))]
    done = subprocess.run([*command, *map(str, sources)], capture_output=True, text=True, check=False, cwd=CHECKOUT)
    if done.returncode:
        sys.exit(f"tools/lock.py: {done.stderr.strip()}")
    entries = re.split(r"\n(?=\S)", done.stdout.strip())
    return {entry.split(" \\")[0]: entry for entry in entries if "==" in entry}


def main() -> None:
    """Write all lists."""
    with tempfile.TemporaryDirectory() as name:
        build = Path(name) / "build.in"
        build.write_text(build_requirements(), encoding="utf-8")
        app = [CHECKOUT / "pyproject.toml", build]
        most = compiled(app, LISTS["dev"][1])
        constraint = Path(name) / "all.txt"
        constraint.write_text("".join(f"{key}\n" for key in most), encoding="utf-8")
        listed: dict[str, dict[str, str]] = {"": {}}
        for each, (base, extras) in LISTS.items():
            whole = most if each == "dev" else compiled(app, extras, constraint)
            listed[each] = listed[base] | whole
            write(each, base, {key: lines for key, lines in whole.items() if key not in listed[base]})
        write("azure", "", compiled([*AZURE, build]))
        write("audit", "", compiled(list(AUDIT)))


def write(name: str, base: str, entries: dict[str, str]) -> None:
    """Write one list."""
    begun = HEAD + (f"--requirement {base}.txt\n" if base else "")
    (FOLDER / f"{name}.txt").write_text(begun + "".join(f"{lines}\n" for lines in entries.values()), encoding="utf-8")


if __name__ == "__main__":
    main()
