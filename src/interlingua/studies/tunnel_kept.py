"""Kept tunnel results: what the published runs say of each recipe, small enough to ship with the package.

`docs/results/tunnel*.json` are whole records; `make docs` condenses them into `tunnel_kept.json` beside this
file, which is what an installed package reads.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from interlingua.studies.tunnel_worlds import kind_of

FILE = Path(__file__).with_name("tunnel_kept.json")
_CLAIM = ("quantity", "on", "versus", "direction", "bound")
_GROUPS = ("unseen", "seen", "known_script", "pivot", "all")
_SIZE = ("mean", "low", "high", "n", "level", "p")
Kept = Mapping[str, Any]


@cache
def kept(file: Path = FILE) -> Mapping[str, Kept]:
    """What is kept of every recipe that has been through the tunnel, by its name."""
    found: dict[str, Kept] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return found


def condensed(files: Iterable[Path], beside: Path) -> dict[str, Kept]:
    """What to keep of whole records; of a recipe that is in several, the one judged on most worlds.

    Files are named as seen from `beside`. Between equal numbers of worlds, the later name counts. What was
    run on other worlds than its judges, with knobs changed or other items, or failed on some world, judges
    nothing and is left out.
    """
    found: dict[str, Kept] = {}
    for file in sorted(files):
        record = json.loads(file.read_text(encoding="utf-8"))
        if record.get("changes") or record.get("items_per_task"):
            continue
        for name, told in record["recipes"].items():
            if told.get("failed_on") or not set(told["worlds"]) <= set(kind_of(told["kind"]).judges):
                continue
            if name not in found or len(told["worlds"]) >= len(found[name]["worlds"]):
                found[name] = _kept(record, told, file.relative_to(beside).as_posix())
    return dict(sorted(found.items()))


def claim_key(claim: Any) -> tuple[Any, ...]:
    """By what a claim is known again, as it stands in a recipe or in a record."""
    if isinstance(claim, Mapping):
        return *(claim[key] for key in _CLAIM), claim.get(
            "arm", ""
        )  # older records have claims of the method
    return *(getattr(claim, key) for key in _CLAIM), claim.arm


def lead(found: Kept) -> Mapping[str, Any] | None:
    """The gain that speaks for a recipe: the best verdict, then the first claimed."""
    order = ("works", "undecided", "negligible", "hurts", "")
    judged = [each for each in found["gains"] if each["judged"]]
    return min(judged, key=lambda each: order.index(each["verdict"]), default=None)


def shows(found: Kept) -> bool:
    """Whether some judged claim has whole intervals beyond zero, against all that it has to beat."""
    return any(each["clear"] for each in found["gains"] if each["judged"])


def _kept(record: Mapping[str, Any], told: Mapping[str, Any], file: str) -> Kept:
    method = told["arms"]["method"]
    return {
        "file": file,
        "commit": record.get("commit"),
        "kind": told["kind"],
        "worlds": told["worlds"],
        "gains": list(_gains(told)),
        "pivot_change": _size(told["pivot_change"]),
        "claims": [
            {
                **{key: claim[key] for key in _CLAIM},
                "arm": claim.get("arm", ""),
                "found": _size(claim["found"]),
                "same": claim["same"],
            }
            for claim in told["claims"]
        ],
        "facts": method["facts"],
        "seconds": method["seconds"],
        "seconds_all": sum(_seconds(arm) for arm in told["arms"].values() if arm["role"] != "oracle"),
        "seconds_oracles": sum(_seconds(arm) for arm in told["arms"].values() if arm["role"] == "oracle"),
    }


def _seconds(arm: Mapping[str, Any]) -> float:
    return float(arm["seconds"] + arm["seconds_asking"])


def _gains(told: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Gains over the base: each judged quantity where it is judged, and accuracies elsewhere too.

    What is judged stands over what its claim names, the base, an arm or a bound; `versus` says which. `clear`
    says whether all its intervals are beyond zero.
    """
    judged = {claim["quantity"]: claim for claim in told["judged"]}
    for quantity, groups in told["gains"].items():
        claim = judged.get(quantity)
        for on in _GROUPS:
            own = claim is not None and claim["on"] == on
            versus, size = "base", groups.get(on, {}).get("base")
            if own and claim and claim["versus"] != "base":
                versus, size = _first(told, quantity, on)
            if size and (own or (quantity in told["accuracies"] and on in ("unseen", "seen"))):
                yield {
                    "quantity": quantity, "on": on, "versus": versus,
                    "accuracy": quantity in told["accuracies"], "judged": own,
                    "direction": claim["direction"] if claim else "rises", **(_size(size) or {}),
                    "verdict": told["verdicts"].get(quantity, "") if own else "",
                    "clear": bool(own and claim and claim["clear"]),
                }  # fmt: skip


def _first(told: Mapping[str, Any], quantity: str, on: str) -> tuple[str, Mapping[str, Any] | None]:
    """What the first claim of a quantity on some languages compares it with, and by how much it is beyond."""
    same = [
        c
        for c in told["claims"]
        if (c["quantity"], c["on"]) == (quantity, on) and c["found"] and not (c.get("arm") or c.get("check"))
    ]
    return (same[0]["versus"], same[0]["found"]) if same else ("", None)


def _size(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if found is None else {key: found[key] for key in _SIZE if key in found}
