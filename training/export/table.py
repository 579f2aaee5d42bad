"""The comparison of exports as a table to read."""

from __future__ import annotations

import math
from collections.abc import Sequence

from currency_app.timing.processor import cpu_name
from training.export.exports import Export
from training.export.parity import NEAR_THRESHOLD, TOLERANCES

_HEADINGS = (
    "export", "MB", "p50 ms", "p95 ms", "closer",
    "most", "median", "corners", "otherwise", "same", "lost", "wrong", "as own",
)  # fmt: skip


def comparison_table(exports: Sequence[Export]) -> str:
    """Return what the columns mean, then one line for each export, the bundle's own first, then what was written."""
    rows = [_HEADINGS, *(_row(export) for export in exports)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [
        "  ".join(
            cell.ljust(widths[column]) if column == 0 else cell.rjust(widths[column]) for column, cell in enumerate(row)
        )
        for row in rows
    ]
    outcome = [f"{export.format} {export.precision}: {_outcome(export)}" for export in exports[1:]]
    return "\n".join([*_legend(exports), "", *lines, "", *outcome])


def _legend(exports: Sequence[Export]) -> list[str]:
    photos = exports[0].parity.photos
    limits = TOLERANCES
    least = math.ceil(limits["int8"].same_decisions * photos)
    return [
        f"Compared with the network in Keras on {photos} photographs; one thread of {cpu_name()}.",
        "p50, p95: of a whole picture; closer: p50 of a closer look, if that has another shape.",
        "For the same pictures:",
        "  most, median: of each photograph's largest difference in a probability "
        f"(allowed: fp32 most {limits['fp32'].max_difference:.0e}, "
        f"fp16 median {limits['fp16'].median_difference:.0e})",
        "  corners: median distance of a note's corners, share of the picture "
        f"(allowed: {limits['fp32'].corner_distance:.0%})",
        "  otherwise: photographs decided otherwise, the value or whether it is spoken, "
        f"more than {NEAR_THRESHOLD} from the threshold (allowed: fp32 and fp16 none)",
        "By its own way through each photograph:",
        f"  same: photographs decided the same (allowed: {least} or more)",
        "  lost: values that Keras is sure of and the export reads otherwise (allowed: none)",
        "  wrong: wrong values that the export would speak (allowed: int8 none)",
        "  as own: photographs decided as the bundle's own model.tflite does",
    ]


def _row(export: Export) -> tuple[str, ...]:
    parity, times, closer = export.parity, export.milliseconds, export.closer_milliseconds
    return (
        f"{export.format} {export.precision}".rstrip(),
        f"{export.megabytes:.1f}",
        f"{times['p50']:.2f}" if times else "-",
        f"{times['p95']:.2f}" if times else "-",
        f"{closer['p50']:.2f}" if closer else "-",
        f"{parity.max_difference:.1e}",
        f"{parity.median_difference:.1e}",
        f"{parity.corner_distance:.2%}",
        str(parity.changed_decisions),
        str(parity.same_decisions),
        str(parity.lost_values),
        str(parity.wrong_values),
        str(export.same_as_own),
    )


def _outcome(export: Export) -> str:
    if export.path is not None:
        return f"written to {export.path}"
    if export.failings:
        return f"not written: {'; '.join(export.failings)}"
    return "passes; not written, for a smaller one passes too"
