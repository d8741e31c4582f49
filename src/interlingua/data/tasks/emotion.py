"""Sentiment of reviews in 20 languages, in the paper's format: two shots, answers in English.

Frames and shots are those that were published with the data (`lml_prompts/emotion.json`, variant "enout").
Where that file is not beside the data, there are frames of ours, and shots are drawn; ours were not checked
by native speakers.
"""

from interlingua.data.task import Task
from interlingua.data.words import FromJson

_AT = "variants.emotion_2shot_enout.languages.{lang}."
QUESTION = {
    "bg": "{input}\nОтношение: {answer}",
    "bn": "{input}\nঅনুভূতি: {answer}",
    "de": "{input}\nStimmung: {answer}",
    "en": "{input}\nSentiment: {answer}",
    "es": "{input}\nSentimiento: {answer}",
    "fr": "{input}\nSentiment : {answer}",
    "hi": "{input}\nभाव: {answer}",
    "is": "{input}\nViðhorf: {answer}",
    "it": "{input}\nSentimento: {answer}",
    "ja": "{input}\n感情：{answer}",
    "ms": "{input}\nSentimen: {answer}",
    "nb": "{input}\nHoldning: {answer}",
    "nl": "{input}\nSentiment: {answer}",
    "pl": "{input}\nNastawienie: {answer}",
    "ru": "{input}\nТональность: {answer}",
    "sl": "{input}\nRazpoloženje: {answer}",
    "sv": "{input}\nInställning: {answer}",
    "sw": "{input}\nMtazamo: {answer}",
    "th": "{input}\nความรู้สึก:{answer}",
    "zh": "{input}\n情感：{answer}",
}
"""Our own frames, language by language."""

TASK = Task(
    licence="none stated",
    source="Zhang et al. 2024, arXiv:2405.13816; Shimao-Zhang/LLM-Multilingual-Learner",
    folder="lml_emotion",
    files={"test": "test.parquet"},
    few=2,
    shots_from="test",
    question=QUESTION,
    labels={"positive": "positive", "negative": "negative"},
    beside={
        "question": FromJson(file="../lml_prompts/emotion.json", path=_AT + "template", remove="{prefix}\n"),
        "shots": FromJson(file="../lml_prompts/emotion.json", path=_AT + "prefix", add="\n"),
    },
)
