"""What every recipe promises: swept over the whole shelf, on the smallest lab world and on plain files."""

from collections.abc import Callable, Mapping
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args

import pytest
import torch

import interlingua.recipes
from interlingua.core.errors import BadInput, MissingResource
from interlingua.data.files import FileSource
from interlingua.lab.named import world
from interlingua.models.lm import LM, load, save
from interlingua.recipes.recipe import RECIPES, Claim, Context, Outcome, Recipe, Standing, with_knobs

NAMES = RECIPES.names()
RECIPE = pytest.mark.parametrize("name", NAMES)
CONTROLS = [(name, control) for name in NAMES for control in RECIPES.get(name).controls]
LANGUAGES = ("qab_Cyrl", "qad_Deva")
RESOURCES = {"text", "pairs", "questions", "dictionary", "tasks"}
QUICK = {"steps": 2, "own_steps": 2, "batch_size": 4, "limit": 8, "unlabelled": 2, "lr": 1e-2}
"""Knobs that any recipe may have, so small that a run takes a moment."""


def quick(name: str, **changes: Any) -> Any:
    """A recipe's knobs made quick, those it has."""
    recipe = RECIPES.get(name)
    known = {knob.name for knob in fields(recipe.Knobs)}
    return with_knobs(recipe.Knobs(), {k: v for k, v in {**QUICK, **changes}.items() if k in known})


def run(name: str, base: LM, source: Any = None, **changes: Any) -> Outcome:
    """One quick run on the smallest world."""
    seed = changes.pop("seed", 0)
    ctx = Context(base, source or world("lab:tiny"), LANGUAGES, seed)
    return RECIPES.get(name).run(ctx, quick(name, **changes))


def weights(lm: LM) -> dict[str, torch.Tensor]:
    """A copy of every tensor of a model."""
    return {key: tensor.clone() for key, tensor in lm.model.state_dict().items()}


def equal(a: Mapping[str, torch.Tensor], b: Mapping[str, torch.Tensor]) -> bool:
    """Whether two models are the same bit by bit."""
    return a.keys() == b.keys() and all(torch.equal(tensor, b[key]) for key, tensor in a.items())


class Lacking:
    """The smallest world without one of its resources, which it names as a source must."""

    def __init__(self, lacks: str) -> None:
        self._world, self._lacks = world("lab:tiny"), lacks

    def __getattr__(self, name: str) -> Any:
        if name == "tasks" and self._lacks == "tasks":
            return ()
        if name == self._lacks:
            raise MissingResource(f"lab:tiny has no {name}; others would do")
        return getattr(self._world, name)


class Empty(Lacking):
    """The smallest world with one of its resources there, but empty."""

    def __getattr__(self, name: str) -> Any:
        if name == {"tasks": "task"}.get(self._lacks, self._lacks):
            return lambda *_: []
        return getattr(self._world, name)


def test_the_sweep_sees_every_recipe() -> None:
    folder = Path(next(iter(interlingua.recipes.__path__)))
    holding = [path.stem for path in folder.glob("*.py") if "\nRECIPE = " in path.read_text(encoding="utf-8")]
    assert sorted(holding) == NAMES
    assert len(NAMES) >= 2
    assert len(CONTROLS) >= 5


@RECIPE
def test_says_what_it_is(name: str) -> None:
    recipe = RECIPES.get(name)
    assert isinstance(recipe, Recipe)
    assert recipe.paper
    assert recipe.standing in get_args(Standing)
    assert recipe.needs
    assert recipe.needs <= RESOURCES
    assert recipe.changes
    text = Path(interlingua.recipes.__path__[0], f"{name}.py").read_text(encoding="utf-8")
    assert RECIPES.blurb(name).endswith(".")
    assert all(f"\n{part} " in text for part in ("Paper", "Method", "Departs"))
    assert "from interlingua.recipes." not in text.replace("from interlingua.recipes.recipe ", "")


@RECIPE
def test_the_catalogue_reads_it_without_importing_it(name: str) -> None:
    recipe, said = RECIPES.get(name), RECIPES.declared(name)
    for fact in ("paper", "needs", "changes", "standing", "controls"):
        assert said[fact] == getattr(recipe, fact)


@RECIPE
def test_claims_are_about_what_is_run(name: str) -> None:
    recipe = RECIPES.get(name)
    assert recipe.expects
    for claim in recipe.expects:
        assert isinstance(claim, Claim)
        assert claim.quantity in {"direct", "restate"}
        assert claim.on in {"seen", "unseen", "pivot"}
        assert claim.direction in {"rises", "falls", "stays"}
        assert claim.versus in {"base", *recipe.controls}


@RECIPE
def test_controls_and_presets_change_knobs_there_are(name: str) -> None:
    recipe = RECIPES.get(name)
    knobs = recipe.Knobs()
    assert is_dataclass(knobs)
    assert recipe.controls
    assert recipe.controls.keys().isdisjoint(recipe.oracles)
    with pytest.raises(FrozenInstanceError):
        setattr(knobs, fields(knobs)[0].name, None)
    for changes in (*recipe.controls.values(), *recipe.oracles.values()):
        assert with_knobs(knobs, changes) != knobs
    for preset in recipe.presets.values():
        assert isinstance(preset, recipe.Knobs)
        assert preset != knobs


