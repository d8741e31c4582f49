"""Swaps and averages of layers, worked by hand, on real architectures with tied and untied heads."""

import re
from itertools import pairwise

import pytest
import torch
from transformers import AutoModelForCausalLM

from interlingua.core.errors import BadInput, ModelError
from interlingua.lab.architectures import small_tokenizer
from interlingua.models.adapters import merged, with_lora
from interlingua.models.lm import LM, load, save
from interlingua.models.surgery.layers import (
    Plan,
    average,
    even_plan,
    part_numbers,
    swap_layers,
    swap_plan,
)

TASK, LANGUAGE, BOTH = (1.0, 0.0), (0.0, 1.0), (0.5, 0.5)
IDS = torch.tensor([[5, 9, 17, 30], [40, 41, 2, 7]])


def weights(lm):
    """A copy of every parameter."""
    return {name: parameter.detach().clone() for name, parameter in lm.model.named_parameters()}


def logits(model):
    """Logits of two rows of four tokens."""
    with torch.no_grad():
        return model(input_ids=IDS).logits


def test_a_swap_takes_the_ends_from_the_second_model():
    plan = swap_plan(8, bottom=2, top=1, transition=1)
    assert plan.layers == (LANGUAGE, LANGUAGE, BOTH, TASK, TASK, TASK, BOTH, LANGUAGE)
    assert (plan.embeddings, plan.head) == (LANGUAGE, LANGUAGE)
    other = plan.opposite()
    assert other.layers == (TASK, TASK, BOTH, LANGUAGE, LANGUAGE, LANGUAGE, BOTH, TASK)
    assert (other.embeddings, other.head) == (LANGUAGE, LANGUAGE)
    assert other.opposite() == plan
    assert swap_plan(32) == swap_plan(32, 5, 5, 2)
    assert swap_plan(4) == swap_plan(4, 1, 1, 0)
    assert swap_plan(2) == swap_plan(2, 1, 0, 0)
    assert swap_plan(4, 1, 1, 1).layers == (LANGUAGE, BOTH, BOTH, LANGUAGE)
    assert swap_plan(4, 0, 0, 0, embeddings=TASK).layers == (TASK,) * 4
    assert even_plan(2, BOTH) == Plan(BOTH, (BOTH, BOTH), BOTH)


@pytest.mark.parametrize("ends", [(2, 2, 0), (4, 0, 0), (1, 1, 2), (-1, 1, 0), (2, 1, 1)])
def test_a_swap_that_leaves_the_first_model_nothing_is_refused(ends):
    with pytest.raises(BadInput, match=r"leave no middle in 4 layers"):
        swap_plan(4, *ends)


def test_shares_have_to_be_of_one_whole():
    with pytest.raises(BadInput, match=r"Part 1 of the plan has shares 0\.5, 0\.4; 2 that add up to 1"):
        Plan(TASK, ((0.5, 0.4),), TASK)
    with pytest.raises(BadInput, match=r"Part 2 of the plan has shares 1; 2 that"):
        Plan(TASK, (TASK,), (1.0,))


def test_an_average_is_worked_by_hand():
    one, two = torch.tensor([1.0, 2.0]), torch.tensor([3.0, -2.0])
    assert average([one, two], (0.25, 0.75)).tolist() == [2.5, -1.0]
    assert average([one, two], (2.0, -1.0)).tolist() == [-1.0, 6.0]
    assert average([one, two], (0.0, 1.0)) is two
    half = average([one.bfloat16(), two.bfloat16()], (0.5, 0.5))
    assert half.dtype == torch.bfloat16
    assert half.tolist() == [2.0, 0.0]


@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
@pytest.mark.parametrize("kind", ["llama", "qwen2", "gpt2", "gpt_neox", "gemma3", "phi", "olmo", "qwen3_moe"])
def test_every_weight_comes_from_where_the_plan_says(made, kind, tied):
    _, task, language = made(kind, tied=tied)
    before = weights(task), weights(language)
    plan = Plan(TASK, (LANGUAGE, BOTH, TASK, LANGUAGE), LANGUAGE)
    swapped = swap_layers(task, language, plan=plan)
    numbers, a, b = part_numbers(task), *before
    assert set(numbers.values()) >= {0, 1, 2, 3, 4}
    assert numbers.keys() == a.keys() == weights(swapped).keys()
    for name, tensor in weights(swapped).items():
        first, second = plan.parts[numbers[name]]
        torch.testing.assert_close(tensor, first * a[name] + second * b[name], rtol=1e-6, atol=1e-7)
    head = swapped.model.get_output_embeddings().weight
    assert (head is swapped.model.get_input_embeddings().weight) == tied
    assert torch.equal(head, (task if tied else language).model.get_output_embeddings().weight)
    for lm, old in ((task, before[0]), (language, before[1])):
        assert all(torch.equal(old[name], tensor) for name, tensor in weights(lm).items())


