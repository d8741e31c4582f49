"""Chat: a text as a user's message, framed as the model was trained to read messages."""

from interlingua.core.errors import ModelError
from interlingua.models.libraries import first_sentence
from interlingua.models.lm import LM


def as_chat(lm: LM, text: str) -> str:
    """`text` as one user's message in the model's chat template, ending where the answer begins.

    The start token is left off where the tokenizer puts it in front of every text anyway, so that it never
    stands there twice. Raises `ModelError` for a tokenizer without a chat template and for a template that
    refuses the message.
    """
    tokenizer = lm.tokenizer
    if not getattr(tokenizer, "chat_template", None):
        raise ModelError(
            f"The tokenizer of {lm.name} has no chat template; take a chat model, or ask without one."
        )
    try:
        framed = str(
            tokenizer.apply_chat_template(
                [{"role": "user", "content": text}], tokenize=False, add_generation_prompt=True
            )
        )
    except Exception as error:  # the template is a program of the checkpoint's; it may fail in any way
        raise ModelError(f"The chat template of {lm.name} fails: {first_sentence(error)}") from error
    start = tokenizer.bos_token
    opens = tokenizer("", verbose=False)["input_ids"][:1]
    if start and opens == [tokenizer.bos_token_id]:
        return framed.removeprefix(start)
    return framed
