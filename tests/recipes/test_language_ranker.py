"""Language Ranker: the authors' values, the ranking, what it is compared with, and its control."""

from dataclasses import replace

import pytest

from interlingua.data.sentences import beside_pivot
from interlingua.lab.named import world
from interlingua.measures.language_ranker import language_ranker
from interlingua.models.lm import LM
from interlingua.recipes.language_ranker import RANKED, Knobs, run
from interlingua.recipes.recipe import Context
from interlingua.scoring.hidden import sentence_vectors

QUICK = Knobs(sentences=30, items=6)
ONE = replace(QUICK, steps=2, batch_size=4, limit=6, lr=1e-2)


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world, tuned on one language where anything is tuned."""
    return Context(tiny_base, world("lab:tiny"), ("qab_Cyrl",))


def test_the_default_is_the_last_token_as_the_authors_have_it() -> None:
    assert (Knobs().position, Knobs().steps) == ("last", None)


def test_cosines_are_those_of_the_measure_and_rank_the_languages(ctx: Context) -> None:
    numbers = run(ctx, QUICK).numbers
    for lang, beside in beside_pivot(ctx.source, "pairs", 30).items():
        pivot, own = (sentence_vectors(ctx.base, texts, "last") for texts in (beside.pivot, beside.own))
        found = language_ranker(pivot, own)
        assert numbers["cosine"][lang] == found.mean
        assert numbers["unrelated"][lang] == found.mean_baseline
        assert numbers["above"][lang] == found.above
    ranked = sorted(numbers["rank"], key=lambda lang: numbers["rank"][lang])
    assert ranked == sorted(ranked, key=lambda lang: -numbers["cosine"][lang])
    assert set(numbers["rank"].values()) == {1, 2, 3}
    assert not run(ctx, QUICK).before


def test_shares_are_told_where_the_source_knows_them(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    place = world("lab:tiny")
    assert run(ctx, QUICK).numbers["share"]["qab_Cyrl"] == place.bilingual_share("qab_Cyrl")
    monkeypatch.setattr(type(ctx.source), "bilingual_share", lambda self, lang: None)
    assert "share" not in run(ctx, QUICK).numbers


def test_shares_go_with_the_base_and_scores_with_languages_not_tuned_on(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, tuple[set[str], set[str]]] = {}

    def kept(name: str, x: dict[str, float], y: dict[str, float], **rest: object) -> dict[str, object]:
        asked[name] = (set(x), set(y))
        return {}

    monkeypatch.setattr("interlingua.recipes.language_ranker.correlation_numbers", kept)
    outcome = run(ctx, ONE)
    every = set(ctx.source.languages[1:])
    for name in RANKED:
        assert asked[f"share_by_{name}"] == (every, every)
        assert asked[f"score_by_{name}"] == (every, {"qac_Arab", "qad_Deva"})
    assert outcome.before["cosine"] != outcome.numbers["cosine"]
    assert not outcome.models


def test_sentences_out_of_step_have_the_cosine_of_unrelated_ones(ctx: Context) -> None:
    true, other = run(ctx, QUICK), run(ctx, replace(QUICK, pairing="shuffled"))
    for lang in true.numbers["cosine"]:
        # The control draws its pairs among those whose mean is the baseline of the true order.
        assert other.numbers["cosine"][lang] == pytest.approx(true.numbers["unrelated"][lang], abs=0.05)
    assert other.facts == true.facts
