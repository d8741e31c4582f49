"""Not measured: languages that lack a number which a recipe measures itself, and why, where it is known."""

from collections.abc import Mapping, Sequence

from interlingua.recipes.recipe import Numbers, Recipe
from interlingua.report.reading import share
from interlingua.studies.measured import MODES, Measured

Reasons = dict[str, dict[str, str]]
"""Quantity -> language -> why it has no number, `""` where nobody knows."""


def not_measured(recipe: Recipe, tuned: Sequence[str], found: Measured) -> dict[str, Reasons]:
    """Languages tuned on that lack a number, by quantity: `after` tuning, and of the base, `before`.

    Looked for after tuning: what the recipe claims of languages tuned on, and what some of them have; before
    it: what the base has in some of them. A number that belongs to no language lacks in none.
    """
    claimed = [claim.quantity for claim in recipe.expects if claim.on == "seen"]
    after = [quantity for quantity in claimed if quantity not in MODES]
    before = ["bits_per_byte"] if "unknown" in found.before else []
    return {
        "after": _lacking([*after, *_of(found.numbers, tuned)], tuned, found.numbers),
        "before": _lacking([*before, *_of(found.before, tuned)], tuned, found.before),
    }


def _of(numbers: Numbers, tuned: Sequence[str]) -> list[str]:
    return [quantity for quantity, told in numbers.items() if any(lang in told for lang in tuned)]


def _lacking(quantities: Sequence[str], tuned: Sequence[str], numbers: Numbers) -> Reasons:
    found: Reasons = {}
    for quantity in dict.fromkeys(quantities):
        told = numbers.get(quantity, {})
        lacks = [lang for lang in tuned if lang not in told and "" not in told]
        if lacks:
            found[quantity] = {lang: _why(quantity, lang, numbers) for lang in lacks}
    return found


def _why(quantity: str, lang: str, numbers: Mapping[str, Mapping[str, float]]) -> str:
    """Bits per byte mean nothing where tokens are unknown, tokens per word where no spaces part words."""
    unknown = numbers.get("unknown", {}).get(lang)
    if quantity == "bits_per_byte" and unknown:
        return f"{share(unknown)} of its tokens are unknown to the tokenizer"
    return "its words are not parted by spaces" if quantity == "tokens_per_word" else ""
