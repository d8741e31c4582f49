"""How much work a run would be."""

import pytest

from interlingua.cli.estimate import estimate, text_of
from interlingua.core.errors import ModelError, UnknownName
from interlingua.data.builders import question_translation
from interlingua.data.prompts import Template
from interlingua.lab.bases import load_base
from interlingua.lab.named import world
from interlingua.models.adapters import with_lora
from interlingua.models.lm import load, save
from interlingua.recipes.recipe import RECIPES
from interlingua.studies.measured import Arm

TINY = world("lab:tiny")
BASE = Arm("base")
TUNED = Arm("tuned", "question_translation", modes=("direct",))


def work(arms, changes=None, model=None, **settings):
    """An estimate for lab:tiny tuned on one language."""
    return estimate(
        arms, TINY, model or TINY.name, ("qab_Cyrl",), TINY.pivot, settings.get("measured", TINY.languages),
        settings.get("items", 5), settings.get("preset", "small"), changes or {}, "cpu",
    )  # fmt: skip


def test_answers_and_tokens_are_counted() -> None:
    found = work([BASE, TUNED])
    assert (found["models_measured"], found["models_tuned"]) == (2, 1)
    assert (
        found["answers"] == 2 * 4 * 5 * 3
    )  # tasks, languages, items; two ways of the base, one of the other
    tokenizer = load_base(TINY.name).tokenizer
    asked = [
        item.question for task in TINY.tasks for lang in TINY.languages for item in TINY.task(task, lang)[:20]
    ]
    mean = sum(map(len, tokenizer(asked)["input_ids"])) / len(asked)
    assert found["tokens_read"] >= 3 * 40 * mean * 0.99
    assert 0 < found["tokens_written"] < 40 * 40


def test_tokens_tuned_on_are_those_of_the_steps() -> None:
    tokenizer = load_base(TINY.name).tokenizer
    rows = question_translation(TINY, ("qab_Cyrl",), Template("{question}"))
    mean = sum(len(tokenizer(row.prompt + row.target)["input_ids"]) for row in rows) / len(rows)
    steps = work([TUNED], {"steps": "10", "batch_size": "4"})["tokens_tuned"]
    assert steps == pytest.approx(10 * 4 * mean, rel=0.1)
    epochs = work([TUNED], {"steps": "none", "epochs": "2", "batch_size": "4"})["tokens_tuned"]
    assert epochs == pytest.approx(2 * len(rows) * mean, rel=0.1)
    assert work([BASE])["tokens_tuned"] == 0


def test_two_stages_are_added() -> None:
    changes = {"steps": "10", "own_steps": "30"}
    both = work([Arm("own", "own_answers")], changes)["tokens_tuned"]
    assert both == pytest.approx(4 * work([TUNED], {"steps": "10"})["tokens_tuned"], rel=0.01)


def test_more_work_takes_more_tokens_and_more_room() -> None:
    less, more = work([BASE, TUNED]), work([BASE, TUNED, TUNED])
    assert 0 < less["tokens_read"] < more["tokens_read"]
    assert min(less["seconds"], more["seconds"]) > 0
    assert 0 < less["disk_bytes"] < more["disk_bytes"]


def test_a_model_in_a_folder_is_told_from_its_configuration_alone(tmp_path) -> None:
    base = load_base(TINY.name)
    save(base, tmp_path / "whole")
    (tmp_path / "whole" / "model.safetensors").write_bytes(b"never read")
    found = work([BASE, TUNED], model=str(tmp_path / "whole"))
    lab = work([BASE, TUNED])
    assert found["parameters"] == lab["parameters"] == sum(w.numel() for w in base.model.parameters())
    assert found["tokens_read"] == lab["tokens_read"]
    assert found["disk_bytes"] == lab["disk_bytes"]


def test_an_adapter_counts_as_its_base(tmp_path) -> None:
    save(load_base(TINY.name), tmp_path / "whole")
    save(with_lora(load(str(tmp_path / "whole")), ["q_proj"], 2, 4.0), tmp_path / "adapter")
    assert work([BASE], model=str(tmp_path / "adapter"))["parameters"] == work([BASE])["parameters"]


def test_what_the_run_would_refuse_is_refused() -> None:
    with pytest.raises(UnknownName, match="knob"):
        work([TUNED], {"stepps": "3"})
    with pytest.raises(ModelError, match="No model can be read from 'nowhere'"):
        work([BASE], model="nowhere")


def test_lines_for_people() -> None:
    told = text_of(
        {
            "parameters": 1_000_000, "models_measured": 2, "models_tuned": 1, "answers": 480,
            "tokens_read": 20_000, "tokens_written": 5_000, "tokens_tuned": 400_000, "seconds": 240.0,
            "disk_bytes": 12_300_000,
        }
    )  # fmt: skip
    assert told.splitlines() == [
        "models   2 measured, 1 of them tuned; 1,000,000 parameters each",
        "answers  480",
        "tokens   20,000 read, 5,000 written, 400,000 tuned on",
        "time     about 4 minutes on this machine, within a factor of three",
        "disk     about 12 MB",
    ]


@pytest.mark.parametrize("recipe", RECIPES.names())
def test_every_recipe_can_be_estimated(recipe: str, tiny_base, run_json) -> None:
    place = {"newcomer": "lab:new-tiny", "sums": "lab:sums-tiny"}.get(RECIPES.get(recipe).worlds, "lab:tiny")
    told = run_json("run", recipe, "--on", place, "--limit", "4", "--dry-run")
    assert told["parameters"] > 0
    assert told["tokens_read"] > 0
