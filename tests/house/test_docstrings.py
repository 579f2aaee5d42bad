"""Docstrings that somebody who hovers over a name understands; ruff's D rules hold the rest."""

from __future__ import annotations

import ast

from tests.support.sources import PACKAGES, assigned, documented, modules, parsed, place

MAX_WORDS = 20
MIN_EXPLAINED_CONSTANTS = 0.30
"""Share of the module-level numbers that a string or comment explains. It may only be raised."""


def test_the_first_line_is_one_short_sentence() -> None:
    found = []
    for path in modules(*PACKAGES):
        for node, text in documented(path):
            first = text.splitlines()[0]
            if len(first.split()) > MAX_WORDS or first[-1] not in ".:?!":
                found.append(f"{place(path, node)} {first}")
    assert not found, "\n".join(["", *found])


def test_no_docstring_hides_behind_another() -> None:
    found = [
        f"{place(path, node)} {text.splitlines()[0]}"
        for path in modules(*PACKAGES)
        for node, text in documented(path)
        if text.startswith(("The same", "See above", "As above"))
    ]
    assert not found, "\n".join(["", *found])


def test_every_field_says_what_it_is() -> None:
    found = []
    for path in modules(*PACKAGES):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and _has_fields(node):
                for name, statement, described in assigned(node.body):
                    if isinstance(statement, ast.AnnAssign) and not name.startswith("_") and not described:
                        found.append(f"{place(path, statement)} {node.name}.{name}")
    assert not found, "\n".join(["", *found])


def test_numbers_say_where_they_come_from() -> None:
    constants, explained = 0, 0
    for path in modules(*PACKAGES):
        lines = path.read_text(encoding="utf-8").splitlines()
        for name, statement, described in assigned(parsed(path).body):
            if name.isupper() and _is_number(statement.value):
                around = lines[statement.lineno - 2 : statement.lineno]
                constants += 1
                explained += described or any("#" in line for line in around)
    assert explained >= MIN_EXPLAINED_CONSTANTS * constants, f"{explained} of {constants}"


def _has_fields(node: ast.ClassDef) -> bool:
    """Whether a class is a dataclass or a Protocol."""
    words = [ast.unparse(expression) for expression in (*node.decorator_list, *node.bases)]
    return any(word.startswith("dataclass") or word == "Protocol" for word in words)


def _is_number(value: ast.expr | None) -> bool:
    """Whether an expression is made of numbers alone."""
    return value is not None and all(
        isinstance(node, (ast.Tuple, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context))
        or (
            isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        )
        for node in ast.walk(value)
    )
