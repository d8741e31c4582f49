"""The shipped example of a task of one's own runs, on a model of random weights."""

import re
from collections import Counter
from pathlib import Path

import pytest

from interlingua.data.asking import Asking
from interlingua.data.files import FileSource
from interlingua.models.lm import load
from interlingua.scoring.choices import score_choices
from interlingua.scoring.open import score_open

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_task.toml"
LANGUAGES = ("eng_Latn", "ita_Latn", "swh_Latn")


@pytest.fixture(scope="module")
def own():
    return FileSource(EXAMPLE)


def test_every_row_is_used_in_three_languages(own):
    assert (own.languages, own.tasks, own.open_tasks) == (LANGUAGES, ("agree", "shop"), ("price",))
    for lang in LANGUAGES:
        agree, shop, price = own.task("agree", lang), own.task("shop", lang), own.open_task("price", lang)
        assert (len(agree), len(shop), len(price)) == (8, 12, 12)
        assert Counter(item.answer for item in shop) == {0: 6, 1: 6}
        assert [(item.id, item.answer, item.cluster) for item in agree] == [
            (item.id, item.answer, item.cluster) for item in own.task("agree", "eng_Latn")
        ]
        for item in shop:
            on_list, in_shop = item.question.split(".")[:2]
            wanted = [option.strip() in on_list.split(": ")[1].split(", ") for option in item.options]
            assert wanted == [at == item.answer for at in (0, 1)]
            assert in_shop.split(": ")[1] == ",".join(item.options).strip()
        more = [int(re.findall(r"\d+", item.question)[1]) for item in price]
        assert [int(item.answers[0]) for item in price] == [2 + number for number in more]


def test_it_runs_on_a_model_of_random_weights(own, random_model):
    items = [item for task in own.tasks for lang in LANGUAGES for item in own.task(task, lang)]
    opened = own.open_task("price", "swh_Latn")
    lm = load(str(random_model("llama", [item.shots + item.question for item in items])), device="cpu")
    rows = score_choices(lm, items, how="loglik")
    assert [(row.task, row.lang, row.id, row.gold) for row in rows] == [
        (item.task, item.lang, item.id, item.answer) for item in items
    ]
    written = score_open(lm, opened)
    assert [row.extra["reference"] for row in written] == [item.answers[0] for item in opened]


def test_english_prompts_and_no_shots():
    asked = FileSource(EXAMPLE, tasks=["agree"], asking=Asking("english", 0)).task("agree", "swh_Latn")
    assert len(asked) == 12
    assert asked[0].question.endswith("Do they agree?")
    assert (asked[0].options, asked[0].shots) == ((" yes", " no"), "")
