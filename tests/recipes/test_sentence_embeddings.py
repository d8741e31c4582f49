"""Sentence embeddings: what each arm learns from, what is measured, and the folder that is written."""

from dataclasses import replace

import pytest
import torch

from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.sentence_tests import sentence_tests
from interlingua.lab.named import world
from interlingua.lab.worlds import World
from interlingua.models.lm import load
from interlingua.recipes.recipe import Context, with_knobs
from interlingua.recipes.sentence_embeddings import RECIPE, SMALL, run
from interlingua.scoring.sentence_tests import encoded_tests
from interlingua.scoring.sentence_vectors import encoded
from interlingua.training.learn_sentences import learn_sentences

LANGUAGES = ("qab_Cyrl", "qad_Deva")
QUICK = replace(SMALL, steps=2, graded_steps=3, batch_size=4, limit=16, sentences=12)
ARMS = {"method": {}, **RECIPE.controls, **RECIPE.baselines, **RECIPE.oracles}


@pytest.fixture(scope="module")
def compared() -> World:
    """The smallest world with tasks that compare two sentences; its base cannot do them."""
    lab = world("lab:tiny")
    return World(replace(lab.spec, tasks=("inference", "paraphrase"), base="lab:tiny"))


@pytest.fixture(scope="module")
def outcomes(tiny_base, compared):
    """Every arm, run once."""
    ctx = Context(tiny_base, compared, LANGUAGES)
    return {arm: run(ctx, with_knobs(QUICK, changes)) for arm, changes in ARMS.items()}


def test_every_number_is_there_for_every_language(outcomes, compared):
    others = {lang for lang in compared.languages if lang != compared.pivot}
    for outcome in outcomes.values():
        assert outcome.numbers.keys() == outcome.before.keys()
        for name in ("retrieval", "retrieval_between", "similarity_across"):
            assert outcome.numbers[name].keys() == others
        assert outcome.numbers["similarity"].keys() == {*others, compared.pivot}
        assert all(0 <= value <= 1 for value in outcome.numbers["retrieval"].values())
        assert outcome.before == outcomes["method"].before


def test_arms_differ_in_what_they_learn_from(outcomes, tiny_base):
    models = {arm: outcome.models["tuned"].fingerprint() for arm, outcome in outcomes.items()}
    assert len(set(models.values())) == len(models)
    assert models["pooled"] == tiny_base.fingerprint()
    assert outcomes["pooled"].numbers == outcomes["pooled"].before
    steps = {arm: outcome.facts["steps"] for arm, outcome in outcomes.items()}
    assert steps == {
        "method": 2, "shuffled": 2, "pooled": 0, "pivot_only": 2, "then_graded": 5, "translations": 2,
    }  # fmt: skip
    assert outcomes["pooled"].facts["tokens"] == 0 < outcomes["method"].facts["tokens"]


def test_no_sentence_is_learned_that_is_measured_on(tiny_base, compared, monkeypatch):
    learned, tests = [], sentence_tests(compared, count=12, labels="order")

    def heard(lm, rows, *rest, **more):
        learned.extend(rows)
        return learn_sentences(lm, rows, *rest, **more)

    monkeypatch.setattr("interlingua.recipes.sentence_embeddings.learn_sentences", heard)
    run(Context(tiny_base, compared, LANGUAGES), replace(QUICK, limit=1000, graded=True))
    assert len(learned) > 100
    assert tests.texts.isdisjoint(text for row in learned for text in row[:3])


def test_pivot_only_reads_no_other_language_to_learn(tiny_base, compared, monkeypatch):
    asked = []
    task = World.task

    def heard(self, name, lang, split="test"):
        asked.append((lang, split))
        return task(self, name, lang, split)

    monkeypatch.setattr(World, "task", heard)
    run(Context(tiny_base, compared, LANGUAGES), replace(QUICK, signal="pivot_only"))
    assert {lang for lang, split in asked if split == "train"} == {compared.pivot}
    asked.clear()
    run(Context(tiny_base, compared, LANGUAGES), QUICK)
    assert {lang for lang, split in asked if split == "train"} == {compared.pivot, *LANGUAGES}


