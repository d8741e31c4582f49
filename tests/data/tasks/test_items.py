"""Items of every task, rendered from real data."""

import json
from collections import Counter
from functools import cache

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from interlingua.data.asking import Asking
from interlingua.data.files import FileSource
from interlingua.data.source import DataWarning
from interlingua.data.task import TASKS
from interlingua.languages.language import find

# Items in one language after shots are taken out of the measured split, and the languages there are.
COUNTS = {
    "belebele_ende": (898, 2),  # two questions have one answer twice
    "emotion": (500, 20),
    "emotion_native": (500, 20),
    "msvamp": (1000, 10),
    "sib200": (204, 205),
    "snli": (600, 20),
    "xcopa": (500, 12),
    "xquad": (1190, 12),
}
ALIKE = ("eng_Latn", "deu_Latn", "swh_Latn", "tha_Thai", "zho_Hans", "tur_Latn")


@pytest.fixture(scope="module")
def source(shared_data):
    """`source("xcopa", prompt="english")`: the real data of one task."""

    @cache
    def opened(name, **asking):
        return FileSource(shared_data / TASKS.get(name).folder, tasks=[name], asking=Asking(**asking))

    return opened


def items_of(source, name, lang):
    """Items of either kind."""
    ask = source.open_task if name in source.open_tasks else source.task
    return ask(name, find(lang).code)


@pytest.mark.parametrize("name", COUNTS)
def test_parallel_tasks_have_the_same_questions_and_answers_everywhere(source, name):
    data = source(name)
    count, languages = COUNTS[name]
    langs = data.languages_of(name)
    assert len(langs) == languages
    kept = {}
    for lang in [lang for lang in ALIKE if lang in langs]:
        items = items_of(data, name, lang)
        assert len(items) == count
        kept[lang] = [(item.id, item.group, item.cluster, getattr(item, "answer", None)) for item in items]
        assert len({item.shots for item in items}) == 1
    first, *others = kept.values()
    assert others
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("name", "gold"),
    [
        ("snli", {"entailment": 200, "neutral": 200, "contradiction": 200}),
        ("emotion", {"positive": 250, "negative": 250}),
        (
            "sib200",
            {
                " science": 51, " travel": 40, " politics": 30, " sports": 25, " health": 22,
                " entertainment": 19, " geography": 17,
            },
        ),
    ],
)  # fmt: skip
def test_gold_answers_are_distributed_as_published(source, name, gold):
    items = items_of(source(name), name, "en")
    assert Counter(item.options[item.answer] for item in items) == gold


def test_norwegian_answers_are_those_of_the_label_column(source):
    english, norwegian = (items_of(source("snli"), "snli", lang) for lang in ("en", "nb"))
    assert [item.answer for item in english] == [item.answer for item in norwegian]


def test_the_papers_prompts_are_read_from_beside_the_data(source, shared_data):
    said = json.loads((shared_data / "lml_prompts" / "emotion.json").read_text("utf-8"))["variants"]
    for name, variant in (("emotion", "enout"), ("emotion_native", "native")):
        one = said[f"emotion_2shot_{variant}"]["languages"]["de"]
        item = items_of(source(name), name, "de")[0]
        assert item.shots == one["prefix"] + "\n"
        assert item.question.endswith(one["template"].removeprefix("{prefix}\n{input}"))
    assert items_of(source("emotion"), "emotion", "de")[0].options == ("positive", "negative")
    assert items_of(source("emotion_native"), "emotion_native", "de")[0].options == ("positiv", "negativ")


def test_native_and_english_prompts(source):
    native = items_of(source("sib200", shots=0), "sib200", "sw")[0]
    english = items_of(source("sib200", shots=0, prompt="english"), "sib200", "sw")[0]
    text, _, topic = native.question.rpartition("\n")
    assert topic == "Mada:"
    assert english.question == f"{text}\nTopic:"
    assert native.options[:2] == (" sayansi", " utalii")
    assert english.options[:2] == (" science", " travel")
    assert native.answer == english.answer


