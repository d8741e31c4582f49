"""Reading weights and tokenizers: damaged, incomplete and unsuitable checkpoints, one clear line each."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertConfig,
    BertLMHeadModel,
    DistilBertConfig,
    DistilBertForMaskedLM,
    MT5Config,
    MT5ForConditionalGeneration,
    XLMRobertaConfig,
    XLMRobertaForMaskedLM,
)

from interlingua.core.errors import ModelError
from interlingua.models.lm import load, save

XLM_R = XLMRobertaForMaskedLM, XLMRobertaConfig(
    vocab_size=64, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
    bos_token_id=0, eos_token_id=2, pad_token_id=1,
)  # fmt: skip
MT5 = (
    MT5ForConditionalGeneration,
    MT5Config(vocab_size=64, d_model=16, d_ff=16, d_kv=8, num_layers=1, num_heads=2),
)
DISTILBERT = (
    DistilBertForMaskedLM,
    DistilBertConfig(vocab_size=64, dim=16, hidden_dim=16, n_layers=1, n_heads=2),
)


def told(folder, **wanted):
    """The one line that loading `folder` ends with."""
    with pytest.raises(ModelError) as error:
        load(folder, **wanted)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.fixture
def sharded(lm, tmp_path):
    """A checkpoint whose weights are spread over several files."""
    folder = save(lm, tmp_path / "model")
    (folder / "model.safetensors").unlink()
    lm.model.save_pretrained(folder, max_shard_size="80KB")
    assert len(list(folder.glob("model-*-of-*.safetensors"))) >= 3
    return folder


def test_pickled_weights_are_refused(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "has no .safetensors weights; convert them" in told(folder)


def test_a_configuration_without_weights(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    (folder / "model.safetensors").unlink()
    assert "has no .safetensors weights" in told(folder)


@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty"])
def test_damaged_weights(lm, tmp_path, damage):
    weights = save(lm, tmp_path / "model") / "model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes({"truncated": content[:-500], "garbage": b"x" * 500, "empty": b""}[damage])
    line = told(tmp_path / "model")
    assert line.startswith(f"Cannot load {tmp_path / 'model'}: its weights are damaged (")
    assert line.endswith("); save or fetch them anew.")


def test_spread_weights_are_read(lm, logits, sharded):
    assert torch.equal(logits(load(sharded)), logits(lm))


def test_a_missing_part_of_spread_weights_is_named(sharded):
    first, *_, last = sorted(sharded.glob("model-*.safetensors"))
    last.unlink()
    line = told(sharded)
    assert f"lacks 1 of {int(last.stem[-5:])} weight files, {last.name} among them; get it again." in line
    content = first.read_bytes()
    first.write_bytes(content[:-100])
    last.write_bytes(b"")
    assert "its weights are damaged" in told(sharded)


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_a_damaged_list_of_parts(sharded, content):
    index = sharded / "model.safetensors.index.json"
    index.write_text(content)
    assert told(sharded) == f"{index} is damaged: no list of weight files is in it; get it again."


def test_missing_tensors_are_not_made_up(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(settings | {"num_hidden_layers": 3, "layer_types": None}))
    assert "lacks 9 tensors, model.layers.2" in told(folder)


def test_tensors_without_use_are_told_in_one_line(lm, tmp_path, caplog, capfd):
    folder = save(lm, tmp_path / "model")
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(settings | {"num_hidden_layers": 1}))
    load(folder)
    assert [record.getMessage() for record in caplog.records] == [
        f"9 tensors of {folder} have no use in it, model.layers.1.input_layernorm.weight among them."
    ]
    assert "UNEXPECTED" not in capfd.readouterr().err


def test_a_model_without_a_head(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    lm.model.model.save_pretrained(folder)
    assert "lacks 1 tensors, lm_head.weight among them" in told(folder)


def test_a_missing_or_damaged_tokenizer(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    (folder / "tokenizer.json").write_text("{")
    assert f"Cannot load the tokenizer of {folder}" in told(folder)
    for path in folder.glob("tokenizer*"):
        path.unlink()
    assert f"Cannot load the tokenizer of {folder}" in told(folder)


def test_an_unknown_architecture_and_damaged_settings(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    for content, part in (
        ('{"model_type": "brandnew"}', "brandnew"),
        ("{", "not a valid JSON"),
        ("{}", "Unrecognized model"),
        ('{"model_type": "llama", "hidden_size": "wide"}', "hidden_size"),
    ):
        (folder / "config.json").write_text(content)
        assert part in told(folder)


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (XLM_R, "(xlm-roberta) is an encoder, not a causal language model"),
        (DISTILBERT, "(distilbert) is an encoder, not a causal language model"),
        (MT5, "(mt5) is an encoder-decoder, not a causal language model"),
    ],
)
def test_models_that_do_not_write_from_left_to_right(lm, tmp_path, made, what):
    """Transformers would take XLM-R for a causal model whose attention looks ahead."""
    architecture, config = made
    lm.tokenizer.save_pretrained(tmp_path)
    architecture(config).save_pretrained(tmp_path)
    assert f"{tmp_path} {what}; give one such as Llama or Qwen." in told(tmp_path)


def test_where_encoders_are_wanted_an_encoder_decoder_is_still_refused(lm, tmp_path):
    architecture, config = MT5
    lm.tokenizer.save_pretrained(tmp_path)
    architecture(config).save_pretrained(tmp_path)
    assert told(tmp_path, encoders=True) == (
        f"{tmp_path} (mt5) is an encoder-decoder, neither a causal language model nor an encoder; "
        "give one such as Llama, Qwen or XLM-R."
    )


TEXTS = ["der fluss ist lang", "is it ?"]


def cut(folder, *names):
    """Takes the tensors away whose names begin with one of `names`."""
    kept = load_file(folder / "model.safetensors")
    left = {name: tensor for name, tensor in kept.items() if not name.startswith(names)}
    assert len(left) < len(kept)
    save_file(left, folder / "model.safetensors", metadata={"format": "pt"})


@pytest.mark.parametrize("kind", ["xlm_roberta", "bert"])
@pytest.mark.parametrize("head", [True, False])
def test_an_encoder_is_read_where_it_is_wanted(random_encoder, kind, head, caplog):
    folder = random_encoder(kind, TEXTS, head)
    lm = load(folder, encoders=True)
    assert lm.encoder
    assert not lm.model.training
    assert (lm.model.get_output_embeddings() is None) is not head
    stored = load_file(folder / "model.safetensors")
    ours = lm.model.state_dict()
    unused = {name for name in stored if name not in ours}
    assert unused == (set() if head else {"pooler.dense.bias", "pooler.dense.weight"})
    assert all(torch.equal(tensor, ours[name]) for name, tensor in stored.items() if name not in unused)
    assert len(caplog.records) == (0 if head else 1)
    assert load(folder, encoders=True).fingerprint() == lm.fingerprint()  # no tensor is made up


@pytest.mark.parametrize("kind", ["xlm_roberta", "bert"])
def test_a_pooler_is_not_missed_but_every_other_tensor_is(random_encoder, kind):
    body = random_encoder(kind, TEXTS, head=False)
    whole = load(body, encoders=True).fingerprint()
    cut(body, "pooler.")
    assert load(body, encoders=True).fingerprint() == whole
    cut(body, "encoder.layer.1.output")
    assert "lacks 4 tensors" in told(body, encoders=True)
    masked = random_encoder(kind, TEXTS)
    cut(masked, "lm_head.dense", "cls.predictions.transform.dense")
    assert "lacks 2 tensors" in told(masked, encoders=True)


def test_a_truncated_encoder(random_encoder):
    folder = random_encoder("bert", TEXTS)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-500])
    assert told(folder, encoders=True).startswith(f"Cannot load {folder}: its weights are damaged (")


def test_an_encoder_set_to_write_is_a_causal_model(lm, tmp_path):
    lm.tokenizer.save_pretrained(tmp_path)
    BertLMHeadModel(
        BertConfig(
            vocab_size=64, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
            is_decoder=True,
        )
    ).save_pretrained(tmp_path)  # fmt: skip
    assert not load(tmp_path).encoder
    assert not load(tmp_path, encoders=True).encoder


def test_weights_stored_in_four_bits_need_cuda(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    settings = json.loads((folder / "config.json").read_text())
    stored = {"quantization_config": {"quant_method": "bitsandbytes", "load_in_4bit": True}}
    (folder / "config.json").write_text(json.dumps(settings | stored))
    with pytest.raises(ModelError, match="is stored quantised, which needs CUDA"):
        load(folder, device="cpu")