def test_the_oracle_learns_from_translations_that_are_not_measured_on(tiny_base, compared, monkeypatch):
    taught, measured = [], []
    pairs = World.pairs

    def one_split(self, a, b, split="train"):
        if split != "train":
            raise MissingResource("no such split")
        return pairs(self, a, b, split)

    def learned(lm, rows, objective, budget, *given, **settings):
        taught.append((rows, budget.steps))
        return learn_sentences(lm, rows, objective, replace(budget, steps=1), *given, **settings)

    def asked(lm, tests, *given):
        measured.append(tests)
        return encoded_tests(lm, tests, *given)

    monkeypatch.setattr(World, "pairs", one_split)
    monkeypatch.setattr("interlingua.recipes.sentence_embeddings.learn_sentences", learned)
    monkeypatch.setattr("interlingua.recipes.sentence_embeddings.encoded_tests", asked)
    knobs, ctx = replace(QUICK, steps=None, limit=1000), Context(tiny_base, compared, LANGUAGES)
    for changes in ({}, RECIPE.oracles["translations"]):
        run(ctx, with_knobs(knobs, changes))
    (_, steps), (rows, same) = taught
    assert same == steps
    known = [pair for lang in LANGUAGES for pair in compared.pairs(lang, compared.pivot)]
    apart = {text for texts in measured[-1].parallel[0].values() for text in texts}
    assert sum(pair.source in apart for pair in known) >= QUICK.sentences * len(LANGUAGES)
    assert {row[:2] for row in rows} == {
        (pair.target, pair.source) for pair in known if apart.isdisjoint((pair.target, pair.source))
    }


def test_a_few_steps_bring_languages_together(tiny_base, compared):
    ctx = Context(tiny_base, compared, LANGUAGES)
    outcome = run(ctx, replace(SMALL, steps=40, batch_size=24, sentences=30))
    for name in ("retrieval", "retrieval_between"):
        gain = [outcome.numbers[name][lang] - outcome.before[name][lang] for lang in LANGUAGES]
        assert min(gain) > 0, (name, outcome.numbers[name], outcome.before[name])


def test_a_folder_holds_an_encoder_that_can_be_read_again(tiny_base, compared, tmp_path):
    lm = run(Context(tiny_base, compared, LANGUAGES, folder=tmp_path), QUICK).models["tuned"]
    folder = tmp_path / "sentence-encoder-mixed"
    assert (folder / "1_Pooling" / "config.json").exists()
    texts = compared.text(compared.pivot)[:3]
    torch.testing.assert_close(torch.tensor(encoded(load(folder), texts)), torch.tensor(encoded(lm, texts)))


@pytest.mark.parametrize("kind", ["xlm_roberta", "bert"])
def test_an_encoder_is_tuned_below_its_head(random_encoder, compared, kind):
    texts = [text for lang in compared.languages for text in compared.text(lang)[:40]]
    base = load(random_encoder(kind, texts), encoders=True)
    before = {name: tensor.clone() for name, tensor in base.model.state_dict().items()}
    for changes in ({}, RECIPE.baselines["then_graded"], RECIPE.oracles["translations"]):
        outcome = run(Context(base, compared, LANGUAGES), with_knobs(QUICK, changes))
        assert outcome.numbers.keys() == outcome.before.keys() >= {"retrieval", "similarity"}
        tuned = outcome.models["tuned"].model
        stays = {name for name, tensor in tuned.state_dict().items() if torch.equal(tensor, before[name])}
        tied = {"lm_head.decoder.weight", "cls.predictions.decoder.weight"}  # with the embeddings
        head = {name for name in before if name.startswith(("lm_head.", "cls."))} - tied
        keys = {name for name in before if name.endswith("self.key.bias")}  # rounding alone moves these
        assert stays - keys == head
    assert all(torch.equal(tensor, before[name]) for name, tensor in base.model.state_dict().items())


def test_labels_by_name_do_not_fit_a_lab_world(tiny_base, compared):
    with pytest.raises(MissingResource, match="ask for labels by order"):
        run(Context(tiny_base, compared, LANGUAGES), replace(QUICK, labels="words"))
    with pytest.raises(BadInput, match="Knob scale must be above 0"):
        replace(QUICK, scale=0.0)
