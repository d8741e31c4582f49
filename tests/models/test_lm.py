"""Loading and saving: round trips, plain transformers as referee, and folders that are refused."""

import copy
import json
import resource
import warnings
from contextlib import nullcontext

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import (
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoTokenizer,
    MptConfig,
)

from interlingua.core.errors import BadInput, InterlinguaError, ModelError, OutOfRoom
from interlingua.data.items import Choice, Example
from interlingua.models.adapters import merged, with_lora
from interlingua.models.lm import LM, load, save
from interlingua.models.sharing import shared_copy
from interlingua.scoring.choices import score_choices
from interlingua.scoring.generate import generate
from interlingua.scoring.hidden import sentence_vectors
from interlingua.training.batches import sft_batches
from interlingua.training.budget import Budget
from interlingua.training.loop import train
from interlingua.training.objectives.next_token import next_token


def one_line(error):
    return "\n" not in str(error.value)


def test_save_and_load_keep_logits_tokens_and_fingerprint(any_lm, logits, tmp_path):
    folder = save(any_lm, tmp_path / "model")
    again = load(folder)
    assert torch.equal(logits(again), logits(any_lm))
    assert again.fingerprint() == any_lm.fingerprint()
    assert again.tokenizer("der fluss")["input_ids"] == any_lm.tokenizer("der fluss")["input_ids"]
    assert not again.model.training
    assert again.context == (None if any_lm.name == "tiny-bloom" else 128)
    assert {path.suffix for path in folder.iterdir()} <= {".json", ".safetensors", ".md", ".jinja"}


def test_plain_transformers_reads_what_is_saved(every_lm, logits, tmp_path):
    folder = save(every_lm, tmp_path / "model")
    plain = AutoModelForCausalLM.from_pretrained(folder).eval()
    assert torch.equal(logits(LM(plain, every_lm.tokenizer, "plain")), logits(every_lm))


def test_the_longest_input_of_a_model_is_known(tiny_lm, kind):
    assert tiny_lm(kind, max_position_embeddings=64).context == (None if kind == "bloom" else 64)


@pytest.mark.parametrize("kind", ["mistral", "gemma2", "gemma3", "phi3"])
def test_a_sliding_window_is_no_limit(tiny_lm, kind):
    assert tiny_lm(kind, sliding_window=8).context == 128


def test_the_limit_has_another_name_in_mpt():
    config = MptConfig(d_model=32, n_heads=4, n_layers=1, max_seq_len=48, vocab_size=64)
    assert LM(AutoModelForCausalLM.from_config(config), None, "mpt").context == 48


def states(model, tokenizer):
    """The last layer's states of one padded batch, where there is a token."""
    rows = ["der fluss ist lang", "is it ?"]
    batch = tokenizer(rows, return_tensors="pt", padding=True)
    with torch.no_grad():
        return model(**batch).last_hidden_state[batch["attention_mask"].bool()]


@pytest.mark.parametrize("kind", ["xlm_roberta", "bert"])
@pytest.mark.parametrize("head", [True, False])
def test_an_encoder_comes_back_here_and_in_plain_transformers(random_encoder, kind, head, tmp_path):
    lm = load(random_encoder(kind, ["der fluss ist lang", "is it ?"], head), encoders=True)
    with torch.no_grad():
        for parameter in lm.model.base_model.parameters():
            parameter.add_(0.01)
    lm = LM(lm.model, lm.tokenizer, lm.name)
    folder = save(lm, tmp_path / "model")
    again = load(folder, encoders=True)
    assert again.fingerprint() == lm.fingerprint()
    assert "token_type_ids" not in again.tokenizer("it") or kind == "bert"
    ours = states(lm.model.base_model, lm.tokenizer)
    plain = AutoModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    assert torch.equal(states(*plain), ours)
    if head:
        masked = AutoModelForMaskedLM.from_pretrained(folder).eval()
        ids = lm.tokenizer("der fluss", return_tensors="pt")
        with torch.no_grad():
            assert torch.equal(masked(**ids).logits, lm.model(**ids).logits)
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "pipeline_tag: feature-extraction" in card
    assert "model = AutoModel.from_pretrained(folder)" in card
    assert "interlingua measure" not in card
    with pytest.raises(ModelError, match="is an encoder, not a causal language model"):
        load(folder)


@pytest.mark.parametrize("kind", ["xlm_roberta", "bert"])
def test_an_adapter_on_an_encoder_comes_back(random_encoder, kind, stirred, tmp_path):
    base = load(random_encoder(kind, ["der fluss ist lang", "is it ?"]), encoders=True)
    config = LoraConfig(r=4, lora_alpha=8, target_modules=["query", "value"])
    tuned = stirred(LM(get_peft_model(shared_copy(base.model), config).eval(), base.tokenizer, base.name))
    assert tuned.encoder
    assert tuned.context == base.context == 32
    folder = save(tuned, tmp_path / "adapter")
    assert load(folder, encoders=True).fingerprint() == tuned.fingerprint()
    assert "base = AutoModelForMaskedLM.from_pretrained" in (folder / "README.md").read_text()
    with pytest.raises(ModelError, match="is an encoder, not a causal language model"):
        load(folder)


