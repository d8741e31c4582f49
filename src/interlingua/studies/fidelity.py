"""Fidelity: every claim of every recipe beside what the lab found, misses and claims not yet run included."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from interlingua.recipes.recipe import RECIPES, Recipe
from interlingua.report.reading import count
from interlingua.report.tunnel_words import SAME, claim_words, found_words
from interlingua.studies.tunnel_kept import Kept, claim_key, kept

NOT_RUN = "not run"


def fidelity(known: Mapping[str, Kept] | None = None) -> list[dict[str, Any]]:
    """A line per claim: the paper's words, the lab's interval, `same` direction or not, and the file.

    Lines follow the recipes' own claims: one that was changed since it was judged counts as not run.
    """
    known, lines = kept() if known is None else known, []
    for name in RECIPES.names():
        recipe: Recipe = RECIPES.get(name)
        judged = {claim_key(claim): claim for claim in known[name]["claims"]} if name in known else {}
        for claim in recipe.expects:
            found = judged.get(claim_key(claim))
            lines.append(
                {
                    "recipe": name, "quantity": claim.quantity, "on": claim.on, "versus": claim.versus,
                    "direction": claim.direction, "bound": claim.bound, "paper": claim.paper,
                    "found": found["found"] if found else None, "same": found["same"] if found else NOT_RUN,
                    "file": known[name]["file"] if found else None,
                    "worlds": len(known[name]["worlds"]) if found else 0,
                }
            )  # fmt: skip
    return lines


def fidelity_page(note: str, known: Mapping[str, Kept] | None = None) -> str:
    """The page of Markdown; `note` says who wrote it."""
    lines = fidelity(known)
    counts = Counter(line["same"] for line in lines)
    tally = ", ".join(f"{counts[key]} {words}" for key, words in SAME.items() if counts[key])
    parts = [
        "# Fidelity", note,
        f"What papers claim and what the lab says, for all {len(lines)} claims of {len(RECIPES.names())} "
        f"recipes: {tally}. Lab figures are differences over worlds with Student's 95% interval, points "
        "where they are accuracies. *Same*: the whole interval lies on the paper's side (for what should "
        "stay: within three points, or three percent of a number that is no accuracy). *Not settled*: it "
        "includes zero. Misses stay in. Lab worlds are tiny; a miss there may be the lab's.",
    ]  # fmt: skip
    for name in RECIPES.names():
        own = [line for line in lines if line["recipe"] == name]
        recipe: Recipe = RECIPES.get(name)
        run = next((line for line in own if line["file"]), None)
        source = (
            f"Lab: {count(run['worlds'], 'world')}, [{run['file']}]({run['file'].removeprefix('docs/')})."
            if run
            else "Not run through the tunnel yet."
        )
        rows = [
            [claim_words(line), line["paper"] or "no figure", found_words(line), SAME[line["same"]]]
            for line in own
        ]
        table = ["| Claim | Paper | Lab | Direction |", "|---|---|---:|---|"]
        table += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
        parts += [f"## {name}", f"{recipe.paper}; {recipe.standing}. {source}"]
        if recipe.shortfall:
            parts.append(f"Not reproduced at lab scale: {recipe.shortfall}")
        parts.append("\n".join(table))
    return "\n\n".join(parts) + "\n"
