"""mergekit's YAML written, read back, and refused where a plan cannot say it."""

import re
from pathlib import Path

import pytest
import yaml

from interlingua.core.errors import BadInput
from interlingua.models.surgery.layers import Plan, even_plan, part_numbers, swap_plan
from interlingua.models.surgery.mergekit import mergekit_yaml, read_mergekit

TASK, LANGUAGE, BOTH = (1.0, 0.0), (0.0, 1.0), (0.5, 0.5)


def written(text, folder: Path):
    """A file with `text`."""
    place = folder / "config.yml"
    place.write_text(text, encoding="utf-8")
    return place


def test_a_plain_swap_is_a_passthrough(made):
    base, *_ = made()
    text = mergekit_yaml(swap_plan(4, 1, 1), ["math", "swahili"], base, dtype="bfloat16")
    assert yaml.safe_load(text) == {
        "merge_method": "passthrough",
        "slices": [
            {"sources": [{"model": "swahili", "layer_range": [0, 1]}]},
            {"sources": [{"model": "math", "layer_range": [1, 3]}]},
            {"sources": [{"model": "swahili", "layer_range": [3, 4]}]},
        ],
        "dtype": "bfloat16",
    }


def test_transitions_and_other_embeddings_make_it_linear(made):
    base, *_ = made()
    plan = swap_plan(4, 1, 0, 1, embeddings=TASK, head=BOTH)
    told = yaml.safe_load(mergekit_yaml(plan, ["math", "swahili"], base))
    assert told["merge_method"] == "linear"
    sources = [one["sources"] for one in told["slices"]]
    assert [[s["model"] for s in one] for one in sources] == [["math", "swahili"]] * 4
    assert [s[0]["layer_range"] for s in sources] == [[0, 1], [1, 2], [2, 3], [3, 4]]
    assert [s["parameters"]["weight"] for s in sources[0]] == [
        [{"filter": "model.embed_tokens.weight", "value": 1.0}, {"value": 0.0}],
        [{"filter": "model.embed_tokens.weight", "value": 0.0}, {"value": 1.0}],
    ]
    assert [[s["parameters"]["weight"] for s in one] for one in sources[1:3]] == [[0.5, 0.5], [1.0, 0.0]]
    assert [s["parameters"]["weight"] for s in sources[3]] == [0.5, 0.5]  # the head goes with the last layer


PLANS = [
    swap_plan(4, 1, 1),
    swap_plan(4, 1, 1, 1),
    swap_plan(4, 1, 1).opposite(),
    swap_plan(4, 2, 0, embeddings=TASK, head=LANGUAGE),
    swap_plan(4, 0, 0, embeddings=BOTH, head=LANGUAGE),
    even_plan(4, BOTH),
    even_plan(4, LANGUAGE),
    Plan((0.2, 0.8), ((0.3, 0.7), (0.3, 0.7), TASK, LANGUAGE), (1.5, -0.5)),
]


@pytest.mark.parametrize("kind", ["llama", "gpt2", "olmo", "gpt_neox"])
@pytest.mark.parametrize("tied", [True, False], ids=["tied", "untied"])
def test_what_is_written_is_read_as_it_was(made, kind, tied, tmp_path):
    base, *_ = made(kind, tied=tied)
    outer = {number for number in part_numbers(base).values()}
    for plan in PLANS:
        config = read_mergekit(written(mergekit_yaml(plan, ["a b", "hf:c/d"], base), tmp_path))
        order = [config.models.index(name) for name in ("a b", "hf:c/d") if name in config.models]
        found = config.plan(base)
        for number, (ours, theirs) in enumerate(zip(plan.parts, found.parts, strict=True)):
            if number in outer:
                kept = [
                    share
                    for share, name in zip(ours, ("a b", "hf:c/d"), strict=True)
                    if name in config.models
                ]
                assert [theirs[place] for place in order] == pytest.approx(kept)


