"""Sentence folder: a model written so that sentence-transformers loads it as an encoder of sentences."""

import json
from pathlib import Path

from interlingua.core.errors import ModelError
from interlingua.core.faults import translate
from interlingua.models.lm import LM, save

_MODULES = ("Transformer", "Pooling")


def save_sentence_encoder(lm: LM, folder: str | Path) -> Path:
    """Write what `save` writes, adapters merged, and what sentence-transformers reads: mean pooling of it.

        SentenceTransformer(folder).encode(["..."])     # vectors as `mean_states` gives them

    Raises what `save` raises; `ModelError` for a tokenizer without a token to fill rows with, which
    sentence-transformers needs.
    """
    if lm.tokenizer.pad_token_id is None:
        raise ModelError(f"The tokenizer of {lm.name} has no padding token; set one before saving.")
    folder = save(lm, folder, merge=True)
    width = lm.model.config.get_text_config().hidden_size
    files = {
        "modules.json": [
            {
                "idx": at, "name": str(at), "path": f"{at}_{kind}" if at else "",
                "type": f"sentence_transformers.models.{kind}",
            }
            for at, kind in enumerate(_MODULES)
        ],
        "sentence_bert_config.json": {"max_seq_length": lm.context, "do_lower_case": False},
        "config_sentence_transformers.json": {"similarity_fn_name": "cosine"},
        "1_Pooling/config.json": {
            "word_embedding_dimension": width, "pooling_mode_mean_tokens": True,
            "pooling_mode_cls_token": False, "pooling_mode_max_tokens": False,
        },
    }  # fmt: skip
    try:
        (folder / "1_Pooling").mkdir(exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        told = translate(error, folder)
        if told is None:
            raise
        raise told from error
    return folder
