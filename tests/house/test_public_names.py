"""Each room says in `__all__` what other rooms, and programs, may use of it."""

from __future__ import annotations

import ast
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.sources import CHECKOUT, PACKAGES, modules, parsed, place

ROOMS = sorted(
    ".".join(path.parent.relative_to(CHECKOUT).parts) for path in modules(*PACKAGES) if path.name == "__init__.py"
)
WITHOUT = {"currency_app.commands", "training.commands", "training.deploy", "training.deploy.azure"}
"""Rooms that are nobody's library."""


@pytest.mark.parametrize("room", sorted({*ROOMS} - WITHOUT))
def test_a_room_has_what_it_says(room: str) -> None:
    if room.startswith("currency_app.server"):
        pytest.importorskip("fastapi", reason="the server needs the extra serve")
    module = import_module(room)
    names = module.__all__
    assert len(set(names)) == len(names)
    assert not [name for name in names if name.startswith("_") and name != "__version__"]
    assert not [name for name in names if not hasattr(module, name)]


def test_rooms_use_of_each_other_only_what_they_say() -> None:
    used: defaultdict[str, list[str]] = defaultdict(list)
    for path in modules(*PACKAGES):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
                room = _room_of(node.module)
                if room == _room_of(".".join(path.relative_to(CHECKOUT).with_suffix("").parts)):
                    continue
                if room not in PACKAGES and room not in WITHOUT:
                    public = import_module(room).__all__
                    for alias in node.names:
                        # A function with its module's name can be had from that module alone.
                        if alias.name not in public and node.module != f"{room}.{alias.name}":
                            used[room].append(f"{place(path, node)} {alias.name}")
    found = [f"{room}: {where}" for room, places in used.items() for where in places]
    assert not found, "\n".join(["", *found])


def _room_of(module: str) -> str:
    """The innermost folder of a module's dotted name."""
    parts = module.split(".")
    while not Path(CHECKOUT, *parts).is_dir():
        parts.pop()
    return ".".join(parts)
