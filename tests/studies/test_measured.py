"""Arms tuned and measured: the same questions everywhere, the frame asked for, cards, and resuming."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from interlingua.core.errors import BadInput, UnknownName
from interlingua.core.ledger import Ledger
from interlingua.data.prompts import PAPER, Template
from interlingua.models.lm import LM
from interlingua.recipes.recipe import RECIPES
from interlingua.studies.measured import (
    Arm,
    Job,
    alignment,
    drawn,
    knobs_of,
    measure,
    shown,
    template_of,
    tune_and_measure,
)

FRAME = "{question} = "


def test_knobs_are_the_papers_or_a_presets_with_changes_in_order() -> None:
    recipe = RECIPES.get("question_translation")
    assert knobs_of(recipe, None) == recipe.Knobs()
    assert knobs_of(recipe, "small", {"steps": "5", "rank": 2}, {"steps": 7}) == replace(
        recipe.presets["small"], steps=7, rank=2
    )
    with pytest.raises(BadInput, match="no preset 'large'; it has small"):
        knobs_of(recipe, "large")
    with pytest.raises(UnknownName, match="knob"):
        knobs_of(recipe, None, {"stepps": 1})


def test_the_frame_of_knobs_without_one_is_the_papers() -> None:
    assert template_of(RECIPES.get("question_translation").presets["small"]) == FRAME
    assert template_of(object()) == PAPER


def test_the_same_questions_are_drawn_in_every_language(tiny: Any) -> None:
    groups = {lang: [item.group for item in drawn(tiny, "topic", lang, 6, 3)] for lang in tiny.languages}
    assert len({tuple(each) for each in groups.values()}) == 1
    assert len(groups["qaa_Latn"]) == 6
    assert groups["qaa_Latn"] != [item.group for item in drawn(tiny, "topic", "qaa_Latn", 6, 4)]
    assert len(drawn(tiny, "topic", "qaa_Latn", None, 0)) == len(tiny.task("topic", "qaa_Latn", "test"))
    with pytest.raises(BadInput, match="Limit 0"):
        drawn(tiny, "topic", "qaa_Latn", 0, 0)


def test_shots_are_training_questions_of_the_tuned_languages(tiny: Any) -> None:
    pairs = shown(tiny, ("qab_Cyrl", "qad_Deva"), "qaa_Latn", 2, 0)
    assert [pair.source_lang for pair in pairs] == ["qab_Cyrl"] * 2 + ["qad_Deva"] * 2
    assert {pair.target_lang for pair in pairs} == {"qaa_Latn"}
    assert all("-train-" in pair.id for pair in pairs)
    assert shown(tiny, ("qab_Cyrl",), "qaa_Latn", 0, 0) == []


def test_rows_of_both_ways_of_answering(tiny: Any, tiny_base: LM) -> None:
    langs = ("qaa_Latn", "qac_Arab")
    rows = measure(tiny_base, tiny, ("topic",), langs, ("direct", "restate"), Template(FRAME), 3, 0)
    assert {mode: len(found) for mode, found in rows.items()} == {"direct": 6, "restate": 6}
    pivot = {row.group: row.question for row in rows["direct"] if row.lang == "qaa_Latn"}
    foreign = [row for row in rows["restate"] if row.lang == "qac_Arab"]
    assert [row.extra["reference"] for row in foreign] == [pivot[row.group] for row in foreign]
    with pytest.raises(BadInput, match="No way of answering called 'sung'; there are direct, restate"):
        measure(tiny_base, tiny, ("topic",), langs, ("sung",), Template(FRAME), 3, 0)


def test_alignment_has_a_number_per_layer_and_language(tiny: Any, tiny_base: LM) -> None:
    found = alignment(tiny_base, tiny, ("topic",), ("qaa_Latn", "qac_Arab"))
    assert found.keys() == {"qac_Arab"}
    assert len(found["qac_Arab"]) == 1 + tiny_base.model.config.num_hidden_layers
    assert all(0 <= score <= 1 for score in found["qac_Arab"])


@pytest.fixture
def job(tmp_path: Path, tiny_base: LM) -> Job:
    """A quick tuning on the smallest world, three questions measured."""
    changes = {"steps": 2, "batch_size": 4, "limit": 6}
    arm = Arm("tuned", "question_translation", {"signal": "reverse"}, ("restate",))
    return Job(
        arm, "lab:tiny", None, ("qab_Cyrl",), "qaa_Latn", ("topic",), ("qaa_Latn", "qac_Arab"), 3, 0, "small",
        changes, tmp_path, "cpu", FRAME, tmp_path / "model",
    )  # fmt: skip


def test_an_arm_is_tuned_saved_with_its_card_and_measured(job: Job) -> None:
    found = tune_and_measure(job)
    assert (found.arm, found.facts["steps"]) == ("tuned", 2.0)
    assert {mode: len(rows) for mode, rows in found.rows.items()} == {"restate": 6}
    assert {row.model for row in found.rows["restate"]} == {found.fingerprint}
    card = (job.folder / "model" / "README.md").read_text(encoding="utf-8")
    for fact in ("**recipe**: question_translation", "**tuned on**: qab_Cyrl", "| signal | reverse |"):
        assert fact in card
    again = tune_and_measure(job)
    assert (again.fingerprint, again.rows) == (found.fingerprint, found.rows)
    with Ledger(job.folder / "ledger.sqlite") as ledger:
        assert len(list(ledger.rows())) == 6


def test_an_arm_without_a_recipe_restates_in_the_jobs_frame(job: Job) -> None:
    base = replace(job, arm=Arm("base", modes=("restate",)), keep=None, changes={})

    def tokens(template: str) -> list[int]:
        rows = tune_and_measure(replace(base, template=template)).rows["restate"]
        return [row.tokens for row in rows if row.lang != "qaa_Latn"]

    assert sum(tokens("{question} {question} {question} ")) > sum(tokens(FRAME))
    assert job.name == "arm tuned"
