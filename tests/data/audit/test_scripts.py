"""Rows off their script, languages in two scripts, letters that look alike."""


def test_transliterated_rows(sheet, texts, told) -> None:
    columns = {lang: texts(lang, 60) for lang in ("en", "hi", "ru")}
    columns["hi"][7] = "kutta subah roti dekhta hai."
    columns["ru"][9] = "утром собака видит хлеб у Michael Jackson."
    columns["ru"][30] = "OK"
    assert told("scripts", sheet(text=columns)) == {("hi", "off_script", "007")}


def test_names_are_less_sure_than_words(sheet, found) -> None:
    table = sheet(text={"th": ["Bruce Springsteen เป็น", "แมวเห็นขนมปัง", "the cat sees bread แมว"]})
    scores = {one.first_id: one.score for one in found("scripts", table)}
    assert scores["000"] < 0.5 < scores["002"]


def test_a_sign_that_is_a_word_counts_as_one(sheet, found) -> None:
    assert found("scripts", sheet(text={"zh": ["Michael Jackson 在北京市区唱歌", "我们看书"]})) == []


def test_a_language_in_two_scripts(sheet, told) -> None:
    cyrillic, latin = "Још је веома хладно путовати на море.", "Još je veoma hladno putovati na more."
    table = sheet(text={"sr": [cyrillic] * 7 + [latin] * 3})
    assert told("scripts", table) == {
        *(("sr", kind, one) for kind in ("mixed_scripts", "off_script") for one in ("007", "008", "009"))
    }


def test_the_script_that_the_file_says(sheet, told) -> None:
    latin = ["Još je veoma hladno putovati na more."] * 4
    assert told("scripts", sheet(text={"sr": latin}, scripts={"sr": "Latn"})) == set()
    assert {one[1] for one in told("scripts", sheet(text={"sr": latin}))} == {"off_script", "mixed_scripts"}


def test_a_column_that_is_meant_to_be_english(sheet, texts, told) -> None:
    table = sheet(
        source={"ru": texts("ru", 20), "de": texts("de", 20)},
        translation={"ru": texts("en", 20), "de": texts("en", 20)},
    )
    assert told("scripts", table) == set()


def test_look_alikes(sheet, texts, found) -> None:
    rows = texts("ru", 20)
    rows[4] = rows[4].replace("а", "a").replace("о", "o")
    (one,) = [one for one in found("scripts", sheet(text={"ru": rows})) if one.score >= 0.5]
    assert (one.kind, one.first_id, one.last_id) == ("look_alikes", "004", "004")
    assert "U+006F" in one.evidence
