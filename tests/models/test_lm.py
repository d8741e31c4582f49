"""Loading, saving and fingerprints: round trips, plain transformers as referee, and all that is refused."""

import json
import resource
import warnings

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

from interlingua.core.errors import BadInput, InterlinguaError, ModelError, OutOfRoom
from interlingua.models.adapters import merged, with_lora
from interlingua.models.lm import LM, load, save


def one_line(error):
    return "\n" not in str(error.value)


def test_save_and_load_keep_logits_tokens_and_fingerprint(any_lm, logits, tmp_path):
    folder = save(any_lm, tmp_path / "model")
    again = load(folder)
    assert torch.equal(logits(again), logits(any_lm))
    assert again.fingerprint() == any_lm.fingerprint()
    assert again.tokenizer("der fluss")["input_ids"] == any_lm.tokenizer("der fluss")["input_ids"]
    assert not again.model.training
    assert again.context == 128
    assert {path.suffix for path in folder.iterdir()} <= {".json", ".safetensors", ".md", ".jinja"}


@pytest.mark.parametrize("targets", [["q_proj", "v_proj"], "all-linear"])
def test_an_adapter_is_read_by_plain_transformers_and_peft(lm, logits, stirred, tmp_path, targets):
    base = load(save(lm, tmp_path / "base"))
    tuned = stirred(with_lora(base, targets, rank=4, alpha=8))
    folder = save(tuned, tmp_path / "adapter")
    assert (folder / "adapter_model.safetensors").stat().st_size < 100_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        plain = PeftModel.from_pretrained(
            AutoModelForCausalLM.from_pretrained(tmp_path / "base"), folder
        ).eval()
    assert torch.equal(logits(LM(plain, lm.tokenizer, "plain")), logits(tuned))
    ours = load(folder)
    assert torch.equal(logits(ours), logits(tuned))
    assert ours.fingerprint() == tuned.fingerprint()


def test_an_adapter_of_every_architecture_comes_back(any_lm, logits, stirred, tmp_path):
    tuned = stirred(with_lora(any_lm, "all-linear", rank=4, alpha=8))
    again = load(save(tuned, tmp_path / "adapter"), base=any_lm)
    assert torch.equal(logits(again), logits(tuned))


def test_a_merged_save_is_a_plain_model(lm, logits, stirred, tmp_path):
    tuned = stirred(with_lora(lm, "all-linear", rank=4, alpha=8))
    again = load(save(tuned, tmp_path / "merged", merge=True))
    assert not again.adapted
    assert torch.equal(logits(again), logits(merged(tuned)))


def test_the_fingerprint_sees_weights_adapter_settings_and_tokenizer(lm, stirred):
    prints = [lm.fingerprint()]
    with torch.no_grad():
        other = merged(stirred(with_lora(lm, ["q_proj"], 2, 4)))
    prints += [other.fingerprint(), with_lora(lm, ["q_proj"], 2, 4).fingerprint()]
    prints += [with_lora(lm, ["q_proj"], 2, 8).fingerprint()]
    lm.tokenizer.add_tokens(["extra"])
    prints.append(LM(lm.model, lm.tokenizer, "other name").fingerprint())
    assert len(set(prints)) == len(prints)


def test_padding_a_batch_does_not_change_the_fingerprint(lm, logits):
    before = LM(lm.model, lm.tokenizer, "a").fingerprint()
    logits(lm)
    assert LM(lm.model, lm.tokenizer, "b").fingerprint() == before


def test_saving_twice_replaces_the_model_and_leaves_nothing_else(lm, tmp_path):
    save(lm, tmp_path / "model")
    save(lm, tmp_path / "model")
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_the_card_tells_the_facts(lm, tmp_path):
    named = LM(lm.model, lm.tokenizer, "hf:some/base", {"recipe": "question_translation", "steps": 400})
    text = (save(named, tmp_path / "model") / "README.md").read_text()
    assert text.startswith(
        '---\nlibrary_name: transformers\npipeline_tag: text-generation\nbase_model: "some/base"\n'
    )
    assert "- **recipe**: question_translation\n- **steps**: 400\n" in text


