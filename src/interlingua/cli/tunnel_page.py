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
    hours, minutes = work["seconds"] / 3600, work["seconds"] / 60
    about = f"{hours:.1f} hours" if hours >= 1 else f"{minutes:.0f} minutes" if minutes >= 1.5 else "a minute"
    lines = [
        f"recipes  {', '.join(work['recipes'])}",
        f"worlds   {', '.join(work['worlds'])}",
        f"jobs     {work['jobs']}, {work['arms']} trained or measured arms in all",
        f"time     about {about} of one process, as kept results took, training of bases aside"
        if work["seconds"]
        else "time     not known",
    ]
    for what, names in (("", work["never_timed"]), ("the oracles of ", work["oracles_never_timed"])):
        if names and work["seconds"]:
            lines.append(f"         without {what}{', '.join(names)}, never timed yet")
    if work["seconds"] and (work["items_per_task"] or work["changes"]):
        lines.append("         kept results have the usual items and knobs, not those that you name")
    lines += [f"left out {why}" for why in work["left_out"].values()]
    return "\n".join(lines)
