"""Sentiment of reviews in 20 languages, in the paper's format: two shots, answers in each language.

As `emotion`, but with the label words of each language (variant "native" of `lml_prompts/emotion.json`).
"""

from interlingua.data.task import Task
from interlingua.data.tasks.emotion import QUESTION
from interlingua.data.words import FromJson

_AT = "variants.emotion_2shot_native.languages.{lang}."


def _words(positive: str, negative: str) -> dict[str, str]:
    return {"positive": positive, "negative": negative}


TASK = Task(
    licence="none stated",
    source="Zhang et al. 2024, arXiv:2405.13816; Shimao-Zhang/LLM-Multilingual-Learner",
    folder="lml_emotion",
    files={"test": "test.parquet"},
    few=2,
    shots_from="test",
    question=QUESTION,
    labels={
        "bg": _words("положително", "отрицателно"),
        "bn": _words("ইতিবাচক", "নেতিবাচক"),
        "de": _words("positiv", "negativ"),
        "en": _words("positive", "negative"),
        "es": _words("positivo", "negativo"),
        "fr": _words("positif", "négatif"),
        "hi": _words("सकारात्मक", "नकारात्मक"),
        "is": _words("jákvætt", "neikvætt"),
        "it": _words("positivo", "negativo"),
        "ja": _words("肯定的", "否定的"),
        "ms": _words("positif", "negatif"),
        "nb": _words("positiv", "negativ"),
        "nl": _words("positief", "negatief"),
        "pl": _words("pozytywne", "negatywne"),
        "ru": _words("положительная", "отрицательная"),
        "sl": _words("pozitivno", "negativno"),
        "sv": _words("positiv", "negativ"),
        "sw": _words("chanya", "hasi"),
        "th": _words("เชิงบวก", "เชิงลบ"),
        "zh": _words("正面", "负面"),
    },
    beside={
        "question": FromJson(file="../lml_prompts/emotion.json", path=_AT + "template", remove="{prefix}\n"),
        "shots": FromJson(file="../lml_prompts/emotion.json", path=_AT + "prefix", add="\n"),
        "labels": FromJson(file="../lml_prompts/emotion.json", path=_AT + "label_words_in_script"),
    },
)
