"""Learning sentences: all but the head learns, at a stated cost; stages draw their rows apart."""

import torch

from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.training.budget import Budget
from interlingua.training.learn_sentences import learn_sentences
from interlingua.training.objectives.contrastive import likeness, ranking
from interlingua.training.sentence_batches import Row

ROWS: list[Row] = [(f"a{at}", f"b{at} b0", f"c{at}", 1.0) for at in range(1, 8)]


def test_all_weights_but_those_of_the_head_learn(lm: LM) -> None:
    before = {name: weight.detach().clone() for name, weight in lm.model.named_parameters()}
    done = learn_sentences(lm, ROWS, ranking(), Budget(2, 1e-2), 3)
    same = {name for name, weight in done.lm.model.named_parameters() if torch.equal(weight, before[name])}
    assert same == {"lm_head.weight"}
    assert all(torch.equal(weight, before[name]) for name, weight in lm.model.named_parameters())
    assert done.cost() == {"steps": 2, "label_tokens": 24, "tokens": 24}  # 2 steps of 3 rows of 1 + 2 + 1


def test_where_there_is_an_adapter_it_alone_learns(lm: LM) -> None:
    adapted = with_lora(lm, "all-linear", 2, 4.0)
    before = {name: weight.detach().clone() for name, weight in adapted.model.named_parameters()}
    done = learn_sentences(adapted, ROWS, ranking(), Budget(2, 1e-2), 3).lm.model
    moved = {name for name, weight in done.named_parameters() if not torch.equal(weight, before[name])}
    assert moved
    assert all("lora_" in name for name in moved)


def test_stages_draw_rows_apart_and_texts_are_cut(lm: LM) -> None:
    def tuned(**more: object) -> str:
        return learn_sentences(lm, ROWS, likeness, Budget(1, 1e-2), 3, **more).lm.fingerprint()  # type: ignore[arg-type]

    assert tuned(stage="one") == tuned(stage="one") != tuned(stage="two")
    assert tuned(stage="one", seed=1) != tuned(stage="one")
    assert learn_sentences(lm, ROWS, likeness, Budget(1, 1e-2), 3, max_tokens=1).tokens == 9
