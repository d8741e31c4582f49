"""Languages that lack a number are named with the reason where it is known."""

from interlingua.recipes.recipe import RECIPES
from interlingua.studies.measured import Measured
from interlingua.studies.not_measured import not_measured

EXPANSION = RECIPES.get("vocabulary_expansion")
CLAIMED = tuple(dict.fromkeys(claim.quantity for claim in EXPANSION.expects))
WHOLE = {quantity: {"deu_Latn": 1.0, "mri_Latn": 1.0} for quantity in CLAIMED}


def test_nothing_lacks_where_every_language_has_every_number() -> None:
    found = not_measured(EXPANSION, ("deu_Latn", "mri_Latn"), Measured("tuned", "f", {}, numbers=WHOLE))
    assert found == {"after": {}, "before": {}}


def test_a_quantity_that_is_claimed_and_nowhere_measured_lacks_in_all() -> None:
    rest = {quantity: told for quantity, told in WHOLE.items() if quantity != "area"}
    found = not_measured(EXPANSION, ("deu_Latn", "mri_Latn"), Measured("tuned", "f", {}, numbers=rest))
    assert found["after"] == {"area": {"deu_Latn": "", "mri_Latn": ""}}


def test_reasons_that_the_numbers_hold_are_given() -> None:
    numbers = {**WHOLE, "bits_per_byte": {"deu_Latn": 1.0}, "unknown": {"deu_Latn": 0.0, "mri_Latn": 0.031}}
    before = {"tokens_per_word": {"deu_Latn": 2.0}, "unknown": {"deu_Latn": 0.25, "mri_Latn": 0.0}}
    found = not_measured(
        EXPANSION, ("deu_Latn", "mri_Latn"), Measured("tuned", "f", {}, numbers=numbers, before=before)
    )
    assert found == {
        "after": {"bits_per_byte": {"mri_Latn": "3.1% of its tokens are unknown to the tokenizer"}},
        "before": {
            "bits_per_byte": {"deu_Latn": "25% of its tokens are unknown to the tokenizer", "mri_Latn": ""},
            "tokens_per_word": {"mri_Latn": "its words are not parted by spaces"},
        },
    }


def test_a_number_of_no_language_lacks_in_none() -> None:
    ranker = RECIPES.get("language_ranker")
    numbers = {"share_by_cosine": {"": 0.5}, "above": {"fra_Latn": 0.1}}
    assert not_measured(ranker, ("deu_Latn",), Measured("tuned", "f", {}, numbers=numbers))["after"] == {}