def test_languages_without_words_of_their_own_are_asked_in_english(source):
    item = items_of(source("sib200", shots=0), "sib200", "shn")[0]
    assert item.question.endswith("\nTopic:")
    assert item.options[0] == " science"


def test_seven_shots_one_of_each_topic_and_the_same_in_all_languages(source):
    task = TASKS.get("sib200")
    order = {}
    for lang in ("en", "ja", "yo"):
        shots = items_of(source("sib200"), "sib200", lang)[0].shots.strip().split("\n\n")
        topic = {word: label for label, word in task.labels[lang].items()}
        start = task.question[lang].partition("\n")[2].removesuffix("{answer}")
        order[lang] = [topic[shot.rpartition("\n")[2].removeprefix(start)] for shot in shots]
    assert Counter(order["en"]) == dict.fromkeys(task.labels["en"], 1)
    assert order["en"] == order["ja"] == order["yo"]


def test_drawn_shots_are_left_out_of_the_measured_split(source):
    with_shots = items_of(source("xnli"), "xnli", "fr")
    without = items_of(source("xnli", shots=0), "xnli", "fr")
    shots = with_shots[0].shots.strip().split("\n\n")
    assert Counter(shot.rpartition("? ")[2] for shot in shots) == {"vrai": 2, "incertain": 2, "faux": 2}
    left = {item.id for item in without} - {item.id for item in with_shots}
    assert len(without) == 2490
    assert {item.cluster for item in without if item.id in left}.isdisjoint(
        item.cluster for item in with_shots
    )


@pytest.mark.parametrize(
    ("lang", "question", "options"),
    [
        ("en", "The item was packaged in bubble wrap because", (" it was fragile.", " it was small.")),
        ("et", "Ese oli mullikilesse mässitud, sest", (" see oli õrn.", " see oli väike.")),
        ("ta", None, (" அவள் பரமபதம் விளையாடினாள்", " அவள் கயிறு தாண்டினாள்")),
        ("th", "สิ่งของถูกห่อไว้ในพลาสติกเพราะ", ("มันบอบบาง", "มันเล็ก")),
        ("tr", "Ürün balonlu naylonla paketlenmişti, çünkü", (" kırılgandı.", " küçüktü.")),
        ("zh", None, ("他走进一个水坑。", "他踩在碎玻璃上。")),
    ],
)
def test_a_premise_and_a_choice_make_one_sentence(source, lang, question, options):
    found = [item for item in items_of(source("xcopa"), "xcopa", lang) if item.options == options]
    assert len(found) == 1
    assert question is None or found[0].question == question


def test_the_english_pronoun_and_the_turkish_dotted_i_are_kept(source):
    english = [option for item in items_of(source("xcopa"), "xcopa", "en") for option in item.options]
    turkish = [option for item in items_of(source("xcopa"), "xcopa", "tr") for option in item.options]
    italian = [option for item in items_of(source("xcopa"), "xcopa", "it") for option in item.options]
    assert sum(option.startswith(" I ") for option in english) > 150
    assert not any(option.startswith((" i ", " It ")) for option in english)
    assert " ışığı açtım." in turkish
    assert not any("i̇" in option for option in turkish)  # an i with a second dot
    assert not any(option.startswith(" I ") for option in italian)


def test_cause_and_effect_are_asked_for_as_in_english(source):
    asked = {
        lang: [item.question.endswith(words) for item in items_of(source("xcopa"), "xcopa", lang)]
        for lang, words in (("en", " because"), ("th", "เพราะ"), ("tr", ", çünkü"), ("sw", " kwa sababu"))
    }
    assert sum(asked["en"]) == 250
    assert asked["th"] == asked["tr"] == asked["sw"] == asked["en"]


def test_numbers_are_answers_in_every_language(source):
    for lang in ("bn", "ja", "th"):
        items = items_of(source("msvamp"), "msvamp", lang)
        assert all(float(answer) >= 0 for item in items for answer in item.answers)
        assert {item.match for item in items} == {"number"}
    japanese = items_of(source("msvamp"), "msvamp", "ja")[0]
    assert japanese.question.startswith("質問：")
    assert japanese.question.endswith("？\n答え：")
    assert japanese.answers == ("8",)


