"""What every recipe promises: swept over the whole shelf, on small lab worlds of its kind and on files."""

import math
from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from functools import cache
from inspect import getdoc, getmodule
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from transformers import AutoModelForCausalLM

import interlingua.recipes
from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.files import FileSource
from interlingua.lab.named import tuned_by_rule, world
from interlingua.lab.worlds import World
from interlingua.models.lm import LM, load, save
from interlingua.recipes.recipe import (
    RECIPES,
    Claim,
    Context,
    Family,
    Outcome,
    Recipe,
    Standing,
    knob_sources,
    with_knobs,
)
from interlingua.studies.measured import MODES
from interlingua.studies.tunnel_arms import BASE, METHOD
from interlingua.studies.tunnel_kept import kept
from interlingua.studies.tunnel_worlds import KINDS, kind_of, smallest

NAMES = RECIPES.names()
RECIPE = pytest.mark.parametrize("name", NAMES)
CONTROLS = [(name, control) for name in NAMES for control in RECIPES.get(name).controls]
NEEDS = [(name, resource) for name in NAMES for resource in sorted(RECIPES.get(name).needs)]
LITERALS = ("paper", "needs", "changes", "standing", "controls", "family", "worlds")
"""What the catalogue reads without importing a recipe."""
MEASURING = ("measurement", "contamination")
"""Families whose recipes may leave the model as it is."""
PARTS = {
    "text": "text", "pairs": "pairs", "questions": "questions", "dictionary": "dictionary",
    "tasks": "task", "steps": "explained",
}  # fmt: skip
"""Each resource that a recipe may need, and what a source calls it."""
SAID = {
    "text": "text|document|sentence",
    "pairs": "pair|parallel|sentence|text",
    "questions": "question|examples",
    "dictionary": "dictionar|word",
    "tasks": "task|question|examples",
    "steps": "step|reasoning|task",
}
"""Words of which one names the resource in a message."""
COUNTS = ("steps", "own_steps", "rank", "batch_size", "limit", "unlabelled", "items", "sentences")
QUICK: Mapping[str, Any] = {
    "steps": 2, "own_steps": 2, "batch_size": 4, "limit": 32, "unlabelled": 2, "lr": 1e-2, "items": 4,
    "sentences": 8, "held_out": 4, "permutations": 20, "rank": 2, "models": 1, "elsewhere": 3,
}  # fmt: skip
"""Knobs that any recipe may have, so small that a run takes a moment."""
LONGER = {**QUICK, "steps": 40, "own_steps": 20, "batch_size": 8, "unlabelled": 10}
"""The same, long enough for labelled tokens to even out."""


def quick(name: str, changes: Mapping[str, Any] = QUICK, **more: Any) -> Any:
    """A recipe's knobs for small models made quick, those it has."""
    recipe = RECIPES.get(name)
    known = {knob.name for knob in fields(recipe.Knobs)}
    knobs = recipe.presets.get("small") or recipe.Knobs()
    return with_knobs(knobs, {k: v for k, v in {**changes, **more}.items() if k in known})


@cache
def place(name: str) -> World:
    """The smallest world of the kind that judges a recipe; every kind has one, and they share a base."""
    return world(smallest(kind_of(RECIPES.get(name).worlds)))


def run(name: str, base: LM, *, source: Any = None, seed: int = 0, folder: Path | None = None) -> Outcome:
    """One quick run on the smallest world of its kind."""
    ctx = Context(base, source or place(name), tuned_by_rule(place(name)), seed, folder=folder)
    return RECIPES.get(name).run(ctx, quick(name))


@pytest.fixture(scope="module")
def once(tiny_base: LM) -> Callable[[str], Outcome]:
    """A recipe's quick run with seed 0, done once for all tests."""
    return cache(lambda name: run(name, tiny_base))


def weights(lm: LM) -> dict[str, torch.Tensor]:
    """A copy of every tensor of a model."""
    return {key: tensor.clone() for key, tensor in lm.model.state_dict().items()}


def equal(a: Mapping[str, torch.Tensor], b: Mapping[str, torch.Tensor]) -> bool:
    """Whether two models are the same bit by bit."""
    return a.keys() == b.keys() and all(torch.equal(tensor, b[key]) for key, tensor in a.items())


