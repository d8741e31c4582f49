"""The command `tokenizer`, on a stand-in for the study."""

import json
from copy import deepcopy
from typing import Any

import pytest


def interval(mean: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - 0.1, "high": mean + 0.1, "n": 20}


def cost(ratio: float, **more: float) -> dict[str, Any]:
    return {
        "ratio": interval(ratio),
        "per_byte": ratio / 10,
        "unknown": 0.0,
        "split_graphemes": 0.125,
        **more,
    }


RESULT: dict[str, Any] = {
    "source": "mine", "pivot": "eng_Latn", "pivot_name": "English", "left_out": ["zul_Latn"],
    "languages": {
        code: {"name": name, "text": "pairs", "sentences": 20}
        for code, name in (("eng_Latn", "English"), ("swh_Latn", "Swahili"), ("mya_Mymr", "Burmese"))
    },
    "tokenizers": {
        "models/small": {"context": 1000, "tells_places": True},
        "hf:org/wide": {"context": None, "tells_places": False},
    },
    "tokenizer": {
        "models/small": {
            "eng_Latn": cost(1.0, context_sentences=40.0), "swh_Latn": cost(2.0, context_sentences=20.0),
            "mya_Mymr": cost(8.0, context_sentences=5.0, bits_per_byte=interval(0.75)),
        },
        "hf:org/wide": {
            "eng_Latn": cost(1.0), "swh_Latn": cost(1.5), "mya_Mymr": cost(1.25, unknown=0.5),
        },
    },
    "dearest": {"models/small": ["mya_Mymr", "swh_Latn"], "hf:org/wide": ["swh_Latn", "mya_Mymr"]},
    "too_long": {"models/small": {"mya_Mymr": 3}}, "settings": {"sentences": 200},
}  # fmt: skip


@pytest.fixture
def asked(stand_in) -> list[dict[str, Any]]:
    """What the study was asked for."""
    calls: list[dict[str, Any]] = []

    def tokenizers(**settings: Any) -> dict[str, Any]:
        calls.append(settings)
        return deepcopy(RESULT)

    stand_in("interlingua.studies.tokenizers", tokenizers=tokenizers)
    return calls


def rows(shown: str, title: str) -> list[list[str]]:
    """The words of the lines of one table."""
    lines = shown.split(f"\n{title}\n")[1].split("\n\n")[0].splitlines()
    return [line.split() for line in lines[next(at for at, line in enumerate(lines) if "---" in line) + 1 :]]


def test_options_arrive(run, asked) -> None:
    words = (
        "tokenizer hf:org/wide models/small --on data --task sib200 --lang sw,my --script Latn "
        "--family bantu --sentences 50 --context 4096 --bits --device cpu --dtype bfloat16"
    )
    assert run(*words.split()).exit_code == 0
    assert run("tokenizer", "--on", "lab:tiny").exit_code == 0
    assert asked == [
        {
            "models": ("hf:org/wide", "models/small"), "on": "data", "tasks": ("sib200",),
            "lang": ("sw", "my"), "script": "Latn", "family": "bantu", "sentences": 50, "context": 4096,
            "bits": True, "device": "cpu", "dtype": "bfloat16",
        },
        {
            "models": (), "on": "lab:tiny", "tasks": (), "lang": ("all",), "script": None, "family": None,
            "sentences": 200, "context": None, "bits": False, "device": "auto", "dtype": "auto",
        },
    ]  # fmt: skip


def test_json_is_the_result_alone(run, asked) -> None:
    assert json.loads(run("tokenizer", "x", "--on", "data", "--json").stdout) == RESULT


def test_the_dearest_languages_are_named_first(run, asked) -> None:
    lines = run("tokenizer", "x", "--on", "data").stdout.splitlines()
    assert lines[:5] == [
        "Cost in tokens on mine",
        "",
        "Dearest with small: Burmese takes 8.00 times the tokens of English for the same text "
        "(95% 7.90 to 8.10), then Swahili 2.00.",
        "Its context of 1,000 tokens holds about 40 such sentences of English, 5 of Burmese.",
        "Dearest with wide: Swahili takes 1.50 times the tokens of English for the same text "
        "(95% 1.40 to 1.60), then Burmese 1.25.",
    ]


