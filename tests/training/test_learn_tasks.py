"""Learning tasks: what is learned from, and that no budget leaves the model as it is."""

from typing import Any

import pytest
import torch

from interlingua.core.errors import MissingResource
from interlingua.data.items import Choice
from interlingua.data.task_rows import task_rows
from interlingua.models.lm import LM
from interlingua.training.adapt import Lora, adapt
from interlingua.training.budget import Budget
from interlingua.training.learn_tasks import learn_tasks

PIVOT, X = "eng_Latn", "deu_Latn"


class Toy:
    """Task `one` in two languages, eight questions to learn in each."""

    name, pivot, tasks = "toy", PIVOT, ("one",)

    def task(self, name: str, lang: str, split: str = "test") -> list[Choice]:
        word = "b" if lang == PIVOT else "c"
        return [
            Choice(str(n), name, split, lang, f"{word}{n} a0 ", ("d0", "d1"), n % 2, str(n), str(n))
            for n in range(8)
        ]


def test_task_rows_of_the_pivot_and_the_languages_are_learned(lm: LM) -> None:
    source: Any = Toy()
    budget, lora = Budget(5, 1e-2), Lora(("q_proj",), 2, 4.0)
    done = learn_tasks(lm, source, (X,), lora, budget, 4, limit=3, seed=1)
    alike = adapt(lm, task_rows(source, (X,), 3, 1), lora, budget, 4, seed=1)
    assert done.cost() == alike.cost()
    assert done.steps == 5
    for (name, tensor), other in zip(
        done.lm.model.state_dict().items(), alike.lm.model.state_dict().values(), strict=True
    ):
        assert torch.equal(tensor, other), name


def test_without_a_budget_the_model_stays_and_costs_nothing(lm: LM) -> None:
    source: Any = Toy()
    done = learn_tasks(lm, source, (X,), Lora(), None, 4)
    assert done.lm is lm
    assert done.cost() == {"steps": 0, "label_tokens": 0, "tokens": 0}


def test_a_source_without_tasks_is_told(lm: LM) -> None:
    source: Any = Toy()
    source.tasks = ()
    with pytest.raises(MissingResource, match="toy has no labelled training questions"):
        learn_tasks(lm, source, (X,), Lora(), Budget(2, 1e-2), 4)
