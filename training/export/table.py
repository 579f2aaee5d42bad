"""What exports were compared for, as a table to read."""

from __future__ import annotations

import math
from collections.abc import Sequence

from currency_app.latency import cpu_name
from training.export.exports import Export
from training.export.parity import NEAR, TOLERANCES

_HEADINGS = (
    "export", "MB", "p50 ms", "p95 ms", "most", "median", "corners", "otherwise", "same", "lost", "wrong", "as own",
)  # fmt: skip


def as_text(exports: Sequence[Export]) -> str:
    """One line an export, the bundle's own first, after what the columns mean."""
    rows = [_HEADINGS, *(_row(export) for export in exports)]
    wide = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [
        "  ".join(
            cell.ljust(wide[column]) if column == 0 else cell.rjust(wide[column]) for column, cell in enumerate(row)
        )
        for row in rows
    ]
    outcome = [f"{export.format} {export.precision}: {_outcome(export)}" for export in exports[1:]]
    return "\n".join([*_legend(exports), "", *lines, "", *outcome])


def _legend(exports: Sequence[Export]) -> list[str]:
    photos = exports[0].parity.photos
    limits = TOLERANCES
    least = math.ceil(limits["int8"].same * photos)
    return [
        f"Compared with the network in Keras on {photos} photographs; one thread of {cpu_name()}.",
        "For the same pictures:",
        "  most, median: of each photograph's largest difference in a probability "
        f"(allowed: fp32 most {limits['fp32'].most:.0e}, fp16 median {limits['fp16'].median:.0e})",
        f"  corners: median distance of a note's corners, share of the picture (allowed: {limits['fp32'].corners:.0%})",
        "  otherwise: photographs decided otherwise, the value or whether it is spoken, "
        f"more than {NEAR} from the threshold (allowed: fp32 and fp16 none)",
        "By its own way through each photograph:",
        f"  same: photographs decided the same (allowed: {least} or more)",
        "  lost: values that Keras is sure of and the export reads otherwise (allowed: none)",
        "  wrong: wrong values that the export would speak (allowed: int8 none)",
        "  as own: photographs decided as the bundle's own model.tflite does",
    ]


def _row(export: Export) -> tuple[str, ...]:
    parity, times = export.parity, export.milliseconds
    return (
        f"{export.format} {export.precision}".rstrip(),
        f"{export.megabytes:.1f}",
        f"{times['p50']:.2f}" if times else "-",
        f"{times['p95']:.2f}" if times else "-",
        f"{parity.most:.1e}",
        f"{parity.median:.1e}",
        f"{parity.corners:.2%}",
        str(parity.otherwise),
        str(parity.same),
        str(parity.lost),
        str(parity.wrong),
        str(export.as_own),
    )


def _outcome(export: Export) -> str:
    if export.path is not None:
        return f"written to {export.path}"
    if export.failed:
        return f"not written: {'; '.join(export.failed)}"
    return "passes; not written, for a smaller one passes too"
