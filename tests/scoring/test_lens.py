"""Logit lens: the last layer is what scoring reads, in every family; a planted answer is seen where it is."""

import math

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from interlingua.core.errors import BadInput, InterlinguaError, ModelError
from interlingua.core.rows import Row
from interlingua.data.items import Choice
from interlingua.lab.architectures import ARCHITECTURES, small_tokenizer, tiny_model
from interlingua.measures.lens import first_lead, lens
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM
from interlingua.scoring.batches import ScoringWarning
from interlingua.scoring.choices import score_choices
from interlingua.scoring.label_tokens import label_tokens
from interlingua.scoring.lens import LensRead, read_lens

ENGLISH = (" yes", " no")
NATIVE = {"deu_Latn": (" ja", " nein"), "rus_Cyrl": ("да", "нет"), "tha_Thai": ("ใช่", "ไม่ใช่")}
TEXTS = {
    "eng_Latn": ["is the river long ? answer :", "the river is not long , is it ? answer :", "yes or no :"],
    "deu_Latn": ["ist der fluss lang ? antwort :", "lang ? antwort : "],
    "rus_Cyrl": ["река длинная ? ответ :", "длинная ли река ? ответ : "],
    "tha_Thai": ["แม่น้ำ ยาว คำตอบ :", "คำตอบ:"],
}


def item(
    question: str, options: tuple[str, ...], lang: str = "eng_Latn", number: int = 0, **more: str
) -> Choice:
    return Choice(
        id=str(number), task="toy", split="test", lang=lang, question=question, options=options,
        answer=number % 2, group=f"{lang} {number}", cluster=str(number), **more,
    )  # fmt: skip


ITEMS = [
    item(text, NATIVE.get(lang, ENGLISH), lang, n)
    for lang, own in TEXTS.items()
    for n, text in enumerate(own)
]


@pytest.fixture(scope="module")
def tokenizer():
    texts = [text for own in TEXTS.values() for text in own]
    words = ["is yes no ja nein да нет да", "yes", "no", "да", "нет", "ใช่", "ไม่ใช่"]
    return small_tokenizer([*texts, *6 * words], 420)


@pytest.fixture
def lm(tokenizer) -> LM:
    return tiny_model("llama", tokenizer, num_hidden_layers=3)


def last_is_scored(lm: LM, items: list[Choice], reads: list[LensRead], tolerance: float = 1e-4) -> None:
    rows: list[Row] = score_choices(lm, items, way="flat")
    assert [read.id for read in reads] == [one.id for one in items]
    for read, row in zip(reads, rows, strict=True):
        np.testing.assert_allclose(np.log(read.options[-1]), row.scores, atol=tolerance)
        assert (read.leads["options"][-1], read.gold) == (row.prediction, row.gold)


@pytest.mark.parametrize("kind", ARCHITECTURES)
def test_the_last_layer_is_what_scoring_reads(kind: str, tokenizer) -> None:
    lm = tiny_model(kind, tokenizer)
    reads = read_lens(lm, ITEMS, english=ENGLISH, native=NATIVE)
    last_is_scored(lm, ITEMS, reads)
    words = {True: ENGLISH, False: ("yes", "no")}  # with the blank of the item's own options
    english = [
        item(one.question, words[one.options[0].startswith(" ")], one.lang, int(one.id)) for one in ITEMS
    ]
    for read, row in zip(reads, score_choices(lm, english, way="flat"), strict=True):
        np.testing.assert_allclose(np.log(read.english[-1]), row.scores, atol=1e-4)
        assert read.options.shape == read.english.shape == (3, 2)
        assert (read.native is None) == (read.lang == "eng_Latn")
        if read.native is not None:
            np.testing.assert_array_equal(read.native, read.options)


