"""The lists of hashes by which make installs hold what pyproject.toml pins, and name no place to get it from."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.sources import CHECKOUT

FOLDER = CHECKOUT / "requirements"
LISTS = sorted(path.name for path in FOLDER.glob("*.txt"))
PYPROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, tuple[str, ...]] = {
    "run.txt": (),
    "window.txt": ("window", "screen-reader"),
    "app.txt": ("measure", "serve", "dev"),
    "dev.txt": ("train", "export", "serve", "dev"),
}


def listed(name: str) -> dict[str, set[str]]:
    """The versions that a list and those that it builds on have of each package."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    versions: dict[str, set[str]] = {}
    for base in re.findall(r"^--requirement (\S+)$", text, re.MULTILINE):
        versions |= listed(base)
    for entry in re.findall(r"^[a-z0-9].*", text, re.MULTILINE):
        requirement = Requirement(entry.removesuffix(" \\"))
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        versions.setdefault(canonicalize_name(requirement.name), set()).add(pin.version)
    return versions


def pinned(extras: tuple[str, ...]) -> set[tuple[str, str]]:
    """The name and version of each package that the project and some of its extras pin."""
    project = PYPROJECT["project"]
    waiting = [*project["dependencies"], *PYPROJECT["build-system"]["requires"]]
    found: set[tuple[str, str]] = set()
    waiting += [line for extra in extras for line in project["optional-dependencies"][extra]]
    while waiting:
        requirement = Requirement(waiting.pop())
        if requirement.name == project["name"]:
            waiting += [line for extra in requirement.extras for line in project["optional-dependencies"][extra]]
            continue
        (pin,) = requirement.specifier
        found.add((canonicalize_name(requirement.name), pin.version))
    return found


@pytest.mark.parametrize("name", EXTRAS)
def test_a_list_has_the_versions_of_the_project(name: str) -> None:
    versions = listed(name)
    missing = {(package, version) for package, version in pinned(EXTRAS[name]) if versions.get(package) != {version}}
    assert not missing, "run `make lock`"


@pytest.mark.parametrize("name", LISTS)
def test_every_package_has_its_hashes_and_no_address(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    for entry in entries:
        plain = entry.startswith(("#", "--requirement "))
        assert plain or re.fullmatch(r"[^\n]+ \\(\n +--hash=sha256:[0-9a-f]{64}( \\)?)+", entry), entry[:99]
    assert "//" not in text
    assert not re.search(r"index|find-links|trusted", text)
