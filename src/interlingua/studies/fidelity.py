"""Fidelity: every claim of every recipe beside what the lab found, misses and claims not yet run included."""

from collections.abc import Mapping
from typing import Any

from interlingua.recipes.recipe import RECIPES, Claim, Recipe
from interlingua.report.reading import count
from interlingua.report.tunnel_words import PARTLY, SAME, SHORT, claim_words, found_words, whose_words
from interlingua.studies.tunnel_kept import Kept, claim_key, kept, shows

NOT_RUN = "not run"
WHOSE = {
    "paper": "claims in the papers' figures or words",
    "ours": "claims of ours: controls, other arms, other languages",
    "check": "checks, which hold by how things are built or stand beside the claims",
}
"""Whose a claim is, and what the page calls it."""


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
                    "direction": claim.direction, "bound": claim.bound, "arm": claim.arm,
                    "paper": claim.paper, "check": claim.check, "whose": _whose(claim),
                    "found": found["found"] if found else None, "same": found["same"] if found else NOT_RUN,
                    "file": known[name]["file"] if found else None,
                    "worlds": len(known[name]["worlds"]) if found else 0,
                }
            )  # fmt: skip
    return lines


def _whose(claim: Claim) -> str:
    return "check" if claim.check else "paper" if claim.paper else "ours"


def fidelity_page(note: str, known: Mapping[str, Kept] | None = None) -> str:
    """The page of Markdown; `note` says who wrote it."""
    known = kept() if known is None else known
    lines, tallies = fidelity(known), []
    for whose, title in WHOSE.items():
        own = [line["same"] for line in lines if line["whose"] == whose]
        found = ", ".join(f"{own.count(key)} {said}" for key, said in SAME.items() if key in own)
        tallies.append(f"- {len(own)} {title}: {found or 'none'}.")
    parts = [
        "# Fidelity", note,
        f"What papers claim and what the lab says, claim by claim, of {len(RECIPES.names())} recipes:",
        "\n".join(tallies),
        "Lab figures are differences over worlds with Student's 95% interval, points where they are "
        "accuracies. *Same*: the whole interval lies on the claimed side (for what should stay: within three "
        "points, or three percent of a number that is no accuracy). *Not settled*: it includes zero. Misses "
        "stay in. Lab worlds are tiny; a miss there may be the lab's.",
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
        rows = [[claim_words(line), whose_words(line), found_words(line), SAME[line["same"]]] for line in own]
        table = ["| Claim | The paper says | Lab | Direction |", "|---|---|---:|---|"]
        table += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows]
        parts += [f"## {name}", f"{recipe.paper}; {recipe.standing}. {source}"]
        if recipe.shortfall:
            title = PARTLY if name in known and shows(known[name]) else SHORT
            parts.append(f"{title.capitalize()}: {recipe.shortfall}")
        parts.append("\n".join(table))
    return "\n\n".join(parts) + "\n"
