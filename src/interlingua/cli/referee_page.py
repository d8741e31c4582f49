"""The referee's report as one page for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from interlingua.report.tables import Cell, Column, Table

COLUMNS = (
    Column("Task"),
    Column("Language"),
    Column("Code", "code"),
    Column("Items", "count"),
    Column("lm-eval", "percent", "Accuracy"),
    Column("interlingua", "percent", "Accuracy"),
    Column("changed", "count"),
    Column("near-ties", "count"),
)


def text_of(report: Mapping[str, Any]) -> str:
    """Verdict, what both cost, how far requests lie apart, and accuracies per task and language."""
    table = Table("", COLUMNS, tuple(_rows(report["accuracy"])))
    return "\n\n".join([_verdict(report), _cost(report), _apart(report), table.text(), *_notes(report)])


def _verdict(report: Mapping[str, Any]) -> str:
    asked = f"{report['requests']:,} requests of {report['questions']:,} questions"
    if report["agree"]:
        return f"The scorers agree on {asked}: {report['model']}, {report['dtype']} on {report['device']}."
    what = [
        f"{report['difference']['over']:,} requests lie further apart than rounding",
        f"{report['flags_changed']:,} greedy flags differ",
        f"{report['unexplained']:,} answers changed that are no near-ties",
    ]
    return f"The scorers do not agree on {asked}: {', '.join(what)}."


def _cost(report: Mapping[str, Any]) -> str:
    tokens, took, memory = report["tokens"], report["seconds"], report["memory"]
    rows = [
        ("Tokens through the body", f"{tokens['lm_eval']['body']:,}", f"{tokens['ours']['body']:,}"),
        ("Rows through the head", f"{tokens['lm_eval']['head']:,}", f"{tokens['ours']['head']:,}"),
        ("Seconds", f"{took['lm_eval']:.2f}", f"{took['ours']:.2f}"),
    ]
    if memory:
        theirs, mine = (f"{memory[scorer] / 1e6:,.0f}" for scorer in ("lm_eval", "ours"))
        rows.append(("Memory above the model, MB", theirs, mine))
    heads = (f"lm-eval {report['lm_eval']}", "interlingua")
    lines = [f"{'':27}{heads[0]:>16}{heads[1]:>14}"]
    lines += [f"{title:27}{theirs:>16}{mine:>14}" for title, theirs, mine in rows]
    lines.append(
        f"lm-eval in batches of {report['batch_size']}. Without anything shared the requests have "
        f"{tokens['flat']:,} tokens, with every shared prefix read once {tokens['least']:,}."
    )
    return "\n".join(lines)


def _apart(report: Mapping[str, Any]) -> str:
    gap = report["difference"]
    return (
        f"|ΔLL| at most {gap['max']:.1e}, median {gap['median']:.1e}, 99% below {gap['p99']:.1e}; "
        f"{gap['over']:,} over the tolerance max(1e-4, 1e-6 |LL|). Greedy flags changed: "
        f"{report['flags_changed']:,}."
    )


def _rows(accuracy: list[dict[str, Any]]) -> Iterator[tuple[Cell, ...]]:
    for row in accuracy:
        yield (
            row["task"], row["name"], row["lang"], row["items"], row["lm_eval"], row["ours"],
            row["changed"], row["near_ties"],
        )  # fmt: skip


def _notes(report: Mapping[str, Any]) -> Iterator[str]:
    if report["left_out"]:
        yield (
            f"{report['left_out']:,} questions left out: a token spans prompt and option, where lm-eval "
            "stops or calls the option certain."
        )
    if report["wrong_by_cache"]:
        yield (
            f"{report['wrong_by_cache']:,} requests lm-eval gets wrong by its cache of logits; compared is "
            "what it says without that cache."
        )
    if report["cut"]:
        yield f"{report['cut']:,} requests are longer than the model's positions; both lost their beginning."
    if report["way"] != "trie":
        yield f"Read request by request, without sharing: {report['reason']}."
    if not report["agree"]:
        worst = report["worst"][0]
        yield (
            f"Furthest apart: {worst['task']} {worst['lang']} {worst['id']}, option {worst['option']!r}: "
            f"lm-eval {worst['lm_eval']:.5f}, interlingua {worst['ours']:.5f}."
        )
