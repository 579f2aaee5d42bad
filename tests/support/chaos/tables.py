"""The two tables: what came of each fault, and what must follow it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.support.chaos.faults import FAULTS
from tests.support.chaos.judging import KINDS, Violation
from tests.support.chaos.processes import PROCESS_FAULTS


class Tally:
    """How often each fault was tried, and what came of it."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {fault.name: Counter() for fault in (*FAULTS, *PROCESS_FAULTS)}
        self._totals: Counter[str] = Counter()

    def add(self, names: Sequence[str], found: Sequence[Violation]) -> None:
        """Take note of a run. What was wrong with it counts for each fault that it had."""
        kinds = Counter(violation.kind for violation in found)
        for name in dict.fromkeys(names):
            self._counts.setdefault(name, Counter()).update({"tried": 1, **kinds})
        self._totals.update({"tried": 1, **kinds})

    def totals(self) -> Counter[str]:
        """Return the sums over all runs: "tried" and KINDS."""
        return self._totals

    def lines(self) -> Iterator[str]:
        """Yield the table."""
        width = max(map(len, self._counts))
        columns = ("tried", *KINDS)
        yield f"{'fault':{width}}" + "".join(f"{name:>9}" for name in columns)
        for name, counts in [*self._counts.items(), ("all runs", self._totals)]:
            yield f"{name:{width}}" + "".join(f"{counts[column]:9}" for column in columns)


def docs_table() -> Iterator[str]:
    """Yield the table of docs/reliability.md: each fault, and what must follow."""
    yield "| fault | what must follow |"
    yield "|---|---|"
    yield from (f"| {fault.name} | {fault.must} |" for fault in (*FAULTS, *PROCESS_FAULTS))
