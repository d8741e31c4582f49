"""MEXA: the authors' values, what is compared with what, and that the control destroys it."""

from dataclasses import replace

import pytest

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.sentences import beside_pivot
from interlingua.lab.named import world
from interlingua.measures.mexa import mexa
from interlingua.measures.task_shares import language_shares
from interlingua.models.lm import LM
from interlingua.recipes.mexa import RECIPE, Knobs, run
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.scoring.hidden import sentence_vectors
from interlingua.scoring.other_questions import ask_others

QUICK = Knobs(sentences=30, items=6, permutations=50)
ONE = Knobs(sentences=30, items=6, permutations=50, steps=2, batch_size=4, limit=6, lr=1e-2)


@pytest.fixture
def ctx(tiny_base: LM) -> Context:
    """The smallest world, tuned on one language where anything is tuned."""
    return Context(tiny_base, world("lab:tiny"), ("qab_Cyrl",))


def test_the_defaults_are_the_authors() -> None:
    knobs = Knobs()
    assert (knobs.sentences, knobs.position, knobs.pool, knobs.steps) == (100, "weighted", "mean", None)


@pytest.mark.parametrize("pool", ["mean", "max"])
def test_mu_is_mexa_of_each_language(ctx: Context, pool: str) -> None:
    numbers = run(ctx, replace(QUICK, pool=pool)).numbers
    for lang, beside in beside_pivot(ctx.source, "pairs", 30).items():
        pivot, own = (sentence_vectors(ctx.base, texts, "weighted") for texts in (beside.pivot, beside.own))
        assert numbers["mu"][lang] == getattr(mexa(pivot, own), pool)
    assert numbers["mu"].keys() == set(ctx.source.languages[1:])


def test_the_model_is_asked_as_it_is_unless_steps_are_given(ctx: Context) -> None:
    plain, tuned = run(ctx, QUICK), run(ctx, ONE)
    assert (plain.facts["steps"], tuned.facts["steps"]) == (0, 2)
    assert not plain.models
    assert not tuned.models
    assert not plain.before
    assert tuned.before["mu"] == plain.numbers["mu"]
    assert plain.numbers["estimate"].keys() == {"qab_Cyrl", "qac_Arab", "qad_Deva"}
    # What was tuned on is no language that the score was foretold of.
    assert tuned.numbers["estimate"].keys() == {"qac_Arab", "qad_Deva"}
    assert {row.model for row in tuned.rows}.isdisjoint(row.model for row in plain.rows)


def test_estimates_by_hand(ctx: Context) -> None:
    numbers = run(ctx, QUICK).numbers
    mu, score = numbers["mu"], numbers["score"]
    chance = (1 / 2 + 1 / 4) / 2  # sentiment and topic
    for lang in mu:
        assert numbers["estimate"][lang] == pytest.approx(mu[lang] * score["qaa_Latn"])
        between = chance + mu[lang] * (score["qaa_Latn"] - chance)
        assert numbers["estimate_above_chance"][lang] == pytest.approx(between)
    off = [abs(numbers["estimate"][lang] - score[lang]) for lang in mu]
    assert numbers["estimate_error"][""] == pytest.approx(sum(off) / 3)
    gain = numbers["one_number_error"][""] - numbers["estimate_error"][""]
    assert numbers["estimate_gain"][""] == pytest.approx(gain)
    assert "pearson" not in numbers  # three languages are too few


def test_the_oracle_foretells_scores_from_other_questions(ctx: Context) -> None:
    plain, knowing = run(ctx, QUICK), run(ctx, with_knobs(QUICK, RECIPE.oracles["other_questions"]))
    others = ask_others(ctx.base, ctx.source, 6)
    assert {row.id for row in others}.isdisjoint(row.id for row in plain.rows)
    shares = language_shares(others)
    assert knowing.numbers["estimate"] == {lang: shares[lang] for lang in plain.numbers["estimate"]}
    for name in ("mu", "score", "one_number_error"):
        assert knowing.numbers[name] == plain.numbers[name]
    assert knowing.rows == plain.rows
    more = sum(row.tokens for row in others)
    assert knowing.facts["tokens"] == plain.facts["tokens"] + more


def test_sentences_out_of_step_are_not_aligned(ctx: Context) -> None:
    same = Context(ctx.base, Echo(), ("qab_Cyrl",))  # type: ignore[arg-type]
    true, shuffled = (run(same, replace(QUICK, pairing=pairing)) for pairing in ("translations", "shuffled"))
    assert set(true.numbers["mu"].values()) == {1.0}
    assert set(true.numbers["mu_p"].values()) == {1 / 51}
    assert max(shuffled.numbers["mu"].values()) < 0.2
    assert max(shuffled.numbers["mu_permuted"].values()) < 0.2
    assert shuffled.facts == true.facts


def test_the_pivots_score_is_that_of_the_tasks_a_language_has(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    langs = {"sentiment": ("qaa_Latn", "qab_Cyrl"), "topic": ("qaa_Latn", "qac_Arab")}
    monkeypatch.setattr(type(ctx.source), "languages_of", lambda self, task, split="test": langs[task])
    outcome = run(ctx, QUICK)
    numbers, rows = outcome.numbers, outcome.rows
    for lang, task in (("qab_Cyrl", "sentiment"), ("qac_Arab", "topic")):
        own = [row.correct for row in rows if (row.lang, row.task) == ("qaa_Latn", task)]
        assert numbers["estimate"][lang] == pytest.approx(numbers["mu"][lang] * sum(own) / len(own))
    assert "qad_Deva" not in numbers["estimate"]
    langs["topic"] = ("qac_Arab",)
    assert run(ctx, QUICK).numbers["estimate"].keys() == {"qab_Cyrl"}
    langs["sentiment"] = ("qab_Cyrl",)
    with pytest.raises(MissingResource, match="lab:tiny asks no task in qaa_Latn"):
        run(ctx, QUICK)


def test_knobs_of_measuring_are_checked() -> None:
    with pytest.raises(BadInput, match="Knob permutations must be at least 1, not 0"):
        Knobs(permutations=0)


class Echo:
    """The smallest world, whose languages all say what the pivot says."""

    def __init__(self) -> None:
        self._world = world("lab:tiny")

    def __getattr__(self, name: str) -> object:
        return getattr(self._world, name)

    def pairs(self, a: str, b: str, split: str = "train") -> object:
        return [
            replace(pair, source=f"{pair.target} {pair.id}", target=f"{pair.target} {pair.id}")
            for pair in self._world.pairs(a, b, split)
        ]
