"""The audit against what is known: listed defects of real sets, faults planted into clean ones, false alarms.

    python benchmarks/audit.py [DATA]      some five minutes of one core; writes docs/results/audit.{json,md}

DATA is a folder of public sets [default: ../shared/data beside the checkout]. Every planted fault is one of
`audit_faults.FAULTS`, put by a rule and a seed into one language of a copy; every language but the pivot gets
one at the same time, so that nearly all are damaged at once. The copy lies in a folder of its own and is
audited as a user would audit it.
"""

import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from audit_faults import FAULTS, table_of
from audit_known import judged
from side_by_side import DATA, OUT, made_by

from interlingua.core.files import write_atomic
from interlingua.data.audit import detector
from interlingua.data.audit.audit import WORTH, examine
from interlingua.data.audit.finding import Finding
from interlingua.data.audit.read import places, read

SEED = 1000
TUNED = {"xcopa/val.parquet": 8, "sib200/dev.parquet": 6}
"""Sets on which thresholds were set, and how many times faults are planted into each."""
JUDGED = {
    "xcopa/test.parquet": 8, "sib200/test.parquet": 6, "flores200_indic/devtest.parquet": 8,
    "ntrex128/test.parquet": 3, "belebele_ende/test.parquet": 16, "xnli/dev.parquet": 2,
    "msvamp/test.parquet": 4,
}  # fmt: skip
CLEAN = (
    "belebele_ende/test", "xcopa/test", "xcopa/val", "flores200_indic/devtest", "sib200/test", "sib200/train",
    "sib200/dev", "ntrex128/test", "ud_pud/test", "msvamp/test", "xnli/dev",
)  # fmt: skip
FACTS = frozenset(
    [
        "control_characters", "replacement_characters", "byte_order_mark", "zero_width", "not_nfc",
        "edge_spaces", "html_entities", "empty", "unlabelled", "missing", "duplicate", "opposite_labels",
        "constant_labels", "label_differs", "repeated_id",
    ]
)  # fmt: skip
"""Kinds that say what is in the file, whatever one thinks of it; they cannot be false alarms."""


def main() -> None:
    """Run all parts and write the page."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    began, cpu = time.monotonic(), time.process_time()
    everything = examine([data], min_score=0.3)
    worth = [one for one in everything.findings if one.score >= WORTH]
    record: dict[str, Any] = {
        "speed": {
            "rows": everything.checked["rows"], "files": len(everything.checked["files"]),
            "cpu_seconds": round(time.process_time() - cpu, 1),
        },
        "clean": clean(worth, everything.checked["files"]),
        "known": judged(data, everything.findings, WORTH),
    }  # fmt: skip
    for part, sets in (("tuned", TUNED), ("judged", JUDGED)):
        faults: list[dict[str, Any]] = []
        false: list[dict[str, Any]] = []
        for name, times in sets.items():
            one, two = planted(data / name, times, SEED)
            faults, false = [*faults, *one], [*false, *two]
        record[part] = {"sets": sets, "faults": faults, "false": false}
    record |= made_by(str(detector.__file__), SEED) | {
        "worth": WORTH,
        "seconds": round(time.monotonic() - began),
    }
    record["all_cpu_seconds"] = round(time.process_time() - cpu)
    OUT.mkdir(parents=True, exist_ok=True)
    write_atomic(OUT / "audit.json", json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    write_atomic(OUT / "audit.md", page(record))
    print(page(record))


def planted(path: Path, times: int, seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Faults planted `times` over into a set, each with what was found of it; and false findings."""
    (place,) = places([path])[0]
    sheet, told, false = read(place), [], []
    name = f"{path.parent.name}/{path.name}"
    waiting = list(FAULTS)
    random.Random(f"{seed} {name}").shuffle(waiting)  # later, those planted least recently come first
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.parquet"
        table_of(sheet, 0).write(copy)
        before = {(one.lang, one.kind, row) for one in examine([copy]).findings for row in one.ids}
        for turn in range(times):
            table = table_of(sheet, seed + turn)
            done: dict[str, tuple[str, set[str]]] = {}
            for lang in (code for code in table.ids if code != table.pivot):
                for fault in waiting:
                    if (ids := FAULTS[fault].plant(table, lang)) is not None:
                        done[lang] = fault, set(ids)
                        waiting.remove(fault)
                        waiting.append(fault)
                        break
            table.write(copy)
            found = examine([copy]).findings
            told += [{"set": name, **_told(lang, *one, found)} for lang, one in done.items()]
            false += [{"set": name, **one} for one in _false(found, before, done)]
    return told, false