SLICED = """
slices:
  - sources:
      - {model: math, layer_range: [0, 2], parameters: {weight: 3}}
      - {model: swahili, layer_range: [0, 2], parameters: {weight: 1}}
  - sources:
      - {model: math, layer_range: [2, 4]}
      - model: swahili
        layer_range: [2, 4]
        parameters: {weight: [0, 1]}
parameters:
  weight:
    - {filter: model.norm, value: 2}
    - {value: 1}
merge_method: linear
base_model: math
dtype: float16
"""


def test_weights_are_normalised_and_gradients_run_over_a_slice(made, tmp_path):
    base, *_ = made()
    config = read_mergekit(written(SLICED, tmp_path))
    assert (config.models, config.dtype) == (("math", "swahili"), "float16")
    plan = config.plan(base)
    assert plan.layers == ((0.75, 0.25), (0.75, 0.25), (1.0, 0.0), (0.5, 0.5))
    assert plan.embeddings == (0.75, 0.25)


def test_a_head_in_two_ways_is_refused_and_tied_it_is_not_in_two_ways(made, tmp_path):
    untied, *_ = made()
    tied, *_ = made(tied=True)
    text = SLICED.replace("weight: [0, 1]", "weight: 1")
    assert read_mergekit(written(text, tmp_path)).plan(tied).head == pytest.approx((2 / 3, 1 / 3))
    with pytest.raises(BadInput, match="splits part 5 of tiny-llama"):
        read_mergekit(written(text, tmp_path)).plan(untied)


def test_whole_models_are_read_too(made, tmp_path):
    base, *_ = made()
    text = """
models:
  - {model: math, parameters: {weight: 1.0}}
  - {model: swahili, parameters: {weight: {value: 1.0}}}
  - {model: telugu, parameters: {weight: [{filter: '*', value: 2}]}}
merge_method: linear
tokenizer_source: math
"""
    config = read_mergekit(written(text, tmp_path))
    assert config.plan(base) == even_plan(4, (0.25, 0.25, 0.5))