@pytest.mark.parametrize("kind", ["xlm_roberta", "bert"])
def test_the_longest_input_of_an_encoder_is_read_and_no_longer_one(random_encoder, kind):
    lm = load(random_encoder(kind, ["it is"]), encoders=True)
    assert lm.context == 32
    for longer in (0, 1):
        ids = torch.full((1, lm.context + longer), 5)
        with pytest.raises((IndexError, RuntimeError)) if longer else nullcontext():
            lm.model(input_ids=ids)


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


def test_adapter_and_merged_model_come_back_with_all_rows(every_lm, logits, stirred, tmp_path):
    tuned = stirred(with_lora(load(save(every_lm, tmp_path / "base")), "all-linear", rank=4, alpha=8))
    adapted = load(save(tuned, tmp_path / "adapter"))
    assert torch.equal(logits(adapted), logits(tuned))
    plain = load(save(tuned, tmp_path / "merged", merge=True))
    assert not plain.adapted
    assert torch.equal(logits(plain), logits(merged(tuned)))
    for lm in (adapted, plain):
        rows = lm.model.get_input_embeddings().weight.shape[0]
        assert rows == lm.model.get_output_embeddings().weight.shape[0] == 352 > len(lm.tokenizer)


@pytest.mark.parametrize("there", [True, False], ids=["empty", "gone"])
def test_a_link_leads_to_what_is_saved(lm, tmp_path, there):
    if there:
        (tmp_path / "far" / "away").mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "far" / "away")
    for _ in range(2):
        assert save(lm, link) == link
        assert link.is_symlink()
        assert load(tmp_path / "far" / "away").fingerprint() == lm.fingerprint()
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["away"]


def test_an_adapter_on_weights_of_no_folder_is_saved_whole(lm, logits, stirred, tmp_path, caplog):
    lm = load(save(lm, tmp_path / "base"))
    tuned = LM(stirred(lm).model, lm.tokenizer, lm.name, {}, changed=True)
    adapted = stirred(with_lora(tuned, "all-linear", rank=4, alpha=8))
    with caplog.at_level("INFO"):
        back = load(save(adapted, tmp_path / "tuned"))
    assert "is saved whole" in caplog.text
    assert not (tmp_path / "tuned" / "adapter_config.json").exists()
    assert torch.allclose(logits(back), logits(adapted), atol=1e-5)


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


def test_a_missing_folder_and_a_folder_without_a_model(tmp_path):
    with pytest.raises(ModelError, match="No model folder 'nowhere'"):
        load("nowhere")
    with pytest.raises(ModelError, match=r"neither config\.json nor"):
        load(tmp_path)


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


@pytest.fixture
def full_lm(lm, tiny_lm):
    """A tiny Llama with as many rows as its tokenizer has tokens."""
    return tiny_lm(vocab_size=len(lm.tokenizer))


@pytest.fixture(params=["none", "without a row"])
def without_pad(full_lm, request):
    """The same model; its tokenizer has no padding token, or one that the model has no row for."""
    tokenizer = copy.deepcopy(full_lm.tokenizer)
    tokenizer.pad_token = None
    if request.param == "without a row":
        tokenizer.add_special_tokens({"pad_token": "<late>"})
        assert tokenizer.pad_token_id == full_lm.model.config.vocab_size
    return LM(full_lm.model, tokenizer, full_lm.name)


def test_without_a_padding_token_every_number_is_the_same(full_lm, without_pad):
    assert without_pad.filler == 0
    items = [
        Choice(
            id=str(n), task="toy", split="test", lang="eng_Latn", question="is it " * n,
            options=("yes", "no , ja"), answer=0, group=str(n), cluster=str(n),
        )
        for n in range(1, 4)
    ]  # fmt: skip
    prompts = ["der", "der fluss ist lang . река"]
    examples = [Example("der fluss ", "ist"), Example("is the river long ? ", "yes")]

    def numbers(lm):
        scores = [row.scores for row in score_choices(lm, items, how="loglik")]
        vectors = sentence_vectors(lm, prompts)
        batches = sft_batches(lm, examples, 2, 2, seed=0)
        tuned = train(with_lora(lm, ["q_proj"], 2, 4), batches, next_token, Budget(steps=2, lr=0.1))
        return scores, generate(lm, prompts, 6), vectors.tolist(), logits_after(tuned)

    def logits_after(tuned):
        with torch.no_grad():
            return tuned.model(input_ids=torch.tensor([[1, 5, 6]])).logits.tolist()

    assert numbers(without_pad) == numbers(full_lm)


def test_a_model_without_a_padding_token_comes_back_without_one(lm, tmp_path):
    lm.tokenizer.pad_token = None
    again = load(save(lm, tmp_path / "model"))
    assert again.tokenizer.pad_token is None
    assert again.fingerprint() == LM(lm.model, lm.tokenizer, "x").fingerprint()