@RECIPE
def test_knobs_out_of_range_are_refused_before_any_work(name: str) -> None:
    knobs = quick(name)
    counts = {"steps", "own_steps", "rank", "batch_size", "limit", "unlabelled"} & vars(knobs).keys()
    assert "steps" in counts
    for knob in counts:
        with pytest.raises(BadInput, match=f"Knob {knob} must be at least 1, not 0"):
            replace(knobs, **{knob: 0})
    with pytest.raises(BadInput, match=r"Knob lr must be above 0, not -1\.0"):
        with_knobs(knobs, {"lr": "-1"})


@RECIPE
def test_the_same_seed_gives_the_same_models_and_the_base_stays(name: str, tiny_base: LM) -> None:
    before = weights(tiny_base)
    one, again, other = (run(name, tiny_base, seed=seed) for seed in (0, 0, 1))
    assert equal(before, weights(tiny_base))
    assert "tuned" in one.models
    for model, lm in one.models.items():
        assert equal(weights(lm), weights(again.models[model]))
        assert not equal(weights(lm), weights(other.models[model]))
    assert one.facts == again.facts
    assert one.facts["steps"] >= 2


@RECIPE
def test_the_card_is_written_and_the_saved_model_is_that_model(
    name: str, tiny_base: LM, tmp_path: Path
) -> None:
    tuned = run(name, tiny_base).models["tuned"]
    folder = save(tuned, tmp_path / "saved")
    assert tiny_base.name in (folder / "README.md").read_text(encoding="utf-8")
    assert equal(weights(load(folder, base=tiny_base)), weights(tuned))


@pytest.mark.parametrize(
    ("name", "resource"), [(name, resource) for name in NAMES for resource in sorted(RECIPES.get(name).needs)]
)
@pytest.mark.parametrize("lacking", [Lacking, Empty])
def test_a_missing_or_empty_resource_is_named(
    lacking: type[Lacking], name: str, resource: str, tiny_base: LM
) -> None:
    with pytest.raises((MissingResource, BadInput), match=f"{resource.removesuffix('s')}|examples") as told:
        run(name, tiny_base, lacking(resource))
    assert lacking is Empty or told.type is MissingResource
    assert "\n" not in str(told.value)


@RECIPE
def test_languages_that_cannot_be_tuned_on_are_refused(name: str, tiny_base: LM) -> None:
    for languages in ((), ("qaa_Latn",)):
        with pytest.raises(BadInput, match=r"No language|target language"):
            RECIPES.get(name).run(Context(tiny_base, world("lab:tiny"), languages), quick(name))


@pytest.fixture(scope="module")
def cost(tiny_base: LM) -> Callable[[str], Mapping[str, float]]:
    """What a run costs, found once for all controls; long enough for labelled tokens to even out."""
    known: dict[str, Mapping[str, float]] = {}

    def of(name: str, **changes: Any) -> Mapping[str, float]:
        long = {"steps": 40, "own_steps": 20, "batch_size": 8, "limit": 20, "unlabelled": 10, **changes}
        return run(name, tiny_base, **long).facts

    def once(name: str, **changes: Any) -> Mapping[str, float]:
        key = repr((name, changes))
        if key not in known:
            known[key] = of(name, **changes)
        return known[key]

    return once


@pytest.mark.parametrize(("name", "control"), CONTROLS)
def test_controls_cost_the_same(
    name: str, control: str, cost: Callable[..., Mapping[str, float]], tiny_base: LM
) -> None:
    method, other = cost(name), cost(name, **RECIPES.get(name).controls[control])
    assert other["steps"] == method["steps"]
    assert other["label_tokens"] == pytest.approx(method["label_tokens"], rel=0.02)


SPEC = """
name = "counting"
pivot = "en"
[questions]
file = "asked.csv"
[tasks.parity]
files = { train = "answered.csv", test = "answered.csv" }
question = "{text} Odd or even? "
labels = { odd = "odd", even = "even" }
"""
NUMBERS = {
    "en": ("One?", "Two?", "Three?", "Four?", "Five?", "Six?"),
    "de": ("Eins?", "Zwei?", "Drei?", "Vier?", "Fünf?", "Sechs?"),
    "sw": ("Moja?", "Mbili?", "Tatu?", "Nne?", "Tano?", "Sita?"),
}


@pytest.fixture
def counting(tmp_path: Path) -> FileSource:
    """Six questions in three real languages, from files."""
    rows = [(n, lang, text) for lang, texts in NUMBERS.items() for n, text in enumerate(texts, 1)]
    asked = [f"{n},{lang},{text}" for n, lang, text in rows]
    answered = [f"{line},{'odd' if n % 2 else 'even'}" for line, (n, _, _) in zip(asked, rows, strict=True)]
    (tmp_path / "source.toml").write_text(SPEC)
    (tmp_path / "asked.csv").write_text("\n".join(["id,lang,text", *asked]))
    (tmp_path / "answered.csv").write_text("\n".join(["id,lang,text,label", *answered]))
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
    base = load(random_model(kind, [text for texts in NUMBERS.values() for text in texts]), device="cpu")
    ctx = Context(base, counting, ("deu_Latn", "swh_Latn"))
    tuned = RECIPES.get(name).run(ctx, quick(name)).models["tuned"]
    folder = save(tuned, tmp_path / "adapter")
    same_logits(tuned, folder, base.name)
