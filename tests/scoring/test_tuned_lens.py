"""Tuned lens: nearer to the model's own answer than the raw lens on unseen texts, and nothing else."""

import numpy as np
import pytest
import torch

from interlingua.core.errors import BadInput
from interlingua.data.items import Choice
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.adapters import with_lora
from interlingua.models.anatomy import unembed
from interlingua.models.lm import LM
from interlingua.scoring.layer_logits import states_at
from interlingua.scoring.lens import read_lens
from interlingua.scoring.token_grid import token_grid
from interlingua.scoring.tokens import encode
from interlingua.scoring.tuned_lens import TunedLens, fit_tuned_lens

TEXT = "the river is long and wide , das wasser ist kalt ; река длинная и холодная . แม่น้ำ ยาว no yes"


def sentences(count: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(TEXT.split(), size=rng.integers(6, 14))) for _ in range(count)]


@pytest.fixture(scope="module")
def tokenizer():
    return small_tokenizer(sentences(50, 0), 330)


@pytest.fixture(scope="module")
def lm(tokenizer) -> LM:
    return tiny_model("llama", tokenizer, num_hidden_layers=3)


@pytest.fixture(scope="module")
def lens(lm: LM) -> TunedLens:
    return fit_tuned_lens(lm, sentences(60, 1), steps=40)


def divergence(lm: LM, texts: list[str], lens: TunedLens | None) -> np.ndarray:
    """KL divergence of the model's own answer from each layer's, all tokens but the first, one by one."""
    rows = encode(lm, texts)
    found = []
    for _, states in states_at(lm, rows, [range(1, len(row)) for row in rows]):
        logits = unembed(lm, states if lens is None else lens.translate(states)).double()
        own = logits.log_softmax(-1)
        found.append((own[-1].exp() * (own[-1] - own)).sum(-1))
    return torch.cat(found, 1).mean(1).detach().numpy()


def test_it_is_nearer_to_the_last_layer_on_texts_it_has_not_seen(lm: LM, lens: TunedLens) -> None:
    assert len(lens.loss) == len(lens.raw_loss) == 3
    assert all(own < 0.8 * raw for own, raw in zip(lens.loss, lens.raw_loss, strict=True))
    texts = sentences(20, 2)
    tuned, raw = divergence(lm, texts, lens), divergence(lm, texts, None)
    assert (tuned[:-1] < 0.8 * raw[:-1]).all()
    np.testing.assert_allclose(raw[:-1], lens.raw_loss, rtol=0.25)
    np.testing.assert_allclose(tuned[:-1], lens.loss, rtol=0.25)
    assert tuned[-1] == raw[-1] == 0


@pytest.mark.parametrize("kind", ["gemma2", "gpt_neox", "bloom", "qwen3_moe"])
def test_other_families(kind: str, tokenizer) -> None:
    """Soft caps, biases, norms of embeddings and experts."""
    lens = fit_tuned_lens(tiny_model(kind, tokenizer), sentences(60, 1), steps=20)
    assert all(own < 0.9 * raw for own, raw in zip(lens.loss, lens.raw_loss, strict=True))


def test_steps_go_on_from_the_least_squares_guess(lm: LM, lens: TunedLens) -> None:
    first = fit_tuned_lens(lm, sentences(60, 1), steps=1)
    assert all(own < raw for own, raw in zip(first.loss, first.raw_loss, strict=True))
    assert sum(lens.loss) < 0.95 * sum(first.loss)
    assert first.raw_loss == lens.raw_loss
    assert (lens.tokens, lens.held_out) == (first.tokens, first.held_out)
    assert lens.tokens > 3 * lens.held_out


def test_a_layer_that_it_does_not_help_stays_as_it_is(tokenizer) -> None:
    """Where the layers do nothing, the raw lens is right already: no translator can be better."""
    lm = tiny_model("llama", tokenizer)
    with torch.no_grad():
        for layer in lm.model.model.layers:
            layer.self_attn.o_proj.weight.zero_()
            layer.mlp.down_proj.weight.zero_()
    lens = fit_tuned_lens(lm, sentences(20, 1), steps=3)
    assert lens.loss == lens.raw_loss == pytest.approx((0, 0), abs=1e-6)
    states = torch.randn(3, 4, 32)
    assert torch.equal(lens.translate(states), states)


def test_the_last_layer_is_left_alone_and_shapes_are_kept(lens: TunedLens) -> None:
    for dtype in (torch.float32, torch.bfloat16):
        states = torch.randn(4, 2, 5, 32).to(dtype)
        moved = lens.translate(states)
        assert (moved.shape, moved.dtype) == (states.shape, dtype)
        assert torch.equal(moved[-1], states[-1])
        assert not torch.equal(moved[0], states[0])
    by_hand = states.float()[1] @ (torch.eye(32) + lens.down[1] @ lens.up[1]) + lens.shift[1]
    torch.testing.assert_close(moved[1].float(), by_hand, atol=0.1, rtol=0.05)


