"""Costs of languages from end to end: parallel text, questions, text alone; the lab and real data."""

import json
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer as Backend
from tokenizers import decoders, pre_tokenizers
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from interlingua.core.errors import BadInput, MissingResource, ModelError, UnknownName
from interlingua.lab.architectures import small_tokenizer, tiny_model
from interlingua.lab.bases import base_folder
from interlingua.models.adapters import with_lora
from interlingua.models.lm import LM, save
from interlingua.studies.tokenizers import cost_of, named, texts_of, tokenizers

LETTERS = [
    ("0", "en", "aa bb"), ("1", "en", "ab"), ("0", "sw", "aaaa bbbb"), ("1", "sw", "abab"),
    ("0", "th", "ก"), ("1", "th", "กข"),
]  # fmt: skip


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A tokenizer of 2 048 tokens that knows a, b and the bytes; a Thai letter is 3 of these."""
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    backend = Backend(BPE(vocab={token: at for at, token in enumerate(sorted(alphabet))}, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    folder = tmp_path / "letters"
    PreTrainedTokenizerFast(tokenizer_object=backend, model_max_length=24).save_pretrained(folder)
    return folder


@pytest.fixture
def table(tmp_path: Path):
    """`table(rows)`: a folder with a table of id, lang and text."""

    def written(rows: list[tuple[str, str, str]]) -> Path:
        folder = tmp_path / "said"
        folder.mkdir()
        lines = [json.dumps(dict(zip(("id", "lang", "text"), row, strict=True))) for row in rows]
        (folder / "test.jsonl").write_text("\n".join(lines), encoding="utf-8")
        return folder

    return written


def test_every_number_by_hand(letters: Path, table) -> None:
    """Tokens are bytes: English 5 and 2, Swahili 9 and 4 for the same, Thai 3 and 6."""
    found = tokenizers([str(letters)], str(table(LETTERS)))
    costs: dict[str, Any] = found["tokenizer"][str(letters)]
    assert found["pivot"] == "eng_Latn"
    assert {code: told["ratio"]["mean"] for code, told in costs.items()} == {
        "eng_Latn": 1, "swh_Latn": pytest.approx(13 / 7), "tha_Thai": pytest.approx(9 / 7),
    }  # fmt: skip
    assert costs["swh_Latn"] | {"ratio": None} == {
        "fertility": pytest.approx(13 / 3), "per_character": 1, "per_byte": 1, "per_sentence": 6.5,
        "ratio": None, "byte_fallback": 0, "unknown": 0, "split_graphemes": 0, "changed_texts": 0,
        "lost_texts": 0, "context_sentences": pytest.approx(24 / 6.5),
    }  # fmt: skip
    thai = costs["tha_Thai"]
    assert "fertility" not in thai
    assert (thai["per_character"], thai["per_byte"], thai["byte_fallback"]) == (3, 1, 1)
    assert (thai["split_graphemes"], thai["context_sentences"]) == (1, pytest.approx(24 / 4.5))
    assert found["dearest"] == {str(letters): ["swh_Latn", "tha_Thai"]}
    assert found["tokenizers"][str(letters)]["context"] == 24
    assert found["languages"]["tha_Thai"]["sentences"] == 2
    assert found["languages"]["tha_Thai"]["text"] == "pairs"
    json.dumps(found, allow_nan=False)


def test_several_side_by_side_with_one_window_and_only_some_languages(letters: Path, table, tmp_path) -> None:
    other = tmp_path / "merged"
    small_tokenizer(["aaaa bbbb abab"] * 9, 262, bos=False).save_pretrained(other)
    names = [str(letters), str(other), str(letters)]
    found = tokenizers(names, str(table(LETTERS)), lang=("sw",), context=10)
    assert list(found["tokenizer"]) == names[:2]
    one, two = (found["tokenizer"][name]["swh_Latn"] for name in names[:2])
    assert two["per_byte"] < one["per_byte"]
    assert one["context_sentences"] == pytest.approx(10 / 6.5)
    assert found["tokenizers"][str(letters)]["fingerprint"] != found["tokenizers"][str(other)]["fingerprint"]
    assert tokenizers(names[:1], str(tmp_path / "said"), script="Thai")["languages"].keys() == {"tha_Thai"}


def test_text_without_a_match_has_costs_but_no_ratio(letters: Path, table) -> None:
    apart = [(f"{lang}{at}", lang, text) for at, lang, text in LETTERS]
    found = tokenizers([str(letters)], str(table(apart)))
    costs = found["tokenizer"][str(letters)]
    assert all("ratio" not in told for told in costs.values())
    assert {one["text"] for one in found["languages"].values()} == {"text"}
    assert costs["swh_Latn"]["per_sentence"] == 6.5
    assert found["dearest"] == {str(letters): []}


def test_a_lab_world_brings_its_own_tokenizer_and_bits_are_lower_for_what_it_has_read(tiny_base) -> None:
    found = tokenizers(on="lab:tiny", sentences=12, bits=True, device="cpu")
    assert list(found["tokenizer"]) == ["lab:tiny"]
    assert found["tokenizers"]["lab:tiny"]["context"] == tiny_base.context
    costs = found["tokenizer"]["lab:tiny"]
    assert list(costs) == ["qaa_Latn", "qab_Cyrl", "qac_Arab", "qad_Deva"]
    uniform = {code: told["per_byte"] * 9 for code, told in costs.items()}  # 9 bits tell 512 tokens apart
    assert all(0 < told["bits_per_byte"]["mean"] < uniform[code] for code, told in costs.items())
    assert all(told["ratio"]["mean"] > 1 for code, told in costs.items() if code != "qaa_Latn")
    assert found["too_long"] == {"lab:tiny": {}}


def test_bits_leave_out_what_the_model_is_too_short_for(table, tmp_path: Path) -> None:
    rows = [(str(at), lang, "ab" * size) for lang in ("en", "sw") for at, size in enumerate((2, 3, 40))]
    folder = save(
        tiny_model("llama", small_tokenizer(["x"], 259), max_position_embeddings=16), tmp_path / "m"
    )
    found = tokenizers([str(folder)], str(table(rows)), bits=True, device="cpu")
    assert found["too_long"] == {str(folder): {"eng_Latn": 1, "swh_Latn": 1}}
    assert found["tokenizer"][str(folder)]["swh_Latn"]["bits_per_byte"]["n"] == 2


def test_an_adapter_on_a_lab_base_reads_as_the_base_does(tiny_base, tmp_path: Path) -> None:
    lm = with_lora(LM(tiny_base.model, tiny_base.tokenizer, "lab:tiny"), "all-linear", 2, 4)
    adapter = save(lm, tmp_path / "adapter")
    settings = adapter / "adapter_config.json"
    told = json.loads(settings.read_text()) | {"base_model_name_or_path": "lab:tiny"}
    settings.write_text(json.dumps(told))
    for file in adapter.glob("tokenizer*"):
        file.unlink()
    found = named(str(adapter))
    assert (found.name, found.context) == (str(adapter), tiny_base.context)
    assert found.fingerprint() == named("lab:tiny").fingerprint()
    assert base_folder("lab:tiny").is_dir()


def test_costs_of_a_model_that_is_loaded_already(tiny_base, tiny) -> None:
    texts = {lang: one for lang in tiny.languages if (one := texts_of(tiny, lang, 9))}
    assert cost_of(tiny_base, texts) == cost_of(named("lab:tiny"), texts)


def test_real_text_in_many_scripts(letters: Path, shared_data: Path) -> None:
    """A tokenizer of bytes: what a language costs is the bytes of its script."""
    found = tokenizers(
        [str(letters)], str(shared_data / "ntrex128"), lang=("en", "de", "my", "ka"), sentences=50
    )
    costs = found["tokenizer"][str(letters)]
    assert found["dearest"][str(letters)][0] == "mya_Mymr"
    assert all(told["per_byte"] == 1 and told["changed_texts"] == 0 for told in costs.values())
    assert costs["kat_Geor"]["split_graphemes"] > 0.9 > 0.1 > costs["deu_Latn"]["split_graphemes"] > 0
    assert found["languages"]["mya_Mymr"]["sentences"] == 50


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"on": None}, BadInput, "Name a source with --on"),
        ({"models": ()}, BadInput, "brings no tokenizer; name one"),
        ({"models": ["gone"]}, ModelError, "No folder 'gone' with a tokenizer"),
        ({"models": ["lab:tinny"]}, UnknownName, "Did you mean lab:tiny"),
        ({"sentences": 1}, BadInput, "at least 2 sentences, not 1"),
        ({"lang": ("hi",)}, UnknownName, "No language here called 'hin_Deva'"),
        ({"tasks": ("xnli",)}, UnknownName, "No task called 'xnli'"),
        ({"bits": True}, ModelError, "is no model folder"),
        ({"on": "nowhere"}, BadInput, "No source 'nowhere'"),
    ],
)
def test_bad_input_is_one_clear_line(
    changes: dict[str, Any], kind: type[Exception], told: str, letters: Path, table
) -> None:
    usual = {"models": [str(letters)], "on": str(table(LETTERS))}
    with pytest.raises(kind, match=told) as error:
        tokenizers(**{**usual, **changes})
    assert "\n" not in str(error.value)


def test_a_single_sentence_and_empty_ones_are_refused(letters: Path, table, tiny, monkeypatch) -> None:
    with pytest.raises(BadInput, match="said has a single sentence in swh_Latn"):
        tokenizers([str(letters)], str(table([row for row in LETTERS if row[0] == "0"])), lang=("sw",))
    monkeypatch.setattr(
        "interlingua.studies.tokenizers.parallel", lambda *_: ("pairs", ["a", " "], ["b", "c"])
    )
    with pytest.raises(BadInput, match="lab:tiny: 1 of 2 texts in qab_Cyrl are empty, the first is number 2"):
        texts_of(tiny, "qab_Cyrl", 9)


def test_languages_without_text_are_named(letters: Path, monkeypatch) -> None:
    def few(place: Any, lang: str, count: int) -> tuple[str, list[str], list[str]]:
        if lang == "qab_Cyrl":
            return "pairs", ["a", "b"], ["a", "b"]
        raise MissingResource("none")

    monkeypatch.setattr("interlingua.studies.tokenizers.parallel", few)
    monkeypatch.setattr("interlingua.studies.tokenizers._alone", lambda *_: [])
    found = tokenizers([str(letters)], "lab:tiny")
    assert list(found["languages"]) == ["qab_Cyrl"]
    assert found["left_out"] == ["qaa_Latn", "qac_Arab", "qad_Deva"]
    with pytest.raises(MissingResource, match="has no text in qac_Arab"):
        tokenizers([str(letters)], "lab:tiny", lang=("qac",))
