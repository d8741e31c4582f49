"""Reading in 12 languages (XQuAD): a question on a passage, answered in its words.

The shots put two short questions on one passage of two sentences, so that answers stay short. They are ours
and not checked by native speakers.
"""

from interlingua.data.task import Join, Task
from interlingua.data.tasks._asked import frames, solved

_BRIDGE = {  # passage, two questions, two answers
    "ar": (
        "بُني الجسر فوق النهر عام 1872. وكانت المهندسة المعمارية آنا كيلر.",
        ("متى بُني الجسر؟", "1872"),
        ("من كانت المهندسة المعمارية؟", "آنا كيلر"),
    ),
    "de": (
        "Die Brücke über den Fluss wurde 1872 gebaut. Die Architektin war Anna Keller.",
        ("Wann wurde die Brücke gebaut?", "1872"),
        ("Wer war die Architektin?", "Anna Keller"),
    ),
    "el": (
        "Η γέφυρα πάνω από το ποτάμι χτίστηκε το 1872. Αρχιτέκτονας ήταν η Άννα Κέλερ.",
        ("Πότε χτίστηκε η γέφυρα;", "1872"),
        ("Ποια ήταν η αρχιτέκτονας;", "Άννα Κέλερ"),
    ),
    "en": (
        "The bridge over the river was built in 1872. The architect was Anna Keller.",
        ("When was the bridge built?", "1872"),
        ("Who was the architect?", "Anna Keller"),
    ),
    "es": (
        "El puente sobre el río se construyó en 1872. La arquitecta fue Anna Keller.",
        ("¿Cuándo se construyó el puente?", "1872"),
        ("¿Quién fue la arquitecta?", "Anna Keller"),
    ),
    "hi": (
        "नदी पर पुल 1872 में बनाया गया था। वास्तुकार आना केलर थीं।",
        ("पुल कब बनाया गया था?", "1872"),
        ("वास्तुकार कौन थीं?", "आना केलर"),
    ),
    "ro": (
        "Podul de peste râu a fost construit în 1872. Arhitecta a fost Anna Keller.",
        ("Când a fost construit podul?", "1872"),
        ("Cine a fost arhitecta?", "Anna Keller"),
    ),
    "ru": (
        "Мост через реку построили в 1872 году. Архитектором была Анна Келлер.",
        ("В каком году построили мост?", "1872"),
        ("Кто был архитектором?", "Анна Келлер"),
    ),
    "th": (
        "สะพานข้ามแม่น้ำสร้างขึ้นในปี 1872 สถาปนิกคือแอนนา เคลเลอร์",
        ("สะพานสร้างขึ้นในปีใด", "1872"),
        ("ใครคือสถาปนิก", "แอนนา เคลเลอร์"),
    ),
    "tr": (
        "Nehrin üzerindeki köprü 1872 yılında yapıldı. Köprünün mimarı Anna Keller idi.",
        ("Köprü hangi yılda yapıldı?", "1872"),
        ("Köprünün mimarı kimdi?", "Anna Keller"),
    ),
    "vi": (
        "Cây cầu bắc qua sông được xây dựng năm 1872. Kiến trúc sư là Anna Keller.",
        ("Cây cầu được xây dựng năm nào?", "1872"),
        ("Kiến trúc sư là ai?", "Anna Keller"),
    ),
    "zh": (
        "河上的那座桥建于1872年，建筑师是安娜·凯勒。",
        ("这座桥建于哪一年？", "1872年"),
        ("建筑师是谁？", "安娜·凯勒"),
    ),
}
_QUESTION = {lang: frame for lang, frame in frames("{context}\n").items() if lang in _BRIDGE}

TASK = Task(
    licence="CC BY-SA 4.0",
    source="Artetxe et al. 2020, arXiv:1910.11856; google-deepmind/xquad",
    folder="xquad",
    files={"test": "test.parquet"},
    cluster="context_id",
    joins=(Join(on="context_id", file="contexts.parquet", take=("context",)),),
    question=_QUESTION,
    answer="answer",
    max_new_tokens=48,
    few=2,
    shots={
        lang: solved(_QUESTION[lang], ("context", "question", "answer"), [(passage, *pair) for pair in pairs])
        for lang, (passage, *pairs) in _BRIDGE.items()
    },
)