def test_every_layer_by_hand(lm: LM) -> None:
    one = item("is the river long ? answer :", ENGLISH)
    (read,) = read_lens(lm, [one])
    ids = torch.tensor([lm.tokenizer(one.question)["input_ids"]])
    begun = label_tokens(lm, [(one.question[-24:], ENGLISH)])[one.question[-24:], ENGLISH]
    with torch.inference_mode():
        found = lm.model(input_ids=ids, output_hidden_states=True)
        below = [lm.model.lm_head(lm.model.model.norm(states)) for states in found.hidden_states[:-1]]
        for layer, logits in enumerate([*below, found.logits]):
            p = logits[0, -1].double().softmax(-1)
            wanted = [p[list(tokens)].sum().item() for tokens in begun.first]
            np.testing.assert_allclose(read.options[layer], wanted, rtol=1e-4)
            assert read.entropy[layer] == pytest.approx(-(p * p.log()).sum().item(), abs=1e-4)
            assert read.leads["options"][layer] == int(wanted[1] > wanted[0])
    assert (read.english, read.native, read.shared, read.position, read.cut) == (None, None, None, -1, 0)
    assert list(read.leads) == ["options"]


def test_an_adapter_tied_weights_and_half_precision(lm: LM, tokenizer) -> None:
    adapted = with_lora(lm, "all-linear", rank=2, alpha=4)
    with torch.no_grad():
        for name, weights in adapted.model.named_parameters():
            if "lora_B" in name:
                weights.normal_(std=0.2)
    reads = read_lens(adapted, ITEMS)
    last_is_scored(adapted, ITEMS, reads)
    plain = read_lens(lm, ITEMS)
    assert not np.allclose(reads[0].options[1], plain[0].options[1], rtol=1e-2)
    tied = tiny_model("llama", tokenizer, tie_word_embeddings=True)
    last_is_scored(tied, ITEMS, read_lens(tied, ITEMS))
    half = LM(tiny_model("llama", tokenizer).model.to(torch.bfloat16), tokenizer, "half")
    rows = score_choices(half, ITEMS, way="flat")
    for read, row in zip(read_lens(half, ITEMS), rows, strict=True):
        np.testing.assert_allclose(np.log(read.options[-1]), row.scores, atol=0.3)


def test_batches_change_nothing(lm: LM) -> None:
    whole = read_lens(lm, ITEMS, english=ENGLISH, native=NATIVE)
    for one, alone in zip(
        whole, read_lens(lm, ITEMS, english=ENGLISH, native=NATIVE, batch_tokens=1), strict=True
    ):
        np.testing.assert_allclose(one.english, alone.english, rtol=1e-4)
        np.testing.assert_allclose(one.entropy, alone.entropy, atol=1e-5)


def test_positions_count_from_the_end_of_the_prompt(lm: LM) -> None:
    """What the last token of a shorter prompt says is what that token says in the longer one."""
    long, short = "is the river long ?", "is the river"
    back = len(lm.tokenizer(long)["input_ids"]) - len(lm.tokenizer(short)["input_ids"])
    reads = read_lens(lm, [item(long, ENGLISH), item(short, ENGLISH, number=1)], position="all")
    count = len(lm.tokenizer(long)["input_ids"])
    assert [read.position for read in reads[:count]] == list(range(-count, 0))
    assert [read.id for read in reads] == ["0"] * count + ["1"] * (count - back)
    at = {(read.id, read.position): read for read in reads}
    for layer in range(4):
        np.testing.assert_allclose(at["0", -1 - back].options[layer], at["1", -1].options[layer], rtol=1e-4)
    two = read_lens(lm, [item(long, ENGLISH)], position=(-1, -1 - back))
    assert [read.position for read in two] == [-1, -1 - back]
    np.testing.assert_allclose(two[1].entropy, at["0", -1 - back].entropy, atol=1e-5)
    (one,) = read_lens(lm, [item(long, ENGLISH)], position=-1 - back)
    np.testing.assert_array_equal(one.options, two[1].options)


