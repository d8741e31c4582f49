"""The model card: front matter the hub reads, whatever the facts hold, and a body people can follow."""

import json
import re
import unicodedata
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from huggingface_hub import constants
from huggingface_hub.repocard import RepoCard, metadata_load
from huggingface_hub.repocard_data import model_index_to_eval_results

from interlingua.models.adapters import with_lora
from interlingua.models.card import card_text, read_facts, write_card
from interlingua.models.card_head import declared_licence
from interlingua.models.lm import LM, save

FACTS: dict[str, Any] = {
    "recipe": "question_translation", "paper": "arXiv:2405.13816", "standing": "faithful", "source": "snli",
    "tuned_on": ["swh_Latn", "zho_Hans"], "into": "eng_Latn", "seed": 3,
    "knobs": {"lr": 2e-5, "template": "{question}\n= ", "targets": ["q_proj", "v_proj"], "end": None},
    "cost": {"steps": 600.0, "label_tokens": 12345.0}, "source_fingerprint": "0123abcd",
    "licences": {"base": "Apache License", "data": "CC BY-SA 4.0"}, "versions": {"torch": "2.13.0"},
    "command": "interlingua align --on snli",
    "results": [
        {"task": "snli", "mode": "direct", "lang": lang, "before": 0.5, "after": 0.5 + gain, "gain": gain,
         "low": gain - 0.02, "high": gain + 0.02, "n": 600, "seen": seen}
        for lang, gain, seen in (
            ("swh_Latn", 0.1, True), ("hin_Deva", 0.04, False), ("tha_Thai", -0.06, False),
            ("eng_Latn", 0.0, False),
        )
    ],
}  # fmt: skip


def head(text: str) -> dict[str, Any]:
    """The front matter as the hub's own reader takes it."""
    return RepoCard(text, ignore_metadata_errors=False).data.to_dict()


def section(text: str, title: str) -> list[str]:
    """The lines below a heading."""
    return text.split(f" {title}\n\n")[1].split("\n#")[0].strip().splitlines()


def test_the_hub_reads_what_it_wants_to_know() -> None:
    told = head(card_text("hf:org/base@v1", FACTS, adapter=True))
    told.pop("model-index")
    assert told == {
        "library_name": "peft", "pipeline_tag": "text-generation", "base_model": "org/base",
        "base_model_relation": "adapter", "language": ["sw", "zh", "en"], "license": "other",
        "license_name": "Apache License", "datasets": ["snli"],
        "tags": ["interlingua", "multilingual", "question_translation"],
        "tuning_data": {"source": "snli", "fingerprint": "0123abcd"},
    }  # fmt: skip
    assert head(card_text("base", FACTS | {"licences": {"base": "mit"}}, adapter=False))["license"] == "mit"


def test_results_are_a_model_index() -> None:
    found = head(card_text("hf:org/base", FACTS, adapter=True))["model-index"]
    name, results = model_index_to_eval_results(found)
    assert name == "base, question translation"
    assert [(one.dataset_type, one.dataset_config, one.metric_value) for one in results] == [
        ("snli", "swh_Latn", 60.0), ("snli", "hin_Deva", 54.0), ("snli", "tha_Thai", 44.0),
        ("snli", "eng_Latn", 50.0),
    ]  # fmt: skip


def test_results_stand_apart_for_languages_seen_and_unseen() -> None:
    text = card_text("hf:org/base", FACTS, adapter=True)
    assert section(text, "Languages never tuned on")[2:] == [
        "| snli | direct | Hindi (hin_Deva) | 600 | 50.0 | 54.0 | +4.0 (+2.0 to +6.0) |",
        "| snli | direct | Thai (tha_Thai) | 600 | 50.0 | 44.0 | -6.0 (-8.0 to -4.0) |",
        "| snli | direct | *mean of 2* |  | 50.0 | 49.0 | -1.0 |",
    ]
    assert section(text, "Languages tuned on")[2:] == [
        "| snli | direct | Swahili (swh_Latn) | 600 | 50.0 | 60.0 | +10.0 (+8.0 to +12.0) |"
    ]
    assert section(text, "The language tuned into")[2].endswith("| 50.0 | 50.0 | +0.0 (-2.0 to +2.0) |")
    limits = "\n".join(section(text, "Limits"))
    assert "It is worse than the base in: snli in Thai." in limits
    assert "In 1 of 4 rows the interval of the gain holds zero" in limits
    assert "Only Swahili and Chinese took part in the tuning." in limits


def test_results_without_a_comparison_have_no_columns_for_it() -> None:
    rows = [{"task": "snli", "lang": "hin_Deva", "after": {"mean": 0.5, "low": 0.4, "high": 0.6}}]
    text = card_text("hf:org/base", {"results": [*rows, {"task": "snli", "after": None}]}, adapter=True)
    assert section(text, "Languages never tuned on") == [
        "| Task | Answers | Language | Items | After |", "| --- | --- | --- | ---: | ---: |",
        "| snli | direct | Hindi (hin_Deva) | – | 50.0 |",
    ]  # fmt: skip
    assert len(head(text)["model-index"][0]["results"]) == 1


