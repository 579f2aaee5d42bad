"""Changes to what files hold: a value, a key or an item replaced by something else, or bytes changed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2, 7, 10**30, 1e308, -0.5, 0.5, 1e-320, float("nan"), float("inf")),
    *("", "0", "1", "nan", "../../etc/passwd", "/dev/zero", "a\nb", "\x1b[2J", "\ud800", "\u2028", "x" * 5_000),
    *([], {}, [[]], [None], {"": None}, {"value": 1}, [0] * 3),
)
"""What stands in place of a value: wrong types, limits, and texts that must not reach a terminal as they are."""


def _places(tree: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path to a value in nested dictionaries and lists."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield (*above, key)
        yield from _places(value, (*above, key))


@st.composite
def changed_tree(draw: st.DrawFn, tree: dict[str, Any]) -> dict[str, Any]:
    """Nested dictionaries and lists with one to three values replaced, removed, doubled or added."""
    tree = copy.deepcopy(tree)
    for _ in range(draw(st.integers(1, 3))):
        places = list(_places(tree))
        if not places:
            break
        *above, last = draw(st.sampled_from(places))
        holder: Any = tree
        for key in above:
            holder = holder[key]
        change = draw(st.sampled_from(("replace", "replace", "replace", "remove", "double", "add")))
        odd = copy.deepcopy(draw(_odd()))
        if change == "remove":
            del holder[last]
        elif change == "replace":
            holder[last] = odd
        elif isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]) if change == "double" else odd)
        else:
            holder[str(draw(st.text(max_size=8)))] = odd
    return tree


def _odd() -> st.SearchStrategy[Any]:
    return st.sampled_from(ODD_VALUES) | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8)


def changed_bytes(content: bytes) -> st.SearchStrategy[bytes]:
    """Bytes with pieces replaced, inserted, removed or moved, or cut off."""
    at, piece = st.integers(0, max(len(content) - 1, 0)), st.binary(max_size=6)

    def change(edits: list[tuple[int, int, bytes]], end: int) -> bytes:
        made = content[:end]
        for start, length, put in edits:
            made = made[:start] + put + made[start + length :]
        return made

    edits = st.lists(st.tuples(at, st.integers(0, 20), piece), max_size=4)
    return st.builds(change, edits, at | st.just(len(content)))
