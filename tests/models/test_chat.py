"""Chat: a text framed as a user's message, with one start token and the answer about to begin."""

import pytest

from interlingua.core.errors import ModelError
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.models.chat import as_chat

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<{{ message.role }}> {{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)


def chat_lm(template, bos=True):
    """A tiny model whose tokenizer carries a template."""
    tokenizer = small_tokenizer(["is it long ? yes"] * 4, 300, bos=bos)
    tokenizer.chat_template = template
    return tiny_model("llama", tokenizer)


def test_the_start_token_is_left_to_a_tokenizer_that_adds_it():
    lm = chat_lm(TEMPLATE)
    text = as_chat(lm, "Is it long?")
    assert text == "<user> Is it long?\n<assistant>"
    direct = lm.tokenizer.apply_chat_template(
        [{"role": "user", "content": "Is it long?"}], add_generation_prompt=True, return_dict=False
    )
    assert lm.tokenizer(text)["input_ids"] == direct
    assert direct.count(lm.tokenizer.bos_token_id) == 1


def test_the_start_token_stays_where_nobody_else_adds_it():
    lm = chat_lm(TEMPLATE, bos=False)
    text = as_chat(lm, "Yes.")
    assert text == "<s><user> Yes.\n<assistant>"
    assert lm.tokenizer(text)["input_ids"][0] == lm.tokenizer.bos_token_id


def test_a_template_without_a_start_token():
    assert as_chat(chat_lm("{{ messages[0].content }} ="), "Yes.") == "Yes. ="


def test_a_tokenizer_without_a_template_and_one_that_refuses():
    with pytest.raises(
        ModelError, match=r"The tokenizer of tiny-llama has no chat template; take a chat model"
    ):
        as_chat(chat_lm(None), "Yes.")
    with pytest.raises(ModelError, match=r"The chat template of tiny-llama fails: system message wanted"):
        as_chat(chat_lm("{{ raise_exception('system message wanted') }}"), "Yes.")
    with pytest.raises(ModelError, match=r"The chat template of tiny-llama fails: "):
        as_chat(chat_lm("{% if %}"), "Yes.")