def test_dtype_and_device(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    assert load(folder, device="cpu", dtype="bfloat16").model.dtype == torch.bfloat16
    with pytest.raises(BadInput, match="No number format 'int3'"):
        load(folder, dtype="int3")
    with pytest.raises(BadInput, match="Device 'gpu' cannot be used"):
        load(folder, device="gpu")


def test_a_missing_folder_and_a_folder_without_a_model(tmp_path):
    with pytest.raises(ModelError, match="No model folder 'nowhere'"):
        load("nowhere")
    with pytest.raises(ModelError, match=r"neither config\.json nor"):
        load(tmp_path)


def test_pickled_weights_are_refused(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"has no \.safetensors weights"):
        load(folder)


@pytest.mark.parametrize("damage", ["truncated", "garbage", "empty"])
def test_damaged_weights(lm, tmp_path, damage):
    weights = save(lm, tmp_path / "model") / "model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes({"truncated": content[:-500], "garbage": b"x" * 500, "empty": b""}[damage])
    with pytest.raises(ModelError, match="Cannot load") as error:
        load(tmp_path / "model")
    assert one_line(error)


def test_missing_tensors_are_not_made_up(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(settings | {"num_hidden_layers": 3, "layer_types": None}))
    with pytest.raises(ModelError, match=r"lacks 9 tensors, model\.layers\.2"):
        load(folder)


def test_a_missing_tokenizer(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    for path in folder.glob("tokenizer*"):
        path.unlink()
    with pytest.raises(ModelError, match="Cannot load the tokenizer") as error:
        load(folder)
    assert one_line(error)


def test_an_unknown_architecture(lm, tmp_path):
    folder = save(lm, tmp_path / "model")
    (folder / "config.json").write_text('{"model_type": "brandnew"}')
    with pytest.raises(ModelError, match="brandnew") as error:
        load(folder)
    assert one_line(error)


def test_a_hub_name_without_network(monkeypatch):
    with pytest.raises(ModelError, match="Cannot load hf:nobody/nothing") as error:
        load("hf:nobody/nothing")
    assert one_line(error)


def test_adapters_that_cannot_be_used(lm, tmp_path, stirred):
    folder = save(stirred(with_lora(lm, ["q_proj"], 2, 4)), tmp_path / "adapter")
    config = folder / "adapter_config.json"
    settings = json.loads(config.read_text())
    assert settings["base_model_name_or_path"] == "tiny-llama"
    config.write_text(json.dumps(settings | {"base_model_name_or_path": "lab:gone"}))
    with pytest.raises(ModelError, match="sits on lab:gone, which is not here"):
        load(folder)
    config.write_text(json.dumps(settings | {"target_modules": ["q_proj", "v_proj"]}))
    with pytest.raises(ModelError, match="Cannot put the adapter"):
        load(folder, base=lm)
    config.write_text("{")
    with pytest.raises(ModelError, match="Cannot read the adapter"):
        load(folder, base=lm)
    (folder / "adapter_model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"no \.safetensors"):
        load(folder, base=lm)


def test_other_folders_are_not_overwritten(lm, tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(BadInput, match="is no model folder"):
        save(lm, tmp_path)
    assert (tmp_path / "thesis.tex").read_text() == "precious"


def test_a_place_that_cannot_be_written(lm, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InterlinguaError) as error:
        save(lm, tmp_path / "file" / "model")
    assert one_line(error)


def test_a_full_disk_is_told_and_the_old_model_stays(lm, logits, tmp_path):
    """A limit on file size stands in for the full disk."""
    folder = save(lm, tmp_path / "model")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(OutOfRoom, match="No disk space left"):
            save(lm, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
    assert torch.equal(logits(load(folder)), logits(lm))