def test_a_table_per_measure_with_the_dearest_language_on_top(run, asked) -> None:
    shown = run("tokenizer", "x", "--on", "data").stdout
    assert rows(shown, "Tokens for the same text, pivot = 1") == [
        ["Burmese", "mya_Mymr", "8.00", "7.90", "8.10", "1.25", "1.15", "1.35"],
        ["Swahili", "swh_Latn", "2.00", "1.90", "2.10", "1.50", "1.40", "1.60"],
        ["English", "eng_Latn", "1.00", "0.90", "1.10", "1.00", "0.90", "1.10"],
    ]
    assert rows(shown, "Unknown, % of tokens")[0] == ["Burmese", "mya_Mymr", "0.0", "50.0"]
    assert rows(shown, "Sentences in the context")[0] == ["Burmese", "mya_Mymr", "5"]
    assert rows(shown, "Bits per byte")[1] == ["Swahili", "swh_Latn", "–", "–", "–"]
    assert "Tokens per word" not in shown  # nothing has it
    only = run("tokenizer", "x", "--on", "data", "--show", "per_byte").stdout
    assert rows(only, "Tokens per byte")[0] == ["Burmese", "mya_Mymr", "0.80", "0.12"]
    assert "Unknown" not in only


def test_what_to_beware_of_is_told(run, asked) -> None:
    shown = run("tokenizer", "x", "--on", "data").stdout.splitlines()
    assert shown[-6:] == [
        "Sentences per language: 20.",
        "wide does not know more than 5% of its tokens in Burmese: that text is lost there, not cheap.",
        "wide does not say where its tokens lie: split graphemes are not known.",
        "No file says how many tokens the model of wide reads; --context sets a window.",
        "Longer than small reads, and left out of its bits per byte: mya_Mymr 3.",
        "1 language without any text: zul_Latn.",
    ]


def test_text_that_is_not_parallel_has_no_dearest_language(run, asked, monkeypatch) -> None:
    monkeypatch.setitem(RESULT, "dearest", {"models/small": [], "hf:org/wide": ["swh_Latn"]})
    monkeypatch.setitem(
        RESULT, "tokenizer", {"models/small": {"swh_Latn": {"per_byte": 0.5, "unknown": 0.0}},
                              "hf:org/wide": {"swh_Latn": cost(0.9)}},
    )  # fmt: skip
    monkeypatch.setitem(
        RESULT, "languages", {"swh_Latn": {"name": "Swahili", "text": "text", "sentences": 200}}
    )
    lines = run("tokenizer", "x", "--on", "data").stdout.splitlines()
    assert lines[2:4] == ["With wide no language takes more tokens than English for the same text.", ""]
    assert "Not parallel to English, so without a ratio: Swahili." in lines


def test_names_stay_whole_where_their_ends_are_the_same(run, asked, monkeypatch) -> None:
    for part in ("tokenizer", "tokenizers", "dearest"):
        monkeypatch.setitem(
            RESULT, part, dict(zip(("a/model", "b/model/"), RESULT[part].values(), strict=True))
        )
    monkeypatch.setitem(RESULT, "too_long", {})
    assert "Dearest with b/model/: Swahili" in run("tokenizer", "x", "--on", "data").stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--show", "ratoi"), 1, "Error: No measure of tokenizers called 'ratoi'. Did you mean ratio?"),
        (("--sentences", "1"), 2, "1 is not in the range x>=2"),
        (("--context", "0"), 2, "0 is not in the range x>=1"),
    ],
)
def test_bad_input(run, asked, words: tuple[str, ...], code: int, told: str) -> None:
    done = run("tokenizer", "x", "--on", "data", *words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert told in done.stderr
    assert asked == []
