"""Beginnings: which new tokens know their rows, and from which old ones."""

import numpy as np

from interlingua.lab.architectures import small_tokenizer
from interlingua.models.surgery.beginnings import BEGINNINGS
from interlingua.models.surgery.tokens import size_of
from interlingua.models.surgery.vocabulary import known

OLD = small_tokenizer(["one river, two rivers."] * 5, 300)
NEW = small_tokenizer(["ein fluss, zwei flüsse, one river."] * 5, 320)
SPECIAL = set(NEW.all_special_ids)


def test_every_beginning_gives_special_tokens_the_row_of_their_role() -> None:
    for rows in BEGINNINGS.values():
        weights = rows(OLD, NEW).toarray()
        assert weights.shape == (size_of(NEW), size_of(OLD))
        assert weights[NEW.eos_token_id, OLD.eos_token_id] == 1
        np.testing.assert_allclose(weights[list(SPECIAL)].sum(1), 1)


def test_random_knows_nothing_else_overlap_what_is_shared_mean_all() -> None:
    shared = {number for token, number in NEW.get_vocab().items() if token in OLD.get_vocab()}
    assert set(np.flatnonzero(known(BEGINNINGS["random"](OLD, NEW)))) == SPECIAL
    assert set(np.flatnonzero(known(BEGINNINGS["overlap"](OLD, NEW)))) == shared | SPECIAL
    assert known(BEGINNINGS["mean"](OLD, NEW)).all()
    assert shared - SPECIAL
    assert len(shared) < size_of(NEW)
