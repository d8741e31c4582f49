"""Trans-tokenization: right on the lab, arms that differ in rows alone, a Hydra that needs both tables."""

from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.lab.named import newcomers, world
from interlingua.models.lm import LM
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.recipes.trans_tokenization import RECIPE, SMALL, Knobs, _pairs, run

QUICK = replace(SMALL, steps=3, batch_size=2, held_out=4)
LATIN, OTHER = newcomers(world("lab:new-tiny"))


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world with newcomers, and the one with a script of its own."""
    return Context(tiny_base, world("lab:new-tiny"), (OTHER,))


def test_the_mapping_follows_the_released_code() -> None:
    knobs = Knobs()
    assert (knobs.rows, knobs.least, knobs.reads) == ("aligned", 10, "old")
    assert set(RECIPE.baselines) == {"random", "mean", "overlap", "dictionary", "single_table"}
    with pytest.raises(BadInput, match="least must be at least 1"):
        Knobs(least=0)


def test_words_are_mapped_and_shuffled_pairs_map_nothing(ctx: Context) -> None:
    found = run(ctx, QUICK)
    assert found.numbers["precision_at_1"][OTHER] >= 0.9
    assert set(found.numbers) >= {
        "area",
        "bits_per_byte",
        "tokens_per_word",
        "translation",
        "pivot_bits_per_byte",
    }
    control = run(ctx, with_knobs(QUICK, RECIPE.controls["shuffled"]))
    assert control.numbers["precision_at_1"][OTHER] < 0.2
    assert control.facts == found.facts


def test_a_new_script_has_no_bits_per_byte_before_and_says_so_by_its_unknown_tokens(ctx: Context) -> None:
    found = run(ctx, QUICK)
    assert found.before["unknown"][OTHER] > 0.5
    assert OTHER not in found.before.get("bits_per_byte", {})
    assert found.numbers["unknown"][OTHER] == 0
    assert found.numbers["tokens_per_word"][OTHER] < found.before["tokens_per_word"][OTHER]


def test_each_language_gets_its_own_model(tiny_base: LM) -> None:
    both = run(Context(tiny_base, world("lab:new-tiny"), (LATIN, OTHER)), QUICK)
    assert both.models.keys() == {"tuned", f"tuned-{OTHER}"}
    alone = run(Context(tiny_base, world("lab:new-tiny"), (LATIN,)), QUICK)
    assert alone.models["tuned"].fingerprint() == both.models["tuned"].fingerprint()
    assert both.facts["steps"] == 2 * alone.facts["steps"]
    assert both.numbers["area"].keys() == {LATIN, OTHER}


@pytest.mark.parametrize("arm", RECIPE.baselines)
def test_arms_differ_in_the_rows_they_begin_with(ctx: Context, arm: str) -> None:
    method, other = run(ctx, QUICK), run(ctx, with_knobs(QUICK, RECIPE.baselines[arm]))
    assert other.facts == method.facts
    same = other.numbers["bits_per_byte_start"] == method.numbers["bits_per_byte_start"]
    assert same == (arm == "single_table")


def test_translations_are_asked_of_sentences_that_nobody_learned(ctx: Context) -> None:
    learned = {"a sentence"}
    pairs, asked = _pairs(ctx, QUICK, OTHER, learned)
    assert {pair.source_lang for pair in asked} == {"qab_Cyrl"}
    assert {pair.target_lang for pair in asked} == {OTHER}
    assert not {pair.source for pair in pairs} & {pair.target for pair in asked}
    known = {pair.target for pair in asked}
    assert not {pair.target for pair in _pairs(ctx, QUICK, OTHER, known)[1]} & known


class OnlyPivot:
    """A source with parallel text beside the pivot alone and no dictionary."""

    def __init__(self) -> None:
        self._world = world("lab:new-tiny")

    def __getattr__(self, name: str):
        return getattr(self._world, name)

    def pairs(self, a: str, b: str, split: str = "train"):
        """General parallel text with the pivot."""
        if self._world.pivot not in (a, b):
            raise MissingResource("no pairs of these")
        return self._world.pairs(a, b, split)

    def dictionary(self, a: str, b: str):
        """None."""
        raise MissingResource("no dictionary")


def test_without_a_third_language_or_a_dictionary_there_are_fewer_numbers(tiny_base: LM) -> None:
    ctx = Context(tiny_base, OnlyPivot(), (OTHER,))  # type: ignore[arg-type]
    found = run(ctx, QUICK).numbers
    assert not {"translation", "precision_at_1"} & found.keys()
    assert "bits_per_byte" in found
    with pytest.raises(MissingResource, match="no dictionary"):
        run(ctx, with_knobs(QUICK, RECIPE.baselines["dictionary"]))
