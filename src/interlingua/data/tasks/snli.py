"""Natural language inference in 20 languages, in the paper's format: six shots, answers in English.

Frames and shots are those that were published with the data (`lml_prompts/snli.json`, variant "enout").
Where that file is not beside the data, there are frames of ours, and shots are drawn; ours were not checked
by native speakers. The answer is the column `label`: in Norwegian, `answer` swaps two in 400 of 600 rows.
"""

from interlingua.data.task import Task
from interlingua.data.words import FromJson

_AT = "variants.snli_6shot_enout.languages.{lang}."

TASK = Task(
    licence="none stated",
    source="Zhang et al. 2024, arXiv:2405.13816; Shimao-Zhang/LLM-Multilingual-Learner",
    folder="lml_snli",
    files={"train": "train_en.parquet", "test": "test.parquet"},
    cluster="premise",
    skip_unlabelled=True,
    few=6,
    shots_from="test",
    question={
        "bg": "Предпоставка: {premise}\nХипотеза: {hypothesis}\nОтношение: {answer}",
        "bn": "মূল বাক্য: {premise}\nঅনুমান: {hypothesis}\nসম্পর্ক: {answer}",
        "de": "Prämisse: {premise}\nHypothese: {hypothesis}\nBeziehung: {answer}",
        "en": "Premise: {premise}\nHypothesis: {hypothesis}\nRelation: {answer}",
        "es": "Premisa: {premise}\nHipótesis: {hypothesis}\nRelación: {answer}",
        "fr": "Prémisse : {premise}\nHypothèse : {hypothesis}\nRelation : {answer}",
        "hi": "आधार वाक्य: {premise}\nपरिकल्पना: {hypothesis}\nसंबंध: {answer}",
        "is": "Forsenda: {premise}\nTilgáta: {hypothesis}\nTengsl: {answer}",
        "it": "Premessa: {premise}\nIpotesi: {hypothesis}\nRelazione: {answer}",
        "ja": "前提：{premise}\n仮説：{hypothesis}\n関係：{answer}",
        "ms": "Premis: {premise}\nHipotesis: {hypothesis}\nHubungan: {answer}",
        "nb": "Premiss: {premise}\nHypotese: {hypothesis}\nForhold: {answer}",
        "nl": "Premisse: {premise}\nHypothese: {hypothesis}\nRelatie: {answer}",
        "pl": "Przesłanka: {premise}\nHipoteza: {hypothesis}\nZwiązek: {answer}",
        "ru": "Посылка: {premise}\nГипотеза: {hypothesis}\nОтношение: {answer}",
        "sl": "Premisa: {premise}\nHipoteza: {hypothesis}\nRazmerje: {answer}",
        "sv": "Premiss: {premise}\nHypotes: {hypothesis}\nFörhållande: {answer}",
        "sw": "Kauli: {premise}\nDhana: {hypothesis}\nUhusiano: {answer}",
        "th": "ข้อความตั้งต้น: {premise}\nสมมติฐาน: {hypothesis}\nความสัมพันธ์:{answer}",
        "zh": "前提：{premise}\n假设：{hypothesis}\n关系：{answer}",
    },
    labels={"entailment": "entailment", "neutral": "neutral", "contradiction": "contradiction"},
    beside={
        "question": FromJson(file="../lml_prompts/snli.json", path=_AT + "template", remove="{prefix}\n"),
        "shots": FromJson(file="../lml_prompts/snli.json", path=_AT + "prefix", add="\n"),
    },
)
