"""Rows left in another language, and languages that are simply alike."""


def test_rows_left_in_english(sheet, texts, told) -> None:
    columns = {lang: texts(lang, 80) for lang in ("en", "es", "sw", "hi")}
    for at in (5, 6, 40):
        columns["sw"][at] = columns["en"][at]
    columns["es"][50] = columns["en"][50]
    columns["hi"][70] = columns["en"][70]
    assert told("untranslated", sheet(text=columns)) == {
        ("sw", "untranslated", "005"),
        ("sw", "untranslated", "006"),
        ("sw", "untranslated", "040"),
        ("es", "untranslated", "050"),
        ("hi", "untranslated", "070"),
    }


def test_nearly_the_same(sheet, texts, told) -> None:
    columns = {lang: texts(lang, 80) for lang in ("en", "sw")}
    columns["sw"][9] = columns["en"][9].replace("the ", "the old ", 1).replace(".", "!")
    assert told("untranslated", sheet(text=columns)) == {("sw", "untranslated", "009")}


def test_the_source_itself_is_in_another_language(sheet, texts, told) -> None:
    columns = {lang: texts(lang, 80) for lang in ("en", "es", "sw")}
    columns["en"][12] = columns["es"][12]
    assert told("untranslated", sheet(text=columns)) == {("en", "untranslated", "012")}


def test_a_copy_of_the_whole_file(sheet, texts, found) -> None:
    columns = {"en": texts("en", 60), "sw": texts("en", 60), "es": texts("es", 60)}
    (one,) = [one for one in found("untranslated", sheet(text=columns)) if one.score >= 0.5]
    assert (one.lang, one.first_id, one.last_id) == ("sw", "000", "059")


def test_varieties_and_names_are_no_fault(sheet, texts, told) -> None:
    columns = {"en": texts("en", 60), "en-GB": texts("en", 60), "es": texts("es", 60)}
    columns["en"][3] = columns["es"][3] = columns["en-GB"][3] = "Real Madrid, Michael Jackson"
    assert told("untranslated", sheet(text=columns)) == set()
