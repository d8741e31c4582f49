"""Learning a language from its text: language modelling of documents, with the loss of every step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from interlingua.core.errors import BadInput
from interlingua.models.lm import LM
from interlingua.models.surgery.future_heads import with_future_heads, without_future_heads
from interlingua.training.budget import Budget
from interlingua.training.cost import cost_of
from interlingua.training.curve import Curve
from interlingua.training.loop import Selector, everything, train
from interlingua.training.objectives.multi_token import multi_token
from interlingua.training.text_batches import text_batches


@dataclass(frozen=True)
class Learned:
    """A trained model, what it cost, and bits per byte of the text that each step read, before it learned it.

    All tokens are learned, so `label_tokens` are nearly all of the `tokens` that were read. `watched` is
    what was measured on the way, if anything was.
    """

    lm: LM
    steps: int
    label_tokens: int
    tokens: int
    curve: tuple[float, ...]
    watched: tuple[float, ...] = ()

    def area(self) -> float:
        """Mean bits per byte over the steps: the area under the curve, per step."""
        return float(np.mean(self.curve))

    def cost(self, *others: "Learned") -> dict[str, float]:
        """Steps and tokens of this training and of others together."""
        return cost_of(self, *others)


def learn_text(
    lm: LM,
    texts: Sequence[str],
    budget: Budget,
    *,
    length: int,
    batch_size: int,
    learn: Selector = everything,
    ahead: int = 0,
    watch: Callable[[LM], float] | None = None,
    after: Sequence[float] = (),
    seed: int = 0,
    checkpoint: Path | None = None,
    title: str = "Learning text",
) -> Learned:
    """Train on documents, in rows of `length` tokens; `ahead` further heads look past the next token.

    Further heads begin as copies of the model's own and are gone afterwards; the curve is that of its own.
    `watch` gets the model as it is `after` these shares of the steps, a copy without further heads; what is
    learned does not depend on it. Raises what `text_batches`, `train` and `watch` raise.
    """
    carrier = with_future_heads(lm, ahead) if ahead else lm
    batches = text_batches(carrier, texts, length, batch_size, budget.batches, seed)
    curve, watched = Curve("next", checkpoint), Curve("watched", checkpoint)
    looks = [max(1, round(share * budget.steps)) - 1 for share in after] if watch else []

    def learned(name: str) -> bool:
        return name.startswith("future_heads.") or learn(name)

    def look(step: int, now: LM) -> None:
        assert watch is not None
        watched(step, {"watched": watch(without_future_heads(now) if ahead else now)})

    tuned = train(
        carrier, batches, multi_token, budget, learn=learned, seed=seed, checkpoint=checkpoint, on_step=curve,
        on_model=look, looks=looks, title=title,
    )  # fmt: skip
    sizes = sum(len(text.encode()) for text in texts)
    rows = lm.tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]
    count = sum(len(ids) + (lm.tokenizer.eos_token_id is not None) for ids in rows)
    bits = count / sizes / np.log(2)
    return Learned(
        without_future_heads(tuned) if ahead else tuned, budget.steps, batches.label_tokens, batches.tokens,
        tuple(value * bits for value in curve.values(budget.steps)), tuple(watched.at(looks)),
    )  # fmt: skip


def steps_to(curve: Sequence[float], other: Sequence[float]) -> float:
    """The share of its steps after which a curve is where `other` ends; 1 where it never is.

    Both are means over a twentieth of the steps. Raises `BadInput` for curves of different length.
    """
    if len(curve) != len(other) or not len(curve):
        raise BadInput(f"Curves of {len(curve)} and {len(other)} steps cannot be compared; make them equal.")
    window = max(1, len(curve) // 20)
    target = float(np.mean(other[-window:]))
    smooth = np.convolve(curve, np.ones(window) / window, mode="valid")
    reached = np.flatnonzero(smooth <= target + 1e-12)
    return float(reached[0] + window) / len(curve) if len(reached) else 1.0
