"""The shipped example of text of one's own has all that a recipe may need, and recipes run on it."""

from pathlib import Path

import pytest

from interlingua.data.files import FileSource
from interlingua.models.lm import load
from interlingua.recipes.recipe import RECIPES, Context, with_knobs

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_text.toml"
LANGUAGES = ("eng_Latn", "ita_Latn", "swh_Latn")


@pytest.fixture(scope="module")
def own():
    return FileSource(EXAMPLE)


def test_every_table_is_read_in_three_languages(own):
    assert (own.languages, own.tasks) == (LANGUAGES, ("agree",))
    for lang in LANGUAGES:
        assert len(own.text(lang)) == len(own.task("agree", lang)) == 12
        assert [item.answer for item in own.task("agree", lang, "train")] == [0, 1, 0, 1]
    for lang in LANGUAGES[1:]:
        assert len(own.pairs(lang, "eng_Latn")) == len(own.questions(lang, "eng_Latn")) == 12
        assert len(own.dictionary(lang, "eng_Latn")) == 10


def test_rows_of_one_id_say_the_same(own):
    pair = own.pairs("swh_Latn", "ita_Latn")[3]
    assert (pair.source, pair.target) == ("Tunakunywa chai jioni.", "La sera beviamo il tè.")
    question = own.questions("ita_Latn", "eng_Latn")[4]
    assert (question.source, question.target) == ("Domani pioverà.", "Tomorrow it will rain.")
    assert own.dictionary("swh_Latn", "eng_Latn")["samaki"] == ("fish",)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("question_translation", {"steps": 2, "batch_size": 2}),
        ("code_switched_sft", {"steps": 2, "batch_size": 2}),
        ("vocabulary_expansion", {"steps": 2, "batch_size": 2, "pieces": 20, "held_out": 3, "length": 64}),
    ],
)
def test_the_recipes_of_its_first_lines_run_on_it(own, random_model, name, changes):
    assert f"interlingua run {name} --model MODEL --on examples/own_text.toml" in EXAMPLE.read_text("utf-8")
    texts = [text for lang in LANGUAGES for text in own.text(lang)]
    base = load(str(random_model("llama", texts)), device="cpu")
    recipe = RECIPES.get(name)
    found = recipe.run(Context(base, own, ("swh_Latn",)), with_knobs(recipe.Knobs(), changes))
    assert found.facts["steps"] == 2
    assert found.models["tuned"].fingerprint() != base.fingerprint()
