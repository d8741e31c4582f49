"""Who a pronoun stands for, in 6 languages (XWinograd): two candidates from the sentence.

The pronoun is asked for after the sentence; it is not replaced in it. Languages have different sentences.
Prompts are ours and not checked by native speakers.
"""

from interlingua.data.task import Task

TASK = Task(
    licence="Apache-2.0",
    source="Tikhonov and Ryabinin 2021, arXiv:2106.12066; yandex-research/crosslingual_winograd",
    folder="xwinograd",
    files={"test": "all.parquet"},
    parallel=False,
    question={
        "en": '{text}\nIn this text, "{pronoun}" stands for: {answer}',
        "fr": "{text}\nDans ce texte, « {pronoun} » désigne : {answer}",
        "ja": "{text}\nこの文章の「{pronoun}」が指すもの：{answer}",
        "pt": '{text}\nNeste texto, "{pronoun}" refere-se a: {answer}',
        "ru": "{text}\nВ этом тексте слово «{pronoun}» обозначает: {answer}",
        "zh": "{text}\n这段话里的“{pronoun}”指的是：{answer}",
    },
    options="choices",
    label_is="index",
)