def _told(lang: str, fault: str, ids: set[str], found: Sequence[Finding]) -> dict[str, Any]:
    """How many of the planted rows are found, and for moved rows, whether the offset is told."""
    kinds, offset = FAULTS[fault].kinds, FAULTS[fault].offset
    mine = [one for one in found if one.lang == lang and one.kind in kinds]
    rows = {row for one in mine for row in one.ids}
    right = [
        one
        for one in mine
        if offset and f"(offset {offset:+d})" in one.evidence and ids.intersection(one.ids)
    ]
    exact = any(len(ids.symmetric_difference(one.ids)) <= 2 for one in right)
    return {
        "fault": fault, "lang": lang, "rows": len(ids), "found": len(rows & ids),
        "findings": sum(bool(ids.intersection(one.ids)) for one in mine),
        "offset": bool(right) if offset else None, "exact": exact if offset else None,
    }  # fmt: skip


def _false(
    found: Sequence[Finding], before: set[tuple[str, str, str]], done: dict[str, tuple[str, set[str]]]
) -> Iterator[dict[str, Any]]:
    """Findings that are neither of planted rows, nor from before, nor a fault's true consequence."""
    for one in found:
        fault, ids = done.get(one.lang, ("", set()))
        new = {row for row in one.ids if (one.lang, one.kind, row) not in before}
        caused = fault and one.kind in FAULTS[fault].causes
        if new and not ids.intersection(one.ids) and not caused:
            yield {
                "lang": one.lang, "kind": one.kind, "beside": fault, "rows": len(new),
                "evidence": one.evidence,
            }  # fmt: skip


def clean(found: Sequence[Finding], files: dict[str, Any]) -> dict[str, Any]:
    """Findings in sets that are held to be clean, by kind, facts aside."""
    told: dict[str, Any] = {}
    for name in CLEAN:
        if f"{name}.parquet" in files:
            mine = [one for one in found if one.file == f"{name}.parquet"]
            told[name] = {
                "rows": files[f"{name}.parquet"]["rows"],
                "facts": sum(one.kind in FACTS for one in mine),
                "opinions": dict(Counter(one.kind for one in mine if one.kind not in FACTS).most_common()),
            }
    return told