def test_knobs_licences_and_how_it_was_made() -> None:
    text = card_text("hf:org/base", FACTS, adapter=True)
    assert section(text, "Knobs")[2:] == [
        "| lr | 2e-05 |", '| template | "{question}\\n= " |', "| targets | q_proj, v_proj |", "| end | null |"
    ]  # fmt: skip
    assert section(text, "Licences")[:2] == ["- **base**: Apache License", "- **data**: CC BY-SA 4.0"]
    assert section(text, "How it was made") == [
        "- **command**: `interlingua align --on snli`", "- **versions**: torch 2.13.0"
    ]  # fmt: skip
    for line in (
        "- **tuned on**: swh_Latn (Swahili), zho_Hans (Chinese)\n- **into**: eng_Latn (English)\n",
        "- **cost**: steps 600, label tokens 12,345\n- **source fingerprint**: 0123abcd\n",
    ):
        assert line in text
    unknown = card_text("hf:org/base", {"source": "snli"}, adapter=True)
    assert section(unknown, "Licences")[:2] == [
        "- **base**: unknown, see base", "- **data**: unknown, see snli"
    ]  # fmt: skip
    assert head(unknown)["license"] == "unknown"


def test_a_card_without_facts() -> None:
    text = card_text("lab:tiny", {}, adapter=False)
    assert head(text) == {
        "library_name": "transformers", "pipeline_tag": "text-generation", "license": "unknown",
        "tags": ["interlingua", "multilingual"],
    }  # fmt: skip
    assert "Made with Interlingua from `lab:tiny`. A whole model.\n\n## Limits\n" in text
    assert "No results are stored here." in text
    assert "generated languages" in text


def test_nested_facts_are_told_in_short() -> None:
    manifest = {"world": "lab:tiny", "spec": {"a": 1}, "tokens": 61440, "losses": [1.5] * 99}
    text = card_text("lab:tiny", {"pretraining": manifest, "curve": list(range(999))}, adapter=False)
    assert "- **pretraining**: world lab:tiny, tokens 61,440, and 2 more in interlingua.json\n" in text
    assert re.search(r"- \*\*curve\*\*: \[0, 1, .{150,200} \.\.\. \(whole in interlingua\.json\)\n", text)


STRANGE = [
    'a "quoted": {name}', "--- \n---\nlicense: mit", "# no comment", "tab\tand\x00\x07\x1b",
    "\x7f\x85\u2028\u2029", "\ufeffstart", "\ufffe\uffff", "half \ud83d pair",
    "कखग ที่ \U0001f468\u200d\U0001f469 \U0010ffff", "yes", "1e3", "'", "a | b", "<script>x</script>",
    "`tick` ``two``", "", " ",
]  # fmt: skip


@pytest.mark.parametrize("text", STRANGE)
def test_any_text_leaves_the_front_matter_valid(text: str, tmp_path: Path) -> None:
    kept = text.encode(errors="replace").decode()
    facts = {
        "recipe": text, "source": text, "source_fingerprint": text, "tuned_on": [text, "swh_Latn"],
        "into": text, "licences": {"base": text, "data": text}, "note": text, text: 1, "command": text,
        "knobs": {text: text}, "versions": {text: text},
        "results": [{"task": text, "mode": text, "lang": text, "after": 0.5, "before": 0.25, "seen": True}],
    }  # fmt: skip
    write_card(tmp_path, f"hf:org/{text}", facts, adapter=False)
    assert read_facts(tmp_path) == facts | {text: 1, "made_from": f"hf:org/{text}"}
    told = metadata_load(tmp_path / "README.md")
    assert told is not None
    assert told["base_model"] == f"org/{kept}".partition("@")[0]
    assert told["language"] == ["sw"]
    assert told["tags"][2:] == ([kept] if text else [])
    assert told["model-index"][0]["results"][0]["dataset"]["type"] == kept
    assert told.get("tuning_data", {}).get("source", "") == kept
    body = (tmp_path / "README.md").read_text(encoding="utf-8").split("\n---\n", 1)[1]
    assert "<script>" not in re.sub("`.*?`", "", body)
    rows = [line for line in body.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} <= {3, 8}


def test_front_matter_of_random_text_reads_back() -> None:
    rng = Random(0)
    for _ in range(50):
        text = "".join(chr(rng.choice([rng.randrange(0x300), rng.randrange(0x110000)])) for _ in range(30))
        told = head(card_text("hf:org/base", {"recipe": text}, adapter=True))
        assert told["tags"][2] == text.encode(errors="replace").decode(), [
            unicodedata.name(c, c) for c in text
        ]


