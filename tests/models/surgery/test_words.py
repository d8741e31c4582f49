"""Words: tokens are grouped by their places, in any script, also where a character is several tokens."""

import pytest

from interlingua.core.errors import ModelError
from interlingua.lab.architectures import small_tokenizer
from interlingua.lab.corpus import train_tokenizer
from interlingua.models.surgery.words import words_of

TEXTS = {
    "Latn": ("one river, two rivers.", ["one", "river", ",", "two", "rivers", "."]),
    "Deva": ("नदी लम्बी घर।", ["नदी", "लम्बी", "घर", "।"]),
    "Hebr": ("ףתףע רתדעפ.", ["ףתףע", "רתדעפ", "."]),
    "Ethi": ("ወንዝ ረጅም።", ["ወንዝ", "ረጅም", "።"]),
}


@pytest.mark.parametrize("script", TEXTS)
@pytest.mark.parametrize("seen", ["nothing of it", "much of it"])
def test_byte_level_tokens_make_words_in_every_script(script, seen):
    text, wanted = TEXTS[script]
    tokenizer = small_tokenizer([text] * 5 if seen == "much of it" else ["x y"], 320)
    (words,) = words_of(tokenizer, [text])
    assert [word.text for word in words] == wanted
    ids = [token for word in words for token in word.tokens]
    whole = tokenizer(text, add_special_tokens=False)["input_ids"]
    blank = [token for token in whole if not tokenizer.decode([token]).strip()]
    assert len(ids) + len(blank) == len(whole)
    assert tokenizer.decode(ids).replace(" ", "") == text.replace(" ", "")


def test_words_with_marks_of_their_beginning():
    text = TEXTS["Deva"][0]
    (words,) = words_of(train_tokenizer([text] * 3, 200), [text])
    assert [word.text for word in words] == TEXTS["Deva"][1]


def test_without_spaces_between_words_each_token_stands_alone():
    text = "แม่น้ำยาว"
    tokenizer = small_tokenizer([text] * 9, 300)
    (words,) = words_of(tokenizer, [text])
    assert "".join(word.text for word in words) == text
    (bytes_only,) = words_of(small_tokenizer(["x"], 259), ["ยา"])
    assert [(word.text, len(word.tokens)) for word in bytes_only] == [("ย", 3), ("า", 3)]


def test_no_text_has_no_words_and_no_places_no_answer():
    assert words_of(small_tokenizer(["x"], 259), ["", " "]) == [[], []]
    with pytest.raises(ModelError, match="fast kind"):
        words_of(object(), ["x"])
