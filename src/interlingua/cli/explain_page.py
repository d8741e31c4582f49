"""The result of `explain` as lines for a terminal: the verdict, every language, and where the page is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interlingua.report.explained import absent
from interlingua.report.parts import overview
from interlingua.report.parts.verdict import scale, verdict
from interlingua.report.reading import count


def text_of(result: Mapping[str, Any], folder: Path) -> str:
    """Accuracies and alignment in percent, costs in tokens per token of the pivot."""
    parts = [verdict(result), scale(result), overview.table(result).text()]
    notes = [*absent(result), *result.get("left_out", ())]
    if result.get("near_ties"):
        notes.append(f"{count(result['near_ties'], 'answer')} so close that rounding may decide them.")
    notes += [
        f"Cut to what the model reads, {what}: {', '.join(f'{lang} {n}' for lang, n in told.items())}."
        for what, told in result.get("cut", {}).items()
    ]
    if notes:
        parts.append("\n".join(notes))
    parts.append(f"Page: {folder / 'report.html'}\nNumbers of its figures: {folder / 'results.parquet'}")
    return "\n\n".join(parts)
