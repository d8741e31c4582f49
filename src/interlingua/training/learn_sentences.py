"""Learning sentences: an encoder of sentences is tuned on rows of two or three by one objective."""

from collections.abc import Sequence
from pathlib import Path

from interlingua.core.seeds import derive
from interlingua.models.lm import LM
from interlingua.models.pooling import body_names
from interlingua.training.adapt import Adapted
from interlingua.training.budget import Budget
from interlingua.training.loop import train
from interlingua.training.loss import Objective
from interlingua.training.sentence_batches import Row, sentence_batches


def learn_sentences(
    lm: LM,
    rows: Sequence[Row],
    objective: Objective,
    budget: Budget,
    batch_size: int,
    *,
    max_tokens: int = 128,
    stage: str = "",
    seed: int = 0,
    checkpoint: Path | None = None,
    title: str = "Learning sentences",
) -> Adapted:
    """A new model whose sentence vectors are tuned: the adapter where there is one, else all but the head.

    Texts are cut after `max_tokens` tokens. Stages of one training draw their rows apart by `stage`. All
    tokens that are read count as learned from. Raises what `sentence_batches` and `train` raise.
    """
    batches = sentence_batches(lm, rows, batch_size, budget.batches, derive(seed, stage), max_tokens)
    learn = None if lm.adapted else body_names(lm).__contains__
    tuned = train(
        lm, batches, objective, budget, learn=learn, seed=seed, checkpoint=checkpoint, title=title
    )  # fmt: skip
    return Adapted(tuned, budget.steps, batches.tokens, batches.tokens)
