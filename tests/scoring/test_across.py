"""Across tables: with one table it is ordinary generation; with two, each text keeps to its own."""

import pytest
import torch

from interlingua.core.errors import BadInput, ModelError
from interlingua.data.items import Pair
from interlingua.data.prompts import Template
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.surgery.tokens import size_of
from interlingua.models.surgery.vocabulary import from_rows, with_vocabulary
from interlingua.scoring.across import generate_across, translate_across
from interlingua.scoring.generate import generate

PROMPTS = ["is the river long ?", "the river", "the old man sees the long river in the valley"]


@pytest.fixture(params=["llama", "qwen3", "gemma2", "gpt2"])
def lm(request):
    """A random model."""
    return tiny_model(request.param, small_tokenizer(PROMPTS * 4, 300), max_position_embeddings=64)


def test_with_one_table_it_is_greedy_generation(lm):
    assert generate_across(lm, lm, PROMPTS, 6) == generate(lm, PROMPTS, 6)


def test_what_is_written_is_in_the_other_tokens(lm):
    # New token n has the row of old token n + 3, so the new model writes what the old one would, renumbered.
    other = small_tokenizer(["ο ποταμός είναι μακρύς"] * 3, 280)
    rows = {number: {number + 3: 1.0} for number in range(size_of(other))}
    writes = with_vocabulary(lm, other, from_rows(rows, (size_of(other), size_of(lm.tokenizer))))
    told = generate_across(lm, writes, PROMPTS[:1], 1)
    ids = torch.tensor([lm.tokenizer(PROMPTS[0])["input_ids"]])
    with torch.no_grad():
        best = int(lm.model(input_ids=ids).logits[0, -1, 3 : 3 + size_of(other)].argmax())
    assert told == [other.decode([best], skip_special_tokens=True)]


def test_prompts_that_are_too_long_lose_their_beginning(lm):
    assert len(generate_across(lm, lm, ["the river " * 100], 8)) == 1


def test_what_cannot_be_done_is_refused(lm):
    with pytest.raises(BadInput, match="at least 1, not 0"):
        generate_across(lm, lm, PROMPTS, 0)
    wide = tiny_model("llama", lm.tokenizer, hidden_size=64)
    with pytest.raises(ModelError, match="does not fit"):
        generate_across(wide, lm, PROMPTS, 1)


def test_translations_are_asked_in_the_template_and_may_be_twice_as_long_as_the_longest(lm):
    said = [("der", "the river"), ("fluss", "old")]
    pairs = [Pair(source, "deu_Latn", "eng_Latn", source, target) for source, target in said]
    frame = Template("{question} = ")
    longest = len(lm.tokenizer("the river")["input_ids"])
    prompts = [frame.render(pair.source, "deu_Latn", "eng_Latn") for pair in pairs]
    assert translate_across(lm, lm, pairs, frame) == generate_across(lm, lm, prompts, 2 * longest)
    assert translate_across(lm, lm, [], frame) == []
