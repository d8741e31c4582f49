"""What `interlingua tunnel` prints for people."""

from collections.abc import Mapping
from typing import Any

from interlingua.report.tunnel_text import text


def text_of(result: Mapping[str, Any]) -> str:
    """Leaderboards, what is missing, and where the page lies."""
    failed = len(result["failed"])
    told = (
        f"\n{failed} job{'s' if failed > 1 else ''} failed; the same command tries again." if failed else ""
    )
    return f"{text(result)}\nReport: {result['report']}{told}"


def work_text(work: Mapping[str, Any]) -> str:
    """How much a tunnel would be, as lines."""
    hours = work["seconds"] / 3600
    known = (
        f"about {hours:.1f} hours of one process"
        if hours >= 1
        else f"about {work['seconds'] / 60:.0f} minutes"
    )
    lines = [
        f"recipes  {', '.join(work['recipes'])}",
        f"worlds   {', '.join(work['worlds'])}",
        f"jobs     {work['jobs']}, {work['arms']} trained or measured arms in all",
        f"time     {known} of one process, as kept results took" if work["seconds"] else "time     not known",
    ]
    if work["never_timed"] and work["seconds"]:
        lines.append(f"         without {', '.join(work['never_timed'])}, never timed yet")
    lines += [f"left out {why}" for why in work["left_out"].values()]
    return "\n".join(lines)
