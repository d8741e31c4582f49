"""What every test gets: no network, one thread, a user cache of its own, and the shared real data."""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

# Read once, when torch and huggingface_hub are imported: hence here, before any test module.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Ray joins no cluster here; one token serves all its tests (it reads it once), and none is left in the home.
os.environ["RAY_ADDRESS"] = "local"
os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def user_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's own cache is never read or written; one folder serves the whole session."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERLINGUA_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real multilingual data that lies beside the checkout, not in it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs ../shared/data beside the checkout, which is not here")
    return SHARED_DATA


@pytest.fixture(scope="session")
def tiny_base(user_cache: Path) -> Any:
    """The base of `lab:tiny`, built once into the session's cache."""
    from interlingua.lab.bases import load_base

    return load_base("lab:tiny", "cpu")


@pytest.fixture(scope="session")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Iterable[str]], Path]:
    """`random_model("llama", texts)`: a checkpoint of random weights, its tokenizer trained on `texts`."""
    import torch
    from tokenizers import Tokenizer, decoders, pre_tokenizers, trainers
    from tokenizers.models import BPE
    from transformers import AutoModelForCausalLM, LlamaConfig, PreTrainedTokenizerFast, Qwen2Config

    configs = {"llama": LlamaConfig, "qwen2": Qwen2Config}

    def made(kind: str, texts: Iterable[str]) -> Path:
        backend = Tokenizer(BPE())
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        backend.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=600, special_tokens=["<pad>", "</s>"], show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        )  # fmt: skip
        backend.train_from_iterator(texts, trainer)
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="<pad>", eos_token="</s>")
        config = configs[kind](
            vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=4096, initializer_range=0.1,
            bos_token_id=None, eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id,
        )  # fmt: skip
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            model = AutoModelForCausalLM.from_config(config)
        folder = tmp_path_factory.mktemp(kind)
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def random_encoder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """`random_encoder("bert", texts)`: a masked LM of random weights that knows words and letters of `texts`.

    With `head=False` the body alone, as `BertModel` is saved: with its pooler. It reads at most 32 tokens.
    """
    import torch
    from transformers import (
        AutoModel,
        AutoModelForMaskedLM,
        BertConfig,
        BertTokenizer,
        XLMRobertaConfig,
        XLMRobertaTokenizer,
    )

    def made(kind: str, texts: Iterable[str], head: bool = True) -> Path:
        letters = sorted(set("".join(texts)) - {" "})
        words = sorted({word for text in texts for word in text.split()} - set(letters))
        shape = {
            "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
            "initializer_range": 0.3,
        }  # fmt: skip
        tokenizer: Any
        config: Any
        if kind == "xlm_roberta":
            pieces = [
                "<s>",
                "<pad>",
                "</s>",
                "<unk>",
                *(f"▁{word}" for word in words),
                "▁",
                *letters,
                "<mask>",
            ]
            tokenizer = XLMRobertaTokenizer(vocab=[(piece, -float(len(piece) < 2)) for piece in pieces])
            config = XLMRobertaConfig(
                vocab_size=len(tokenizer), max_position_embeddings=34, pad_token_id=1, **shape
            )
        else:
            parts = [*words, *letters, *(f"##{letter}" for letter in letters)]
            pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *parts]
            vocabulary = {piece: at for at, piece in enumerate(pieces)}
            tokenizer = BertTokenizer(vocab=vocabulary, do_lower_case=False)
            config = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=32, **shape)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            model = (AutoModelForMaskedLM if head else AutoModel).from_config(config)
        folder = tmp_path_factory.mktemp(kind)
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def same_logits() -> Callable[[Any, Path, str], None]:
    """`same_logits(lm, adapter, base)`: plain transformers and PEFT give the logits of `lm`."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    def checked(lm: Any, adapter: Path, base: str) -> None:
        plain = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), str(adapter)).eval()
        ids = torch.tensor([lm.tokenizer("Eins? zwei, tatu. One day")["input_ids"]])
        with torch.no_grad():
            ours, theirs = lm.model(input_ids=ids).logits, plain(input_ids=ids).logits
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)
        with plain.disable_adapter(), torch.no_grad():
            assert not torch.equal(plain(input_ids=ids).logits, theirs)

    return checked