def test_answers_are_in_the_passage_that_is_joined(source):
    for lang in ("en", "ar", "zh"):
        items = items_of(source("xquad"), "xquad", lang)
        assert all(answer in item.question for item in items for answer in item.answers)
        assert len({item.cluster for item in items}) == 240


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("exams", {"bg": 365, "hr": 335, "mk": 265, "vi": 302}),  # three Vietnamese ones have an answer twice
        ("xwinograd", {"en": 2325, "fr": 83, "ja": 959, "pt": 263, "ru": 315, "zh": 16}),
        ("afrisenti", {"am": 1497, "ha": 2677, "pcm": 1281, "yo": 2090}),
        ("americasnli", {"ay": 743, "quy": 743}),
    ],
)
def test_tasks_whose_languages_differ(source, name, counts):
    data = source(name, shots=0)
    assert {lang: len(items_of(data, name, lang)) for lang in counts} == counts


def test_letters_name_the_options_of_examinations(source):
    question = "Кое от изброените химични съединения е белтък?"
    item = next(item for item in items_of(source("exams"), "exams", "bg") if question in item.question)
    assert item.question == f"Въпрос: {question}\nОтговор:"
    assert item.options[item.answer] == " хемоглобин"


def test_pronouns_are_asked_for_in_six_languages(source):
    item = items_of(source("xwinograd"), "xwinograd", "en")[0]
    assert item.question == (
        "The city councilmen refused the demonstrators a permit because they feared violence.\n"
        'In this text, "they" stands for:'
    )
    assert item.options == (" The city councilmen", " the demonstrators")
    assert item.answer == 0


def test_tweets_are_asked_about_in_each_language(source):
    data = source("afrisenti", shots=0)
    said = {lang: items_of(data, "afrisenti", lang)[0] for lang in ("am", "sw", "ary")}
    assert [item.question.rpartition("\n")[2] for item in said.values()] == ["ስሜት፦", "Hisia:", "الشعور:"]
    assert said["am"].options == (" አዎንታዊ", " ገለልተኛ", " አሉታዊ")


def test_paraphrases_from_a_folder_of_ones_own(tmp_path):
    folder = tmp_path / "pawsx"
    folder.mkdir()
    texts = {"en": ("He met her.", "She met him."), "ja": ("彼は彼女に会った。", "彼女は彼に会った。")}
    for split, size in (("dev", 8), ("test", 3)):
        rows = [
            {"id": str(at), "lang": lang, "sentence1": one, "sentence2": other, "label": at % 2}
            for lang, (one, other) in texts.items()
            for at in range(size)
        ]
        rows[-1]["sentence2"] = ""  # as in the data of the hub: left out
        parquet.write_table(pa.Table.from_pylist(rows), folder / f"{split}.parquet")
    items = FileSource(folder).task("paraphrase", "jpn_Jpan")
    assert [item.id for item in items] == ["0", "1"]
    item = items[1]
    asked = "文1：彼は彼女に会った。\n文2：彼女は彼に会った。\n二つの文は同じ意味ですか？"
    assert item.question == asked
    assert (item.options, item.answer) == (("いいえ", "はい"), 1)
    assert item.shots == "".join(f"{asked}{answer}\n\n" for answer in ("いいえ", "はい", "いいえ", "はい"))


def test_school_arithmetic_from_a_folder_of_ones_own(tmp_path):
    folder = tmp_path / "mgsm"
    folder.mkdir()
    rows = [{"id": "0", "lang": "te", "question": "ఎన్ని?", "answer": 18}]
    rows += [{"id": "0", "lang": "en", "question": "How many?", "answer": 18}]
    parquet.write_table(pa.Table.from_pylist(rows), folder / "test.parquet")
    item = FileSource(folder).open_task("mgsm", "tel_Telu")[0]
    assert (item.question, item.answers) == ("ప్రశ్న: ఎన్ని?\nజవాబు:", ("18",))
    assert item.shots.count("జవాబు:") == 4


def test_sets_that_are_not_complete_say_so(source):
    with pytest.warns(DataWarning, match="are missing in"):
        source("americasnli", shots=1).task("americasnli", find("oto").code)
