"""The project's own source files, parsed: for tests of how it is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGES = ("currency_app", "training")

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def modules(*folders: str) -> list[Path]:
    """The Python files of some top-level folders of the checkout, sorted."""
    return sorted(path for folder in folders for path in (CHECKOUT / folder).rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something is, for messages: the file from the checkout on, and the line."""
    return f"{path.relative_to(CHECKOUT)}:{getattr(node, 'lineno', 1)}"


def documented(path: Path) -> Iterator[tuple[ast.Module | Definition, str]]:
    """Everything in a file that has a docstring, and the docstring."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            text = ast.get_docstring(node)
            if text:
                yield node, text


def assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.Assign | ast.AnnAssign, bool]]:
    """Each name that a module or class body assigns, its statement, and whether a string stands right under it."""
    for number, statement in enumerate(body):
        if isinstance(statement, ast.AnnAssign):
            targets: list[ast.expr] = [statement.target]
        elif isinstance(statement, ast.Assign):
            targets = [
                name
                for target in statement.targets
                for name in (target.elts if isinstance(target, ast.Tuple) else [target])
            ]
        else:
            continue
        after = body[number + 1] if number + 1 < len(body) else None
        described = (
            isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
        )
        for target in targets:
            if isinstance(target, ast.Name):
                yield target.id, statement, described
