"""Token grid: each cell is what the model's layer says after that token."""

import json

import pytest
import torch

from interlingua.core.errors import BadInput, ModelError
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.lm import LM
from interlingua.scoring.readable import alone
from interlingua.scoring.token_grid import token_grid

LINES = ["is the river long ? yes", "река длинная ? да", "แม่น้ำ ยาว ใช่ ไม่ใช่"]


@pytest.fixture(scope="module")
def tokenizer():
    return small_tokenizer(LINES * 3, 330)


@pytest.mark.parametrize("kind", ["llama", "gemma2", "gpt2"])
@pytest.mark.parametrize("text", LINES)
def test_cells_are_what_the_layers_say(kind: str, text: str, tokenizer) -> None:
    lm = tiny_model(kind, tokenizer)
    grid = token_grid(lm, text, top=3)
    ids = torch.tensor([tokenizer(text)["input_ids"]])
    assert len(grid.cells) == len(grid.tokens) == ids.shape[1]
    assert (grid.text, grid.cut) == (text, 0)
    with torch.inference_mode():
        own = lm.model(input_ids=ids).logits[0].double().softmax(-1)
    for column, p in zip(grid.cells, own, strict=True):
        assert len(column) == 3
        shares, tokens = p.topk(3)
        assert [word for word, _ in column[-1].top] == alone(lm, tokens.tolist())
        assert [share for _, share in column[-1].top] == pytest.approx(shares.tolist(), rel=1e-4)
        assert column[-1].entropy == pytest.approx(-(p * p.log()).sum().item(), abs=1e-4)


def test_layers_below_the_last(tokenizer) -> None:
    lm = tiny_model("llama", tokenizer)
    grid = token_grid(lm, LINES[0], top=1)
    ids = torch.tensor([tokenizer(LINES[0])["input_ids"]])
    with torch.inference_mode():
        for layer, states in enumerate(lm.model(input_ids=ids, output_hidden_states=True).hidden_states[:-1]):
            p, token = lm.model.lm_head(lm.model.model.norm(states))[0].softmax(-1).max(-1)
            wanted = list(zip(alone(lm, token.tolist()), p.tolist(), strict=True))
            for column, (word, share) in zip(grid.cells, wanted, strict=True):
                assert column[layer].top == ((word, pytest.approx(share, rel=1e-4)),)


def test_plain_values(tokenizer) -> None:
    grid = token_grid(tiny_model("llama", tokenizer), "yes", top=2)
    found = json.loads(json.dumps(grid.as_dict()))
    assert (found["text"], found["tokens"][0], found["cut"]) == ("yes", "<s>", 0)
    assert found["cells"][0][2]["top"] == [list(pair) for pair in grid.cells[0][2].top]


def test_more_than_the_vocabulary_and_a_long_text(tokenizer) -> None:
    lm = tiny_model("llama", tokenizer, max_position_embeddings=8)
    grid = token_grid(lm, "is the river long ? yes is the river", top=10_000)
    assert (len(grid.tokens), grid.tokens[0]) == (8, "<s>")
    assert grid.cut == len(tokenizer("is the river long ? yes is the river")["input_ids"]) - 8
    (cell, *_) = grid.cells[0]
    assert len(cell.top) == len(tokenizer)
    assert sum(share for _, share in cell.top) == pytest.approx(1, abs=1e-5)


def test_bad_input_is_one_clear_line(tokenizer) -> None:
    lm = tiny_model("llama", tokenizer)
    for text, top in ((" \n", 5), ("yes", 0)):
        with pytest.raises(BadInput, match="A grid needs a text and a top of 1 or more") as error:
            token_grid(lm, text, top=top)
        assert "\n" not in str(error.value)
    with torch.no_grad():
        lm.model.get_input_embeddings().weight[tokenizer(" river")["input_ids"][-1]] = torch.nan
    with pytest.raises(BadInput, match=r"Token \d of 'the river' has nan in layer 0"):
        token_grid(lm, "the river")
    with pytest.raises(ModelError, match="no causal language model with an unembedding"):
        token_grid(LM(lm.model.model, tokenizer, "body"), "yes")