REFUSED = {
    "cannot be read.*yml": "slices: [",
    "needs merge_method and slices or models": "- 1",
    "merges by 'slerp'; only passthrough, linear and ties": "{merge_method: slerp, slices: []}",
    "sets 'tokenizer'": "{merge_method: linear, models: [], tokenizer: {source: union}}",
    "slice that cannot be read": "{merge_method: linear, slices: [{sources: [{layer_range: [0, 4]}]}]}",
    "one layer_range": """
{merge_method: linear, slices: [{sources: [{model: a, layer_range: [0, 4]}, {model: b}]}]}""",
    "names one model for passthrough": """
{merge_method: passthrough, models: [{model: a}, {model: b}]}""",
    "gives a no weight": "{merge_method: linear, models: [{model: a}]}",
    "add up to 0": "{merge_method: linear, models: [{model: a}], parameters: {weight: 0}}",
    "is for 3 layers, the model has 4": """
{merge_method: passthrough, slices: [{sources: [{model: a, layer_range: [0, 3]}]}]}""",
    "puts layer 1 at place 2": """
{merge_method: passthrough, slices: [{sources: [{model: a, layer_range: [0, 2]}]},
                                     {sources: [{model: a, layer_range: [1, 3]}]}]}""",
    "splits part 1": """
{merge_method: linear, models: [{model: a, parameters: {weight: [{filter: self_attn, value: 0}, {value: 1}]}},
                                {model: b}], parameters: {weight: 1}}""",
    "add up to 1 are needed": "{merge_method: passthrough, models: [{model: a, parameters: {scale: 2}}]}",
    "which is no number": "{merge_method: linear, models: [{model: a}], parameters: {weight: much}}",
    "mixes numbers and conditions": """
{merge_method: linear, models: [{model: a}], parameters: {weight: [1, {value: 1}]}}""",
    "sets 1, which": "{merge_method: linear, models: [{model: a}], 1: x, foo: y}",
    "sets 3 in parameters": "{merge_method: linear, models: [{model: a}], parameters: {3: x, y: z}}",
    "sets 'scale' in parameters": "{merge_method: linear, models: [{model: a, parameters: {scale: 1}}]}",
    "sets 'normalize' in parameters of one model": """
{merge_method: linear, models: [{model: a, parameters: {weight: 1, normalize: false}}]}""",
    "sets 'weight' in parameters": """
{merge_method: passthrough,
 slices: [{sources: [{model: a, layer_range: [0, 4]}], parameters: {weight: 1}}]}""",
    "sets 'weight' in an entry of models": "{merge_method: linear, models: [{model: a, weight: 1}]}",
    "sets 'layer_range' in an entry of models": """
{merge_method: passthrough, models: [{model: a, layer_range: [0, 4]}]}""",
    "sets 'base_model' in a slice": """
{merge_method: passthrough, slices: [{sources: [{model: a, layer_range: [0, 4]}], base_model: a}]}""",
    "sets 'lambda' in parameters of one model": """
{merge_method: ties, base_model: a, models: [{model: b, parameters: {weight: 1, lambda: 2}}]}""",
    "sets 'weight' in an entry of models, which": """
{merge_method: ties, base_model: a, models: [{model: b, weight: 1}]}""",
    "normalize: true": """
{merge_method: ties, base_model: a, models: [{model: b}], parameters: {weight: 1, normalize: "false"}}""",
    "tokenizer_source is 'other'": "{merge_method: linear, models: [{model: a}], tokenizer_source: other}",
    "base_model is 'other', no model that": """
{merge_method: linear, slices: [{sources: [{model: a, layer_range: [0, 4]}]}], base_model: other}""",
    "base_model is 3, no name": "{merge_method: linear, models: [{model: a}], base_model: 3}",
    "gives other no weight": """
{merge_method: linear, models: [{model: a, parameters: {weight: 1}}], base_model: other}""",
    "names one model for passthrough, different": """
{merge_method: passthrough,
 slices: [{sources: [{model: a, layer_range: [0, 4]}, {model: a, layer_range: [0, 4]}]}]}""",
    "month must be in": "{merge_method: linear, models: [], dtype: 2024-13-01}",
    "filter of weight is 3": """
{merge_method: linear, models: [{model: a}], parameters: {weight: {filter: 3, value: 1}}}""",
    "normalize as 2; it is true or false": """
{merge_method: linear, models: [{model: a}], parameters: {weight: 1, normalize: 2}}""",
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_a_plan_cannot_say_is_refused_in_one_line(made, told, tmp_path):
    base, *_ = made()
    with pytest.raises(
        BadInput, match=told.replace("cannot be read.*yml", r"Cannot read .*config\.yml")
    ) as error:
        read_mergekit(written(REFUSED[told], tmp_path)).plan(base)
    assert not re.search(r"\n", str(error.value))


BOUNDS = [
    "[0]",
    "[0, .inf]",
    "[0, 1, 2]",
    "[0, 2.5]",
    "[2, 1]",
    "[-1, 1]",
    "'04'",
    "4",
    "[x, y]",
    "[0, true]",
]


@pytest.mark.parametrize("bounds", BOUNDS)
def test_a_layer_range_is_two_whole_numbers(bounds, tmp_path):
    text = f"{{merge_method: passthrough, slices: [{{sources: [{{model: a, layer_range: {bounds}}}]}}]}}"
    with pytest.raises(BadInput) as error:
        read_mergekit(written(text, tmp_path))
    assert f"layer_range is {yaml.safe_load(bounds)!r}; it is [FIRST, END]" in str(error.value)
    assert "\n" not in str(error.value)


NUMBERS = [".inf", "-.inf", ".nan", "nan", "1e999", "1" + "0" * 400]
PLACES = {
    "weight": "{{merge_method: linear, models: [{{model: a}}], parameters: {{weight: {0}}}}}",
    "weight in a list": "{{merge_method: linear, models: [{{model: a, parameters: {{weight: [1, {0}]}}}}]}}",
    "weight in a condition": """
{{merge_method: linear, models: [{{model: a}}],
  parameters: {{weight: [{{filter: norm, value: {0}}}, {{value: 1}}]}}}}""",
    "scale": "{{merge_method: passthrough, models: [{{model: a}}], parameters: {{scale: {0}}}}}",
    **{
        f"{key} of ties": "{{merge_method: ties, base_model: a, models: [{{model: b}}], parameters: {{"
        + ", ".join(["weight: 1"] * (key != "weight") + [f"{key}: {{0}}"])
        + "}}}}"
        for key in ("weight", "density", "lambda")
    },
}


@pytest.mark.parametrize("number", NUMBERS, ids=[*NUMBERS[:-1], "wide"])
@pytest.mark.parametrize("where", PLACES)
def test_a_number_that_is_not_finite_is_refused_as_the_file_is_read(where, number, tmp_path):
    with pytest.raises(BadInput) as error:
        read_mergekit(written(PLACES[where].format(number), tmp_path))
    assert re.search(
        rf"config\.yml gives {where.split()[0]} as .*; a finite number is needed\.$", str(error.value)
    )
    assert len(str(error.value)) < 250 + len(str(tmp_path))


def test_what_mergekit_takes_too_is_read(made, tmp_path):
    base, *_ = made()
    text = """
slices:
  - sources:
      - {model: math, layer_range: [0, 4], parameters: {weight: 3e-1}}
      - {model: swahili, layer_range: [0, 4], parameters: {weight: 7.0e-1}}
parameters: {normalize: [false, true], int8_mask: true}
merge_method: linear
base_model: swahili
tokenizer_source: union
"""
    assert isinstance(yaml.safe_load(text)["slices"][0]["sources"][0]["parameters"]["weight"], str)
    config = read_mergekit(written(text, tmp_path))
    assert config.models == ("swahili", "math")  # settings are those of the first
    assert config.plan(base).layers == ((0.7, 0.3),) * 4
    doubled = text.replace("3e-1", "3").replace("7.0e-1", "1")
    with pytest.raises(BadInput, match="shares 1, 3"):  # as it is only the last layer that is normalised
        read_mergekit(written(doubled, tmp_path)).plan(base)
    strings = (
        "{merge_method: ties, base_model: a, models: [{model: b}], parameters: {weight: 1, lambda: 1e-1}}"
    )
    assert read_mergekit(written(strings, tmp_path)).scale == 0.1


def test_a_base_of_whole_models_counts_as_one_of_them(made, tmp_path):
    base, *_ = made()
    text = """
models: [{model: math}, {model: swahili, parameters: {weight: 2}}]
base_model: base
parameters: {weight: 1}
merge_method: linear
"""
    config = read_mergekit(written(text, tmp_path))
    assert config.models == ("base", "math", "swahili")
    assert config.plan(base) == even_plan(4, (0.25, 0.25, 0.5))


def test_a_plan_of_another_shape_or_one_name_twice_is_refused(made):
    base, *_ = made()
    with pytest.raises(BadInput, match="2 models of 5 layers, not for 2 of 4"):
        mergekit_yaml(swap_plan(5, 1, 1), ["a", "b"], base)
    with pytest.raises(BadInput, match="a, a are not all different"):
        mergekit_yaml(swap_plan(4, 1, 1), ["a", "a"], base)


@pytest.mark.parametrize("name", ["slices", "models"])
def test_what_is_no_list_is_told_in_words(name, tmp_path):
    place = tmp_path / "odd.yml"
    place.write_text(f"merge_method: passthrough\n{name}: 3\n")
    with pytest.raises(BadInput, match=f"{name} is 3, not a list; write one entry"):
        read_mergekit(place)
