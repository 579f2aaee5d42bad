"""The platforms that README says the app installs on are those that its packages come for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tests.support.sources import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PLATFORMS = {
    "Windows": {"sys_platform": "win32", "platform_machine": "AMD64"},
    "macOS": {"sys_platform": "darwin", "platform_machine": "arm64"},
    "Linux x86-64": {"sys_platform": "linux", "platform_machine": "x86_64"},
    "Linux ARM": {"sys_platform": "linux", "platform_machine": "aarch64"},
}
"""The environment markers of each platform in README's column of those that work."""


def needed_by(requirements: list[str]) -> Iterator[str]:
    """The names of all installed packages that the requirements bring here, their own requirements too."""
    seen: set[str] = set()
    waiting = [Requirement(line) for line in requirements]
    while waiting:
        requirement = waiting.pop()
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if applies and requirement.name not in seen:
            seen.add(requirement.name)
            yield requirement.name
            waiting += map(Requirement, metadata.requires(requirement.name) or [])


def wheel_tags(package: str) -> list[str]:
    wheel = metadata.distribution(package).read_text("WHEEL") or ""
    return re.findall(r"^Tag: (\S+)$", wheel, re.MULTILINE)


def versions(pattern: str, text: str) -> list[tuple[int, int]]:
    return [(int(major), int(minor)) for major, minor in re.findall(pattern, text)]


def test_no_package_here_asks_for_a_newer_system_than_readme_says() -> None:
    (glibc,) = versions(r"glibc (\d+)\.(\d+) or later", README)
    (macos,) = re.findall(r"macOS (\d+) and later", README)
    checked = 0
    for package in needed_by(PROJECT["dependencies"]):
        tags = "\n".join(wheel_tags(package))
        oldest_linux = versions(r"manylinux_(\d+)_(\d+)_", tags)
        oldest_macos = versions(r"macosx_(\d+)_(\d+)_", tags)
        assert not oldest_linux or min(oldest_linux) <= glibc, package
        assert not oldest_macos or min(oldest_macos) <= (int(macos), 0), package
        checked += bool(tags)
    assert checked >= len(PROJECT["dependencies"])


def test_readme_names_the_oldest_python_that_the_project_allows() -> None:
    (oldest,) = versions(r"You need Python (\d+)\.(\d+) to", README)
    allowed = SpecifierSet(PROJECT["requires-python"])
    assert f"{oldest[0]}.{oldest[1]}" in allowed
    assert f"{oldest[0]}.{oldest[1] - 1}" not in allowed


def test_the_package_that_pip_misses_first_is_the_first_that_the_app_needs() -> None:
    (missed,) = re.findall(r'"No matching distribution found", of `([\w-]+)` first', README)
    assert Requirement(PROJECT["dependencies"][0]).name == missed


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_platform_that_works_gets_every_package_of_the_app_and_one_tensorflow(platform: str) -> None:
    def applies(line: str) -> bool:
        marker = Requirement(line).marker
        return marker is None or marker.evaluate({**PLATFORMS[platform], "extra": ""})

    left_out = [Requirement(line).name for line in PROJECT["dependencies"] if not applies(line)]
    assert left_out == (["cv2-enumerate-cameras"] if platform.startswith("Linux") else [])  # drivers are asked there
    train = [Requirement(line).name for line in PROJECT["optional-dependencies"]["train"] if applies(line)]
    assert sum(name.startswith("tensorflow") for name in train) == 1