@pytest.mark.parametrize(
    ("file", "text", "licence"),
    [
        ("README.md", "---\nlanguage: sw\nlicense: apache-2.0\n---\n# Base\n", "apache-2.0"),
        ("README.md", '---\nlicense: "mit"\n---\n', "mit"),
        ("README.md", "---\nlicense:\n- cc-by-4.0\n- mit\n---\n", "cc-by-4.0"),
        ("README.md", "---\r\nlicense: other\r\nlicense_name: llama3\r\n---\r\n", "llama3"),
        ("README.md", "---\nlicense: other\n---\n", "other"),
        ("README.md", "# Base\n\nlicense: mit\n", None),
        ("README.md", "---\nlicense:\n---\n", None),
        ("config.json", '{"license": "mit"}', "mit"),
        ("config.json", "x{", None),
        ("other.md", "", None),
    ],
)
def test_the_licence_that_a_base_declares(file: str, text: str, licence: str | None, tmp_path: Path) -> None:
    (tmp_path / file).write_bytes(text.encode())
    assert declared_licence(str(tmp_path)) == licence


def test_the_licence_of_a_hub_base_comes_from_the_local_cache(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    place = tmp_path / "models--org--base"
    (place / "refs").mkdir(parents=True)
    (place / "refs" / "main").write_text("1" * 40)
    (place / "snapshots" / ("1" * 40)).mkdir(parents=True)
    (place / "snapshots" / ("1" * 40) / "README.md").write_text("---\nlicense: mit\n---\n")
    assert declared_licence("hf:org/base") == "mit"
    assert declared_licence("hf:org/other") is None
    assert declared_licence("lab:tiny") is None


def test_a_saved_card_hands_the_licence_on_and_keeps_the_facts_as_they_were(lm: LM, tmp_path: Path) -> None:
    base = save(LM(lm.model, lm.tokenizer, "base", {"licences": {"base": "mit"}}), tmp_path / "base")
    tuned = with_lora(
        LM(lm.model, lm.tokenizer, str(base), {"recipe": "x", "licences": {"base": None}}), "all-linear", 2, 4
    )
    folder = save(tuned, tmp_path / "adapter")
    told = metadata_load(folder / "README.md")
    assert told is not None
    assert (told["license"], told["library_name"]) == ("mit", "peft")
    facts = read_facts(folder)
    assert Path(facts.pop("made_from")).name == "base"
    assert facts == {"recipe": "x", "licences": {"base": None}}
    assert "- **versions**: python" in (folder / "README.md").read_text(encoding="utf-8")


def test_an_adapter_saved_again_names_its_base_and_not_its_own_folder(lm: LM, tmp_path: Path) -> None:
    tuned = with_lora(LM(lm.model, lm.tokenizer, "hf:org/base@v1"), "all-linear", 2, 4)
    folder = save(LM(tuned.model, tuned.tokenizer, "some/adapter", {}), tmp_path / "again")
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert head(text)["base_model"] == "org/base"
    assert "Made with Interlingua from `hf:org/base@v1`." in text


@pytest.mark.parametrize("adapter", [True, False])
def test_the_lines_that_load_it_do(adapter: bool, lm: LM, logits, tmp_path: Path, monkeypatch) -> None:
    base = save(lm, tmp_path / "base")
    tuned = with_lora(LM(lm.model, lm.tokenizer, str(base)), "all-linear", 2, 4)
    folder = save(tuned, tmp_path / "tuned", merge=not adapter)
    held = runs(folder, monkeypatch)
    loaded = LM(held["model"].eval(), held["tokenizer"], "loaded")
    torch.testing.assert_close(logits(loaded), logits(tuned))


def test_the_lines_that_load_an_adapter_on_a_lab_base(tiny_base: LM, tmp_path: Path, monkeypatch) -> None:
    folder = save(with_lora(tiny_base, "all-linear", 2, 4), tmp_path / "tuned")
    assert hasattr(runs(folder, monkeypatch)["model"], "peft_config")
    (line,) = [one for one in card_text("hf:org/base@v1", {}, True).splitlines() if one.startswith("base =")]
    assert line == 'base = AutoModelForCausalLM.from_pretrained("org/base", revision="v1")'


def runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the card's Python lines leave behind, run in the model's folder."""
    text = (folder / "README.md").read_text(encoding="utf-8")
    monkeypatch.chdir(folder)
    held: dict[str, Any] = {}
    exec(text.split("```python\n")[1].split("```")[0], held)
    return held


def test_facts_come_back(tmp_path: Path) -> None:
    write_card(tmp_path, "hf:org/base", FACTS, adapter=True)
    assert read_facts(tmp_path) == json.loads(json.dumps(FACTS)) | {"made_from": "hf:org/base"}