def test_what_english_and_native_words_share_is_told(lm: LM) -> None:
    native = {"eng_Latn": ENGLISH, "deu_Latn": (" yes", " nein"), "rus_Cyrl": (" да", " нет")}
    items = [item("answer :", ENGLISH, lang, n) for n, lang in enumerate(native)]
    same, partly, apart = read_lens(lm, items, english=("yes", "no"), native=native)
    np.testing.assert_allclose(same.shared, same.english.sum(1))
    tails = {
        words: label_tokens(lm, [("answer :", words)])["answer :", words].first for words in native.values()
    }
    english, german, russian = ({t for group in groups for t in group} for groups in tails.values())
    assert english & german
    assert not english & russian
    assert 0 < partly.shared[0] < partly.english[0].sum()
    np.testing.assert_array_equal(apart.shared, 0)


def test_words_joined_to_another_end_of_the_prompt(lm: LM) -> None:
    """After a blank the options take the blank back, Thai words do not: two places, so nothing is shared."""
    one = item("yes or no : ", ("yes", "no"), "tha_Thai")
    (read,) = read_lens(lm, [one], english=("yes", "no"), native={"tha_Thai": NATIVE["tha_Thai"]})
    last_is_scored(lm, [one], [read])
    thai = item("yes or no : ", NATIVE["tha_Thai"], "tha_Thai")
    assert read.shared is None
    (row,) = score_choices(lm, [thai], way="flat")
    np.testing.assert_allclose(np.log(read.native[-1]), row.scores, atol=1e-4)


def test_words_that_first_tokens_cannot_tell_apart_are_left_out(lm: LM) -> None:
    twins = (" long river", " long no")
    with pytest.warns(
        ScoringWarning, match=r"Labels of toy .* in 1 of 1 items \(e\.g\. long river, long no\)"
    ):
        (read,) = read_lens(lm, [item("is it", twins)], english=ENGLISH, native={"eng_Latn": twins})
    assert (read.options, read.native, read.shared) == (None, None, None)
    assert set(read.leads) == {"english"}
    (other,) = read_lens(lm, [item("is it", ENGLISH)])
    np.testing.assert_array_equal(read.english, other.options)
    np.testing.assert_array_equal(read.entropy, other.entropy)


def test_prompts_longer_than_the_context_lose_their_beginning(tokenizer) -> None:
    lm = tiny_model("llama", tokenizer, max_position_embeddings=16)
    items = [item("river " * 30 + ": ", ("yes", "no")), item("answer :", ENGLISH, number=1)]
    with pytest.warns(
        ScoringWarning, match="Prompts longer than 16 tokens lost their beginning: eng_Latn 1 of 2"
    ):
        reads = read_lens(lm, items)
    assert reads[0].cut > 0
    assert reads[1].cut == 0
    with pytest.warns(ScoringWarning):
        last_is_scored(lm, items, reads)


def planted(tokenizer, layer: int, word: str) -> LM:
    """Four layers that leave their input alone, but for `layer`: it writes the answer whatever it reads."""
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=8, num_hidden_layers=4,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=128, initializer_range=0.1,
    )  # fmt: skip
    torch.manual_seed(0)
    model = LlamaForCausalLM(config).eval()
    answer = tokenizer(word, add_special_tokens=False)["input_ids"][0]
    with torch.no_grad():
        for one in model.model.layers:
            one.self_attn.o_proj.weight.zero_()
            one.mlp.down_proj.weight.zero_()
        model.model.embed_tokens.weight[:, 15] = 1  # what a layer can always read
        model.model.embed_tokens.weight[:, 14] = 0  # where the answer is written
        model.lm_head.weight[:, 14:] = 0
        model.lm_head.weight[answer, 14] = 10
        mlp = model.model.layers[layer].mlp
        mlp.gate_proj.weight.zero_()[0, 15] = 10
        mlp.up_proj.weight.zero_()[0, 15] = 1
        mlp.down_proj.weight[14, 0] = 100
    return LM(model, tokenizer, "planted")