def test_layers_run_in_the_order_they_are_put(made):
    """The swapped model is the pipe of embeddings, layers and head that the plan names, run by hand."""
    _, task, language = made("llama")
    swapped = swap_layers(task, language, plan=swap_plan(4, 1, 1))
    donors = [language, task, task, language]
    body = language.model.model
    with torch.no_grad():
        states = body.embed_tokens(IDS)
        places = torch.arange(IDS.shape[1])[None]
        turned = body.rotary_emb(states, places)
        mask = torch.full((4, 4), -torch.inf).triu(1)[None, None]
        for place, donor in enumerate(donors):
            layer = donor.model.model.layers[place]
            states = layer(states, position_embeddings=turned, attention_mask=mask)
        by_hand = language.model.lm_head(body.norm(states))
    torch.testing.assert_close(logits(swapped.model), by_hand, rtol=1e-5, atol=1e-5)
    assert not torch.allclose(logits(task.model), by_hand, atol=1e-2)


def test_whole_parts_share_their_tensors_and_averages_do_not(made):
    _, task, language = made()
    swapped = swap_layers(task, language, plan=swap_plan(4, 1, 0, 1, embeddings=TASK, head=LANGUAGE))
    numbers, ours = part_numbers(swapped), dict(swapped.model.named_parameters())
    a, b = dict(task.model.named_parameters()), dict(language.model.named_parameters())
    owners = [a, b, None, a, None, b]
    for name, number in numbers.items():
        held = {id_ for id_, model in ((0, a), (1, b)) if ours[name].data_ptr() == model[name].data_ptr()}
        assert held == ({0} if owners[number] is a else {1} if owners[number] is b else set())
        assert ours[name] is not a[name]


def test_a_model_merged_with_itself_is_itself(made):
    _, task, language = made("qwen2")
    assert torch.equal(logits(swap_layers(task, task, plan=even_plan(4, BOTH)).model), logits(task.model))
    back = swap_layers(task, language, plan=even_plan(4, LANGUAGE))
    assert back.fingerprint() == language.fingerprint()
    assert back.name == "task"
    assert back.card["merged_from"] == ["task", "language"]


def test_soups_of_three(made):
    base, task, language = made()
    soup = swap_layers(base, task, language, plan=even_plan(4, (0.25, 0.25, 0.5)))
    a, b, c = weights(base), weights(task), weights(language)
    for name, tensor in weights(soup).items():
        torch.testing.assert_close(tensor, (a[name] + b[name] + 2 * c[name]) / 4)


def test_adapters_are_merged_first(made):
    base, task, _ = made("qwen2")
    adapted = with_lora(base, "all-linear", rank=2, alpha=4)
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for name, parameter in adapted.model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(0, 0.3, generator=generator)
    swapped = swap_layers(task, adapted, plan=swap_plan(4, 1, 1))
    assert not swapped.adapted
    expected = swap_layers(task, merged(adapted), plan=swap_plan(4, 1, 1))
    assert swapped.fingerprint() == expected.fingerprint() != task.fingerprint()
    assert all(parameter.requires_grad for parameter in swapped.model.parameters())
    assert adapted.adapted


@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
@pytest.mark.parametrize("kind", ["llama", "qwen2", "gpt2"])
def test_saved_and_loaded_by_plain_transformers_it_says_the_same(made, kind, tied, tmp_path):
    _, task, language = made(kind, tied=tied)
    swapped = swap_layers(task, language, plan=Plan(TASK, (LANGUAGE, BOTH, TASK, LANGUAGE), LANGUAGE))
    folder = save(swapped, tmp_path / "swapped")
    plain = AutoModelForCausalLM.from_pretrained(folder).eval()
    assert torch.equal(logits(plain), logits(swapped.model))
    assert load(folder, device="cpu").fingerprint() == swapped.fingerprint()
    assert re.search(r"merged from.*task.*language", (folder / "README.md").read_text(encoding="utf-8"))


def test_all_plans_between_two_models_differ(made):
    _, task, language = made(layers=3)
    plans = [even_plan(3, TASK), swap_plan(3, 1, 1), swap_plan(3, 1, 1).opposite(), even_plan(3, BOTH)]
    said = [logits(swap_layers(task, language, plan=plan).model) for plan in plans]
    assert all((one - other).abs().max() > 1e-3 for one, other in pairwise(said))


def test_what_does_not_fit_is_refused_in_one_line(made):
    _, task, language = made()
    _, deep, _ = made(layers=5)
    plan = swap_plan(4, 1, 1)
    with pytest.raises(BadInput, match="at least two models, not 1"):
        swap_layers(task, plan=plan)
    with pytest.raises(
        BadInput, match=r"task and task cannot be merged: model\.layers\.4.* is absent in one"
    ):
        swap_layers(task, deep, plan=plan)
    with pytest.raises(BadInput, match=r"for 2 models of 4 layers, not for 2 of 5"):
        swap_layers(deep, deep, plan=plan)
    with pytest.raises(BadInput, match=r"for 2 models of 4 layers, not for 3 of 4"):
        swap_layers(task, language, language, plan=plan)
    foreign = LM(language.model, small_tokenizer(["other words"], 300), "foreign")
    with pytest.raises(BadInput, match="task and foreign have different tokenizers"):
        swap_layers(task, foreign, plan=plan)
    language.model.is_quantized = True
    with pytest.raises(ModelError, match="language is quantised and cannot be merged"):
        swap_layers(task, language, plan=plan)
