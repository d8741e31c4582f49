"""Sentiment of tweets in 12 African languages and varieties (AfriSenti): positive, neutral or negative.

Languages have different tweets. Prompts are ours and not checked by native speakers.
"""

from interlingua.data.task import Hub, Task


def _words(positive: str, neutral: str, negative: str) -> dict[str, str]:
    return {"positive": positive, "neutral": neutral, "negative": negative}


TASK = Task(
    licence="CC BY 4.0",
    source="Muhammad et al. 2023, arXiv:2302.08956; afrisenti-semeval/afrisent-semeval-2023",
    folder="afrisenti",
    files={"dev": "dev.parquet"},
    evaluated="dev",
    hub=Hub(
        name="masakhane/afrisenti",
        configs={
            "am": "amh", "arq": "arq", "ary": "ary", "ha": "hau", "ig": "ibo", "pcm": "pcm",
            "pt-MZ": "por", "rw": "kin", "sw": "swa", "ts": "tso", "tw": "twi", "yo": "yor",
        },
        splits={"dev": "validation"},
        columns={"id": "#", "text": "tweet"},
    ),
    parallel=False,
    few=3,
    shots_from="dev",
    question={
        "am": "{text}\nስሜት፦ {answer}",
        "arq": "{text}\nالشعور: {answer}",
        "ary": "{text}\nالشعور: {answer}",
        "en": "{text}\nSentiment: {answer}",
        "ha": "{text}\nRa'ayi: {answer}",
        "ig": "{text}\nMmetụta: {answer}",
        "pcm": "{text}\nHow e dey feel: {answer}",
        "pt": "{text}\nSentimento: {answer}",
        "rw": "{text}\nIcyiyumvo: {answer}",
        "sw": "{text}\nHisia: {answer}",
        "ts": "{text}\nMatitwelo: {answer}",
        "tw": "{text}\nAtenka: {answer}",
        "yo": "{text}\nÌmọ̀lára: {answer}",
    },
    labels={
        "am": _words("አዎንታዊ", "ገለልተኛ", "አሉታዊ"),
        "arq": _words("إيجابي", "محايد", "سلبي"),
        "ary": _words("إيجابي", "محايد", "سلبي"),
        "en": _words("positive", "neutral", "negative"),
        "ha": _words("kyakkyawa", "tsaka-tsaki", "mummuna"),
        "ig": _words("mma", "nnọpụiche", "ọjọọ"),
        "pcm": _words("good", "neutral", "bad"),
        "pt": _words("positivo", "neutro", "negativo"),
        "rw": _words("cyiza", "hagati", "kibi"),
        "sw": _words("chanya", "wastani", "hasi"),
        "ts": _words("kahle", "xikarhi", "biha"),
        "tw": _words("papa", "mfinimfini", "bɔne"),
        "yo": _words("rere", "àárín", "búburú"),
    },
)  # fmt: skip
