"""Paraphrase (PAWS-X, 7 languages): do two sentences with nearly the same words mean the same?

Four shots as in the paper. There are prompts for the other languages of the paper as well, for tables of
one's own; they are ours and not checked by native speakers. Pairs with an empty sentence are left out.
"""

from interlingua.data.task import Hub, Task

_ASKED = {  # sentence 1, sentence 2, question, no, yes
    "ar": ("الجملة 1: ", "الجملة 2: ", "هل للجملتين المعنى نفسه؟ ", "لا", "نعم"),
    "bg": ("Изречение 1: ", "Изречение 2: ", "Означават ли двете изречения едно и също? ", "не", "да"),
    "bn": ("বাক্য 1: ", "বাক্য 2: ", "দুটি বাক্যের অর্থ কি একই? ", "না", "হ্যাঁ"),
    "de": ("Satz 1: ", "Satz 2: ", "Bedeuten beide Sätze dasselbe? ", "nein", "ja"),
    "en": ("Sentence 1: ", "Sentence 2: ", "Do both sentences mean the same? ", "no", "yes"),
    "es": ("Oración 1: ", "Oración 2: ", "¿Significan lo mismo las dos oraciones? ", "no", "sí"),
    "fr": ("Phrase 1 : ", "Phrase 2 : ", "Les deux phrases ont-elles le même sens ? ", "non", "oui"),
    "hi": ("वाक्य 1: ", "वाक्य 2: ", "क्या दोनों वाक्यों का अर्थ एक ही है? ", "नहीं", "हाँ"),
    "id": ("Kalimat 1: ", "Kalimat 2: ", "Apakah kedua kalimat bermakna sama? ", "tidak", "ya"),
    "is": ("Setning 1: ", "Setning 2: ", "Merkja báðar setningarnar það sama? ", "nei", "já"),
    "it": ("Frase 1: ", "Frase 2: ", "Le due frasi hanno lo stesso significato? ", "no", "sì"),
    "ja": ("文1：", "文2：", "二つの文は同じ意味ですか？", "いいえ", "はい"),
    "ko": ("문장 1: ", "문장 2: ", "두 문장의 뜻이 같습니까? ", "아니요", "예"),
    "ms": ("Ayat 1: ", "Ayat 2: ", "Adakah kedua-dua ayat bermaksud sama? ", "tidak", "ya"),
    "nb": ("Setning 1: ", "Setning 2: ", "Betyr begge setningene det samme? ", "nei", "ja"),
    "nl": ("Zin 1: ", "Zin 2: ", "Betekenen beide zinnen hetzelfde? ", "nee", "ja"),
    "pl": ("Zdanie 1: ", "Zdanie 2: ", "Czy oba zdania znaczą to samo? ", "nie", "tak"),
    "pt": ("Frase 1: ", "Frase 2: ", "As duas frases têm o mesmo significado? ", "não", "sim"),
    "ru": ("Предложение 1: ", "Предложение 2: ", "Значат ли оба предложения одно и то же? ", "нет", "да"),
    "sl": ("Stavek 1: ", "Stavek 2: ", "Ali oba stavka pomenita isto? ", "ne", "da"),
    "sv": ("Mening 1: ", "Mening 2: ", "Betyder båda meningarna samma sak? ", "nej", "ja"),
    "sw": ("Sentensi 1: ", "Sentensi 2: ", "Je, sentensi zote mbili zina maana moja? ", "hapana", "ndiyo"),
    "th": ("ประโยคที่ 1: ", "ประโยคที่ 2: ", "สองประโยคนี้มีความหมายเดียวกันหรือไม่:", "ไม่", "ใช่"),
    "tr": ("Cümle 1: ", "Cümle 2: ", "İki cümle aynı anlama mı geliyor? ", "hayır", "evet"),
    "vi": ("Câu 1: ", "Câu 2: ", "Hai câu có cùng nghĩa không? ", "không", "có"),
    "zh": ("句子1：", "句子2：", "这两个句子的意思相同吗？", "否", "是"),
}

TASK = Task(
    licence="free for any purpose, with acknowledgement of Google LLC",
    source="Yang et al. 2019, arXiv:1908.11828; google-research-datasets/paws",
    folder="pawsx",
    files={"dev": "dev.parquet", "test": "test.parquet"},
    hub=Hub(
        name="google-research-datasets/paws-x",
        configs={lang: lang for lang in ("de", "en", "es", "fr", "ja", "ko", "zh")},
        splits={"dev": "validation"},
    ),
    skip_empty=True,
    few=4,
    shots_from="dev",
    question={
        lang: f"{first}{{sentence1}}\n{second}{{sentence2}}\n{asked}{{answer}}"
        for lang, (first, second, asked, *_) in _ASKED.items()
    },
    labels={lang: {"0": no, "1": yes} for lang, (*_, no, yes) in _ASKED.items()},
)
