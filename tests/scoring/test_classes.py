"""Answers of classic readers: the likeliest label of the task, whatever batch it is in."""

import torch

from interlingua.core.ledger import Ledger
from interlingua.data.items import Choice
from interlingua.models.classic import fresh_reader, units_of
from interlingua.scoring.choices import score_choices
from interlingua.scoring.classes import answers, chosen


def test_other_tasks_classes_and_batches_do_not_matter():
    reader = fresh_reader("char_cnn", units_of(["abc"]), {"t": 2, "u": 3}, seed=1)
    items = [
        Choice(str(n), task, "test", "x", text, ("p", "q", "r")[:count], 0, str(n), str(n))
        for n, (task, count, text) in enumerate([("t", 2, "a"), ("u", 3, "abcabc"), ("t", 2, "cb")])
    ]
    with torch.no_grad():
        logits = [reader.net(torch.tensor(reader.units.read([item.question])))[0] for item in items]
    wanted = [int(logits[0][:2].argmax()), int(logits[1][2:].argmax()), int(logits[2][:2].argmax())]
    assert answers(reader, items) == answers(reader, items, batch_size=1) == wanted
    assert answers(reader, []) == []


def test_a_model_and_a_reader_choose_alike_and_rows_of_a_model_are_kept(lm, choice):
    items = [choice(f"is river {n} long ?", ("yes", "no"), n) for n in range(3)]
    reader = fresh_reader("cnn", units_of([item.question for item in items]), {"toy": 2}, seed=1)
    with Ledger(None) as ledger:
        assert chosen(reader, items, ledger=ledger) == answers(reader, items)
        assert not list(ledger.rows())
        given = chosen(lm, items, ledger=ledger)
        assert len(list(ledger.rows())) == 3
    assert given == [row.prediction for row in score_choices(lm, items)]
