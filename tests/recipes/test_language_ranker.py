"""Language Ranker: the authors' values, the ranking, what it is compared with, and its control."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from interlingua.data.sentences import beside_pivot
from interlingua.lab.named import world
from interlingua.measures.language_ranker import language_ranker
from interlingua.measures.task_shares import language_shares
from interlingua.models.lm import LM
from interlingua.recipes.language_ranker import RANKED, RECIPE, Knobs, run
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.scoring.hidden import sentence_vectors
from interlingua.scoring.other_questions import ask_others

QUICK = Knobs(sentences=30, items=6)
ONE = replace(QUICK, steps=2, batch_size=4, limit=6, lr=1e-2)


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world, tuned on one language where anything is tuned."""
    return Context(tiny_base, world("lab:tiny"), ("qab_Cyrl",))


def correlated(
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, tuple[Mapping[str, float], Mapping[str, float]]]:
    """What is correlated from now on, by name; the smallest world has too few languages for coefficients."""
    asked: dict[str, tuple[Mapping[str, float], Mapping[str, float]]] = {}

    def kept(name: str, x: Mapping[str, float], y: Mapping[str, float], **rest: object) -> dict[str, object]:
        asked[name] = (x, y)
        return {}

    monkeypatch.setattr("interlingua.recipes.language_ranker.correlation_numbers", kept)
    return asked


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
    assert run(ctx, QUICK).numbers["share"]["qab_Cyrl"] == sum(place.shares["qab_Cyrl"])
    monkeypatch.setattr(type(ctx.source), "data_share", lambda self, lang: None)
    assert "share" not in run(ctx, QUICK).numbers


def test_shares_go_with_the_base_and_scores_with_languages_not_tuned_on(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = correlated(monkeypatch)
    outcome = run(ctx, ONE)
    for name in RANKED:
        assert asked[f"share_by_{name}"] == (outcome.before[name], outcome.numbers["share"])
        told, score = asked[f"score_by_{name}"]
        assert told == outcome.numbers[name]
        assert score == {lang: outcome.numbers["score"][lang] for lang in ("qac_Arab", "qad_Deva")}
    assert "unrelated" in RANKED  # ranks by what is no translation stand beside the paper's
    assert outcome.before["cosine"] != outcome.numbers["cosine"]
    assert not outcome.models


def test_the_oracle_ranks_by_answers_to_other_questions(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = correlated(monkeypatch)
    plain = run(ctx, QUICK)
    scores = {name: y for name, (_, y) in asked.items()}
    asked.clear()
    knowing = run(ctx, with_knobs(QUICK, RECIPE.oracles["other_questions"]))
    others = ask_others(ctx.base, ctx.source, 6)
    assert {row.id for row in others}.isdisjoint(row.id for row in plain.rows)
    shares = language_shares(others)
    told = {lang: shares[lang] for lang in ctx.source.languages[1:]}
    assert asked == {f"score_by_{name}": (told, scores[f"score_by_{name}"]) for name in RANKED}
    assert knowing.numbers == plain.numbers
    assert knowing.facts["tokens"] > plain.facts["tokens"]


def test_sentences_out_of_step_have_the_cosine_of_unrelated_ones(ctx: Context) -> None:
    true, other = run(ctx, QUICK), run(ctx, replace(QUICK, pairing="shuffled"))
    for lang in true.numbers["cosine"]:
        # The control draws its pairs among those whose mean is the baseline of the true order.
        assert other.numbers["cosine"][lang] == pytest.approx(true.numbers["unrelated"][lang], abs=0.05)
    assert other.facts == true.facts