class Lacking:
    """A recipe's smallest world without one of its resources, which it names as a source must."""

    def __init__(self, whole: World, lacks: str) -> None:
        self._world, self._lacks = whole, lacks

    def __getattr__(self, name: str) -> Any:
        if name == "tasks" and self._lacks == "tasks":
            return ()
        if name == PARTS[self._lacks] and self._lacks != "tasks":
            raise MissingResource(f"{self._world.name} has no {self._lacks}; others would do")
        return getattr(self._world, name)


class Empty(Lacking):
    """The same world with one of its resources there, but empty."""

    def __getattr__(self, name: str) -> Any:
        if name == PARTS[self._lacks]:
            return lambda *_: {} if self._lacks == "dictionary" else []
        return getattr(self._world, name)


def test_the_sweep_sees_every_recipe() -> None:
    folder = Path(next(iter(interlingua.recipes.__path__)))
    holding = [path.stem for path in folder.glob("*.py") if "\nRECIPE = " in path.read_text(encoding="utf-8")]
    assert sorted(holding) == NAMES
    assert len(NAMES) >= 15
    assert len(CONTROLS) >= len(NAMES)
    assert {place(name).spec.base or place(name).name for name in NAMES} == {"lab:tiny"}


@RECIPE
def test_says_what_it_is(name: str) -> None:
    recipe = RECIPES.get(name)
    assert isinstance(recipe, Recipe)
    assert recipe.paper
    for word, known in (
        (recipe.standing, get_args(Standing)),
        (recipe.family, get_args(Family)),
        (recipe.worlds, KINDS),
    ):
        assert word in known, f"{word!r} is none of {', '.join(sorted(known))}"
    assert recipe.needs
    assert recipe.needs <= PARTS.keys(), f"resources are {', '.join(sorted(PARTS))}"
    assert recipe.changes or recipe.family in MEASURING
    text = Path(interlingua.recipes.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    assert RECIPES.blurb(name).endswith(".")
    told = getdoc(getmodule(recipe.Knobs)) or ""
    missing = [part for part in ("Paper", "Method", "Departs") if f"\n{part} " not in told]
    assert missing == [], f"{name}.py: its docstring lacks {', '.join(missing)}"
    assert "from interlingua.recipes." not in text.replace("from interlingua.recipes.recipe ", "")


@RECIPE
def test_the_catalogue_reads_it_without_importing_it(name: str) -> None:
    recipe, said = RECIPES.get(name), RECIPES.declared(name)
    no_literals = [fact for fact in LITERALS if fact not in said]
    assert no_literals == [], f"{name}.py: write {', '.join(no_literals)} as literals in Recipe(...)"
    for fact in LITERALS:
        assert said[fact] == getattr(recipe, fact)


@RECIPE
def test_every_knob_says_where_its_default_is_from(name: str) -> None:
    knobs = RECIPES.get(name).Knobs
    silent = [knob.name for knob in fields(knobs) if knob.name not in knob_sources(knobs)]
    assert silent == [], f"{name}.py: say behind {', '.join(silent)} where the default is from"


@RECIPE
def test_controls_and_presets_change_knobs_there_are(name: str) -> None:
    recipe = RECIPES.get(name)
    knobs = recipe.Knobs()
    assert is_dataclass(knobs)
    assert recipe.controls
    arms = [*recipe.controls, *recipe.baselines, *recipe.oracles]
    assert len(set(arms)) == len(arms)
    assert {BASE, METHOD}.isdisjoint(arms)
    with pytest.raises(FrozenInstanceError):
        setattr(knobs, fields(knobs)[0].name, None)
    usual = (knobs, *recipe.presets.values())
    for changes in recipe.controls.values():
        assert all(with_knobs(one, changes) != one for one in usual)
    for changes in (*recipe.baselines.values(), *recipe.oracles.values()):
        assert any(with_knobs(one, changes) != one for one in usual)
    for preset in recipe.presets.values():
        assert isinstance(preset, recipe.Knobs)
        assert preset != knobs


@RECIPE
def test_knobs_out_of_range_are_refused_before_any_work(name: str) -> None:
    knobs = quick(name)
    counts = [knob for knob in COUNTS if knob in vars(knobs)]
    assert counts
    for knob in counts:
        with pytest.raises(BadInput, match=f"Knob {knob} must be at least 1, not 0"):
            replace(knobs, **{knob: 0})
    if "lr" in vars(knobs):
        with pytest.raises(BadInput, match=r"Knob lr must be above 0, not -1\.0"):
            with_knobs(knobs, {"lr": "-1"})


@RECIPE
def test_the_same_seed_gives_the_same_outcome_and_the_base_stays(
    name: str, tiny_base: LM, once: Callable[[str], Outcome]
) -> None:
    before = weights(tiny_base)
    one, again = once(name), run(name, tiny_base)
    assert equal(before, weights(tiny_base))
    for model, lm in one.models.items():
        assert equal(weights(lm), weights(again.models[model]))
    assert (one.facts, one.numbers, one.before) == (again.facts, again.numbers, again.before)
    assert "tuned" in one.models or (not one.models and RECIPES.get(name).family in MEASURING)
    if one.facts.get("steps"):
        other = run(name, tiny_base, seed=1)
        assert all(not equal(weights(lm), weights(other.models[model])) for model, lm in one.models.items())


@RECIPE
def test_claims_are_about_what_is_run(name: str, once: Callable[[str], Outcome]) -> None:
    recipe, outcome = RECIPES.get(name), once(name)
    arms = {"base", "", *recipe.controls, *recipe.baselines}
    assert recipe.expects
    for claim in recipe.expects:
        assert isinstance(claim, Claim)
        assert claim.on in {"seen", "unseen", "pivot", "all", "known_script"}
        assert claim.arm in {"", *recipe.controls, *recipe.baselines, *recipe.oracles}
        assert set(claim.untouched) <= recipe.controls.keys()
        assert claim.direction in {"rises", "falls", "stays"}
        assert claim.versus in arms
        if claim.quantity in MODES:
            assert "tuned" in outcome.models
            assert claim.versus
        elif recipe.family in MEASURING and claim.on == "all":  # a correlation takes more languages
            judged = {
                each["quantity"] for each in kept().get(name, {"claims": ()})["claims"] if each["found"]
            }
            assert name not in kept() or claim.quantity in {*outcome.numbers, *judged}
        else:
            assert claim.quantity in outcome.numbers
            assert claim.versus != "base" or claim.quantity in outcome.before


@RECIPE
def test_its_numbers_are_numbers_of_languages_there_are(name: str, once: Callable[[str], Outcome]) -> None:
    outcome, known = once(name), {"", *place(name).languages}
    assert outcome.numbers.keys().isdisjoint(MODES)
    assert outcome.before.keys().isdisjoint(MODES)
    for numbers in (outcome.numbers, outcome.before):
        for quantity, found in numbers.items():
            assert found.keys() <= known, quantity
            assert all(math.isfinite(value) for value in found.values()), quantity
    assert all(math.isfinite(fact) for fact in outcome.facts.values())
    if not outcome.models:
        assert any(outcome.numbers.values())


@RECIPE
def test_the_card_is_written_and_the_saved_model_is_that_model(
    name: str, tiny_base: LM, once: Callable[[str], Outcome], tmp_path: Path
) -> None:
    for model, tuned in once(name).models.items():
        folder = save(tuned, tmp_path / model)
        assert tiny_base.name in (folder / "README.md").read_text(encoding="utf-8")
        again = load(folder, base=tiny_base if tuned.adapted else None)
        assert equal(weights(again), weights(tuned))
        assert again.tokenizer.get_vocab() == tuned.tokenizer.get_vocab()


@pytest.mark.parametrize(("name", "resource"), NEEDS)
@pytest.mark.parametrize("lacking", [Lacking, Empty])
def test_a_missing_or_empty_resource_is_named(
    lacking: type[Lacking], name: str, resource: str, tiny_base: LM
) -> None:
    with pytest.raises((MissingResource, BadInput), match=f"(?i){SAID[resource]}") as told:
        run(name, tiny_base, source=lacking(place(name), resource))
    assert lacking is Empty or told.type is MissingResource
    assert "\n" not in str(told.value)


@RECIPE
def test_languages_that_cannot_be_tuned_on_are_refused(name: str, tiny_base: LM) -> None:
    for languages in ((), (place(name).pivot,)):
        with pytest.raises(BadInput, match=r"No language|target language"):
            RECIPES.get(name).run(Context(tiny_base, place(name), languages), quick(name))


@RECIPE
def test_arms_share_a_folder_and_controls_cost_the_same(name: str, tiny_base: LM, tmp_path: Path) -> None:
    recipe, whole = RECIPES.get(name), place(name)

    def cost(
        folder: str, knobs: Any, arms: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, Mapping[str, float]]:
        """What method and arms cost that keep their stages side by side, as in the tunnel."""
        ctx = Context(tiny_base, whole, tuned_by_rule(whole), folder=tmp_path / folder)
        found = {METHOD: {}, **arms}
        return {arm: recipe.run(ctx, with_knobs(knobs, changes)).facts for arm, changes in found.items()}

    found = cost("long", quick(name, LONGER), recipe.controls)
    for control in recipe.controls:
        method, other = found[METHOD], found[control]
        assert other.get("steps") == method.get("steps"), control
        if "label_tokens" in method:
            assert other["label_tokens"] == pytest.approx(method["label_tokens"], rel=0.02), control
    others = {**recipe.baselines, **recipe.oracles}
    assert cost("short", quick(name), others).keys() == {METHOD, *others}


SPEC = """
name = "counting"
pivot = "en"
[text]
file = "asked.csv"
[pairs]
file = "asked.csv"
[questions]
file = "asked.csv"
[dictionary]
file = "words.csv"
[tasks.parity]
files = { train = "taught.csv", dev = "answered.csv", test = "answered.csv" }
question = "{text} Odd or even? "
labels = { odd = "odd", even = "even" }
[tasks.next]
files = { train = "taught.csv", dev = "answered.csv", test = "answered.csv" }
question = "{text} Which comes next? "
options = ["right", "wrong"]
label = "which"
steps = "why"
"""
NUMBERS = {
    "en": ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"),
    "de": ("Eins", "Zwei", "Drei", "Vier", "Fünf", "Sechs", "Sieben", "Acht"),
    "sw": ("Moja", "Mbili", "Tatu", "Nne", "Tano", "Sita", "Saba", "Nane"),
}


@pytest.fixture
def counting(tmp_path: Path) -> FileSource:
    """Eight questions in three real languages with their answers, reasons and words, from files."""
    rows = [(n, lang, word) for lang, words in NUMBERS.items() for n, word in enumerate(words, 1)]
    asked = [f"{n},{lang},{word}?" for n, lang, word in rows]
    answered = [
        f"{line},{'odd' if n % 2 else 'even'},{n + 1},{n - 1},0,{n} + 1 = {n + 1}."
        for line, (n, _, _) in zip(asked, rows, strict=True)
    ]
    taught = [  # no sentence is learned and measured on
        line.replace(f"{word}?", f"{word} {word}?") for line, (_, _, word) in zip(answered, rows, strict=True)
    ]
    (tmp_path / "source.toml").write_text(SPEC)
    (tmp_path / "asked.csv").write_text("\n".join(["id,lang,text", *asked]))
    (tmp_path / "words.csv").write_text("\n".join(["id,lang,words", *(f"{n},{x},{w}" for n, x, w in rows)]))
    for name, lines in (("answered", answered), ("taught", taught)):
        text = "\n".join(["id,lang,text,label,right,wrong,which,why", *lines])
        (tmp_path / f"{name}.csv").write_text(text)
    return FileSource(tmp_path)


@pytest.mark.parametrize("kind", ["llama", "qwen2"])
@RECIPE
def test_runs_unchanged_on_real_architectures_and_reloads_elsewhere(
    name: str,
    kind: str,
    counting: FileSource,
    random_model: Any,
    same_logits: Any,
    tmp_path: Path,
) -> None:
    base = load(
        random_model(kind, [f"{word}?" for words in NUMBERS.values() for word in words]), device="cpu"
    )
    outcome = RECIPES.get(name).run(Context(base, counting, ("deu_Latn", "swh_Latn")), quick(name))
    if "tuned" not in outcome.models:
        assert outcome.numbers
        return
    tuned = outcome.models["tuned"]
    folder = save(tuned, tmp_path / "tuned")
    if tuned.adapted:
        same_logits(tuned, folder, base.name)
        return
    plain = AutoModelForCausalLM.from_pretrained(folder).eval()
    ids = torch.tensor([tuned.tokenizer("Eins? Zwei, tatu. One day")["input_ids"]])
    with torch.no_grad():
        torch.testing.assert_close(
            tuned.model(input_ids=ids).logits, plain(input_ids=ids).logits, rtol=0, atol=0
        )
