"""Names of a package that are imported when somebody asks for them, not when the package is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, names: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a package whose modules need more than is installed for everybody, as PEP 562 has it.

    package: its dotted name. names: by the name of each of its modules, what others may have from it.
    """
    module_of = {name: module for module, found in names.items() for name in found}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{module_of[name]}"), name)

    return get
