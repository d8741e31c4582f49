"""Learning labels: model and reader are taught the same questions, each in its way, at a stated cost."""

import torch

from interlingua.data.items import Choice, Example
from interlingua.models.classic import Reader
from interlingua.models.lm import LM
from interlingua.scoring.classes import chosen
from interlingua.training.adapt import Lora, adapt
from interlingua.training.budget import Budget
from interlingua.training.learn_classes import learn_classes
from interlingua.training.learn_labels import learn_labels, reader_for

ITEMS = [
    Choice(str(n), "t", "train", "x", f"a{n} {'b0' if n % 2 else 'c0'} ", ("d0", "d1"), n % 2, str(n), str(n))
    for n in range(8)
]


def test_a_reader_knows_the_questions_units_and_the_tasks_labels(lm: LM) -> None:
    more = Choice("9", "u", "train", "x", "a7 c0 ", ("d0", "d1", "d2"), 2, "9", "9")
    by_token = reader_for("cnn", [*ITEMS, more], lm.tokenizer, width=16)
    assert by_token.classes == {"t": range(2), "u": range(2, 5)}
    assert len(by_token.units.known) == 10  # a0 to a7, b0, c0
    by_letter = reader_for("char_cnn", ITEMS, width=16)
    assert len(by_letter.units.known) == 12  # a, b, c, the digits 0 to 7, and the space


def test_a_reader_learns_to_choose_and_stays_as_it_was(lm: LM) -> None:
    fresh = reader_for("cnn", ITEMS, lm.tokenizer, width=16, dropout=0.1)
    before = {name: tensor.clone() for name, tensor in fresh.net.state_dict().items()}
    done = learn_labels(fresh, ITEMS, Budget(40, 1e-2), 4, seed=1)
    assert isinstance(done.by, Reader)
    assert chosen(done.by, ITEMS) == [item.answer for item in ITEMS]
    assert (done.steps, done.label_tokens, done.tokens) == (40, 160, 320)  # two tokens a question
    assert all(torch.equal(tensor, before[name]) for name, tensor in fresh.net.state_dict().items())
    alike = learn_classes(fresh, ITEMS, Budget(40, 1e-2), 4, seed=1).reader.net.state_dict()
    assert all(torch.equal(tensor, alike[name]) for name, tensor in done.by.net.state_dict().items())


def test_a_model_learns_to_write_the_option(lm: LM) -> None:
    lora = Lora(("all-linear",), 2, 4.0)
    done = learn_labels(lm, ITEMS, Budget(2, 1e-2), 4, lora=lora, seed=1)
    rows = [Example(item.question, f"d{item.answer}", "labelled", "x", "t") for item in ITEMS]
    alike = adapt(lm, rows, lora, Budget(2, 1e-2), 4, seed=1)
    assert isinstance(done.by, LM)
    assert done.by.fingerprint() == alike.lm.fingerprint() != lm.fingerprint()
    assert (done.steps, done.label_tokens, done.tokens) == (2, alike.label_tokens, alike.tokens)