def test_the_lens_and_the_grid_read_through_it(lm: LM, lens: TunedLens) -> None:
    one = Choice("0", "toy", "test", "eng_Latn", "the river is", (" is", " no"), 0, "0", "0")
    ((raw,), (tuned,)) = (read_lens(lm, [one], lens=each) for each in (None, lens))
    np.testing.assert_array_equal(raw.options[-1], tuned.options[-1])
    assert not np.allclose(raw.options[:-1], tuned.options[:-1])
    ids = encode(lm, [one.question])
    ((_, states),) = states_at(lm, ids, [[len(ids[0]) - 1]])
    wanted = unembed(lm, lens.translate(states)).double().softmax(-1)
    np.testing.assert_allclose(tuned.entropy, torch.special.entr(wanted).sum(-1)[:, 0].detach(), atol=1e-4)
    grid = token_grid(lm, one.question, lens=lens)
    assert [cell.entropy for cell in grid.cells[-1]] == pytest.approx(tuned.entropy.tolist(), abs=1e-4)


def test_saved_and_read_again(lens: TunedLens, tmp_path) -> None:
    again = TunedLens.load(lens.save(tmp_path / "deep" / "lens.safetensors"))
    for name in ("down", "up", "shift"):
        assert torch.equal(getattr(again, name), getattr(lens, name))
    for name in ("model", "loss", "raw_loss", "tokens", "held_out"):
        assert getattr(again, name) == getattr(lens, name)


def test_what_is_no_tuned_lens_is_refused(lm: LM, lens: TunedLens, tmp_path) -> None:
    from safetensors.torch import save_file

    path = lens.save(tmp_path / "lens.safetensors")
    damaged, other = tmp_path / "damaged", tmp_path / "other.safetensors"
    damaged.write_bytes(path.read_bytes()[:200])
    save_file({"down": torch.zeros(2)}, other)
    for wrong in (damaged, other, tmp_path / "nowhere"):
        with pytest.raises(BadInput, match="is no tuned lens; fit one") as error:
            TunedLens.load(wrong)
        assert "\n" not in str(error.value)
    with pytest.raises(BadInput, match="is for 4 layers of 32 numbers, the model has 3 of 32; fit one"):
        lens.translate(torch.zeros(3, 1, 32))


def test_the_same_call_gives_the_same_lens_and_leaves_all_else_alone(lm: LM, lens: TunedLens) -> None:
    before, state = lm.fingerprint(), torch.get_rng_state()
    lm.model.train()
    lm._print = None
    again = fit_tuned_lens(lm, sentences(60, 1), steps=40)
    assert lm.model.training
    lm.model.eval()
    assert torch.equal(torch.get_rng_state(), state)
    assert lm.fingerprint() == before == lens.model
    assert all(weights.grad is None and weights.requires_grad for weights in lm.model.parameters())
    assert again.loss == lens.loss
    assert torch.equal(again.up, lens.up)


def test_an_adapter_and_half_precision(lm: LM, tokenizer) -> None:
    adapted = with_lora(lm, "all-linear", rank=2, alpha=4)
    half = LM(tiny_model("llama", tokenizer).model.to(torch.bfloat16), tokenizer, "half")
    for one in (adapted, half):
        lens = fit_tuned_lens(one, sentences(40, 1), steps=5)
        assert all(own < raw for own, raw in zip(lens.loss, lens.raw_loss, strict=True))
        assert lens.up.dtype == torch.float32


@pytest.mark.parametrize(
    ("texts", "settings", "told"),
    [
        (["yes no"] * 4, {}, "needs 5 texts of 2 tokens or more, got 4"),
        ([""] * 10, {}, "got 0"),
        (["yes no"] * 10, {"steps": 0}, "needs steps of 1 or more, got 0"),
        (["yes no"] * 10, {"rank": 0}, "needs rank of 1 or more, got 0"),
    ],
)
def test_bad_input_is_one_clear_line(lm: LM, texts, settings, told) -> None:
    with pytest.raises(BadInput, match=told) as error:
        fit_tuned_lens(lm, texts, **settings)
    assert "\n" not in str(error.value)


def test_states_that_are_no_numbers_are_told(tokenizer) -> None:
    lm = tiny_model("llama", tokenizer)
    with torch.no_grad():
        lm.model.get_input_embeddings().weight[tokenizer(" river")["input_ids"][-1]] = torch.nan
    with pytest.raises(BadInput, match="has nan in layer 0; check the weights"):
        fit_tuned_lens(lm, sentences(20, 1), steps=1)
