"""Trans-tokenization: right on the lab, arms that differ in rows alone, a Hydra that needs both tables."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.items import Pair
from interlingua.data.prompts import Template
from interlingua.lab.named import newcomers, world
from interlingua.models.lm import LM
from interlingua.models.surgery.translated import WordRows, word_rows
from interlingua.recipes import trans_tokenization
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.recipes.trans_tokenization import RECIPE, SMALL, Knobs, run
from interlingua.scoring.across import translate_across
from interlingua.training.learn_text import Learned, learn_text

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


def test_translations_are_asked_of_sentences_that_nobody_learned(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned, asked = list[str](), list[Pair]()

    def read(lm: LM, texts: Sequence[str], *rest: Any, **more: Any) -> Learned:
        learned.extend(texts)
        return learn_text(lm, texts, *rest, **more)

    def mapped(old: Any, new: Any, texts: Sequence[tuple[str, str]], *rest: Any) -> WordRows:
        learned.extend(own for own, _ in texts)
        return word_rows(old, new, texts, *rest)

    def heard(reads: LM, writes: LM, pairs: Sequence[Pair], template: Template) -> list[str]:
        asked.extend(pairs)
        return translate_across(reads, writes, pairs, template)

    for name, instead in (("learn_text", read), ("word_rows", mapped), ("translate_across", heard)):
        monkeypatch.setattr(trans_tokenization, name, instead)
    run(ctx, QUICK)
    assert len(asked) == QUICK.held_out
    assert {pair.source_lang for pair in asked} == {"qab_Cyrl"}
    assert {pair.target_lang for pair in asked} == {OTHER}
    assert len(learned) > 100
    assert not set(learned) & {pair.target for pair in asked}


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
