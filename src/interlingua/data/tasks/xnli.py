"""Natural language inference in 15 languages (XNLI): does a premise make a hypothesis true?

Prompts are ours and not checked by native speakers.
"""

from interlingua.data.task import Hub, Task

_LANGUAGES = ("ar", "bg", "de", "el", "en", "es", "fr", "hi", "ru", "sw", "th", "tr", "ur", "vi", "zh")


def _words(entailment: str, neutral: str, contradiction: str) -> dict[str, str]:
    return {"entailment": entailment, "neutral": neutral, "contradiction": contradiction}


TASK = Task(
    licence="CC BY-NC 4.0",
    source="Conneau et al. 2018, arXiv:1809.05053; facebookresearch/XNLI",
    folder="xnli",
    files={"dev": "dev.parquet"},
    evaluated="dev",
    hub=Hub(
        name="facebook/xnli",
        configs={lang: lang for lang in _LANGUAGES},
        splits={"dev": "validation"},
        columns={"id": "#"},
    ),
    cluster="premise",
    few=6,
    shots_from="dev",
    question={
        "ar": "المقدمة: {premise}\nالفرضية: {hypothesis}\nصحيحة أم غير واضحة أم خاطئة؟ {answer}",
        "bg": "Предпоставка: {premise}\nХипотеза: {hypothesis}\nВярно, неясно или невярно? {answer}",
        "de": "Prämisse: {premise}\nHypothese: {hypothesis}\nWahr, unklar oder falsch? {answer}",
        "el": "Προκείμενη: {premise}\nΥπόθεση: {hypothesis}\nΣωστό, ασαφές ή λάθος; {answer}",
        "en": "Premise: {premise}\nHypothesis: {hypothesis}\nTrue, unclear or false? {answer}",
        "es": "Premisa: {premise}\nHipótesis: {hypothesis}\n¿Verdadero, incierto o falso? {answer}",
        "fr": "Prémisse : {premise}\nHypothèse : {hypothesis}\nVrai, incertain ou faux ? {answer}",
        "hi": "आधार वाक्य: {premise}\nपरिकल्पना: {hypothesis}\nसही, अनिश्चित या गलत? {answer}",
        "ru": "Посылка: {premise}\nГипотеза: {hypothesis}\nВерно, неясно или неверно? {answer}",
        "sw": "Kauli: {premise}\nDhana: {hypothesis}\nKweli, haijulikani au uongo? {answer}",
        "th": "ข้อความตั้งต้น: {premise}\nสมมติฐาน: {hypothesis}\nจริง ไม่แน่ชัด หรือเท็จ:{answer}",
        "tr": "Öncül: {premise}\nHipotez: {hypothesis}\nDoğru, belirsiz veya yanlış? {answer}",
        "ur": "مقدمہ: {premise}\nمفروضہ: {hypothesis}\nدرست، غیر یقینی یا غلط؟ {answer}",
        "vi": "Tiền đề: {premise}\nGiả thuyết: {hypothesis}\nĐúng, không rõ hay sai? {answer}",
        "zh": "前提：{premise}\n假设：{hypothesis}\n正确、不确定还是错误？{answer}",
    },
    labels={
        "ar": _words("صحيحة", "غير واضحة", "خاطئة"),
        "bg": _words("вярно", "неясно", "невярно"),
        "de": _words("wahr", "unklar", "falsch"),
        "el": _words("σωστό", "ασαφές", "λάθος"),
        "en": _words("true", "unclear", "false"),
        "es": _words("verdadero", "incierto", "falso"),
        "fr": _words("vrai", "incertain", "faux"),
        "hi": _words("सही", "अनिश्चित", "गलत"),
        "ru": _words("верно", "неясно", "неверно"),
        "sw": _words("kweli", "haijulikani", "uongo"),
        "th": _words("จริง", "ไม่แน่ชัด", "เท็จ"),
        "tr": _words("doğru", "belirsiz", "yanlış"),
        "ur": _words("درست", "غیر یقینی", "غلط"),
        "vi": _words("đúng", "không rõ", "sai"),
        "zh": _words("正确", "不确定", "错误"),
    },
)
