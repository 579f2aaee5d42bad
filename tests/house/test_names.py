"""One name for one thing, and the field's own words."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from tests.support.sources import CHECKOUT, PACKAGES, assigned, modules, parsed, place

MAY_BE_DEFINED_TWICE = {
    "main",  # of each command line program
    "add_options",  # of each sub-command that has a module of its own
}
OTHER_WORDS = {
    "given": "args, spoken, or what it is",
    "together": "multi-currency",
    "untold": "value_unknown",
    "said": "predictions, or spoken (in currency_app it is what a voice was asked to say)",
    "answered": "examples, or outputs",
    "decide": "events_for",
}
"""Words that stood for several things once, and what to write instead."""


def test_no_public_name_is_defined_twice() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in modules(*PACKAGES):
        tree = parsed(path)
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                places[node.name].append(place(path, node))
        for name, statement, _ in assigned(tree.body):
            places[name].append(place(path, statement))
    twice = {
        name: where
        for name, where in places.items()
        if len(where) > 1 and not name.startswith("_") and name not in MAY_BE_DEFINED_TWICE
    }
    assert not twice, "\n".join(["", *(f"{name}: {where}" for name, where in twice.items())])


def test_bounds_are_called_min_and_max() -> None:
    found = [
        f"{place(path, node)} {name}"
        for path, node, name in _names()
        if re.match(r"_?(LEAST|MOST)_|least_|most_", name)
    ]
    assert not found, "\n".join(["", *found])


def test_the_fields_own_words_are_used() -> None:
    found = [
        f"{place(path, node)} {name}"
        for path, node, name in _names()
        if name in OTHER_WORDS and not (name == "said" and path.is_relative_to(CHECKOUT / "currency_app"))
    ]
    assert not found, "\n".join(["", *found])


def _names() -> list[tuple[Path, ast.AST, str]]:
    """Every name that the packages give to something: file, node, name."""
    found: list[tuple[Path, ast.AST, str]] = []
    for path in modules(*PACKAGES):
        for node in ast.walk(parsed(path)):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    found.append((path, node, node.name))
                case ast.arg():
                    found.append((path, node, node.arg))
                case ast.Name(ctx=ast.Store()):
                    found.append((path, node, node.id))
                case ast.Attribute(ctx=ast.Store()):
                    found.append((path, node, node.attr))
    return found