@pytest.mark.parametrize("layer", range(4))
def test_an_answer_planted_in_a_layer_is_seen_from_there_on(layer: int, tokenizer) -> None:
    lm = planted(tokenizer, layer, " no")
    items = [item(text, ENGLISH, number=2 * n + 1) for n, text in enumerate(TEXTS["eng_Latn"])]
    reads = read_lens(lm, items, english=ENGLISH)
    for read in reads:
        assert (read.english[layer + 1 :, 1] > 0.99).all()
        assert (read.entropy[layer + 1 :] < 0.1).all()
        assert (read.english[: layer + 1, 1] < 0.2).all()
        assert (read.entropy[: layer + 1] > 0.8 * math.log(len(tokenizer))).all()
        np.testing.assert_allclose(read.english[: layer + 1], read.english[[0] * (layer + 1)], rtol=1e-5)
        leads = read.leads["options"].tolist()
        assert leads[0] == 0
        assert first_lead(leads, 1) == layer + 1
    curves = lens(reads)["eng_Latn"]
    assert (curves.lead.mean, curves.lead.low, curves.lead.high) == (layer + 1,) * 3


def test_a_model_of_layers_that_do_nothing_says_the_same_everywhere(tokenizer) -> None:
    lm = planted(tokenizer, 0, " no")
    with torch.no_grad():
        lm.model.model.layers[0].mlp.down_proj.weight.zero_()
    one, two = (item("answer :", ENGLISH, number=n) for n in (0, 1))
    reads = read_lens(lm, [one, two], english=ENGLISH)
    for read in reads:
        np.testing.assert_allclose(read.english, read.english[[0] * 5], rtol=1e-6)
    curves = lens(reads)["eng_Latn"]
    assert (curves.lead, curves.never) == (None, 1)


@pytest.mark.parametrize(
    ("items", "settings", "told"),
    [
        ([], {}, "no items"),
        ([item("a", ENGLISH)], {"english": ("yes",)}, r"2 options and the english words \('yes',\)"),
        ([item("a", ENGLISH)], {"native": {"eng_Latn": ("yes", " ")}}, "native words .* give one for each"),
        ([item("a", (" yes", " "))], {}, "every option needs text"),
        ([item("a", ENGLISH)], {"position": 0}, "A position counts from the end of a prompt.*got 0"),
        ([item("a", ENGLISH)], {"position": ()}, r"got \(\)"),
        (
            [item("a", ENGLISH)],
            {"position": -9},
            "Item '0' of toy .eng_Latn. has a prompt of 2 tokens and none at",
        ),
    ],
)
def test_bad_input_is_one_clear_line(lm: LM, items, settings, told) -> None:
    with pytest.raises(BadInput, match=told) as error:
        read_lens(lm, items, **settings)
    assert isinstance(error.value, InterlinguaError)
    assert "\n" not in str(error.value)


def test_states_that_are_no_numbers_are_named(lm: LM) -> None:
    row = lm.tokenizer(" river", add_special_tokens=False)["input_ids"][0]
    with torch.no_grad():
        lm.model.get_input_embeddings().weight[row] = torch.nan
    items = [item("answer :", ENGLISH), item("the river", ENGLISH, number=1)]
    with pytest.raises(BadInput, match=r"Item '1' of toy \(eng_Latn\) has nan in layer 0; check the weights"):
        read_lens(lm, items)


def test_logits_that_are_no_numbers_are_named(lm: LM) -> None:
    read_lens(lm, ITEMS[:1])
    with torch.no_grad():
        lm.model.lm_head.weight[5] = torch.inf
    with pytest.raises(BadInput, match=r"Item '0' of toy \(eng_Latn\) has an entropy of nan in layer 0"):
        read_lens(lm, ITEMS[:1])


def test_an_encoder_is_refused(lm: LM) -> None:
    with pytest.raises(ModelError, match="no causal language model with an unembedding"):
        read_lens(LM(lm.model.model, lm.tokenizer, "body"), ITEMS)
