"""Audit: looks at task tables and parallel text for rows that are out of step, mislabelled or damaged."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.progress import progress
from interlingua.data.audit.detector import detectors
from interlingua.data.audit.finding import Finding, findings
from interlingua.data.audit.read import places, read
from interlingua.data.audit.sheet import Sheet
from interlingua.languages.language import find

WORTH = 0.5
"""Score from which on a finding is told unless another is asked for."""


@dataclass(frozen=True)
class Audit:
    """What was found, what was looked at, and which languages of which files have nothing found in them."""

    findings: list[Finding]
    checked: dict[str, Any]
    clean: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "findings": [one.as_dict() for one in self.findings],
            "checked": self.checked,
            "clean": self.clean,
        }


def kinds() -> dict[str, str]:
    """Every kind of finding, and what it means."""
    return {kind: said for detector in detectors().values() for kind, said in detector.kinds.items()}


def audit(
    *paths: Path | str, kind: Sequence[str] = (), lang: Sequence[str] = (), min_score: float = WORTH
) -> list[Finding]:
    """Faults in the data at `paths`, in the order of files, languages and rows; no model, no network.

        for one in audit("data/xnli", lang=["sw", "ur"]):
            print(one.lang, one.kind, one.first_id, one.last_id, one.score, one.evidence)

    A path is a file, the folder of a set, or a folder of sets. Tables (Parquet, JSON Lines, CSV, TSV) have
    the columns `id`, `lang` and fields; without `lang`, each file is named after its language and rows are
    aligned by `id` or by their number, as lines of `en.txt` and `sw.txt` are. `kind` and `lang` limit what is
    told (empty: all), `min_score` how sure it must be.

    Raises:
        BadInput: nothing to read, a damaged or empty table, files of unequal length, a single row, a language
            of a row that nobody knows, a score that is not between 0 and 1.
        UnknownName: a kind that is not one, a language that nobody knows or that is not in the data.
    """
    return examine([Path(path) for path in paths], kind, lang, min_score).findings


def examine(
    paths: Sequence[Path], kind: Sequence[str] = (), lang: Sequence[str] = (), min_score: float = WORTH
) -> Audit:
    """As `audit`, with what was looked at. Raises the same."""
    began = time.monotonic()
    known = kinds()
    for name in kind:
        if name not in known:
            raise UnknownName("kind of finding", name, known)
    if not 0 <= min_score <= 1:
        raise BadInput(f"A score lies between 0 and 1, not {min_score}.")
    if not paths:
        raise BadInput("Nothing to audit: name a folder or file.")
    wanted = {find(name).code: name for name in lang}
    used = {name: one for name, one in detectors().items() if not kind or set(kind) & set(one.kinds)}
    found, passed = places(paths)
    told: list[Finding] = []
    about: dict[str, Any] = {}
    clean: list[dict[str, Any]] = []
    present: set[str] = set()
    with progress("audit", len(found) * len(used)) as tick:
        for place in found:
            sheet = read(place)
            meant = [one for one in sheet.blocks if not wanted or find(one).code in wanted]
            present |= {find(one).code for one in sheet.blocks}
            here: list[Finding] = []
            for name, detector in used.items():
                here += [
                    one
                    for one in findings(sheet, detector.find(sheet))
                    if one.score >= min_score and one.lang in meant and (not kind or one.kind in kind)
                ]
                tick(note=f"{sheet.file} {name}")
            told += _in_order(sheet, here)
            about[sheet.file] = _about(sheet)
            with_findings = {one.lang for one in here}
            if langs := [one for one in meant if one not in with_findings]:
                clean.append({"file": sheet.file, "langs": langs})
    if absent := [wanted[code] for code in wanted if code not in present]:
        raise UnknownName("language in the data", absent[0], sorted(present))
    checked = {
        "files": about, "rows": sum(one["rows"] for one in about.values()), "languages": len(present),
        "kinds": [name for name in known if not kind or name in kind], "min_score": min_score,
        "passed_over": passed, "seconds": round(time.monotonic() - began, 1),
    }  # fmt: skip
    return Audit(told, checked, clean)


def _in_order(sheet: Sheet, found: Sequence[Finding]) -> list[Finding]:
    """By language and row; what concerns missing rows last."""
    place = {lang: at for at, lang in enumerate(sheet.blocks)}
    first = {(lang, sheet.ids[row]): row for lang, block in sheet.blocks.items() for row in reversed(block)}
    return sorted(
        found, key=lambda one: (place[one.lang], first.get((one.lang, one.first_id), len(sheet)), -one.score)
    )


def _about(sheet: Sheet) -> dict[str, Any]:
    roles = sheet.roles
    return {
        "rows": len(sheet), "languages": len(sheet.blocks), "parallel": sheet.grid is not None,
        "texts": list(roles.texts), "labels": list(roles.labels),
    }  # fmt: skip
