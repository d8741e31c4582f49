"""mergekit makes of our configurations the models that we make; skipped without the extra referee."""

import warnings

import pytest
import torch
import yaml
from safetensors.torch import load_file

from interlingua.models.lm import save
from interlingua.models.surgery.layers import Plan, even_plan, swap_layers, swap_plan
from interlingua.models.surgery.mergekit import mergekit_yaml, read_mergekit
from interlingua.models.surgery.ties import ties

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what it warns of itself is none of ours
    pytest.importorskip("mergekit", reason="needs the extra referee")
    from mergekit.config import MergeConfiguration
    from mergekit.merge import run_merge
    from mergekit.options import MergeOptions

pytestmark = pytest.mark.filterwarnings("ignore")
TASK, LANGUAGE, BOTH = (1.0, 0.0), (0.0, 1.0), (0.5, 0.5)
PLANS = {
    "swap": swap_plan(4, 1, 1),
    "transition": swap_plan(4, 1, 1, 1),
    "anti_swap": swap_plan(4, 1, 1).opposite(),
    "embeddings_kept": swap_plan(4, 1, 1, embeddings=TASK, head=TASK),
    "head_kept": swap_plan(4, 2, 0, embeddings=LANGUAGE, head=TASK),
    "soup": even_plan(4, BOTH),
    "uneven": Plan((0.2, 0.8), ((0.3, 0.7), (0.3, 0.7), TASK, LANGUAGE), (0.9, 0.1)),
}


def by_mergekit(text, place):
    """Tensors that mergekit writes for a configuration."""
    config = MergeConfiguration.model_validate(yaml.safe_load(text))
    run_merge(config, str(place), MergeOptions(quiet=True, write_model_card=False, copy_tokenizer=False))
    return {name: tensor for file in place.glob("*.safetensors") for name, tensor in load_file(file).items()}


def saved(lm, folder):
    """Tensors of a model as it is saved."""
    return load_file(save(lm, folder) / "model.safetensors")


@pytest.fixture(params=["llama-untied", "llama-tied", "qwen2-tied", "gpt2-tied", "olmo2-untied"])
def experts(request, made, tmp_path):
    """A base and two experts, each in a folder that bears its name."""
    kind, _, tying = request.param.partition("-")
    models = made(kind, tied=tying == "tied")
    for lm, name in zip(models, ("base", "task", "language"), strict=True):
        save(lm, tmp_path / name)
    return models


@pytest.mark.parametrize("name", PLANS)
def test_our_configuration_makes_our_model(experts, name, tmp_path):
    base, task, language = experts
    plan, names = PLANS[name], [str(tmp_path / "task"), str(tmp_path / "language")]
    text = mergekit_yaml(plan, names, base)
    theirs = by_mergekit(text, tmp_path / "theirs")
    ours = saved(swap_layers(task, language, plan=plan), tmp_path / "ours")
    assert theirs.keys() == ours.keys()
    for weight, tensor in ours.items():
        torch.testing.assert_close(theirs[weight], tensor, rtol=1e-6, atol=1e-7)


THEIRS = {
    "gradient": """
models:
  - {{model: {0}/task, parameters: {{weight: [1, 0.2]}}}}
  - {{model: {0}/language, parameters: {{weight: [0, 1]}}}}
merge_method: linear
""",
    "slices": """
slices:
  - sources: [{{model: {0}/task, layer_range: [0, 1]}}]
  - sources: [{{model: {0}/language, layer_range: [1, 3]}}]
  - sources: [{{model: {0}/task, layer_range: [3, 4]}}]
merge_method: passthrough
""",
    "unnormalized": """
slices:
  - sources:
      - {{model: {0}/task, layer_range: [0, 2], parameters: {{weight: 1.25}}}}
      - {{model: {0}/language, layer_range: [0, 2], parameters: {{weight: -0.25}}}}
  - sources:
      - {{model: {0}/task, layer_range: [2, 4], parameters: {{weight: [0, 1]}}}}
      - {{model: {0}/language, layer_range: [2, 4], parameters: {{weight: [1, 0]}}}}
parameters: {{normalize: false}}
merge_method: linear
""",
}


@pytest.mark.parametrize("name", THEIRS)
def test_their_configuration_is_read_as_they_read_it(experts, name, tmp_path):
    base, task, language = experts
    place = tmp_path / "theirs.yml"
    place.write_text(THEIRS[name].format(tmp_path), encoding="utf-8")
    theirs = by_mergekit(place.read_text(encoding="utf-8"), tmp_path / "theirs")
    config = read_mergekit(place)
    assert config.models == (str(tmp_path / "task"), str(tmp_path / "language"))
    plan = config.plan(base)
    assert len(set(plan.layers)) == {"gradient": 4, "slices": 2, "unnormalized": 3}[name]
    ours = saved(swap_layers(task, language, plan=plan), tmp_path / "ours")
    assert theirs.keys() == ours.keys()
    for weight, tensor in ours.items():
        torch.testing.assert_close(theirs[weight], tensor, rtol=1e-6, atol=1e-7)


TIES = """
models:
  - {{model: {0}/task, parameters: {{weight: 1, density: 0.3}}}}
  - {{model: {0}/language, parameters: {{weight: 1, density: 0.3}}}}
base_model: {0}/base
merge_method: ties
parameters: {{lambda: 0.8}}
"""


def test_ties_within_tensors_is_theirs(experts, tmp_path):
    base, task, language = experts
    theirs = by_mergekit(TIES.format(tmp_path), tmp_path / "theirs")
    merged = ties(base, [task, language], density=0.3, scale=0.8, within="tensor")
    for weight, tensor in saved(merged, tmp_path / "ours").items():
        torch.testing.assert_close(theirs[weight], tensor, rtol=1e-5, atol=1e-6)