def page(record: dict[str, Any]) -> str:
    """The results as a page."""
    speed = record["speed"]
    each = speed["cpu_seconds"] / speed["rows"] * 1e4
    lines = [
        "# The audit against what is known", "",
        f"`interlingua audit` over {speed['files']} files with {speed['rows']:,} rows takes "
        f"{speed['cpu_seconds']:.0f} seconds of one core: {each:.2f} seconds per 10,000 rows.",
        "", "## Planted faults", "",
        "Every time, each language but the pivot of a copy gets one fault, so that nearly all are damaged at "
        "once. Rows found: share of the planted rows that a finding of the right kind with score 0.5 or more "
        "holds. Offset: how often that of moved rows is told, and how often first and last row are right "
        f"to within two rows in all. Thresholds were set on {', '.join(record['tuned']['sets'])}; the other "
        f"sets are {', '.join(record['judged']['sets'])}.", "",
        *_recalls(record), "", *_precision(record), "", "## Defects listed for real sets", "",
        "Listed: what the index of the sets says, where it gives a number. By row: what a plain look at each "
        "row finds, by a rule of a line or two that shares no code with the audit. Missed and beside: rows "
        "that only that look, or only the audit, finds.", "",
        "| set | language | kinds | listed | by row | audit | missed | beside |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for one in record["known"]:
        apart = ("", "", "")
        if one["both"] is not None:
            apart = (f"{one['by_row']:,}", one["by_row"] - one["both"], one["found"] - one["both"])
        lines.append(
            f"| {one['file']} | {one['lang']} | {', '.join(one['kinds'])} | {one['listed'] or ''} "
            f"| {apart[0]} | {one['found']:,} | {apart[1]} | {apart[2]} |"
        )
    lines += ["", _known_in_all(record["known"]), "", "## Findings in sets that are held to be clean", ""]
    lines += [
        "Facts are findings that say what is in the file (control bytes, text that is not NFC, doubles, "
        "labels that differ ...) and cannot be false. The rest may be: their number per 1,000 rows is an "
        "upper bound of false alarms, as many of them are true.", "",
        "| set | rows | facts | others per 1,000 rows | by kind |", "|---|---:|---:|---:|---|",
    ]  # fmt: skip
    for name, one in record["clean"].items():
        lines.append(_clean_line(name, one["rows"], one["facts"], Counter(one["opinions"])))
    total: Counter[str] = Counter()
    for one in record["clean"].values():
        total.update(one["opinions"])
    sums = [sum(one[key] for one in record["clean"].values()) for key in ("rows", "facts")]
    lines += [_clean_line("**all**", *sums, total), ""]
    lines += [NOTES, signed(record), ""]
    return "\n".join(lines)


def signed(record: dict[str, Any]) -> str:
    """The last line of the page."""
    return (
        f"{record['machine']}, one of them used; commit {record['commit']}, seeds from {record['seed']}; "
        f"{record['all_cpu_seconds']} seconds of processor time in all. `python benchmarks/audit.py`"
    )


def _recalls(record: dict[str, Any]) -> list[str]:
    """How much is found of each fault."""
    lines = [
        "| fault | told by | times | rows | rows found | found at all | offset told | exact | tuned: rows "
        "found |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for fault, about in FAULTS.items():
        mine = [one for one in record["judged"]["faults"] if one["fault"] == fault]
        other = [one for one in record["tuned"]["faults"] if one["fault"] == fault]
        moved = (_times(mine, "offset"), _times(mine, "exact")) if about.offset else ("", "")
        lines.append(
            f"| {fault} | {', '.join(about.kinds)} | {len(mine)} | {sum(one['rows'] for one in mine):,} "
            f"| {_share(mine)} | {_times(mine, 'found')} | {moved[0]} | {moved[1]} | {_share(other)} |"
        )
    mine, other = record["judged"]["faults"], record["tuned"]["faults"]
    sums = f"{len(mine)} | {sum(one['rows'] for one in mine):,} | {_share(mine)} | {_times(mine, 'found')}"
    return [*lines, f"| **all** | | {sums} | | | {_share(other)} |"]


def _share(faults: Sequence[dict[str, Any]]) -> str:
    rows = sum(one["rows"] for one in faults)
    return f"{sum(one['found'] for one in faults) / rows:.0%}" if rows else "-"


def _times(faults: Sequence[dict[str, Any]], key: str) -> str:
    return f"{sum(bool(one[key]) for one in faults)} of {len(faults)}"


def _precision(record: dict[str, Any]) -> list[str]:
    """Findings of each kind in the damaged copies: on planted rows, and elsewhere."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for one in record["judged"]["faults"]:
        right[FAULTS[one["fault"]].kinds[0]] += one["findings"]
    for one in record["judged"]["false"]:
        wrong[one["kind"]] += 1
    told = ", ".join(f"{kind} {times}" for kind, times in wrong.most_common()) or "none"
    share = right.total() / max(1, right.total() + wrong.total())
    return [
        f"Precision: {right.total():,} findings lie on planted rows; {wrong.total()} are new and lie "
        f"elsewhere ({told}): {share:.1%} are right. Findings that the copy had before anything was planted "
        "count as neither.",
    ]


def _known_in_all(known: Sequence[dict[str, Any]]) -> str:
    by_row = [one for one in known if one["both"] is not None]
    right, found, both = (sum(one[key] for one in by_row) for key in ("by_row", "found", "both"))
    there = [one for one in known if one["by_row"] != 0]
    some = sum(one["found"] > 0 for one in there)
    return (
        f"{some} of {len(there)} defects are found, most of them in all rows. Where every row is known, "
        f"{both:,} of {right:,} rows are found (recall {both / right:.1%}), and {found - both:,} of "
        f"{found:,} found rows are others (precision {both / found:.1%})."
    )


def _clean_line(name: str, rows: int, facts: int, opinions: Counter[str]) -> str:
    told = ", ".join(f"{kind} {times}" for kind, times in opinions.most_common()) or "none"
    return f"| {name} | {rows:,} | {facts:,} | {1e3 * opinions.total() / rows:.2f} | {told} |"


NOTES = """## What this shows, and what it does not

Written for the run of 2026-11-21.

- No threshold was set for one set. But earlier runs with these seeds showed gaps that were then closed by
  method: blocks that moved far, languages most of whose rows moved, languages in random order throughout,
  missing ids where there are only two languages. So these faults are not wholly unseen.
- The share over all rows is led by faults that concern many rows. Single short texts are the weak side:
  what is cut, repeated or merged is told only where its length is unlikely among the other languages
  (xcopa: sentences of six words), and 24 rows are too few to miss a letter for sure (the column of the
  tuned sets).
- Blocks of shuffled rows are found where texts are long or many languages have them; in Thai, Marathi and
  Haitian some are missed. In xnli three rows share a premise, so a block that moved by one to three rows
  looks nearly straight.
- Rows are never told to be out of step one by one: a row alone says at most eight nats, a finding takes
  fourteen.
- Filipino emoji names that fell back to English are mostly missed (2 of 77): short English words are
  usual there.
- Among the findings in clean sets that are no plain facts, many are true: letters of another alphabet in
  Ewe and Kanuri, Kikuyu rows in Bambara of sib200, English rows in Samoan and Tahitian of ntrex128, rows
  of xnli in Hindi and Urdu that are written in Latin letters. Read and held to be true though listed
  nowhere: three rows of Spanish ud_pud moved round (w01079049 to w01079077). Read and held to be false:
  one letter "lost" in msvamp, whose questions come in groups about one person, and lengths of Chinese
  sentences that quote Latin names.
- Also new, in bible_nt: Zulu has the text of ROM 11 again in ROM 12, and that of EPH 2 in EPH 3.
"""

if __name__ == "__main__":
    main()
